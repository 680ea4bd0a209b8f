"""Files that are handed in: which are taken, where they wait and are kept, and the proof that a form carries."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 5 * MEGABYTE
MOST_WAITING: Final = 300 * MEGABYTE
WAITS_SECONDS: Final = 24 * 60 * 60
LONGEST_NAME: Final = 120
KEPT: Final = "kept"
ACCEPT: Final = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.pptx"
_ZIP: Final = b"PK\x03\x04"
_BEGINNINGS: Final = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".docx": _ZIP,
    ".xlsx": _ZIP,
    ".pptx": _ZIP,
}
_STORED: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that waits or is kept: what its owner called it, how large it is, and under what name it is stored."""

    name: str
    size: int
    stored: str

    @property
    def size_words(self) -> str:
        if self.size >= MEGABYTE:
            return f"{self.size / MEGABYTE:.1f}MB"
        return f"{max(self.size // 1024, 1)}KB"


def is_taken(filename: str, data: bytes) -> bool:
    """Whether the ending is one we take and the content begins as such files do."""
    beginning = _BEGINNINGS.get(PurePath(filename).suffix.lower())
    return beginning is not None and data.startswith(beginning)


def plain_name(filename: str) -> str:
    """The name without folders and signs that no system keeps."""
    name = unicodedata.normalize("NFC", filename.replace("\\", "/").rsplit("/", 1)[-1])
    kept = _FORBIDDEN.sub("", name).strip(". ")
    path = PurePath(kept or "file")
    return f"{path.stem[:LONGEST_NAME]}{path.suffix[:10]}"


def has_room(home: Path) -> bool:
    """Whether strangers have not filled the waiting room."""
    return sum(path.stat().st_size for path in _folder(home, "waiting").iterdir() if path.is_file()) < MOST_WAITING


def wait(home: Path, filename: str, data: bytes) -> HandedIn:
    """Put a file aside until its form is sent."""
    stored = secrets.token_urlsafe(24)
    path = _folder(home, "waiting") / stored
    path.touch(mode=0o600)
    path.write_bytes(data)
    return HandedIn(plain_name(filename), len(data), stored)


def keep(home: Path, stored: str, *, room: str = KEPT) -> bool:
    """Take a waiting file for good, before its row is committed: what has no row is swept. False when it has gone."""
    target = _folder(home, room) / _checked(stored)
    try:
        (_folder(home, "waiting") / stored).rename(target)
    except FileNotFoundError:
        return target.exists()
    return True


def read(home: Path, stored: str, *, room: str = KEPT) -> bytes | None:
    try:
        return (_folder(home, room) / _checked(stored)).read_bytes()
    except FileNotFoundError:
        return None


def sweep(home: Path, *, known: frozenset[str], before: float) -> int:
    """Delete what waited too long, and what no row names any more; how many."""
    return sweep_room(home, "waiting", known=frozenset(), before=before) + sweep_room(
        home, KEPT, known=known, before=before
    )


def sweep_room(home: Path, room: str, *, known: frozenset[str], before: float) -> int:
    """Delete what is old in one folder and named by no row; how many."""
    old = [path for path in _folder(home, room).iterdir() if path.name not in known and _age(path) < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def discard(home: Path, stored: str) -> None:
    (_folder(home, KEPT) / _checked(stored)).unlink(missing_ok=True)


def sign(file: HandedIn, *, key: str) -> str:
    """What the form carries from page to page in place of the file."""
    return str(_signer(key).dumps([file.name, file.size, file.stored]))


def unsign(text: str, *, key: str) -> HandedIn | None:
    try:
        name, size, stored = _signer(key).loads(text, max_age=WAITS_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    return HandedIn(name, size, stored)


def _signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="answer-file")


def _folder(home: Path, name: str) -> Path:
    folder = home / "answers" / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _checked(stored: str) -> str:
    if not _STORED.fullmatch(stored):
        raise ValueError("not a name of a stored file")
    return stored


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
