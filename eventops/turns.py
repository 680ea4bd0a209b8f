"""Taking turns: first come, first served in a process, and one process after the other where a file is locked as well.

SQLite alone lets writers try again after naps, in no order: under a rush some wait very long, and the database stands
idle meanwhile. Here whoever came first writes first, and the next is woken at once. A process that dies gives its turn
back, as the system closes its files.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Queue:
    """A lock that goes to whoever has waited longest; with more `places`, so many may hold it at once."""

    def __init__(self, places: int = 1) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._free = places

    @property
    def is_taken(self) -> bool:
        """Whether whoever comes now has to wait."""
        return not self._free

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this thread's turn; the next one's begins when it ends."""
        self._wait()
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self) -> None:
        with self._mutex:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def _pass_on(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class Turns:
    """The writers of one database file: the queue of this process, and the lock that all processes share."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._queue = Queue()
        self._handle: tuple[int, int] | None = None  # process and descriptor: a fork must not share its parent's lock

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for this thread's turn, then for this process's."""
        with self._queue.turn():
            descriptor = self._descriptor()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _descriptor(self) -> int:
        """The turn is this thread's, so nobody else of this process is here."""
        if self._handle is None or self._handle[0] != os.getpid():
            self._handle = (os.getpid(), os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return self._handle[1]
