"""Reads for staff's list of an event's applications by what is owed and paid, with the counts of the filters."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from eventops import clock
from eventops.billing import rules
from eventops.billing.letters import REMINDER_KIND
from eventops.billing.models import Payment
from eventops.billing.terms import Terms
from eventops.directory import kana
from eventops.events.models import Event
from eventops.mail.models import Letter
from eventops.registration.models import PaymentMethod, Registration
from eventops.registration.writing.letters import SUBJECT_KIND

PAGE = 100


class Show(StrEnum):
    """The filters of the list."""

    ALL = "all"
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    PARTLY = "partly"
    TRANSFER = "transfer"
    CASH = "cash"
    OVERPAID = "overpaid"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Filter:
    """What staff look for."""

    show: Show = Show.ALL
    search: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An application with what was paid for it."""

    registration: Registration
    paid_yen: int
    reminded_at: dt.datetime | None

    @property
    def open_yen(self) -> int:
        return self.registration.total_yen - self.paid_yen

    @property
    def standing(self) -> rules.Standing:
        return rules.standing(self.registration.total_yen, self.paid_yen)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over an event."""

    owed: int
    received: int
    let_go: int
    open: int
    overpaid: int


class _Book:
    """The statement that all reads of one event share."""

    def __init__(self, event: Event, terms: Terms, today: dt.date) -> None:
        self.event_id = event.id
        self._sums: Subquery = (
            select(Payment.registration_id, func.sum(Payment.yen).label("yen"))
            .join(Payment.registration)
            .where(Registration.event_id == event.id)
            .group_by(Payment.registration_id)
            .subquery()
        )
        self.paid: ColumnElement[int] = func.coalesce(self._sums.c.yen, 0)
        owes = self.paid < Registration.total_yen
        self.conditions: dict[Show, ColumnElement[bool]] = {
            Show.ALL: or_(Registration.total_yen > 0, self.paid != 0),
            Show.UNPAID: owes,
            Show.OVERDUE: and_(owes, _is_late(event, terms, today)),
            Show.PARTLY: and_(owes, self.paid > 0),
            Show.TRANSFER: and_(owes, Registration.payment_method != PaymentMethod.CASH_ON_DAY),
            Show.CASH: and_(owes, Registration.payment_method == PaymentMethod.CASH_ON_DAY),
            Show.OVERPAID: self.paid > Registration.total_yen,
            Show.PAID: and_(Registration.total_yen > 0, self.paid == Registration.total_yen),
        }

    def joined(self, query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
        joined = query.select_from(Registration).outerjoin(self._sums, self._sums.c.registration_id == Registration.id)
        return joined.where(Registration.event_id == self.event_id)


def _is_late(event: Event, terms: Terms, today: dt.date) -> ColumnElement[bool]:
    def late(method: PaymentMethod) -> ColumnElement[bool]:
        before = rules.overdue_if_applied_before(agreed=terms.due_on, held_on=event.held_on, method=method, today=today)
        if before is None:
            return false()
        return true() if before == dt.date.max else Registration.submitted_at < clock.tokyo(before, dt.time())

    is_cash = Registration.payment_method == PaymentMethod.CASH_ON_DAY
    return or_(and_(is_cash, late(PaymentMethod.CASH_ON_DAY)), and_(~is_cash, late(PaymentMethod.BANK_TRANSFER)))


def accounts(
    session: Session, event: Event, terms: Terms, wanted: Filter, *, today: dt.date, page: int | None
) -> list[Account]:
    """One page in the order of the syllabary, or all of them when `page` is None."""
    book = _Book(event, terms, today)
    query = book.joined(select(Registration, book.paid)).where(*_wanted(book, wanted))
    query = query.order_by(Registration.organisation_sort_key, Registration.number)
    if page is not None:
        query = query.limit(PAGE).offset((page - 1) * PAGE)
    rows: Sequence[tuple[Registration, int]] = session.execute(query).all()  # type: ignore[assignment]
    reminded = _reminded(session, [registration.id for registration, _ in rows])
    return [Account(registration, int(paid), reminded.get(registration.id)) for registration, paid in rows]


def counts(session: Session, event: Event, terms: Terms, *, today: dt.date) -> dict[Show, int]:
    """How many each filter shows, in one statement."""
    book = _Book(event, terms, today)
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in book.conditions.values()]
    row = session.execute(book.joined(select(*sums))).one()
    return {show: int(str(number)) for show, number in zip(book.conditions, row, strict=True)}


def count(session: Session, event: Event, terms: Terms, wanted: Filter, *, today: dt.date) -> int:
    book = _Book(event, terms, today)
    return int(str(session.scalar(book.joined(select(func.count())).where(*_wanted(book, wanted)))))


def totals(session: Session, event: Event, terms: Terms, *, today: dt.date) -> Totals:
    """Sums of the event, whatever is filtered."""
    book = _Book(event, terms, today)
    less, more = Registration.total_yen - book.paid, book.paid - Registration.total_yen
    columns = (
        Registration.total_yen,
        book.paid,
        case((less > 0, less), else_=0),
        case((more > 0, more), else_=0),
    )
    row = session.execute(book.joined(select(*(func.coalesce(func.sum(column), 0) for column in columns)))).one()
    owed, credited, still_open, overpaid = (int(str(number)) for number in row)
    let_go = select(func.coalesce(func.sum(Payment.yen), 0)).join(Payment.registration)
    given = int(session.scalar(let_go.where(Registration.event_id == event.id, Payment.means == "none")) or 0)
    return Totals(owed, credited - given, given, still_open, overpaid)


def _wanted(book: _Book, wanted: Filter) -> list[ColumnElement[bool]]:
    return [book.conditions[wanted.show], *map(_matches, wanted.search.split())]


def _matches(word: str) -> ColumnElement[bool]:
    columns = (Registration.organisation_name, Registration.applicant_name, Registration.receipt_name)
    ways = [column.icontains(word, autoescape=True) for column in columns]
    if key := kana.sort_key(word):
        ways.append(Registration.organisation_sort_key.contains(key, autoescape=True))
    digits = word.rpartition("-")[2]
    if digits.isdecimal() and len(digits) <= 9:
        ways.append(Registration.number == int(digits))
    return or_(*ways)


def _reminded(session: Session, registration_ids: Sequence[int]) -> Mapping[int, dt.datetime]:
    rows = session.execute(
        select(Letter.subject_id, func.max(Letter.created_at))
        .where(
            Letter.kind == REMINDER_KIND, Letter.subject_kind == SUBJECT_KIND, Letter.subject_id.in_(registration_ids)
        )
        .group_by(Letter.subject_id)
    )
    return {int(registration_id): at for registration_id, at in rows if registration_id is not None}
