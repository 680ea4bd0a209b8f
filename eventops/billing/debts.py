"""Reads for the bank's lines: everything open, as the matching sees it, and the lines themselves."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.billing import payers, terms
from eventops.billing.models import BankLine, LineState, Means, Payment
from eventops.billing.owing import Book, Debt, Transfer
from eventops.directory import kana, names
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.registration.models import Attendee, Registration

PAGE = 30
MOST_FOUND = 20


@dataclass(slots=True)
class Open:
    """An application as the bank's page needs it, with what is still open on it; in the order of the columns read."""

    registration_id: int
    event_id: int
    event_code: str
    event_title: str
    number: int
    company: str
    company_kana: str
    company_key: str
    applicant: str
    applicant_kana: str
    open_yen: int


_SHOWN = (
    Registration.id,
    Registration.event_id,
    Event.code,
    Event.title,
    Registration.number,
    Registration.organisation_name,
    Registration.organisation_kana,
    Registration.organisation_sort_key,
    Registration.applicant_name,
    Registration.applicant_kana,
)
_PAID = select(Payment.registration_id, func.sum(Payment.yen).label("yen")).group_by(Payment.registration_id).subquery()
_LEFT = Registration.total_yen - func.coalesce(_PAID.c.yen, 0)
_OPEN = select(*_SHOWN, _LEFT).join(Registration.event).outerjoin(_PAID, _PAID.c.registration_id == Registration.id)


def _applications(session: Session, query: Select[*tuple[Any, ...]]) -> list[Open]:
    return [Open(*row) for row in session.execute(query)]


def open_applications(session: Session) -> list[Open]:
    """All applications of all events that owe something."""
    return _applications(session, _OPEN.where(_LEFT > 0))


def book(session: Session, found: Sequence[Open]) -> Book:
    """The same as the matching wants it, with the names under which each company has paid before."""
    past, people = _names_before(session), _people(session)
    return Book([_debt(one, past, people) for one in found])


def _debt(one: Open, past: dict[str, set[str]], people: dict[int, list[str]]) -> Debt:
    name, spoken_core = _company(one.company)
    return Debt(
        registration_id=one.registration_id,
        reference=terms.reference_of(one.event_code, one.number),
        number=one.number,
        open_yen=one.open_yen,
        readings=_keys([one.company_kana, spoken_core]),
        people=_keys([one.applicant_kana, *people.get(one.registration_id, ())]),
        form=name.form,
        position=name.position,
        paid_before_as=frozenset(past.get(one.company_key, ())),
    )


@functools.lru_cache(maxsize=50_000)
def _company(name: str) -> tuple[names.CompanyName, str]:
    """The name taken apart, and its core where that says itself how it is read."""
    parsed = names.parse(name)
    return parsed, parsed.core if kana.is_katakana(kana.katakana(parsed.core)) else ""


def _people(session: Session) -> dict[int, list[str]]:
    """The readings of everybody for whom something is open."""
    rows = session.execute(
        select(Attendee.registration_id, Attendee.family_kana, Attendee.given_kana).where(
            Attendee.fee_yen > Attendee.paid_yen
        )
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for registration_id, family, given in rows:
        found[registration_id].append(family + given)
    return found


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
    query = _OPEN.where(or_(*ways))
    order = ((_LEFT > 0).desc(), Event.held_on.desc(), Registration.number)
    return _applications(session, query.order_by(*order).limit(MOST_FOUND))
