"""Which layout an event's badges have: its own, that of the event it was copied from, the house's. Never commits."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.events.models import Event
from eventops.printing.badges import Design
from eventops.printing.layouts import Layout, as_json, from_json
from eventops.printing.models import BadgeLayout, BadgeLogo

ACTION = "badge_layout_saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What counts now. `has_own` says that the event has settings of its own, `can_undo` that there is one before."""

    layout: Layout
    logo_id: int | None
    has_own: bool
    can_undo: bool


def stored(session: Session, event: Event) -> Stored:
    own = _newest(session, event.id)
    row = own if own is not None and own.settings is not None else _inherited(session, event, own)
    return Stored(
        layout=Layout() if row is None else from_json(row.settings or {}),
        logo_id=None if row is None else row.logo_id,
        has_own=own is not None and own.settings is not None,
        can_undo=own is not None,
    )


def design(session: Session, event: Event) -> Design:
    found = stored(session, event)
    return Design(layout=found.layout, logo=logo(session, found.logo_id))


def logo(session: Session, logo_id: int | None) -> bytes | None:
    row = None if logo_id is None else session.get(BadgeLogo, logo_id)
    return None if row is None else row.content


def keep_logo(session: Session, content: bytes) -> int:
    """The id of the picture; the same picture is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    row = session.scalar(select(BadgeLogo).where(BadgeLogo.digest == digest))
    if row is None:
        row = BadgeLogo(digest=digest, content=content)
        session.add(row)
        session.flush()
    return row.id


def save(
    session: Session,
    event: Event,
    layout: Layout,
    *,
    logo_id: int | None,
    for_house: bool,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    """As the event's own; `for_house` makes it what other events begin with, too."""
    settings = as_json(layout)
    _add(session, event.id, settings, logo_id=logo_id, actor_id=actor_id, now=now)
    if for_house:
        _add(session, None, settings, logo_id=logo_id, actor_id=actor_id, now=now)
    _note(session, event, {"for_house": for_house, **settings}, actor_id=actor_id, now=now)


def reset(session: Session, event: Event, *, actor_id: int | None, now: dt.datetime) -> None:
    """Back to the house's layout; that, too, can be taken back."""
    _add(session, event.id, None, logo_id=None, actor_id=actor_id, now=now)
    _note(session, event, {"reset": True}, actor_id=actor_id, now=now)


def undo(session: Session, event: Event, *, actor_id: int | None, now: dt.datetime) -> None:
    """Take the newest version of this event's layout back; pressed twice by two people, it takes two."""
    row = _newest(session, event.id)
    if row is not None:
        session.delete(row)
        _note(session, event, {"undone": True}, actor_id=actor_id, now=now)


def _newest(session: Session, event_id: int | None) -> BadgeLayout | None:
    return session.scalar(
        select(BadgeLayout).where(BadgeLayout.event_id == event_id).order_by(BadgeLayout.id.desc()).limit(1)
    )


def _inherited(session: Session, event: Event, own: BadgeLayout | None) -> BadgeLayout | None:
    """An event that was copied looks as the one before, until staff say that it shall look as the house has it."""
    before = _newest(session, event.copied_from_id) if own is None and event.copied_from_id is not None else None
    return before if before is not None and before.settings is not None else _newest(session, None)


def _add(
    session: Session,
    event_id: int | None,
    settings: dict[str, Any] | None,
    *,
    logo_id: int | None,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    session.add(BadgeLayout(event_id=event_id, settings=settings, logo_id=logo_id, saved_at=now, saved_by_id=actor_id))
    session.flush()


def _note(session: Session, event: Event, after: dict[str, Any], *, actor_id: int | None, now: dt.datetime) -> None:
    audit.record(
        session, actor_id=actor_id, action=ACTION, subject=("event", event.id), event_id=event.id, after=after, now=now
    )
