"""What may happen on the day, and what it means: rows that change, and meetings that did not take place."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import DomainError, NotFound
from eventops.meetings import queries as round_queries
from eventops.meetings.models import (
    Application,
    ApplicationState,
    LimitKind,
    MatchingRound,
    MeetingTable,
    Rating,
    Room,
    Slot,
)
from eventops.meetings.rules import next_code
from eventops.meetings.timetable.begun import HasBegun
from eventops.meetings.timetable.edits import Edit, Kind, adding, changing

CODE_PREFIX = "T"
"""Requests of the day are numbered T01, T02 …, apart from the applications that were sent in."""


class What(StrEnum):
    """欠席・遅刻・卓が使えない・取り下げ・追加・入れ替え."""

    ABSENT = "absent"
    LATE = "late"
    TABLE_LOST = "table_lost"
    WITHDRAWN = "withdrawn"
    ADDED = "added"
    SWAPPED = "swapped"


class MeetsAlready(DomainError):
    """The two companies have a request for each other, or must not meet."""

    code = "meets_already"


class AtTheSameMeeting(DomainError):
    """Two different meetings are needed to swap them."""

    code = "swap_needs_two"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `at`: until when somebody is away (late), or from when on (absent, table lost).

    `was_here`: the companies have been here before, so that meetings that have begun took place.
    """

    what: What
    organisation_ids: tuple[int, ...] = ()
    application_ids: tuple[int, ...] = ()
    table_id: int | None = None
    need_id: int | None = None
    slot_id: int | None = None
    at: dt.datetime | None = None
    was_here: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat() if self.at else None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Happening":
        at = stored["at"]
        return cls(
            **{
                **stored,
                "what": What(stored["what"]),
                "organisation_ids": tuple(stored["organisation_ids"]),
                "application_ids": tuple(stored["application_ids"]),
                "at": dt.datetime.fromisoformat(at) if at else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """The round at one moment: its slots in order of time, and those that have begun."""

    round: MatchingRound
    slots: tuple[Slot, ...]
    now: dt.datetime

    @classmethod
    def read(cls, session: Session, round_id: int, now: dt.datetime) -> "Frame":
        found = round_queries.whole_round(session, round_id)
        return cls(found, tuple(one for one in found.slots if one.in_use), now)

    @property
    def begun(self) -> frozenset[int]:
        """The slots whose time has come."""
        return frozenset(one.id for one in self.slots if one.starts_at <= self.now)

    @property
    def next_start(self) -> dt.datetime | None:
        """When the first slot begins that has not begun; None at the end of the day."""
        return next((one.starts_at for one in self.slots if one.starts_at > self.now), None)


def missed(happening: Happening) -> frozenset[int]:
    """The companies whose meetings did not take place although their time has come."""
    is_away = happening.what in (What.ABSENT, What.LATE) and not happening.was_here
    return frozenset(happening.organisation_ids) if is_away else frozenset()


def edits(session: Session, frame: Frame, happenings: Sequence[Happening], held: frozenset[int]) -> list[Edit]:
    """The facts as they have to be changed, in order; `held` are the applications whose meetings have begun."""
    found: list[Edit] = []
    for one in happenings:
        found += _EDITS[one.what](session, frame, one, held)
    return _numbered(session, frame.round.id, found)


def _away(_session: Session, frame: Frame, one: Happening, _held: frozenset[int]) -> Iterable[Edit]:
    start = frame.next_start if one.was_here else frame.slots[0].starts_at
    if start is None:
        return
    if one.what is What.ABSENT and one.was_here and one.at is not None:
        start = max(start, one.at)
    until = one.at if one.what is What.LATE else frame.slots[-1].ends_at
    for organisation_id in one.organisation_ids:
        yield adding(
            Kind.LIMIT,
            round_id=frame.round.id,
            organisation_id=organisation_id,
            kind=str(LimitKind.UNAVAILABLE),
            value=None,
            time_from=start,
            time_to=until,
            is_hard=True,
            in_use=True,
            note="当日: 遅刻" if one.what is What.LATE else "当日: 欠席",
        )


def _table_lost(session: Session, frame: Frame, one: Happening, _held: frozenset[int]) -> Iterable[Edit]:
    table = session.scalar(
        select(MeetingTable)
        .join(MeetingTable.room)
        .where(MeetingTable.id == one.table_id, Room.round_id == frame.round.id)
    )
    if table is None:
        raise NotFound
    since = one.at or frame.now
    open_until = next((s.starts_at for s in frame.slots if s.ends_at > since and s.starts_at > frame.now), None)
    if open_until is not None:
        yield changing(Kind.TABLE, table, closed_from=open_until)


def _withdrawn(session: Session, frame: Frame, one: Happening, held: frozenset[int]) -> Iterable[Edit]:
    for application_id in one.application_ids:
        if application_id in held:
            raise HasBegun
        application = _application(session, frame, application_id)
        yield changing(Kind.APPLICATION, application, state=str(ApplicationState.WITHDRAWN))


def _added(session: Session, frame: Frame, one: Happening, _held: frozenset[int]) -> Iterable[Edit]:
    """A request for a pair: an application that was declined counts again, otherwise there is a new one."""
    need = round_queries.need(session, frame.round.id, one.need_id or 0)
    for organisation_id in one.organisation_ids:
        if organisation_id == need.organisation_id:
            raise MeetsAlready
        known = session.scalars(
            select(Application).where(Application.need_id == need.id, Application.organisation_id == organisation_id)
        ).all()
        exclusions = round_queries.exclusions(session, frame.round.id)
        is_excluded = (need.id, organisation_id) in {(row.need_id, row.organisation_id) for row in exclusions}
        yield _added_one(frame, need.id, organisation_id, known, is_excluded=is_excluded)


def _added_one(
    frame: Frame, need_id: int, organisation_id: int, known: Sequence[Application], *, is_excluded: bool
) -> Edit:
    wanted = [one for one in known if one.state == ApplicationState.RECEIVED]
    if is_excluded or any(one.rating in (Rating.A, Rating.B, Rating.C) for one in wanted):
        raise MeetsAlready
    old = next((one for one in (*wanted, *known) if one.state != ApplicationState.DUPLICATE), None)
    if old is not None:
        return changing(Kind.APPLICATION, old, state=str(ApplicationState.RECEIVED), rating=str(Rating.C))
    return adding(
        Kind.APPLICATION,
        round_id=frame.round.id,
        code="",
        need_id=need_id,
        organisation_id=organisation_id,
        submitted_at=frame.now,
        state=str(ApplicationState.RECEIVED),
        rating=str(Rating.C),
    )


def _numbered(session: Session, round_id: int, found: Sequence[Edit]) -> list[Edit]:
    """New requests get the next free numbers of the day."""
    codes = list(session.scalars(select(Application.code).where(Application.round_id == round_id)))
    numbered: list[Edit] = []
    for one in found:
        if one.kind is Kind.APPLICATION and one.before is None:
            codes.append(next_code(codes, prefix=CODE_PREFIX, digits=2))
            one = adding(one.kind, **{**one.after, "code": codes[-1]})
        numbered.append(one)
    return numbered


def _swapped(session: Session, frame: Frame, one: Happening, held: frozenset[int]) -> Iterable[Edit]:
    """Nothing but the timetable changes."""
    if len(set(one.application_ids)) != 2:
        raise AtTheSameMeeting
    for application_id in one.application_ids:
        _application(session, frame, application_id)
        if application_id in held:
            raise HasBegun
    return ()


def _application(session: Session, frame: Frame, application_id: int) -> Application:
    found = session.scalar(
        select(Application).where(Application.id == application_id, Application.round_id == frame.round.id)
    )
    if found is None:
        raise NotFound
    return found


_EDITS = {
    What.ABSENT: _away,
    What.LATE: _away,
    What.TABLE_LOST: _table_lost,
    What.WITHDRAWN: _withdrawn,
    What.ADDED: _added,
    What.SWAPPED: _swapped,
}
