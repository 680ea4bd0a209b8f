"""What a payment pays for, how an application stands, and when it should have been paid. Values in, values out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventops.registration.models import PaymentMethod

DAYS_TO_PAY = 14


class Standing(StrEnum):
    """How an application stands: what is owed against what was paid."""

    FREE = "free"
    UNPAID = "unpaid"
    PARTLY = "partly"
    PAID = "paid"
    OVERPAID = "overpaid"


@dataclass(frozen=True, slots=True)
class Share:
    """What one person owes."""

    attendee_id: int
    yen: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What an entry of the ledger adds, for one person or for the application as a whole."""

    attendee_id: int | None
    yen: int


def allocate(shares: Sequence[Share], credits: Iterable[Credit]) -> dict[int, int]:
    """What of the money falls on each person: first what somebody paid for that person, the rest in their order."""
    own: Counter[int] = Counter()
    left = 0
    for credit in credits:
        left += credit.yen
        if credit.attendee_id is not None:
            own[credit.attendee_id] += credit.yen
    paid: dict[int, int] = {}
    for share in shares:
        paid[share.attendee_id] = _between(min(own[share.attendee_id], left), share.yen)
        left -= paid[share.attendee_id]
    for share in shares:
        more = _between(left, share.yen - paid[share.attendee_id])
        paid[share.attendee_id] += more
        left -= more
    return paid


def _between(yen: int, most: int) -> int:
    return max(0, min(yen, most))


def standing(owed: int, paid: int) -> Standing:
    if paid > owed:
        return Standing.OVERPAID
    if owed == 0:
        return Standing.FREE
    if paid == owed:
        return Standing.PAID
    return Standing.PARTLY if paid > 0 else Standing.UNPAID


def due_on(*, agreed: dt.date | None, applied_on: dt.date, held_on: dt.date, method: PaymentMethod | str) -> dt.date:
    """The event's own date, else two weeks after applying but before the event; cash is due at the door."""
    if method == PaymentMethod.CASH_ON_DAY:
        return held_on
    latest = held_on - dt.timedelta(days=1)
    wanted = agreed or min(applied_on + dt.timedelta(days=DAYS_TO_PAY), latest)
    return max(wanted, applied_on)


def overdue_if_applied_before(
    *, agreed: dt.date | None, held_on: dt.date, method: PaymentMethod | str, today: dt.date
) -> dt.date | None:
    """`due_on` turned round for lists: who applied before this day and has not paid is late; None is nobody."""
    if method == PaymentMethod.CASH_ON_DAY:
        return dt.date.max if held_on < today else None
    latest = held_on - dt.timedelta(days=1)
    if agreed is not None:
        return today if agreed < today else None
    return today if latest < today else today - dt.timedelta(days=DAYS_TO_PAY)
