"""Reads for staff's list of participants: filtered, sorted, with the counts of the filters, in few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventops.events.models import Event, Mode, Part, PriceCategory
from eventops.registration import providers
from eventops.registration.listing import finding
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

PAGE = 50
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
        return self.show is not Show.ACTIVE or self.is_narrowed_further

    @property
    def is_narrowed_further(self) -> bool:
        """Beyond the state alone, whose numbers are known."""
        return replace(self, show=Show.ACTIVE, sort=Sort.COMPANY, descending=False) != Filter()


def _part_ids(event_id: int) -> Select[int]:
    return select(Part.id).where(Part.event_id == event_id)


def _holds(event_id: int, state: PlaceState) -> ColumnElement[bool]:
    """Everybody who holds a place in this state: one set of ids is found faster than one look per person."""
    return Attendee.id.in_(_holders(event_id, state))


def _holders(event_id: int, state: PlaceState) -> Select[int]:
    """All modes are named, so that the index on places leads straight to the state."""
    held = (Place.part_id.in_(_part_ids(event_id)), Place.mode.in_(tuple(Mode)), Place.state == state)
    return select(Place.attendee_id).where(*held)


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
_SHOWING: dict[Show, ColumnElement[bool]] = {
    Show.ACTIVE: _ACTIVE,
    Show.CANCELLED: Attendee.state == RegistrationState.CANCELLED,
    Show.MARKED: _tagged(MARK),
    Show.CHECK: and_(_ACTIVE, Registration.claims_membership),
    Show.NEEDS: and_(_ACTIVE, or_(Attendee.dietary_need != "", Attendee.accommodation_request != "")),
}
_HOLDING = {Show.CONFIRMED: PlaceState.CONFIRMED, Show.WAITING: PlaceState.WAITING}
_SUMMED = (Show.ACTIVE, Show.CANCELLED, Show.CHECK, Show.NEEDS)
_SUMS = tuple(
    func.coalesce(func.sum(one), 0)
    for one in (*(case((_SHOWING[show], 1), else_=0) for show in _SUMMED), Attendee.fee_yen, Attendee.paid_yen)
)
_ORDERS: dict[Sort, tuple[ColumnElement[Any] | Any, ...]] = {
    Sort.COMPANY: (Registration.organisation_sort_key, Registration.number, Attendee.sort_key),
    Sort.PERSON: (Attendee.sort_key, Registration.organisation_sort_key),
    Sort.NUMBER: (Registration.number, Attendee.position),
    Sort.SUBMITTED: (Registration.submitted_at, Registration.number, Attendee.position),
    Sort.FEE: (Attendee.fee_yen, Registration.organisation_sort_key, Registration.number, Attendee.position),
}


def _among_few(event_id: int) -> ColumnElement[bool]:
    """That an application is the event's, said so that no index answers it: the few people come first, then theirs."""
    return Registration.event_id + 0 == event_id


def _showing(event_id: int, show: Show) -> ColumnElement[bool]:
    return and_(_ACTIVE, _holds(event_id, _HOLDING[show])) if show in _HOLDING else _SHOWING[show]


