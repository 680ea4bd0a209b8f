"""Reads about rounds, needs, limits and pairs; what a page shows comes in a number of queries that does not grow."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops.errors import NotFound
from eventops.events.models import Event, Part, PartKind
from eventops.meetings.models import (
    CompetitorPair,
    Exclusion,
    MatchingRound,
    MeetingTable,
    Need,
    NeedAttendee,
    ParticipantLimit,
    Room,
    Slot,
)
from eventops.meetings.timetable.models import TimetableMeeting


def event(session: Session, event_id: int) -> Event:
    """The event with its parts; raises `NotFound`."""
    found = session.scalar(select(Event).options(selectinload(Event.parts)).where(Event.id == event_id))
    if found is None:
        raise NotFound
    return found


def event_by_slug(session: Session, slug: str) -> Event:
    found = session.scalar(select(Event).options(selectinload(Event.parts)).where(Event.slug == slug))
    if found is None:
        raise NotFound
    return found


def matching_part(session: Session, event_id: int) -> Part | None:
    """The event's part with the meetings: the first closed matching."""
    wanted = (Part.event_id == event_id, Part.kind == PartKind.CLOSED_MATCHING)
    return session.scalar(select(Part).where(*wanted).order_by(Part.position).limit(1))


def round_of_event(session: Session, event_id: int) -> MatchingRound | None:
    """The round of the event's matching part, once somebody has opened it."""
    query = select(MatchingRound).join(MatchingRound.part).where(MatchingRound.event_id == event_id)
    return session.scalar(query.order_by(Part.position).limit(1))


def whole_round(session: Session, round_id: int) -> MatchingRound:
    """The round with slots, breaks, rooms and tables."""
    query = (
        select(MatchingRound)
        .options(
            joinedload(MatchingRound.event).selectinload(Event.parts),
            selectinload(MatchingRound.breaks),
            selectinload(MatchingRound.slots),
            selectinload(MatchingRound.rooms).selectinload(Room.tables),
        )
        .where(MatchingRound.id == round_id)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def needs(session: Session, round_id: int) -> Sequence[Need]:
    """Needs with company and attendees, by code."""
    query = select(Need).options(
        joinedload(Need.organisation), selectinload(Need.attendees).joinedload(NeedAttendee.person)
    )
    return session.scalars(query.where(Need.round_id == round_id).order_by(Need.code)).all()


def need(session: Session, round_id: int, need_id: int) -> Need:
    query = select(Need).options(joinedload(Need.organisation), selectinload(Need.attendees))
    found = session.scalar(query.where(Need.id == need_id, Need.round_id == round_id))
    if found is None:
        raise NotFound
    return found


def limits(session: Session, round_id: int) -> Sequence[ParticipantLimit]:
    query = select(ParticipantLimit).options(joinedload(ParticipantLimit.organisation))
    return session.scalars(query.where(ParticipantLimit.round_id == round_id).order_by(ParticipantLimit.id)).all()


def pairs(session: Session, round_id: int) -> Sequence[CompetitorPair]:
    query = select(CompetitorPair).options(
        joinedload(CompetitorPair.first), joinedload(CompetitorPair.second), joinedload(CompetitorPair.need)
    )
    return session.scalars(query.where(CompetitorPair.round_id == round_id).order_by(CompetitorPair.id)).all()


def exclusions(session: Session, round_id: int) -> Sequence[Exclusion]:
    query = (
        select(Exclusion)
        .join(Exclusion.need)
        .options(joinedload(Exclusion.need), joinedload(Exclusion.organisation))
        .where(Need.round_id == round_id)
    )
    return session.scalars(query.order_by(Need.code, Exclusion.id)).all()


def slots_in_timetables(session: Session, round_id: int) -> frozenset[int]:
    """Slots in which some version of the timetable has a meeting: they cannot go."""
    used = select(TimetableMeeting.slot_id).join(TimetableMeeting.slot).where(Slot.round_id == round_id)
    return frozenset(session.scalars(used.distinct()))


def tables_in_timetables(session: Session, round_id: int) -> frozenset[int]:
    """Tables at which some version of the timetable has a meeting: they cannot go either."""
    used = select(TimetableMeeting.table_id).join(TimetableMeeting.table).join(MeetingTable.room)
    return frozenset(session.scalars(used.where(Room.round_id == round_id).distinct()))
