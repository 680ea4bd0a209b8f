"""What changed about an event since it was announced, as guests should know it."""

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import AuditEntry
from eventops.events import history
from eventops.events.history import Change
from eventops.events.models import Event

TOLD = frozenset(
    {
        "title",
        "is_provisional",
        "held_on",
        "venue_name",
        "venue_address",
        "applications_close_at",
        "free_cancellation_until",
        "cancellation_rule",
        "things_to_bring",
        "fees",
        "parts",
        "starts",
        "ends",
        "day",
        "place",
    }
)
"""What a guest plans by; wording and capacity are not told."""
_MOVES = {"event_cancelled", "event_saved"}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """What changed at one moment; no changes are said for a cancelled event, which is a change enough."""

    at: dt.datetime
    changes: tuple[Change, ...]
    is_cancelled: bool = False

    @property
    def words(self) -> str:
        return _("中止になりました。") if self.is_cancelled else ""


def since(session: Session, event: Event, moment: dt.datetime | None) -> list[Notice]:
    """The notices after a moment, the latest first; none of a time when nobody could read the event."""
    if event.published_at is None:
        return []
    after = max(moment, event.published_at) if moment else event.published_at
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.event_id == event.id, AuditEntry.subject_kind == "event")
        .where(AuditEntry.action.in_(_MOVES), AuditEntry.at > after)
        .order_by(AuditEntry.id.desc())
    )
    found = [_notice(entry) for entry in entries]
    return [one for one in found if one.changes or one.is_cancelled][:SHOWN]


def _notice(entry: AuditEntry) -> Notice:
    if entry.action == "event_cancelled":
        return Notice(entry.at, (), is_cancelled=True)
    return Notice(entry.at, tuple(history.changes(entry.before, entry.after, only=TOLD)))
