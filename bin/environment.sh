# What bin/run and bin/test share: finding Python, making .venv, installing pinned packages. Sourced, not run.

VENV=.venv

# The packages come without bytecode, and some machines let Python write none: each process that is started would
# compile everything again, which is seconds for the solvers alone.
export PYTHONPYCACHEPREFIX="$PWD/$VENV/bytecode"
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$@"; }

# One sentence in Japanese, the same in English, and out.
give_up() {
  printf '%s\n' "$@" >&2
  exit 1
}

# A command that exists may still be a shim without a Python behind it, so each is asked for its version.
find_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  give_up \
    "Python 3.11 以降が見つかりません。https://www.python.org/ からインストールしてから、もう一度実行してください。" \
    "Python 3.11 or newer was not found. Install it from https://www.python.org/ and run this again."
}

# Made to the end, and its Python not removed or replaced since.
is_whole() {
  [ -x "$1/bin/python" ] && "$1/bin/python" -c '' 2>/dev/null &&
    { [ -e "$1/installed-requirements.txt" ] || "$1/bin/python" -m pip --version >/dev/null 2>&1; }
}

make_venv() {
  if is_whole "$VENV"; then
    return
  fi
  local python
  python=$(find_python) || exit 1
  if ! { mkdir -p "$VENV" && [ -w "$VENV" ]; } 2>/dev/null; then
    give_up \
      "フォルダー $PWD に書き込めません。書き込める場所に置いてから、もう一度実行してください。" \
      "The folder $PWD cannot be written to. Put the program where you may write and run this again."
  fi
  say "Python の環境をつくっています… / Making the Python environment…"
  if ! "$python" -c 'import ensurepip' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -q && apt-get install -yq python3-venv; } >/dev/null
  fi
  if ! "$python" -m venv --clear "$VENV" >/dev/null; then
    give_up \
      "Python の仮想環境をつくれません。Debian や Ubuntu では先に「sudo apt install python3-venv」を実行してください。" \
      "The virtual environment could not be made. On Debian or Ubuntu run 'sudo apt install python3-venv' first."
  fi
}

# install FILE: what the hashed requirements file pins, unless exactly this was installed before.
install() {
  local stamp="$VENV/installed-$1"
  if cmp -s "$1" "$stamp"; then
    return
  fi
  say "必要な部品を入れています… / Installing $1…"
  if ! fetch "$1"; then
    give_up \
      "部品を取得できません。インターネットへの接続を確認してから、もう一度実行してください。" \
      "The packages could not be fetched. Check the connection to the internet and run this again."
  fi
  cp "$1" "$stamp"
}

fetch() {
  local pip="$VENV/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes"
  if [ -x "$VENV/bin/uv" ] || $pip --no-deps -r bin/uv.txt; then
    "$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" --require-hashes -r "$1" && return
  fi
  $pip -r "$1"
}
