"""The processes of a running installation: web server and worker, kept alive together and stopped together."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

import click

from eventops import ROOT
from eventops.launch.obstacles import CannotStart

THREADS = 16
ANSWER_WITHIN_SECONDS = 90.0
STOP_WITHIN_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(slots=True)
class Child:
    """One process that is started again when it dies; the quicker it dies, the longer the pause before."""

    name: str
    command: Sequence[str]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started_at: float = field(default=0.0, init=False)
    _pause: float = field(default=0.0, init=False)
    _announced: bool = field(default=False, init=False)

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the parent alone, which then stops both in order.
        self._process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True)  # noqa: S603
        self._started_at = time.monotonic()
        self._announced = False

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_alive(self) -> None:
        if self.is_alive():
            return
        age = time.monotonic() - self._started_at
        if not self._announced:
            click.echo(f"{self.name}: 止まったため起動し直します。/ Died and is started again.", err=True)
            self._announced = True
        if age >= self._pause:
            self._pause = 0.0 if age > LONGEST_PAUSE_SECONDS else min(LONGEST_PAUSE_SECONDS, 2 * self._pause + 1)
            self.start()

    def ask_to_stop(self) -> None:
        if self._process is not None and self.is_alive():
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait for the end; past `until` the whole process group is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def web(host: str, port: int, *, on_sqlite: bool) -> Child:
    """gunicorn: one process on SQLite, which has one writer anyway; one per core, up to four, on PostgreSQL."""
    processes = 1 if on_sqlite else max(2, min(4, os.cpu_count() or 1))
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = [f"--bind={bind}", f"--workers={processes}", "--worker-class=gthread", f"--threads={THREADS}"]
    options += ["--graceful-timeout=10", "--log-level=warning", "--no-control-socket"]
    return Child("web", [sys.executable, "-m", "gunicorn", *options, "wsgi:app"])


def worker() -> Child:
    return Child("worker", [sys.executable, "-m", "flask", "--app", "wsgi", "worker"])


class Installation:
    """Web and worker of one installation, from start to stop."""

    def __init__(self, web: Child, worker: Child, *, host: str, port: int) -> None:
        self._web = web
        self._children = (web, worker)
        self._host, self._port = host, port
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start both and come back when the first page answers."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        for child in self._children:
            child.start()
        deadline = time.monotonic() + ANSWER_WITHIN_SECONDS
        while not (self._stopping.is_set() or self._answers()):
            if not self._web.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise CannotStart(
                    "ウェブサーバーが起動しませんでした。上の記録を確認してください。",
                    "The web server did not start. See the lines above.",
                )
            self._stopping.wait(LOOK_EVERY_SECONDS)

    def run(self) -> None:
        """Keep both alive until somebody asks to stop."""
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            for child in self._children:
                child.keep_alive()

    def stop(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self._children:
            child.wait(until)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _answers(self) -> bool:
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        connection = http.client.HTTPConnection(local, self._port, timeout=10)
        try:
            connection.request("HEAD", "/staff/sign-in")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
