"""Web processes share connections out evenly: one that has more of them than another leaves the next one to it.

A connection is served by the process that took it for as long as it stays open. With twenty guests in one process and
twelve in the other, the twenty wait in a longer line, and one processor stands idle while the other is behind.
"""

import mmap
import time
from collections.abc import Callable
from socket import socket
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

PATIENCE_SECONDS = 0.02
"""A process that is too busy to take what is left to it does not keep a guest waiting for longer."""
NAP_SECONDS = 0.001
NOBODY = -1


class Shares:
    """How many connections each process holds, in memory that processes share with those they are forked from."""

    def __init__(self, processes: int) -> None:
        self._held = memoryview(mmap.mmap(-1, 4 * processes)).cast("i")
        for seat in range(processes):
            self._held[seat] = NOBODY

    def take_seat(self) -> int | None:
        """In the parent, for a process about to start; None where there are more processes than were planned."""
        seat = next((seat for seat, held in enumerate(self._held) if held == NOBODY), None)
        if seat is not None:
            self._held[seat] = 0
        return seat

    def leave(self, seat: int) -> None:
        self._held[seat] = NOBODY

    def note(self, seat: int, connections: int) -> None:
        self._held[seat] = connections

    def has_fair_share(self, seat: int) -> bool:
        """Whether another process holds fewer."""
        others = [held for other, held in enumerate(self._held) if other != seat and held != NOBODY]
        return bool(others) and self._held[seat] > min(others)


class BalancedWorker(ThreadWorker):
    """gunicorn's threads, which look at the others before they take a connection."""

    shares: Shares
    seat: int | None = None
    _left_since = 0.0

    def accept(self, listener: socket) -> None:
        if self._leaves_it():
            time.sleep(NAP_SECONDS)  # the listener stays readable: it is asked about again at once
            return
        super().accept(listener)

    def _leaves_it(self) -> bool:
        if self.seat is None:
            return False
        self.shares.note(self.seat, self.nr_conns)
        if not self.shares.has_fair_share(self.seat):
            self._left_since = 0.0  # what was left has been taken: the next one is another
            return False
        now = time.monotonic()
        if now - self._left_since > 2 * PATIENCE_SECONDS:  # another connection than the one that was left before
            self._left_since = now
        return now - self._left_since < PATIENCE_SECONDS

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(timeout)
        if self.seat is not None:
            self.shares.note(self.seat, self.nr_conns)


def settings(processes: int) -> dict[str, Callable[..., Any] | type[ThreadWorker] | int]:
    """gunicorn's settings for so many processes that share evenly."""
    shares = Shares(processes)

    def seat(_server: Any, worker: BalancedWorker) -> None:
        worker.shares, worker.seat = shares, shares.take_seat()

    def leave(_server: Any, worker: BalancedWorker) -> None:
        if worker.seat is not None:
            shares.leave(worker.seat)

    return {"workers": processes, "worker_class": BalancedWorker, "pre_fork": seat, "child_exit": leave}
