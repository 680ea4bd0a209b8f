"""Local search in a thread beside the exact model."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scheduling.solution import Meeting

Meetings = tuple[Meeting, ...]


@dataclass(slots=True)
class Hunt:
    """What local searches beside a proof go by, and what they are told while they run."""

    limit_band: int  # the last band that counts
    proven: int = 0  # no timetable is cheaper in that band, as far as is known by now
    number: int = 0  # of the thread, so that no two of them look for the same
    stopping: threading.Event = field(default_factory=threading.Event)
    is_called_off: Callable[[], bool] = field(init=False)

    def __post_init__(self) -> None:
        self.is_called_off = self.stopping.is_set


Rivals = Callable[[Hunt], Iterator[Meetings]]
"""Timetables, each the end of one local search."""


class Rival:
    """Local search after local search in a thread of its own; what it finds waits to be fetched."""

    def __init__(self, rivals: Rivals | None, hunt: Hunt) -> None:
        self.hunt = hunt
        self._found: list[Meetings] = []
        self._searches = rivals(hunt) if rivals is not None else iter(())
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        for found in self._searches:
            self._found.append(found)
            if self.hunt.stopping.is_set():
                return

    def news(self) -> list[Meetings]:
        """What has been found since the last time."""
        return [self._found.pop(0) for _ in range(len(self._found))]

    def end(self) -> None:
        """Ask the search to stop, and wait until it has."""
        self.hunt.stopping.set()
        self._thread.join()