def people(session: Session, event: Event, wanted: Filter, *, page: int | None) -> Sequence[Attendee]:
    """One page of people with their application, places and tags; all of them when `page` is None."""
    query = select(Attendee).join(Attendee.registration).where(*conditions(event, wanted))
    return _loaded(session, query, wanted) if page is None else found(session, event, wanted, page=page).people


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list, how many the whole list has, and the number of the page."""

    people: Sequence[Attendee]
    number: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.number // PAGE))


def found(session: Session, event: Event, wanted: Filter, *, page: int, number: int | None = None) -> Found:
    """The page asked for, or the last one. Where the `number` is known, only the page's keys are read, else all."""
    query = select(Attendee.id).join(Attendee.registration).where(*conditions(event, wanted))
    if number is None:
        every = session.scalars(_ordered(query, wanted, reads_all=True)).all()
        number = len(every)
        at = min(page, max(1, -(-number // PAGE)))
        mine = every[(at - 1) * PAGE : at * PAGE]
    else:
        at = min(page, max(1, -(-number // PAGE)))
        mine = session.scalars(_ordered(query, wanted).limit(PAGE).offset((at - 1) * PAGE)).all()
    page_of = select(Attendee).join(Attendee.registration).where(Attendee.id.in_(mine))
    return Found(_loaded(session, page_of, wanted), number, at)


def _loaded(session: Session, query: Select[Any], wanted: Filter) -> Sequence[Attendee]:
    loading = (contains_eager(Attendee.registration), selectinload(Attendee.places), selectinload(Attendee.tags))
    return session.scalars(_ordered(query.options(*loading), wanted)).unique().all()


def _ordered(query: Select[Any], wanted: Filter, *, reads_all: bool = False) -> Select[Any]:
    """Who reads all is faster reading them as they lie and sorting them then: an index would lead to and fro."""
    columns = (*_ORDERS[wanted.sort], Attendee.id)
    if reads_all and columns[0] is Registration.organisation_sort_key:
        columns = (Registration.organisation_sort_key + "", *columns[1:])
    return query.order_by(*(column.desc() if wanted.descending else column for column in columns))


def ids(session: Session, event: Event, wanted: Filter) -> Sequence[int]:
    """Everybody whom the filter shows, in the order of the list."""
    query = select(Attendee.id).join(Attendee.registration).where(*conditions(event, wanted))
    return session.scalars(_ordered(query, wanted, reads_all=True)).all()


@dataclass(frozen=True, slots=True)
class Overview:
    """How many people each state filter shows and each tag is on, what the event's people owe and have paid, in yen."""

    counts: Mapping[Show, int]
    tags: Mapping[str, int]
    owed: int
    paid: int


def overview(session: Session, event: Event) -> Overview:
    """In three statements: who has cancelled holds no place, so places are counted on their own."""
    query = select(*_SUMS).select_from(Attendee).join(Attendee.registration)
    row = session.execute(query.where(Registration.event_id == event.id)).one()
    *numbers, owed, paid = map(int, row)
    words = tags(session, event)
    marked = {Show.MARKED: words.pop(MARK, 0)}
    return Overview(dict(zip(_SUMMED, numbers, strict=True)) | marked | _holding(session, event), words, owed, paid)


def _holding(session: Session, event: Event) -> dict[Show, int]:
    """Counted state by state: together they would have to be sorted first."""
    counts = [
        _holders(event.id, state).with_only_columns(func.count(Place.attendee_id.distinct())).scalar_subquery()
        for state in _HOLDING.values()
    ]
    return dict(zip(_HOLDING, map(int, session.execute(select(*counts)).one()), strict=True))


def tags(session: Session, event: Event) -> dict[str, int]:
    """The words that are used in this event and the mark, with the number of people who carry each."""
    rows = session.execute(
        select(AttendeeTag.tag, func.count())
        .join(AttendeeTag.attendee)
        .join(Attendee.registration)
        .where(_among_few(event.id))
        .group_by(AttendeeTag.tag)
        .order_by(AttendeeTag.tag)
    )
    return {tag: int(number) for tag, number in rows}


def _names_people(wanted: Filter) -> bool:
    """Whether the filter leads to few people by itself: those of a part, those who were let in, those with a tag."""
    return wanted.part_id is not None or wanted.door is Door.IN or bool(wanted.tag)


def _holding_part(part_id: int) -> Select[int]:
    held = (Place.part_id == part_id, Place.mode.in_(tuple(Mode)), Place.state.in_(HELD))
    return select(Place.attendee_id).where(*held)


def conditions(event: Event, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the filter asks, for statements that join an attendee with the registration."""
    mine = _among_few(event.id) if _names_people(wanted) else Registration.event_id == event.id
    found = [mine, _showing(event.id, wanted.show), *finding.conditions(wanted.search)]
    if wanted.part_id is not None:
        found.append(Attendee.id.in_(_holding_part(wanted.part_id)))
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
