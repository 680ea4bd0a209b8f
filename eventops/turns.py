"""Writers take turns where a database has one writer only: a queue in the process, a locked file between processes.

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


class Turns:
    """The queue in front of one database file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._handle: tuple[int, int] | None = None  # process and descriptor: a fork must not share its parent's lock

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for this thread's turn, then for this process's."""
        self._wait()
        try:
            descriptor = self._descriptor()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            self._pass_on()

    def _wait(self) -> None:
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
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
                self._is_taken = False

    def _descriptor(self) -> int:
        """The turn is this thread's, so nobody else of this process is here."""
        if self._handle is None or self._handle[0] != os.getpid():
            self._handle = (os.getpid(), os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return self._handle[1]
