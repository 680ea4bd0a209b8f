"""How an event wants to be paid: the agreed row, or defaults; the account stays the one that was named last."""

import datetime as dt
import functools
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts import audit
from eventops.billing import rules
from eventops.billing.models import PaymentTerms
from eventops.events.models import Event
from eventops.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Terms:
    """`due_on` None follows each application; `proviso` is what the money is for (但し書き)."""

    due_on: dt.date | None
    transfer_to: str
    proviso: str


_OWN = PaymentTerms.event_id == bindparam("event_id")
_ASKED = (
    select(PaymentTerms.event_id, PaymentTerms.due_on, PaymentTerms.transfer_to, PaymentTerms.proviso)
    .where(or_(_OWN, PaymentTerms.transfer_to != ""))
    .order_by(_OWN.desc(), PaymentTerms.event_id.desc())
    .limit(1)
)


def of_event(session: Session, event: Event) -> Terms:
    row, proviso = session.execute(_ASKED, {"event_id": event.id}).first(), f"{event.title} 参加費として"
    if row is None or row.event_id != event.id:
        return Terms(None, row.transfer_to if row else "", proviso)
    return Terms(row.due_on, row.transfer_to, row.proviso or proviso)


def due_on(terms: Terms, registration: Registration, event: Event) -> dt.date:
    """`event` is that of the registration, given by whoever has it."""
    return rules.due_on(
        agreed=terms.due_on,
        applied_on=wareki.japan_date(registration.submitted_at),
        held_on=event.held_on,
        method=registration.payment_method,
    )


def agree(session: Session, *, event_id: int, terms: Terms, actor_id: int, now: dt.datetime) -> None:
    row = session.get(PaymentTerms, event_id)
    if row is None:
        row = PaymentTerms(event_id=event_id)
        session.add(row)
    row.due_on, row.transfer_to, row.proviso = terms.due_on, terms.transfer_to, terms.proviso
    after = {"due_on": terms.due_on.isoformat() if terms.due_on else "", "transfer_to": terms.transfer_to}
    audit.record(
        session,
        actor_id=actor_id,
        action="payment_terms_changed",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after=after,
    )


def reference(registration: Registration) -> str:
    """What payers write before their name."""
    return reference_of(registration.event.code, registration.number)


@functools.lru_cache(maxsize=1000)
def _code(event_code: str) -> str:
    return "".join(letter for letter in event_code.upper() if letter.isascii() and letter.isalnum())


def reference_of(event_code: str, number: int) -> str:
    """The event's code and the number of the application, in letters that banks know."""
    return f"{_code(event_code)}-{number:04d}"
