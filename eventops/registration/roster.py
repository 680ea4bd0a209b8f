"""Reads for staff's list of participants: filtered, sorted, with the counts of the filters, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventops.events.models import Event, Part, PriceCategory
from eventops.registration import finding, providers
from eventops.registration.models import (
    HELD,
    Attendee,
    AttendeeTag,
    PaymentMethod,
    Place,
    PlaceState,
    Registration,
    RegistrationState,
)

PAGE = 100
MARK = "★"


class Show(StrEnum):
    """The filters with counts; each says something about a person's state."""

    ACTIVE = "active"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    MARKED = "marked"
    CHECK = "check"
    NEEDS = "needs"


class Paying(StrEnum):
    """What was paid of the fee, and how the rest will be."""

    UNPAID = "unpaid"
    BY_TRANSFER = "bank_transfer"
    IN_CASH = "cash_on_day"
    PAID = "paid"
    FREE = "free"


class Door(StrEnum):
    """Whether somebody has been let in."""

    IN = "in"
    NOT_YET = "not_yet"


class Sort(StrEnum):
    """Orders of the list; the first is that of a 名簿: company, then person, by reading."""

    COMPANY = "company"
    PERSON = "person"
    NUMBER = "number"
    SUBMITTED = "submitted"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Filter:
    """What staff look for, and in which order."""

    show: Show = Show.ACTIVE
    part_id: int | None = None
    category: PriceCategory | None = None
    paying: Paying | None = None
    door: Door | None = None
    tag: str = ""
    search: str = ""
    sort: Sort = Sort.COMPANY
    descending: bool = False

    @property
    def is_narrowed(self) -> bool:
        return replace(self, sort=Sort.COMPANY, descending=False) != Filter()


def _holds(event_id: int, state: PlaceState) -> ColumnElement[bool]:
    """Everybody who holds a place in this state: one set of ids is found faster than one look per person."""
    parts = select(Part.id).where(Part.event_id == event_id)
    return Attendee.id.in_(select(Place.attendee_id).where(Place.part_id.in_(parts), Place.state == state))


def _tagged(tag: str) -> ColumnElement[bool]:
    return Attendee.id.in_(select(AttendeeTag.attendee_id).where(AttendeeTag.tag == tag))


_ACTIVE = Attendee.state == RegistrationState.ACTIVE
_OWES = and_(Attendee.fee_yen > 0, Attendee.paid_at.is_(None))
_PAYING: dict[Paying, ColumnElement[bool]] = {
    Paying.UNPAID: _OWES,
    Paying.BY_TRANSFER: and_(_OWES, Registration.payment_method == PaymentMethod.BANK_TRANSFER),
    Paying.IN_CASH: and_(_OWES, Registration.payment_method == PaymentMethod.CASH_ON_DAY),
    Paying.PAID: and_(Attendee.fee_yen > 0, Attendee.paid_at.is_not(None)),
    Paying.FREE: Attendee.fee_yen == 0,
}
_ORDERS: dict[Sort, tuple[ColumnElement[Any] | Any, ...]] = {
    Sort.COMPANY: (Registration.organisation_sort_key, Registration.number, Attendee.sort_key),
    Sort.PERSON: (Attendee.sort_key, Registration.organisation_sort_key),
    Sort.NUMBER: (Registration.number, Attendee.position),
    Sort.SUBMITTED: (Registration.submitted_at, Registration.number, Attendee.position),
    Sort.FEE: (Attendee.fee_yen, Registration.organisation_sort_key, Registration.number, Attendee.position),
}


def _shows(event: Event) -> dict[Show, ColumnElement[bool]]:
    return {
        Show.ACTIVE: _ACTIVE,
        Show.CONFIRMED: and_(_ACTIVE, _holds(event.id, PlaceState.CONFIRMED)),
        Show.WAITING: and_(_ACTIVE, _holds(event.id, PlaceState.WAITING)),
        Show.CANCELLED: Attendee.state == RegistrationState.CANCELLED,
        Show.MARKED: _tagged(MARK),
        Show.CHECK: and_(_ACTIVE, Registration.claims_membership),
        Show.NEEDS: and_(_ACTIVE, or_(Attendee.dietary_need != "", Attendee.accommodation_request != "")),
    }


