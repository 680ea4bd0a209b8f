"""The processes of a running installation: web server and worker, kept alive together and stopped together."""

import gc
import http.client
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from eventops.jobs.commands import work_until_stopped
from eventops.launch import balance
from eventops.launch.obstacles import CannotStart

THREADS = 16
MODESTY = 10
"""How much the worker gives way: letters and timetables must not keep a guest waiting who looks at a page."""
ANSWER_WITHIN_SECONDS = 90.0
STOP_WITHIN_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_fork = multiprocessing.get_context("fork")


class Lifeline:
    """Ends the children of a launcher that was killed and could not do it: the pipe that only it holds open closes."""

    def __init__(self) -> None:
        self._watched, self._held = os.pipe()

    def watch(self) -> None:
        """In a child: from now on, the launcher's death is its own."""
        os.close(self._held)
        threading.Thread(target=self._follow, name="lifeline", daemon=True).start()

    def _follow(self) -> None:
        os.read(self._watched, 1)  # nobody writes: this returns when the launcher has gone
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, signal.SIGTERM)
        time.sleep(STOP_WITHIN_SECONDS)
        os.killpg(0, signal.SIGKILL)


@dataclass(slots=True)
class Child:
    """One process that is started again when it dies; the quicker it dies, the longer the pause before.

    It is forked from this one, which has imported the application but opened neither threads nor connections: three
    processes cost one import, and a new worker is there at once.
    """

    name: str
    run: Callable[[], None]
    lifeline: Lifeline
    _process: ForkProcess | None = field(default=None, init=False)
    _started_at: float = field(default=0.0, init=False)
    _pause: float = field(default=0.0, init=False)
    _announced: bool = field(default=False, init=False)

    def start(self) -> None:
        self._process = _fork.Process(target=self._run, name=self.name)
        self._process.start()
        self._started_at = time.monotonic()
        self._announced = False

    def is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

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
        if self._process is None or self._process.pid is None:
            return
        self._process.join(timeout=max(0.1, until - time.monotonic()))
        if self._process.is_alive():
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.join()

    def _run(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the parent alone, which then stops both in order.
        os.setsid()
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        sys.stdin.close()
        self.lifeline.watch()
        self.run()


class _Server(BaseApplication):
    """gunicorn on an application that is there already."""

    def __init__(self, app: Flask, options: dict[str, object]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def web(app: Flask, host: str, port: int, *, on_sqlite: bool, lifeline: Lifeline) -> Child:
    """gunicorn: a process per core; up to two on SQLite, where one reads while the other writes, to four elsewhere."""
    cores = min(2 if on_sqlite else 4, os.cpu_count() or 1)
    options: dict[str, object] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        **balance.settings(cores if on_sqlite else max(2, cores)),
        "threads": THREADS,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "control_socket_disable": True,
    }

    def serve() -> None:
        gc.freeze()  # what the program itself is made of need not be looked through again and again
        gc.set_threshold(50_000, 20, 100)
        _Server(app, options).run()

    return Child("web", serve, lifeline)


def worker(app: Flask, *, lifeline: Lifeline) -> Child:
    def work() -> None:
        _step_back()
        work_until_stopped(app)

    return Child("worker", work, lifeline)


def _step_back() -> None:
    """Let guests be served before letters. Linux weighs whole sessions where desktops are looked after (autogroup)."""
    os.nice(MODESTY)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(MODESTY))


class Installation:
    """Web and worker of one installation, from start to stop."""

    def __init__(self, web: Child, worker: Child, *, host: str, port: int) -> None:
        self._web = web
        self._children = (web, worker)
        self._host, self._port = host, port
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start both and come back when the first page answers."""
        for number in SIGNALS:
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
