"""Ctrl-C during a search: the first one asks for an end with the best so far, the second ends the process."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130


class Stop:
    """Whether somebody wants an end, and why."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._is_pressed = False
        self.reason = ""

    def ask(self, reason: str) -> None:
        """Ask for an end; the first reason counts."""
        self.reason = self.reason or reason
        self._asked.set()

    def is_asked(self) -> bool:
        """Whether the search is to end."""
        return self._asked.is_set()

    def press(self) -> None:
        """A Ctrl-C."""
        if self._is_pressed:
            os._exit(INTERRUPTED)
        self._is_pressed = True
        sys.stderr.write("\nStopping with the best so far; once more ends at once.\n")
        self.ask("interrupted")


@contextmanager
def on_interrupt(stop: Stop) -> Iterator[None]:
    """Meanwhile Ctrl-C presses `stop`.

    Python runs a handler only between two of its own instructions, which a long compiled search does not return to, and
    whichever thread the system gives the signal to. What it does at once, in any thread, is to write the number of the
    signal to a socket: a thread reads there.
    """
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    handler = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    wakeup = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    listening = threading.Thread(target=_listen, args=(reading, stop), daemon=True)
    listening.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, handler)
        writing.close()
        listening.join()
        reading.close()


def _listen(reading: socket.socket, stop: Stop) -> None:
    while numbers := reading.recv(16):
        for _press in range(numbers.count(signal.SIGINT)):
            stop.press()
