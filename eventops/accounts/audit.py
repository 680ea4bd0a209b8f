"""The audit trail: the one function through which services write what staff did."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from eventops.accounts.models import AuditEntry


def record(
    session: Session,
    *,
    actor_id: int | None,
    action: str,
    subject: tuple[str, int | None],
    now: dt.datetime,
    event_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry. `subject` is kind and id; `before`/`after` hold JSON values, without passwords or codes."""
    session.add(
        entry(actor_id=actor_id, action=action, subject=subject, now=now, event_id=event_id, before=before, after=after)
    )


def entry(
    *,
    actor_id: int | None,
    action: str,
    subject: tuple[str, int | None],
    now: dt.datetime,
    event_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """An entry that is not written yet."""
    return AuditEntry(
        at=now,
        actor_id=actor_id,
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        event_id=event_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )
