"""Reads for staff's list of participants: filtered, in the order of the syllabary, with the counts of the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventops.events.models import PriceCategory
from eventops.registration import finding
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState

PAGE = 100
_HELD = (PlaceState.CONFIRMED, PlaceState.WAITING)


class Show(StrEnum):
    """The filters beside parts; each says something about a person."""

    ACTIVE = "active"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    MEMBER = "member"
    GENERAL = "general"
    UNPAID = "unpaid"
    CHECK = "check"
    NEEDS = "needs"


@dataclass(frozen=True, slots=True)
class Filter:
    """What staff look for."""

    show: Show = Show.ACTIVE
    part_id: int | None = None
    search: str = ""


def _holds(state: PlaceState) -> ColumnElement[bool]:
    return Attendee.places.any(Place.state == state)


_ACTIVE = Attendee.state == RegistrationState.ACTIVE
_CONDITIONS: dict[Show, ColumnElement[bool]] = {
    Show.ACTIVE: _ACTIVE,
    Show.CONFIRMED: and_(_ACTIVE, _holds(PlaceState.CONFIRMED)),
    Show.WAITING: and_(_ACTIVE, _holds(PlaceState.WAITING)),
    Show.CANCELLED: Attendee.state == RegistrationState.CANCELLED,
    Show.MEMBER: and_(_ACTIVE, Attendee.price_category == PriceCategory.MEMBER),
    Show.GENERAL: and_(_ACTIVE, Attendee.price_category == PriceCategory.GENERAL),
    Show.UNPAID: and_(Attendee.fee_yen > 0, Attendee.paid_at.is_(None)),
    Show.CHECK: and_(_ACTIVE, Registration.claims_membership),
    Show.NEEDS: and_(_ACTIVE, or_(Attendee.dietary_need != "", Attendee.accommodation_request != "")),
}


def people(session: Session, event_id: int, wanted: Filter, *, page: int) -> Sequence[Attendee]:
    """One page of people with their application and places, by company and then by name."""
    query = (
        select(Attendee)
        .join(Attendee.registration)
        .where(*_conditions(event_id, wanted))
        .options(contains_eager(Attendee.registration), selectinload(Attendee.places))
        .order_by(Registration.organisation_sort_key, Registration.number, Attendee.sort_key, Attendee.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return session.scalars(query).unique().all()


def count(session: Session, event_id: int, wanted: Filter) -> int:
    query = select(func.count(Attendee.id)).join(Attendee.registration)
    return session.scalar(query.where(*_conditions(event_id, wanted))) or 0


def chip_counts(session: Session, event_id: int) -> dict[Show, int]:
    """How many people each filter shows, in one statement."""
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in _CONDITIONS.values()]
    row = session.execute(
        select(*sums).select_from(Attendee).join(Attendee.registration).where(Registration.event_id == event_id)
    ).one()
    return {show: int(number) for show, number in zip(_CONDITIONS, row, strict=True)}


def part_counts(session: Session, event_id: int) -> dict[int, int]:
    """How many people hold or await a place in each part."""
    rows = session.execute(
        select(Place.part_id, func.count(Place.attendee_id.distinct()))
        .join(Place.attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event_id, Place.state.in_(_HELD))
        .group_by(Place.part_id)
    )
    return {part_id: int(number) for part_id, number in rows}


def totals(session: Session, event_id: int) -> tuple[int, int]:
    """What is owed and what of it was paid, in yen."""
    row = session.execute(
        select(func.coalesce(func.sum(Attendee.fee_yen), 0), func.coalesce(func.sum(Attendee.paid_yen), 0))
        .join(Attendee.registration)
        .where(Registration.event_id == event_id)
    ).one()
    return int(row[0]), int(row[1])


def _conditions(event_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [Registration.event_id == event_id, _CONDITIONS[wanted.show]]
    if wanted.part_id is not None:
        conditions.append(Attendee.places.any(and_(Place.part_id == wanted.part_id, Place.state.in_(_HELD))))
    return [*conditions, *finding.conditions(wanted.search)]
