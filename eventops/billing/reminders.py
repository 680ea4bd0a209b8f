"""Reminders of what is owed: whom they reach, what they say, and sending them once. Never commits."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts import audit
from eventops.billing import ledgers, letters, terms
from eventops.billing.ledgers import Account, Filter, Show
from eventops.errors import DomainError
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.mail import outbox
from eventops.mail.outbox import Draft

OFFERED = (Show.OVERDUE, Show.TRANSFER, Show.PARTLY, Show.CASH)
"""Whom staff may choose from; cash is awaited only at the door, so those who bring it are asked apart."""


class NobodyToRemind(DomainError):
    """Nobody was chosen, or all of them have paid meanwhile."""

    code = "nobody_to_remind"


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would be written to, who has no address, and the letter to the first."""

    reached: tuple[Account, ...]
    without_address: tuple[Account, ...]
    sample: Draft | None


def new_batch() -> str:
    return secrets.token_urlsafe(12)


def plan(session: Session, event: Event, wanted: Filter, *, today: dt.date) -> Plan:
    """Who of the filtered owes something."""
    owing = _owing(session, event, wanted, today)
    reached = tuple(one for one in owing if one.registration.email)
    sample = letters.reminder(session, reached[0].registration, batch="sample") if reached else None
    return Plan(reached, tuple(one for one in owing if not one.registration.email), sample)


def send(session: Session, *, event_id: int, ids: Collection[int], batch: str, actor_id: int, now: dt.datetime) -> int:
    """Put a letter into the outbox for each of these that still owes."""
    event = event_queries.event(session, event_id)
    owing = _owing(session, event, Filter(Show.UNPAID), wareki.japan_date(now))
    chosen = [one.registration for one in owing if one.registration.id in ids and one.registration.email]
    if not chosen or not batch:
        raise NobodyToRemind
    for registration in chosen:
        outbox.put(session, letters.reminder(session, registration, batch=batch), now=now)
    audit.record(
        session,
        actor_id=actor_id,
        action="payment_reminded",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"count": len(chosen)},
    )
    return len(chosen)


def _owing(session: Session, event: Event, wanted: Filter, today: dt.date) -> list[Account]:
    agreed = terms.of_event(session, event)
    found = ledgers.accounts(session, event, agreed, wanted, today=today, page=None)
    return [one for one in found if one.open_yen > 0]
