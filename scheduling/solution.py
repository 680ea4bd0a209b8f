"""What the engine gives back, and what the checker, the explainer and the readers say: plain frozen values."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Meeting:
    """A request placed: it starts at `slot_id` (and goes on for its length) at `table_id`."""

    request_id: str
    slot_id: str
    table_id: str


class Outcome(StrEnum):
    """How a run ended. Whatever it says, the meetings of the solution keep every hard rule."""

    OPTIMAL = "optimal"  # every goal about times is proven; seating goals carry their own bound
    FEASIBLE = "feasible"  # time ran out before the proof
    INFEASIBLE = "infeasible"  # mandatory or locked requests contradict each other; the rest is placed
    STOPPED = "stopped"  # somebody asked to stop; the best so far is kept


@dataclass(frozen=True, slots=True)
class Bill:
    """One goal's value (smaller is better) and the bound below which no timetable can get, if known."""

    goal: str
    band: int
    weight: int
    value: int
    bound: int | None = None

    @property
    def is_proven(self) -> bool:
        return self.bound is not None and self.value <= self.bound

    @property
    def gap(self) -> int | None:
        """How much better the goal could at most become: 0 when proven, None when nothing is known."""
        return None if self.bound is None else max(0, self.value - self.bound)


@dataclass(frozen=True, slots=True)
class Progress:
    """A glance at a running search. `waiting` counts guests' idle slots, `bound` the proven most placed."""

    seconds: float
    placed: int
    wanted: int
    waiting: int
    bound: int
    goal: str
    value: int
    goal_bound: int | None


@dataclass(frozen=True, slots=True)
class Solution:
    """The timetable, what it costs by goal, and how it was made."""

    outcome: Outcome
    meetings: tuple[Meeting, ...]
    bills: tuple[Bill, ...]
    wanted: int
    seconds: float
    seed: int
    workers: int
    versions: tuple[tuple[str, str], ...]

    @property
    def placed(self) -> int:
        return len(self.meetings)


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule broken: its code, the ids concerned (requests, participants, people), where, how much."""

    code: str
    subjects: tuple[str, ...]
    slot_id: str = ""
    table_id: str = ""
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Bad input: where (a path like `requests[3].slots`, or `file:row:column`), what (a code), the value concerned."""

    path: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of the facts that was tried out: with it, `gain` more requests are placed."""

    code: str
    subjects: tuple[str, ...]
    slot_ids: tuple[str, ...]
    gain: int
    is_exact: bool = True  # False: time ran out, at least this many


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request has no place: code, the ids concerned, the numbers behind it, the ways out."""

    request_id: str
    code: str
    subjects: tuple[str, ...]
    counts: tuple[tuple[str, int], ...] = ()
    slot_ids: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class Verdict(StrEnum):
    """What putting the held request into a cell of the board would mean."""

    HERE = "here"  # it lies there now
    BETTER = "better"
    FREE = "free"  # allowed, no goal about times gets better or worse
    WORSE = "worse"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """One (slot, table) of the board for a held request; `swap_with` is who would go to its old place."""

    slot_id: str
    table_id: str
    verdict: Verdict
    violations: tuple[Violation, ...] = ()
    swap_with: str | None = None
    changes: tuple[tuple[str, int], ...] = ()  # (goal, how much its value grows), only goals that change
