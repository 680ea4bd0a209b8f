"""Reads of the ledger: one application under its lock, and its entries."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from eventops.billing.models import Payment
from eventops.errors import NotFound
from eventops.registration import queries as registrations
from eventops.registration.models import Registration


def registration_for_update(session: Session, registration_id: int) -> Registration:
    """The application behind the lock that all changes of it take: its event's."""
    registrations.event_for_update(session, registrations.event_id_of(session, registration_id))
    return registrations.registration(session, registration_id)


def payments(session: Session, registration_id: int) -> Sequence[Payment]:
    """All entries of an application, oldest first."""
    return session.scalars(
        select(Payment)
        .where(Payment.registration_id == registration_id)
        .options(joinedload(Payment.recorded_by), joinedload(Payment.bank_line))
        .order_by(Payment.id)
    ).all()


def payment(session: Session, payment_id: int) -> Payment:
    found = session.get(Payment, payment_id)
    if found is None:
        raise NotFound
    return found


def by_submission_key(session: Session, key: str | None) -> Payment | None:
    return session.scalar(select(Payment).where(Payment.submission_key == key)) if key else None


def is_countered(session: Session, payment_id: int) -> bool:
    return session.scalar(select(Payment.id).where(Payment.counters_id == payment_id)) is not None


def paid_yen(session: Session, registration_id: int) -> int:
    """What the ledger says was paid for an application."""
    total = select(func.coalesce(func.sum(Payment.yen), 0)).where(Payment.registration_id == registration_id)
    return int(session.scalar(total) or 0)
