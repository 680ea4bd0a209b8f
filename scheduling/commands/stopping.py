"""Ctrl-C during a search: the first one asks for an end with the best so far, the second ends the process."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

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
    OR-Tools would take the signal for itself. So the signal is blocked, and a thread waits for it; the handler is for
    threads that were started before and may still be given it.
    """
    over = threading.Event()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: stop.press())
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    waiting = threading.Thread(target=_wait, args=(stop, over), daemon=True)
    waiting.start()
    try:
        yield
    finally:
        over.set()
        signal.pthread_kill(cast(int, waiting.ident), signal.SIGINT)
        waiting.join()
        signal.signal(signal.SIGINT, before)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _wait(stop: Stop, over: threading.Event) -> None:
    while signal.sigwait({signal.SIGINT}) and not over.is_set():
        stop.press()
