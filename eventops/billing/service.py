"""The ledger: lock, read, judge, add an entry. Entries are never changed; a wrong one is countered. Never commits."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops import wareki
from eventops.billing import letters, queries, rules, settling
from eventops.billing.models import BankLine, LineState, Means, Payment, PaymentKind
from eventops.billing.refusals import BadAmount, CounteredAlready, NotOverpaid
from eventops.errors import NotFound
from eventops.registration import history
from eventops.registration.models import Registration

_MEANS = {
    PaymentKind.BANK_TRANSFER: Means.BANK,
    PaymentKind.CASH_ON_DAY: Means.CASH,
    PaymentKind.FEE_DEDUCTED: Means.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money that came, or a transfer fee that is let go. The same `submission_key` is only ever recorded once."""

    registration_id: int
    kind: PaymentKind
    yen: int
    received_on: dt.date
    attendee_id: int | None = None
    station: str = ""
    note: str = ""
    bank_line_id: int | None = None
    submission_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money that was given back."""

    registration_id: int
    yen: int
    paid_on: dt.date
    means: Means
    note: str = ""
    submission_key: str | None = None


def receive(session: Session, receipt: Receipt, *, actor_id: int | None, now: dt.datetime) -> Payment:
    """Record money that came."""
    registration = queries.registration_for_update(session, receipt.registration_id)
    known = queries.by_submission_key(session, receipt.submission_key)
    if known is not None:
        return known
    if receipt.yen <= 0 or receipt.kind not in _MEANS:
        raise BadAmount
    if receipt.attendee_id is not None and receipt.attendee_id not in {one.id for one in registration.attendees}:
        raise NotFound
    was_paid = is_paid(session, registration)
    entry = Payment(
        registration_id=registration.id,
        attendee_id=receipt.attendee_id,
        kind=receipt.kind,
        means=_MEANS[receipt.kind],
        yen=receipt.yen,
        received_on=receipt.received_on,
        station=receipt.station,
        note=receipt.note,
        bank_line_id=receipt.bank_line_id,
        submission_key=receipt.submission_key,
    )
    _add(session, registration, entry, "payment_recorded", actor_id=actor_id, now=now)
    if not was_paid and entry.means == Means.BANK and is_paid(session, registration):
        letters.paid(session, registration, entry, now=now)
    return entry


def is_paid(session: Session, registration: Registration) -> bool:
    paid = queries.paid_yen(session, registration.id)
    return rules.standing(registration.total_yen, paid) in (rules.Standing.PAID, rules.Standing.OVERPAID)


def take_cash(
    session: Session, *, registration_id: int, attendee_id: int, station: str, actor_id: int | None, now: dt.datetime
) -> Payment | None:
    """The desk has taken what one person owed; who owes nothing pays nothing, so that a second press does no harm."""
    registration = queries.registration_for_update(session, registration_id)
    person = next((one for one in registration.attendees if one.id == attendee_id), None)
    if person is None:
        raise NotFound
    due = person.fee_yen - person.paid_yen
    if due <= 0:
        return None
    entry = Payment(
        registration_id=registration_id,
        attendee_id=attendee_id,
        kind=PaymentKind.CASH_ON_DAY,
        means=Means.CASH,
        yen=due,
        received_on=wareki.japan_date(now),
        station=station,
    )
    return _add(session, registration, entry, "fee_received", actor_id=actor_id, now=now)


def correct(session: Session, *, payment_id: int, reason: str, actor_id: int | None, now: dt.datetime) -> Payment:
    """Take a wrong entry back by one that counters it; both stay, with the reason."""
    wrong = queries.payment(session, payment_id)
    registration = queries.registration_for_update(session, wrong.registration_id)
    if wrong.kind == PaymentKind.CORRECTION or queries.is_countered(session, payment_id):
        raise CounteredAlready
    if wrong.bank_line_id is not None:
        _reopen(session.get_one(BankLine, wrong.bank_line_id))
    entry = Payment(
        registration_id=wrong.registration_id,
        attendee_id=wrong.attendee_id,
        kind=PaymentKind.CORRECTION,
        means=wrong.means,
        yen=-wrong.yen,
        received_on=wareki.japan_date(now),
        station=wrong.station,
        note=reason,
        counters_id=wrong.id,
        bank_line_id=wrong.bank_line_id,
    )
    return _add(session, registration, entry, "payment_corrected", actor_id=actor_id, now=now)


def _reopen(line: BankLine) -> None:
    """What the bank reported has to be laid out again."""
    line.state, line.reason, line.settled_at, line.settled_by_id = LineState.OPEN, "", None, None


def refund(session: Session, refund: Refund, *, actor_id: int | None, now: dt.datetime) -> Payment:
    """Give back what was paid too much, as after somebody has cancelled."""
    registration = queries.registration_for_update(session, refund.registration_id)
    known = queries.by_submission_key(session, refund.submission_key)
    if known is not None:
        return known
    too_much = queries.paid_yen(session, registration.id) - registration.total_yen
    if not 0 < refund.yen <= too_much:
        raise NotOverpaid(yen=f"{max(too_much, 0):,}")
    entry = Payment(
        registration_id=registration.id,
        kind=PaymentKind.REFUND,
        means=refund.means,
        yen=-refund.yen,
        received_on=refund.paid_on,
        note=refund.note,
        submission_key=refund.submission_key,
    )
    return _add(session, registration, entry, "payment_refunded", actor_id=actor_id, now=now)


def _add(
    session: Session,
    registration: Registration,
    entry: Payment,
    action: str,
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> Payment:
    entry.recorded_by_id, entry.recorded_at = actor_id, now
    session.add(entry)
    session.flush()
    settling.follow(session, registration)
    history.note(session, registration, action, actor_id=actor_id, now=now, after=_shown(entry))
    return entry


def _shown(entry: Payment) -> dict[str, object]:
    return {
        "kind": str(entry.kind),
        "yen": entry.yen,
        "received_on": entry.received_on.isoformat(),
        "attendee": entry.attendee_id,
        "station": entry.station,
        "reason": entry.note,
    }
