"""One run of the engine: its clock, its limits, who wants to hear of it and whether to go on."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from scheduling.problem import Problem
from scheduling.score import guest_idle_slots
from scheduling.solution import Meeting, Progress
from scheduling.timetable import Timetable

PACE = 0.25
"""What a second stands for where parts of a run are measured in work: units of the exact solver's deterministic time,
of which it does between 0.2 and 0.9 in a second."""


@dataclass(slots=True)
class Run:
    """What a search needs to know besides the problem. Times are seconds since the start of the run."""

    problem: Problem
    seconds: float
    workers: int
    seed: int
    comfort_seconds: float | None = None  # for the bands from COMFORT on, together; None = as long as the run lasts
    on_progress: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None
    on_kept: Callable[[tuple[Meeting, ...]], None] | None = None  # tables are only guessed
    began: float = field(default_factory=time.monotonic)
    was_stopped: bool = False
    most: int = 0  # no timetable can place more than this
    effort: float = math.inf  # work that the exact solver may still do, in units of its deterministic time
    is_repeatable: bool = True  # False as soon as the clock, a stop or two threads had a say in what is found

    @property
    def elapsed(self) -> float:
        """Seconds of wall time since the run began."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds that the run may still take; negative when it is over."""
        return self.seconds - self.elapsed

    def is_over(self) -> bool:
        """Out of time, out of work, or somebody asked to stop; once stopped, always stopped."""
        if not self.was_stopped and self.should_stop is not None:
            self.was_stopped = self.should_stop()
        if self.was_stopped or self.left <= 0:
            self.is_repeatable = False
            return True
        return self.effort <= 0

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """A part of the run that may take at most so long.

        With one worker that is measured in work, so that the same comes out on a busy machine.
        """
        whole, effort = self.seconds, self.effort
        if self.workers == 1:
            self.effort = part = min(effort, seconds * PACE)
        else:
            self.seconds, part = min(whole, self.elapsed + seconds), effort
        try:
            yield
        finally:
            self.seconds = whole
            self.effort = effort - (part - self.effort) if part < math.inf else effort

    def at_ease(self) -> AbstractContextManager[None]:
        """The part of the run that is about comfort only."""
        return nullcontext() if self.comfort_seconds is None else self.at_most(self.comfort_seconds)

    def report(self, timetable: Timetable, goal: str, value: int, bound: int | None) -> None:
        """Tell whoever listens about a timetable: the goal worked on, its value in its band and the bound, if known."""
        self.keep(tuple(one.meeting for one in timetable.sittings))
        if self.on_progress is not None:
            self.tell(len(timetable.sittings), guest_idle_slots(timetable), goal, value, bound)

    def keep(self, meetings: tuple[Meeting, ...]) -> None:
        """Hand out the best so far, for the case that the run never ends."""
        if self.on_kept is not None:
            self.on_kept(meetings)

    def tell(self, placed: int, waiting: int, goal: str, value: int, bound: int | None) -> None:
        """The same from numbers that are known already: guests' idle slots, and the value of the goal."""
        if self.on_progress is not None:
            wanted = len(self.problem.requests)
            self.on_progress(Progress(self.elapsed, placed, wanted, waiting, self.most, goal, value, bound))
