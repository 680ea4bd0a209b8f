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
    CUT_SHORT = "cut_short"  # the run never ended; the last timetable that it handed out, without any proof


@dataclass(frozen=True, slots=True)
class Bill:
    """One goal's value (smaller is better) and the bound below which no timetable can get, if known.

    Values are in the goal's own unit (slots, periods, meetings, persons, weight), before `weight` is applied. Goals of
    one band are proven together: no timetable that is as good in the bands before comes, over the whole band, below
    the sum of weight times bound.
    """

    goal: str
    band: int
    weight: int
    value: int
    bound: int | None = None

    @property
    def is_proven(self) -> bool:
        """Whether the value has reached its bound."""
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
    is_repeatable: bool  # with the same seed; False where the clock, a stop or two threads had a say

    @property
    def placed(self) -> int:
        """How many requests have a meeting."""
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


class Certainty(StrEnum):
    """How far a reason reaches. "Timetable" means: any set of meetings that keeps every hard rule."""

    ALONE = "alone"  # no timetable holds the request
    GROUP = "group"  # no timetable holds all of `among`: at least `over` of them have to stay out
    NOW = "now"  # what stands in the way in the timetable that was explained


class Tried(StrEnum):
    """How many of the changes that might help were tried out with the exact model."""

    NOT_ASKED = "not_asked"
    ALL = "all"
    SOME = "some"  # the time ran out
    TOO_LARGE = "too_large"  # none: the event is too large for the exact model


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request has no place: code, the ids concerned, the numbers behind it, the ways out.

    What each code claims is written where it is found: `impossible.py`, `shortages.py`, `obstacles.py`.
    """

    request_id: str
    code: str
    subjects: tuple[str, ...]
    counts: tuple[tuple[str, int], ...] = ()
    slot_ids: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    certainty: Certainty = Certainty.NOW
    among: tuple[str, ...] = ()  # ids of requests, for GROUP
    tried: Tried = Tried.NOT_ASKED

    @property
    def is_certain(self) -> bool:
        """True for every timetable, not only for the one that was explained."""
        return self.certainty is not Certainty.NOW


@dataclass(frozen=True, slots=True)
class Clause:
    """One fact or rule that takes part in a contradiction; the codes stand in `contradictions.py`."""

    code: str
    subjects: tuple[str, ...] = ()
    slot_ids: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts and rules that cannot all hold.

    `is_irreducible`: each clause was left out in turn, and then the rest could hold. `has_fewest_requests`: no
    contradiction in the problem is about fewer requests. Either is False when the time ran out before that was known.
    """

    clauses: tuple[Clause, ...]
    is_irreducible: bool
    has_fewest_requests: bool


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
