"""The shape of a change of facts: lines that people read, edits for the database, and the rows it is made from."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops.meetings import queries as round_queries
from eventops.meetings.models import (
    CompetitorPair,
    LimitKind,
    MatchingRound,
    Need,
    ParticipantLimit,
)
from eventops.meetings.timetable import problems, queries
from eventops.meetings.timetable.edits import Edit, Kind, adding
from scheduling.problem import Participant, Problem

Limits = Sequence[ParticipantLimit]


class What(StrEnum):
    """Which fact a line speaks of."""

    AT_ONCE = "at_once"
    ARRIVES = "arrives"
    LEAVES = "leaves"
    AVAILABLE = "available"
    MAXIMUM = "maximum"
    IN_A_ROW = "in_a_row"
    TABLES = "tables"
    SLOTS = "slots"
    EQUIPMENT = "equipment"
    KEPT_APART = "kept_apart"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact before and after; `subjects` are references such as `n9`, moments come as ISO text."""

    what: What
    subjects: tuple[str, ...] = ()
    before: int | str = ""
    after: int | str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be changed. `agree`: who has to agree first; `unlock`: the application whose lock is released."""

    lines: tuple[Line, ...] = ()
    edits: tuple[Edit, ...] = ()
    agree: tuple[str, ...] = ()
    unlock: int | None = None
    wants_room: bool = False
    new_slot: tuple[dt.datetime, dt.datetime] | None = None

    def __add__(self, other: "Plan") -> "Plan":
        return Plan(
            self.lines + other.lines,
            self.edits + other.edits,
            self.agree + other.agree,
            self.unlock or other.unlock,
            self.wants_room or other.wants_room,
            self.new_slot or other.new_slot,
        )


class Rows:
    """What a plan looks at: the problem with the rows behind it, read once. `room_id`: where a new table goes."""

    def __init__(self, session: Session, problem: Problem, round_id: int, room_id: int | None = None) -> None:
        self.problem, self.room_id = problem, room_id
        self.round: MatchingRound = round_queries.whole_round(session, round_id)
        self.participants = {one.id: one for one in problem.participants}
        self.slots = {one.id: one for one in problem.slots}
        self.needs: Mapping[int, Need] = {one.id: one for one in round_queries.needs(session, round_id)}
        self.pairs: Mapping[int, CompetitorPair] = {one.id: one for one in queries.competitor_pairs(session, round_id)}
        self.limits: Limits = queries.limits_in_use(session, round_id)

    def limits_of(self, one: Participant, kind: LimitKind) -> list[ParticipantLimit]:
        """In the order in which they are applied: the last one wins."""
        return [limit for limit in self.limits if owner(one) == limit.organisation_id and limit.kind == kind]

    def need_of(self, one: Participant) -> Need | None:
        return self.needs[problems.row_id(one.id)] if one.id.startswith("n") else None

    def new_limit(self, one: Participant, kind: LimitKind, **values: Any) -> Edit:
        given = {"value": None, "time_from": None, "time_to": None, "note": _("時間割の対策")}
        whose = {"round_id": self.round.id, "organisation_id": owner(one)}
        return adding(Kind.LIMIT, **whose, kind=str(kind), is_hard=True, in_use=True, **{**given, **values})

    def meets_a_slot(self, start: dt.datetime | None, end: dt.datetime | None) -> bool:
        return any(
            (end is None or one.start < end) and (start is None or start < one.end) for one in self.problem.slots
        )


def owner(one: Participant) -> int:
    return problems.row_id(one.organisation)
