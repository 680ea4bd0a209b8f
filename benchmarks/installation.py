"""An installation as `bin/run` starts it - web server, worker, parent - on a database and a port of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, database_url: str | None) -> dict[str, str]:
    """Clients come through a proxy that says their addresses: each is counted for itself, as guests would be."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL", "MAIL_URL")}
    named = {} if database_url is None else {"DATABASE_URL": database_url}
    return kept | named | {"EVENTOPS_HOME": str(home), "TRUSTED_PROXIES": "1", "PYTHONUNBUFFERED": "1"}


class Running:
    """A started installation and the processor time that its processes have used."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.port = port
        self._process = process

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time of the web server's and the worker's processes so far."""
        spent = {"web": 0.0, "worker": 0.0}
        for child in psutil.Process(self._process.pid).children():
            family = child.children()
            name = "web" if family else "worker"  # gunicorn has processes of its own
            spent[name] += sum(sum(one.cpu_times()[:2]) for one in (child, *family))
        return spent


@contextmanager
def running(home: Path, database_url: str | None = None) -> Iterator[Running]:
    """Start, wait for the first page, stop at the end."""
    port = free_port()
    command = [sys.executable, "-m", "eventops.launch", "--port", str(port)]
    with (home / "launch.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(home, database_url), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for_the_first_page(process, port, home)
        yield Running(process, port)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _wait_for_the_first_page(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            try:
                connection.request("GET", "/")
                if connection.getresponse().status < 500:
                    return
            except OSError:
                time.sleep(0.2)
    raise RuntimeError((home / "launch.log").read_text())
