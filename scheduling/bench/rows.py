"""What is to be measured and what was measured, as plain values that go through JSON between two processes."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a run is about; the bars are by kind."""

    PUBLISHED = "published"
    OVER_CONSTRAINED = "over-constrained"
    EVENT = "event"
    GENERATED = "generated"
    REPLAN = "re-plan"
    START_UP = "start-up"


class Engine(StrEnum):
    """Who is measured: the engine itself, and the baselines beside it."""

    OURS = "scheduling"
    NAIVE = "naive CP-SAT"
    RC2 = "PySAT RC2"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One run. The problem is read from `file` (.dzn, else JSON), or made: `meetings`, `flavour` and `seed`.

    `seconds` is the limit of the run, `disturbances` how many times it is re-planned.
    """

    name: str
    kind: Kind
    engine: Engine
    seconds: float
    workers: int = 2
    seed: int = 1
    file: str = ""
    meetings: int = 0
    flavour: str = "plain"
    disturbances: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """What was known after so many seconds: requests placed, the value that is minimised, its bound."""

    seconds: float
    placed: int | None = None
    value: int | None = None
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    `goal` names what `value` and `bound` count. `seconds` and `cpu_seconds` are those of the run itself, from the
    problem in memory to the timetable, loading of solvers included; `peak_mib` is that of the whole process.
    `broken_rules` is what the checker says of the timetable. `reasons` were given for requests without a place, of
    which `reasons_true` hold when tried. For re-planning `seconds` is the 95th percentile of `times`.
    """

    name: str
    kind: Kind
    engine: Engine
    outcome: str
    seconds: float
    meetings: int = 0
    participants: int = 0
    slots: int = 0
    tables: int = 0
    placed: int | None = None
    idle_slots: int | None = None
    idle_periods: int | None = None
    goal: str = ""
    value: int | None = None
    bound: int | None = None
    is_proven: bool = False
    broken_rules: int = 0
    cpu_seconds: float | None = None
    peak_mib: int | None = None
    reasons: int | None = None
    reasons_true: int | None = None
    times: tuple[float, ...] = ()
    trace: tuple[Point, ...] = ()
    note: str = ""

    @property
    def is_complete(self) -> bool:
        """Every request has its place."""
        return self.placed == self.meetings


def read_row(document: dict[str, Any]) -> Row:
    """A row from what `dataclasses.asdict` and JSON made of it."""
    trace = tuple(Point(**one) for one in document.get("trace", ()))
    kind, engine = Kind(document["kind"]), Engine(document["engine"])
    times = tuple(document.get("times", ()))
    return Row(**{**document, "kind": kind, "engine": engine, "trace": trace, "times": times})


def read_task(document: dict[str, Any]) -> Task:
    """A task from what `dataclasses.asdict` and JSON made of it."""
    return Task(**{**document, "kind": Kind(document["kind"]), "engine": Engine(document["engine"])})


@dataclass(slots=True)
class Trace:
    """Notes what is known as time goes by, leaving out what is not new; seconds since the start of the run."""

    points: list[Point] = field(default_factory=list)

    def note(
        self, seconds: float, placed: int | None = None, value: int | None = None, bound: int | None = None
    ) -> None:
        """Add a point at so many seconds, unless it says what the last one said."""
        last = self.points[-1] if self.points else Point(0)
        if (placed, value, bound) != (last.placed, last.value, last.bound):
            self.points.append(Point(round(seconds, 3), placed, value, bound))
