"""Who has paid follows from the ledger: written on the people whenever an entry or a fee changes."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventops.billing import queries, rules
from eventops.billing.models import Payment
from eventops.registration.models import Registration


def follow(session: Session, registration: Registration) -> None:
    """Write what of the money falls on each person, and since when all of it is there."""
    entries = queries.payments(session, registration.id)
    settle(registration, entries)


def settle(registration: Registration, entries: Sequence[Payment]) -> None:
    shares = [rules.Share(person.id, person.fee_yen) for person in registration.attendees]
    paid = rules.allocate(shares, [rules.Credit(entry.attendee_id, entry.yen) for entry in entries])
    latest = max((entry.recorded_at for entry in entries), default=None)
    for person in registration.attendees:
        person.paid_yen = paid[person.id]
        person.paid_at = _since(person.paid_at, latest) if person.paid_yen == person.fee_yen > 0 else None


def _since(known: dt.datetime | None, latest: dt.datetime | None) -> dt.datetime | None:
    return known if known is not None else latest
