"""Many clients in one thread: connections that stay open, each with one request on its way at a time.

What is measured is the time from sending a request - or from the moment at which it was due, where one is planned - to
the whole answer. The requests are those of a browser, byte for byte, and are put together before their time begins; of
an answer nothing is read meanwhile but where it ends. Every answer is kept, and looked at by whoever asked for it.

One thread and no library for all of them leaves the processors to what is measured: guests' and desks' own devices
cost a server nothing. What is taken all the same stands in `Rush.own_seconds`.
"""

import heapq
import selectors
import socket
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_ENDS = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "
_COOKIE = b"\r\nset-cookie: "


@dataclass(frozen=True, slots=True)
class Request:
    """What goes over the line, and the moment (`time.perf_counter`) before which it does not."""

    content: bytes
    due: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it came, and how long it took."""

    head: bytes
    body: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    @property
    def cookie(self) -> str:
        """The cookie that came with it, empty where none did."""
        start = self.head.lower().find(_COOKIE)
        return "" if start < 0 else self.head[start + len(_COOKIE) :].partition(b";")[0].decode()


Client = Generator[Request, Reply, None]
"""Says what is sent next, and is given the answer."""


@dataclass(frozen=True, slots=True)
class Rush:
    """How long all of it took, and what the clients themselves took of the processors."""

    seconds: float
    own_seconds: float


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}{length}\r\n".encode() + body


def each_of(contents: Iterable[bytes], replies: list[Reply]) -> Client:
    """Send all of them, each as soon as the one before is answered."""
    for content in list(contents):
        replies.append((yield Request(content)))


def run(port: int, clients: Sequence[Client]) -> Rush:
    """All at once until each has said its last; every connection is open before the first of them begins."""
    lines = [_Line(port, client) for client in clients]
    began, own_began = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as waiting:
        _Exchange(waiting).carry(lines)
    return Rush(time.perf_counter() - began, time.process_time() - own_began)


@dataclass(slots=True)
class _Line:
    """A client's connection, with the request that is on its way or has yet to go."""

    port: int
    client: Client
    plug: socket.socket = field(init=False)
    asked: Request | None = field(init=False)
    _began: float = 0.0
    _is_on_its_way: bool = False
    _received: bytes = b""

    def __post_init__(self) -> None:
        self.asked = next(self.client, None)
        self._connect()

    def _connect(self) -> None:
        self.plug = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, asked: Request) -> None:
        self._began, self._received = time.perf_counter() if asked.due is None else asked.due, b""
        self._is_on_its_way = True
        self.plug.sendall(asked.content)

    def receive(self) -> bool:
        """Take what has come; True when the answer is whole, and the client has said what is next."""
        try:
            found = self.plug.recv(1 << 18)
        except ConnectionError:
            found = b""
        if not found:
            self._again()
            return False
        self._received += found
        head, ends, body = self._received.partition(_ENDS)
        if not ends or len(body) < _content_length(head):
            return False
        self._is_on_its_way = False
        self._answered(Reply(head, body, time.perf_counter() - self._began))
        return True

    def _answered(self, reply: Reply) -> None:
        try:
            self.asked = self.client.send(reply)
        except StopIteration:
            self.asked = None

    def _again(self) -> None:
        """A connection that was kept open for too long was closed: a browser asks anew, and its time goes on."""
        self.plug.close()
        self._connect()
        self._received = b""
        if self._is_on_its_way and self.asked is not None:
            self.plug.sendall(self.asked.content)


def _content_length(head: bytes) -> int:
    _before, _name, after = head.lower().partition(_LENGTH)
    return int(after.partition(b"\r\n")[0])


@dataclass(slots=True)
class _Exchange:
    """Who waits for an answer, and who for their moment."""

    answers: selectors.BaseSelector
    planned: list[tuple[float, int, _Line]] = field(default_factory=list)

    def carry(self, lines: Sequence[_Line]) -> None:
        for line in lines:
            self.answers.register(line.plug, selectors.EVENT_READ, line)
            self._next(line)
        while self.answers.get_map():
            for key, _events in self.answers.select(self._until_planned()):
                self._serve(key.data)
            self._send_planned()

    def _until_planned(self) -> float | None:
        return max(0.0, self.planned[0][0] - time.perf_counter()) if self.planned else None

    def _send_planned(self) -> None:
        while self.planned and self.planned[0][0] <= time.perf_counter():
            line = heapq.heappop(self.planned)[2]
            if line.asked is not None:
                line.send(line.asked)

    def _serve(self, line: _Line) -> None:
        before = line.plug
        has_answer = line.receive()
        if line.plug is not before:
            self.answers.unregister(before)
            self.answers.register(line.plug, selectors.EVENT_READ, line)
        if has_answer:
            self._next(line)

    def _next(self, line: _Line) -> None:
        if line.asked is None:
            self.answers.unregister(line.plug)
            line.plug.close()
        elif line.asked.due is None:
            line.send(line.asked)
        else:
            heapq.heappush(self.planned, (line.asked.due, id(line), line))
