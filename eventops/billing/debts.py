"""Reads for the bank's lines: everything open, as the matching sees it, and the lines themselves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from eventops.billing import payers, terms
from eventops.billing.matching import Book, Debt, Transfer
from eventops.billing.models import BankLine, LineState, Means, Payment
from eventops.directory import kana, names
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.registration.models import Registration

PAGE = 30
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Open:
    """An application with what is still open on it."""

    registration: Registration
    open_yen: int


def open_applications(session: Session) -> list[Open]:
    """All applications of all events that owe something, with their events and people, in three statements."""
    sums = select(Payment.registration_id, func.sum(Payment.yen).label("yen")).group_by(Payment.registration_id)
    paid = sums.subquery()
    left = Registration.total_yen - func.coalesce(paid.c.yen, 0)
    rows = session.execute(
        select(Registration, left)
        .join(Registration.event)
        .outerjoin(paid, paid.c.registration_id == Registration.id)
        .where(left > 0)
        .options(contains_eager(Registration.event), selectinload(Registration.attendees))
        .order_by(Registration.id)
    )
    return [Open(registration, int(yen)) for registration, yen in rows]


def book(session: Session, found: Sequence[Open]) -> Book:
    """The same as the matching wants it, with the names under which each company has paid before."""
    past = _names_before(session)
    return Book([_debt(one, past) for one in found])


def _debt(one: Open, past: dict[str, set[str]]) -> Debt:
    registration = one.registration
    name = names.parse(registration.organisation_name)
    spoken = [registration.organisation_kana, name.core if kana.is_katakana(kana.katakana(name.core)) else ""]
    people = [registration.applicant_kana, *(person.full_kana for person in registration.attendees)]
    return Debt(
        registration_id=registration.id,
        reference=terms.reference(registration),
        number=registration.number,
        open_yen=one.open_yen,
        readings=_keys(spoken),
        people=_keys(people),
        form=name.form,
        position=name.position,
        paid_before_as=frozenset(past.get(registration.organisation_sort_key, ())),
    )


def _keys(readings: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(payers.name_key, readings)))


def _names_before(session: Session) -> dict[str, set[str]]:
    """Names of payers by the company whose fees they have paid."""
    rows = session.execute(
        select(Registration.organisation_sort_key, BankLine.payer_key)
        .select_from(Payment)
        .join(Payment.registration)
        .join(Payment.bank_line)
        .where(BankLine.state == LineState.BOOKED, BankLine.payer_key != "")
        .distinct()
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for company, payer in rows:
        found[company].add(payer)
    return found


def line_for_update(session: Session, line_id: int) -> BankLine:
    found = session.scalar(
        select(BankLine).where(BankLine.id == line_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def laid_out(session: Session, line_ids: Sequence[int]) -> dict[int, int]:
    """What of each line is booked already."""
    rows = session.execute(
        select(Payment.bank_line_id, func.sum(Payment.yen))
        .where(Payment.bank_line_id.in_(line_ids), Payment.means == Means.BANK)
        .group_by(Payment.bank_line_id)
    )
    return {line_id: int(yen) for line_id, yen in rows if line_id is not None}


def lines(session: Session, *, state: LineState | None, page: int) -> Sequence[BankLine]:
    """One page: open ones in the order of the account, others the latest first."""
    query = select(BankLine).options(joinedload(BankLine.settled_by), joinedload(BankLine.file))
    if state is not None:
        query = query.where(BankLine.state == state)
    order = (BankLine.booked_on, BankLine.id) if state == LineState.OPEN else (BankLine.booked_on.desc(), BankLine.id)
    return session.scalars(query.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()


def open_transfers(session: Session) -> list[Transfer]:
    """Everything on the account that is not laid out yet."""
    found = session.scalars(select(BankLine).where(BankLine.state == LineState.OPEN, BankLine.yen > 0)).all()
    done = laid_out(session, [line.id for line in found])
    return [Transfer(line.id, line.payer, line.yen - done.get(line.id, 0)) for line in found]


def counts(session: Session) -> dict[str, int]:
    rows = session.execute(select(BankLine.state, func.count()).group_by(BankLine.state))
    return {state: int(number) for state, number in rows}


def entries(session: Session, line_ids: Sequence[int]) -> dict[int, list[Payment]]:
    """What lines were booked on, without what was taken back."""
    rows = session.scalars(
        select(Payment)
        .where(Payment.bank_line_id.in_(line_ids), Payment.means == Means.BANK)
        .options(joinedload(Payment.registration).joinedload(Registration.event))
        .order_by(Payment.id)
    ).all()
    countered = {entry.counters_id for entry in rows}
    found: dict[int, list[Payment]] = {}
    for entry in rows:
        if entry.id not in countered and entry.counters_id is None and entry.bank_line_id is not None:
            found.setdefault(entry.bank_line_id, []).append(entry)
    return found


def search(session: Session, text: str) -> list[Open]:
    """Applications that staff look for by hand, whether they owe something or not."""
    word = text.strip()
    ways = [Registration.organisation_name.icontains(word, autoescape=True)]
    ways.append(Registration.applicant_name.icontains(word, autoescape=True))
    if key := kana.sort_key(word):
        ways.append(Registration.organisation_sort_key.contains(key, autoescape=True))
    digits = word.rpartition("-")[2]
    if digits.isdecimal() and len(digits) <= 9:
        ways.append(Registration.number == int(digits))
    paid = select(func.coalesce(func.sum(Payment.yen), 0)).where(Payment.registration_id == Registration.id)
    left = Registration.total_yen - paid.correlate(Registration).scalar_subquery()
    rows = session.execute(
        select(Registration, left)
        .join(Registration.event)
        .where(or_(*ways))
        .options(contains_eager(Registration.event))
        .order_by((left > 0).desc(), Event.held_on.desc(), Registration.number)
        .limit(MOST_FOUND)
    )
    return [Open(registration, int(yen)) for registration, yen in rows]