def people(session: Session, event: Event, wanted: Filter, *, page: int | None) -> Sequence[Attendee]:
    """One page of people with their application, places and tags; all of them when `page` is None."""
    query = (
        select(Attendee)
        .join(Attendee.registration)
        .where(*conditions(event, wanted))
        .options(contains_eager(Attendee.registration), selectinload(Attendee.places), selectinload(Attendee.tags))
    )
    return session.scalars(_paged(_ordered(query, wanted), page)).unique().all()


def _paged(query: Select[Any], page: int | None) -> Select[Any]:
    return query if page is None else query.limit(PAGE).offset((page - 1) * PAGE)


def _ordered(query: Select[Any], wanted: Filter) -> Select[Any]:
    columns = (*_ORDERS[wanted.sort], Attendee.id)
    return query.order_by(*(column.desc() if wanted.descending else column for column in columns))


def ids(session: Session, event: Event, wanted: Filter) -> Sequence[int]:
    """Everybody whom the filter shows, in the order of the list."""
    query = select(Attendee.id).join(Attendee.registration).where(*conditions(event, wanted))
    return session.scalars(_ordered(query, wanted)).all()


def count(session: Session, event: Event, wanted: Filter) -> int:
    query = select(func.count(Attendee.id)).join(Attendee.registration)
    return session.scalar(query.where(*conditions(event, wanted))) or 0


def chip_counts(session: Session, event: Event) -> dict[Show, int]:
    """How many people each filter shows, in one statement."""
    shows = _shows(event)
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in shows.values()]
    row = session.execute(
        select(*sums).select_from(Attendee).join(Attendee.registration).where(Registration.event_id == event.id)
    ).one()
    return {show: int(number) for show, number in zip(shows, row, strict=True)}


def part_counts(session: Session, event: Event) -> dict[int, int]:
    """How many people hold or await a place in each part."""
    rows = session.execute(
        select(Place.part_id, func.count(Place.attendee_id.distinct()))
        .join(Place.attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event.id, Place.state.in_(HELD))
        .group_by(Place.part_id)
    )
    return {part_id: int(number) for part_id, number in rows}


def tags(session: Session, event: Event) -> dict[str, int]:
    """The words that are used in this event, with the number of people who carry each; the mark is not one."""
    rows = session.execute(
        select(AttendeeTag.tag, func.count())
        .join(AttendeeTag.attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event.id, AttendeeTag.tag != MARK)
        .group_by(AttendeeTag.tag)
        .order_by(AttendeeTag.tag)
    )
    return {tag: int(number) for tag, number in rows}


def totals(session: Session, event: Event) -> tuple[int, int]:
    """What is owed and what of it was paid, in yen."""
    row = session.execute(
        select(func.coalesce(func.sum(Attendee.fee_yen), 0), func.coalesce(func.sum(Attendee.paid_yen), 0))
        .join(Attendee.registration)
        .where(Registration.event_id == event.id)
    ).one()
    return int(row[0]), int(row[1])


def conditions(event: Event, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the filter asks, for statements that join an attendee with the registration."""
    found = [Registration.event_id == event.id, _shows(event)[wanted.show], *finding.conditions(wanted.search)]
    if wanted.part_id is not None:
        held = select(Place.attendee_id).where(Place.part_id == wanted.part_id, Place.state.in_(HELD))
        found.append(Attendee.id.in_(held))
    if wanted.category is not None:
        found.append(Attendee.price_category == wanted.category)
    if wanted.paying is not None:
        found.append(_PAYING[wanted.paying])
    if wanted.tag:
        found.append(_tagged(wanted.tag))
    if wanted.door is not None:
        arrived = providers.has_arrived(event)
        found.append(arrived if wanted.door is Door.IN else ~arrived)
    return found
