"""The closing of the day: cash by desk and person as the ledger has it, and what was counted. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.accounts.models import StaffUser
from eventops.billing.models import CashClosing, Means, Payment
from eventops.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Till:
    """What one person took at one desk on one day; corrections and refunds in cash are in it."""

    day: dt.date
    station: str
    person: str
    entries: int
    yen: int


def tills(session: Session, event_id: int) -> list[Till]:
    """Cash of an event, the latest day first."""
    rows = session.execute(
        select(Payment.received_on, Payment.station, StaffUser.name, func.count(), func.sum(Payment.yen))
        .join(Payment.registration)
        .outerjoin(Payment.recorded_by)
        .where(Registration.event_id == event_id, Payment.means == Means.CASH)
        .group_by(Payment.received_on, Payment.station, Payment.recorded_by_id, StaffUser.name)
        .order_by(Payment.received_on.desc(), Payment.station, StaffUser.name)
    )
    return [Till(day, station, person or "", int(count), int(yen)) for day, station, person, count, yen in rows]


def totals(found: Sequence[Till]) -> dict[dt.date, int]:
    """The sum of each day."""
    days: dict[dt.date, int] = {}
    for till in found:
        days[till.day] = days.get(till.day, 0) + till.yen
    return days


def expected(session: Session, *, event_id: int, day: dt.date, station: str) -> int:
    """What should be in the box of a desk."""
    query = (
        select(func.coalesce(func.sum(Payment.yen), 0))
        .join(Payment.registration)
        .where(
            Registration.event_id == event_id,
            Payment.means == Means.CASH,
            Payment.received_on == day,
            Payment.station == station,
        )
    )
    return int(session.scalar(query) or 0)


def closings(session: Session, event_id: int) -> Sequence[CashClosing]:
    """All closings of an event, the latest first."""
    return session.scalars(
        select(CashClosing)
        .where(CashClosing.event_id == event_id)
        .options(joinedload(CashClosing.recorded_by))
        .order_by(CashClosing.id.desc())
    ).all()


def close(
    session: Session,
    *,
    event_id: int,
    day: dt.date,
    station: str,
    counted_yen: int,
    note: str,
    actor_id: int,
    now: dt.datetime,
) -> CashClosing:
    """Write down what was counted beside what the ledger says now. A second count is a second row."""
    made = CashClosing(
        event_id=event_id,
        day=day,
        station=station,
        expected_yen=expected(session, event_id=event_id, day=day, station=station),
        counted_yen=counted_yen,
        note=note,
        recorded_by_id=actor_id,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor_id=actor_id,
        action="cash_closed",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"station": station, "expected": made.expected_yen, "counted": counted_yen},
    )
    return made
