"""What an engine is asked and what it answers, whichever it is."""

import time
from dataclasses import dataclass, field

from scheduling.bench.rows import Trace
from scheduling.problem import GoalName, Problem
from scheduling.solution import Meeting


@dataclass(slots=True)
class Question:
    """A problem with the limits of the run and what was noted on the way; the clock starts when it is made."""

    problem: Problem
    seconds: float
    workers: int
    seed: int
    trace: Trace = field(default_factory=Trace)
    began: float = field(default_factory=time.perf_counter)

    @property
    def elapsed(self) -> float:
        """Seconds of wall time since the question was asked."""
        return time.perf_counter() - self.began

    @property
    def is_over(self) -> bool:
        """Whether the run has had its time."""
        return self.elapsed >= self.seconds

    @property
    def left(self) -> float:
        """Seconds, never less than a moment."""
        return max(0.01, self.seconds - self.elapsed)

    def note(self, placed: int | None = None, value: int | None = None, bound: int | None = None) -> None:
        """Write into the trace what is known by now."""
        self.trace.note(self.elapsed, placed, value, bound)


@dataclass(frozen=True, slots=True)
class Answer:
    """A timetable (None: none was found) and what is known of `goal_of` its problem."""

    meetings: tuple[Meeting, ...] | None
    outcome: str
    bound: int | None = None
    is_proven: bool = False


def goal_of(problem: Problem) -> GoalName:
    """The goal that tells timetables apart once everything is placed; what is left out where none is about waiting."""
    names = {goal.name for goal in problem.goals}
    waiting = (GoalName.GUEST_IDLE_SLOTS, GoalName.GUEST_IDLE_PERIODS)
    return next((name for name in waiting if name in names), GoalName.WEIGHT_UNPLACED)
