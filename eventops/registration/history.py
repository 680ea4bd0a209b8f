"""What happened to a registration, for its timeline: guests' own acts stand there without an actor."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.accounts.models import AuditEntry
from eventops.registration.models import Registration

SUBJECT = "registration"


def note(
    session: Session,
    registration: Registration,
    action: str,
    *,
    actor_id: int | None,
    now: dt.datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=(SUBJECT, registration.id),
        event_id=registration.event_id,
        now=now,
        before=before,
        after=after,
    )


def made(registration: Registration, *, actor_id: int | None, now: dt.datetime, after: Mapping[str, Any]) -> AuditEntry:
    """The first entry, to be written under the lock of the event and therefore at once."""
    return audit.entry(
        actor_id=actor_id,
        action="registration_made",
        subject=(SUBJECT, registration.id),
        event_id=registration.event_id,
        now=now,
        after=after,
    )
