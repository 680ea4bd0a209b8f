"""Local search in a thread beside the exact model."""

import threading
from collections.abc import Callable, Iterator

from scheduling.solution import Meeting

Meetings = tuple[Meeting, ...]
Rivals = Callable[[int, threading.Event], Iterator[Meetings]]
"""Given the last band that counts and an event that ends it: timetables, each the end of one local search."""


class Rival:
    """Local search after local search in a thread of its own; what it finds waits to be fetched."""

    def __init__(self, rivals: Rivals | None, limit_band: int) -> None:
        self._found: list[Meetings] = []
        self._stopping = threading.Event()
        self._searches = rivals(limit_band, self._stopping) if rivals is not None else iter(())
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        for found in self._searches:
            self._found.append(found)
            if self._stopping.is_set():
                return

    def news(self) -> list[Meetings]:
        """What has been found since the last time."""
        return [self._found.pop(0) for _ in range(len(self._found))]

    def end(self) -> None:
        """Ask the search to stop, and wait until it has."""
        self._stopping.set()
        self._thread.join()
