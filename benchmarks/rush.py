"""Many stations in one thread: connections that stay open, each with one look on its way at a time.

The requests are those of the station's page, byte for byte as a browser could send them. One thread and no library for
them leaves the processors to what is measured.
"""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_ENDS = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "


@dataclass(slots=True)
class Reply:
    """One answer as it came, and how long it took."""

    status: int
    body: bytes
    seconds: float


@dataclass(slots=True)
class Station:
    """One connection; `looks` makes the body of the next request at the moment when it is sent."""

    port: int
    path: str
    headers: str
    looks: Iterator[Callable[[], bytes]]
    replies: list[Reply] = field(default_factory=list)
    line: socket.socket = field(init=False)
    _sent: bytes = b""
    _sent_at: float = 0.0
    _received: bytes = b""

    def __post_init__(self) -> None:
        self._connect()

    def _connect(self) -> None:
        self.line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send_next(self) -> bool:
        """Send the next look; False when there is none."""
        make = next(self.looks, None)
        if make is None:
            return False
        self._sent_at, body = time.perf_counter(), make()
        head = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.headers}"
        self._sent = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        self._received = b""
        self.line.sendall(self._sent)
        return True

    def receive(self) -> bool:
        """Take what has come; True when the answer is whole. A connection kept open for too long is opened anew."""
        try:
            found = self.line.recv(65536)
        except ConnectionError:
            found = b""
        if not found:
            self._again()
            return False
        self._received += found
        head, ends, body = self._received.partition(_ENDS)
        if not ends or len(body) < _content_length(head):
            return False
        self.replies.append(Reply(int(head[9:12]), body, time.perf_counter() - self._sent_at))
        return True

    def _again(self) -> None:
        self.line.close()
        self._connect()
        self._received = b""
        self.line.sendall(self._sent)


def _content_length(head: bytes) -> int:
    _before, _name, after = head.lower().partition(_LENGTH)
    return int(after.partition(b"\r\n")[0])


def run(stations: list[Station]) -> float:
    """All at once until each has sent all of its looks; the seconds that this took."""
    began = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for station in stations:
            if station.send_next():
                waiting.register(station.line, selectors.EVENT_READ, station)
        while waiting.get_map():
            for key, _events in waiting.select():
                _serve(waiting, key.data)
    return time.perf_counter() - began


def _serve(waiting: selectors.BaseSelector, station: Station) -> None:
    before = station.line
    if station.receive() and not station.send_next():
        waiting.unregister(station.line)
        station.line.close()
    elif station.line is not before:
        waiting.unregister(before)
        waiting.register(station.line, selectors.EVENT_READ, station)
