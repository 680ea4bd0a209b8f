"""Starting and stopping as a person does it: real processes on a real port."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL")}
    return kept | {"EVENTOPS_HOME": str(home), "PYTHONUNBUFFERED": "1"} | changes


class Launched:
    """A started installation, as the terminal shows it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port
        self.lines: list[str] = []

    def read_until(self, text: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(f"{text!r} was never printed:\n" + "".join(self.lines))

    def get(self, path: str) -> tuple[int, str | None]:
        """Status and Location."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path)
            with connection.getresponse() as response:
                return response.status, response.getheader("Location")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker(self) -> psutil.Process:
        """The child without children: gunicorn has some."""
        return next(child for child in psutil.Process(self.process.pid).children() if not child.children())

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=40)


@contextmanager
def launched(home: Path, *arguments: str, **changes: str) -> Iterator[Launched]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "eventops.launch", "--port", str(port), *arguments],
        cwd=ROOT,
        env=environment(home, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    installation = Launched(process, port)
    try:
        yield installation
    finally:
        if process.poll() is None:
            installation.stop(signal.SIGTERM)
        assert process.stdout is not None
        process.stdout.close()


def refused(home: Path, *arguments: str, **changes: str) -> list[str]:
    """What a start that must not succeed says."""
    command = [sys.executable, "-m", "eventops.launch", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(home, **changes), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()


def test_the_first_start_answers_stops_on_ctrl_c_and_the_second_finds_everything(tmp_path):
    with launched(tmp_path) as first:
        assert first.read_until("EventOps:") == f"EventOps: http://localhost:{first.port}/\n"
        first.read_until("Ctrl-C")
        assert first.get("/staff/sign-in") == (302, "/staff/first-start")
        family = first.children()
        assert first.stop() == 0
        assert [child for child in family if child.is_running()] == []
    secrets = (tmp_path / "secrets.json").read_text()
    with launched(tmp_path) as second:
        second.read_until("EventOps:")
        assert second.get("/") == (302, "/staff/first-start")
    assert (tmp_path / "secrets.json").read_text() == secrets
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_killed_worker_is_started_again_and_a_killed_launcher_takes_everybody_along(tmp_path):
    with launched(tmp_path) as installation:
        installation.read_until("Stop with Ctrl-C")
        first = installation.worker()
        first.kill()
        installation.read_until("worker: 止まったため起動し直します")
        installation.read_until("worker: ready")
        assert installation.worker().pid != first.pid
        assert installation.get("/calendar") == (200, None)
        family = installation.children()
        assert len(family) >= 3
        installation.process.kill()
        installation.process.wait()
        assert psutil.wait_procs(family, timeout=30)[1] == []


def test_the_demonstration_is_loaded_once_and_its_sign_ins_are_shown_each_time(tmp_path):
    with launched(tmp_path, "--demo") as first:
        first.read_until("Stop with Ctrl-C")
        shown = [line for line in first.lines if "@" in line]
        assert {role for role in ("管理者", "行事担当", "受付", "閲覧のみ") if role in "".join(shown)} == {
            "管理者",
            "行事担当",
            "受付",
            "閲覧のみ",
        }
    assert counted(tmp_path) == {"records": 90, "offered": 3, "unpaid last year": 0, "waiting together": 3}
    with launched(tmp_path, "--demo") as second:
        second.read_until("Stop with Ctrl-C")
        assert "データベースが空ではないため" in "".join(second.lines)
        assert [line for line in second.lines if "@" in line] == shown


LIFE = {
    "records": "SELECT count(*) FROM meeting_record",
    "offered": "SELECT count(*) FROM place WHERE state = 'offered'",
    "unpaid last year": "SELECT count(*) FROM attendee JOIN registration ON registration.id = registration_id "
    "JOIN event ON event.id = event_id WHERE event.code = 'M07' AND attendee.fee_yen > attendee.paid_yen",
    "waiting together": "SELECT count(*) FROM attendee JOIN registration ON registration.id = registration_id "
    "WHERE keeps_together",
}


def counted(home: Path) -> dict[str, int]:
    """What the demonstration shows of a year that is lived in."""
    with closing(sqlite3.connect(home / "eventops.db")) as look:
        return {name: look.execute(query).fetchone()[0] for name, query in LIFE.items()}


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert refused(tmp_path, "--port", str(port)) == [
            f"ポート {port} は使用中です。「bin/run --port {port + 1}」のように別の番号を指定してください。",
            f"Port {port} is in use by another program. Choose another one, such as 'bin/run --port {port + 1}'.",
        ]


def test_a_foreign_address_is_one_sentence(tmp_path):
    japanese, english = refused(tmp_path, "--host", "192.0.2.1", "--port", str(free_port()))
    assert japanese == "アドレス 192.0.2.1 はこのコンピューターのものではありません。--host を確認してください。"
    assert english == "The address 192.0.2.1 does not belong to this computer. Check --host."


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path):
    file = tmp_path / "a file"
    file.write_text("not a folder")
    japanese, english = refused(file / "home", "--port", str(free_port()))
    assert japanese.startswith(f"フォルダー {file / 'home'} に書き込めません。")
    assert english.startswith(f"The folder {file / 'home'} cannot be written to.")


@pytest.mark.parametrize("url", ["postgresql://nobody:secret@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db"])
def test_a_database_that_does_not_open_is_one_sentence_without_the_password(tmp_path, url):
    japanese, english = refused(tmp_path, "--port", str(free_port()), DATABASE_URL=url)
    assert japanese.startswith("データベースを開けません")
    assert english.startswith("The database cannot be opened")
    assert "secret" not in japanese + english


def test_an_old_python_is_one_sentence(tmp_path):
    """`bin/run` from a copy without .venv, on a machine whose only Python is too old."""
    (tmp_path / "bin").mkdir()
    for name in ("run", "environment.sh"):
        (tmp_path / "bin" / name).write_bytes((ROOT / "bin" / name).read_bytes())
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("python3.13", "python3.12", "python3.11", "python3", "python"):
        (programs / name).write_text("#!/bin/sh\nexit 1\n")
        (programs / name).chmod(0o755)
    done = subprocess.run(
        ["bash", tmp_path / "bin" / "run"],
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Python 3.11 以降が見つかりません。"
        "https://www.python.org/ からインストールしてから、もう一度実行してください。",
        "Python 3.11 or newer was not found. Install it from https://www.python.org/ and run this again.",
    ]
