"""What is asked of the scheduler, as plain frozen values: slots, tables, participants, requests, goals."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduling.solution import Meeting


class Side(StrEnum):
    """Hosts sit at their tables, guests walk to them."""

    HOST = "host"
    GUEST = "guest"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which one meeting fits; aware datetimes, half open. `block` is 前半/後半, AM/PM or a day."""

    id: str
    start: dt.datetime
    end: dt.datetime
    block: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room and how far it lies from the others: walking between two rooms costs 1 + |difference|."""

    id: str
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; neighbours have consecutive `position` in one room. `open_slots` None: open all the time."""

    id: str
    room: str = ""
    position: int = 0
    features: frozenset[str] = frozenset()
    open_slots: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A named human being who cannot be in two meetings at once, whoever they attend for."""

    id: str
    unavailable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Participant:
    """A firm (or team) that meets others.

    `capacity` is how many meetings it can hold at the same time, `capacity_at` overrides it by slot id (0
    = none). `home_tables`, when given, are the only tables at which it meets. `people` attend each of its
    meetings. `max_run` slots of meetings in a row need a rest after them (a free slot or a break), 0 = no limit.
    After each meeting its team is on its way for `transition` slots, but not beyond a break: whoever meets then
    counts against the capacity together with those who walk. `features` are what the table of each of its
    meetings must have (online, accessible ...). `arrives`/`leaves`: only slots that start at or after /
    end at or before.
    """

    id: str
    side: Side = Side.GUEST
    organisation: str = ""
    capacity: int = 1
    capacity_at: Mapping[str, int] = field(default_factory=dict)
    home_tables: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    unavailable: frozenset[str] = frozenset()
    disliked: frozenset[str] = frozenset()
    arrives: dt.datetime | None = None
    leaves: dt.datetime | None = None
    min_meetings: int = 0
    max_meetings: int | None = None
    max_run: int = 0
    max_run_is_hard: bool = True
    transition: int = 0
    is_from_far: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting that is wished for between two or more participants.

    `weight` is what placing it is worth (for "as many as possible first, then the best" give 1000 + bonus).
    `slots` / `blocks` limit where it may lie (None = anywhere); `lock_slot` / `lock_table` pin it by hand.
    """

    id: str
    participants: tuple[str, ...]
    weight: int = 1
    is_mandatory: bool = False
    length: int = 1
    slots: frozenset[str] | None = None
    blocks: frozenset[str] | None = None
    features: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    lock_slot: str | None = None
    lock_table: str | None = None


class PairKind(StrEnum):
    """What two requests or two participants must not do to each other."""

    NOT_TOGETHER = "not_together"  # never at the same time
    NOT_BACK_TO_BACK = "not_back_to_back"  # participants: not one right after the other at the same host
    NOT_ADJACENT_TABLES = "not_adjacent_tables"
    NOT_SAME_ROOM = "not_same_room"
    BEFORE = "before"  # requests only: the first has ended when the second starts


class Subjects(StrEnum):
    """What the two ids of a pair rule name."""

    PARTICIPANTS = "participants"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class PairRule:
    """A rule between `first` and `second`; a soft one costs `weight` for every two meetings that break it.

    The two table rules hold for hosts all the time (they sit there), for others while their meetings overlap; a soft
    one costs its `weight` once, however many meetings break it.
    `host` limits NOT_BACK_TO_BACK between participants to one host ("" = wherever both go).
    """

    id: str
    kind: PairKind
    first: str
    second: str
    subjects: Subjects = Subjects.PARTICIPANTS
    host: str = ""
    is_hard: bool = True
    weight: int = 1


class GoalName(StrEnum):
    """Everything that can be minimised; each has one function in the model and one in score.py."""

    MANDATORY_UNPLACED = "mandatory_unplaced"
    PEOPLE_DISTURBED = "people_disturbed"
    MEETINGS_MOVED = "meetings_moved"
    WEIGHT_UNPLACED = "weight_unplaced"
    MINIMA_MISSED = "minima_missed"
    GUEST_IDLE_SLOTS = "guest_idle_slots"
    GUEST_IDLE_PERIODS = "guest_idle_periods"
    HOST_IDLE_SLOTS = "host_idle_slots"
    UNFAIRNESS = "unfairness"
    SOFT_PAIR_RULES = "soft_pair_rules"
    DISLIKED_SLOTS = "disliked_slots"
    MISSED_RESTS = "missed_rests"
    FAR_SPAN = "far_span"
    LAST_SLOT = "last_slot"
    SOFT_TABLE_RULES = "soft_table_rules"
    HOST_TABLE_CHANGES = "host_table_changes"
    GUEST_ROOM_CHANGES = "guest_room_changes"


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in its band. Bands are compared in order; weights count only against goals of the same band."""

    name: GoalName
    band: int
    weight: int = 1


DEFAULT_GOALS = (
    Goal(GoalName.MANDATORY_UNPLACED, 10),
    Goal(GoalName.PEOPLE_DISTURBED, 12),
    Goal(GoalName.MEETINGS_MOVED, 14),
    Goal(GoalName.WEIGHT_UNPLACED, 20),
    Goal(GoalName.MINIMA_MISSED, 30),
    Goal(GoalName.GUEST_IDLE_SLOTS, 40),
    Goal(GoalName.GUEST_IDLE_PERIODS, 40),
    Goal(GoalName.SOFT_PAIR_RULES, 50, 5),
    Goal(GoalName.DISLIKED_SLOTS, 50, 2),
    Goal(GoalName.MISSED_RESTS, 50, 2),
    Goal(GoalName.HOST_IDLE_SLOTS, 50),
    Goal(GoalName.UNFAIRNESS, 50),
    Goal(GoalName.FAR_SPAN, 50),
    Goal(GoalName.SOFT_TABLE_RULES, 70, 10),
    Goal(GoalName.HOST_TABLE_CHANGES, 70, 5),
    Goal(GoalName.GUEST_ROOM_CHANGES, 70),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One event to be scheduled.

    Slots are in the order of time. Two neighbouring slots further apart than `changeover_minutes` have a
    break between them: meetings on either side are not "in a row". A break of `long_break_minutes` or
    more (lunch, the night) ends the waiting too: idle slots count only between two meetings on the same
    side of it. `previous` is the published timetable when re-planning; requests in `frozen` stay exactly
    where it has them. `max_idle_difference` is a hard limit on how far two guests' numbers of idle periods may
    lie apart (the fairness rule of the B2B scheduling problem, Bofill et al., JAIR 74, 2022); None = no limit.
    """

    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    participants: tuple[Participant, ...]
    requests: tuple[Request, ...]
    rooms: tuple[Room, ...] = ()
    people: tuple[Person, ...] = ()
    pair_rules: tuple[PairRule, ...] = ()
    previous: tuple[Meeting, ...] = ()
    frozen: frozenset[str] = frozenset()
    goals: tuple[Goal, ...] = DEFAULT_GOALS
    changeover_minutes: int = 5
    long_break_minutes: int = 45
    max_idle_difference: int | None = None
