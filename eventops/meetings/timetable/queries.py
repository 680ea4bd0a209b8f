"""Reads about timetables and the frame they stand in."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.database import plain
from eventops.errors import NotFound
from eventops.meetings.models import (
    Application,
    CompetitorPair,
    MatchingRound,
    MeetingTable,
    Need,
    ParticipantLimit,
    Room,
    Slot,
)
from eventops.meetings.timetable.models import Timetable, TimetableMeeting, TimetableState

A_DAY = dt.timedelta(days=1)


class Placed(Protocol):
    """A meeting's application, and where it lies."""

    @property
    def application_id(self) -> int: ...
    @property
    def slot_id(self) -> int: ...
    @property
    def table_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Lock:
    """A meeting that stays where it is."""

    application_id: int
    slot_id: int
    table_id: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A meeting of a version, as values."""

    application_id: int
    slot_id: int
    table_id: int
    is_locked: bool


def competitor_pairs(session: Session, round_id: int) -> Sequence[CompetitorPair]:
    return session.scalars(
        select(CompetitorPair).where(CompetitorPair.round_id == round_id).order_by(CompetitorPair.id)
    ).all()


def limits_in_use(session: Session, round_id: int) -> Sequence[ParticipantLimit]:
    wanted = (ParticipantLimit.round_id == round_id, ParticipantLimit.in_use.is_(True))
    return session.scalars(select(ParticipantLimit).where(*wanted).order_by(ParticipantLimit.id)).all()


def draft_of(session: Session, round_id: int) -> Timetable | None:
    """The version that staff work on."""
    wanted = (Timetable.round_id == round_id, Timetable.state == TimetableState.DRAFT)
    return session.scalar(select(Timetable).where(*wanted).order_by(Timetable.id.desc()).limit(1))


def lock_round(session: Session, round_id: int) -> None:
    """Hold the round until the transaction ends: whoever works on its timetable waits here."""
    found = session.scalar(select(MatchingRound.id).where(MatchingRound.id == round_id).with_for_update())
    if found is None:
        raise NotFound


def published(session: Session, round_id: int) -> Timetable | None:
    """The version in force."""
    wanted = (Timetable.round_id == round_id, Timetable.state == TimetableState.PUBLISHED)
    return session.scalar(select(Timetable).where(*wanted).order_by(Timetable.version.desc()).limit(1))


def versions(session: Session, round_id: int) -> Sequence[Timetable]:
    """Every published version, newest first."""
    wanted = (Timetable.round_id == round_id, Timetable.version.is_not(None))
    return session.scalars(select(Timetable).where(*wanted).order_by(Timetable.version.desc())).all()


def locks_of(session: Session, round_id: int) -> frozenset[Lock]:
    """Where locked meetings are held: the draft's, or those that its copy of what is published will have."""
    states = (TimetableState.DRAFT, TimetableState.PUBLISHED)
    working = select(Timetable.id).where(Timetable.round_id == round_id, Timetable.state.in_(states))
    draft_first = (Timetable.state == TimetableState.DRAFT).desc()
    newest = working.order_by(draft_first, Timetable.id.desc()).limit(1).scalar_subquery()
    query = select(TimetableMeeting.application_id, TimetableMeeting.slot_id, TimetableMeeting.table_id)
    wanted = (TimetableMeeting.timetable_id == newest, TimetableMeeting.is_locked.is_(True))
    return frozenset(Lock(*one) for one in plain(session).execute(query.where(*wanted)))


def placements(session: Session, timetable_id: int) -> Sequence[Placement]:
    """Where the meetings of a version lie, without their rows."""
    query = select(
        TimetableMeeting.application_id, TimetableMeeting.slot_id, TimetableMeeting.table_id, TimetableMeeting.is_locked
    )
    wanted = query.where(TimetableMeeting.timetable_id == timetable_id)
    ordered = wanted.order_by(TimetableMeeting.slot_id, TimetableMeeting.table_id)
    return [Placement(*one) for one in plain(session).execute(ordered)]


def meetings_of(session: Session, timetable_id: int) -> Sequence[TimetableMeeting]:
    """The meetings of a version with everything a page or a sheet shows of them, in a constant number of queries."""
    return session.scalars(_meetings(timetable_id)).all()


def meetings_with(session: Session, timetable_id: int, organisation_id: int) -> Sequence[TimetableMeeting]:
    """Those of one organisation, whichever side it is on."""
    asks = TimetableMeeting.application.has(Application.organisation_id == organisation_id)
    hosts = TimetableMeeting.application.has(Application.need.has(Need.organisation_id == organisation_id))
    return session.scalars(_meetings(timetable_id).where(or_(asks, hosts))).all()


def meetings_at(session: Session, timetable_id: int, application_ids: Iterable[int]) -> Sequence[TimetableMeeting]:
    """Those of these applications."""
    wanted = TimetableMeeting.application_id.in_(set(application_ids))
    return session.scalars(_meetings(timetable_id).where(wanted)).all()


def _meetings(timetable_id: int) -> Select[TimetableMeeting]:
    application = joinedload(TimetableMeeting.application)
    return (
        select(TimetableMeeting)
        .where(TimetableMeeting.timetable_id == timetable_id)
        .options(
            application.joinedload(Application.organisation),
            application.joinedload(Application.person),
            application.joinedload(Application.need).joinedload(Need.organisation),
            joinedload(TimetableMeeting.slot),
            joinedload(TimetableMeeting.table).joinedload(MeetingTable.room),
        )
        .order_by(TimetableMeeting.slot_id, TimetableMeeting.table_id)
    )


def rows_of(session: Session, round_id: int) -> tuple[set[int], set[int], set[int]]:
    """The ids of the applications, slots and tables that the round has now."""
    applications = select(Application.id).where(Application.round_id == round_id)
    slots = select(Slot.id).where(Slot.round_id == round_id)
    tables = select(MeetingTable.id).join(MeetingTable.room).where(Room.round_id == round_id)
    return set(session.scalars(applications)), set(session.scalars(slots)), set(session.scalars(tables))


def begun_slots(session: Session, slot_ids: Iterable[int], now: dt.datetime) -> frozenset[int]:
    """Those of these slots whose time has come in the last day; what lies further back may be put right."""
    begun = (Slot.starts_at <= now, Slot.starts_at > now - A_DAY)
    return frozenset(session.scalars(select(Slot.id).where(Slot.id.in_(set(slot_ids)), *begun)))


def has_begun(session: Session, slot_ids: Iterable[int], now: dt.datetime) -> bool:
    return bool(begun_slots(session, slot_ids, now))


def day_has_begun(session: Session, round_id: int, now: dt.datetime) -> bool:
    """Whether meetings of a published timetable have begun in the last day."""
    version = published(session, round_id)
    return version is not None and has_begun(session, {one.slot_id for one in version.meetings}, now)


def meeting_counts(session: Session, round_id: int) -> Mapping[int, int]:
    """How many meetings each version of the round holds."""
    counted = select(TimetableMeeting.timetable_id, func.count().label("number")).join(TimetableMeeting.timetable)
    rows = session.execute(counted.where(Timetable.round_id == round_id).group_by(TimetableMeeting.timetable_id))
    return {one.timetable_id: one.number for one in rows}
