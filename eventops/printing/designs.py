"""Which layout an event's badges have: its own, that of the event it was copied from, the house's. Never commits."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
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


def lock(session: Session, event_id: int) -> None:
    """One at a time changes how an event's badges look, or prints them."""
    session.execute(select(Event.id).where(Event.id == event_id).with_for_update())


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
    asked = select(BadgeLogo.id).where(BadgeLogo.digest == digest)
    found = session.scalar(asked)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            row = BadgeLogo(digest=digest, content=content)
            session.add(row)
            session.flush()
            return row.id
    except IntegrityError:  # somebody else kept it at the same moment
        return session.scalars(asked).one()


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
    """As the event's own; `for_house` makes it that of all events without one of their own, too."""
    lock(session, event.id)
    settings = as_json(layout)
    logo_id = _kept(session, logo_id)
    _add(session, event.id, settings, logo_id=logo_id, actor_id=actor_id, now=now)
    if for_house:
        _add(session, None, settings, logo_id=logo_id, actor_id=actor_id, now=now)
    _note(session, event, {"for_house": for_house, **settings}, actor_id=actor_id, now=now)


def reset(session: Session, event: Event, *, actor_id: int | None, now: dt.datetime) -> None:
    """Back to the house's layout; that, too, can be taken back."""
    lock(session, event.id)
    _add(session, event.id, None, logo_id=None, actor_id=actor_id, now=now)
    _note(session, event, {"reset": True}, actor_id=actor_id, now=now)


def undo(session: Session, event: Event, *, actor_id: int | None, now: dt.datetime) -> None:
    """Take the newest version of this event's layout back, with what it made the house's; twice takes two."""
    lock(session, event.id)
    row = _newest(session, event.id)
    if row is not None:
        for one in (row, *_made_house_by(session, row)):
            session.delete(one)
        _note(session, event, {"undone": True}, actor_id=actor_id, now=now)


def settled(session: Session, event: Event, *, actor_id: int | None, now: dt.datetime) -> Layout:
    """What a run prints, from now on the event's own: badges of one event look alike whatever others do later."""
    found = stored(session, event)
    if not found.has_own:
        _add(session, event.id, as_json(found.layout), logo_id=found.logo_id, actor_id=actor_id, now=now)
    return found.layout


def _newest(session: Session, event_id: int | None) -> BadgeLayout | None:
    return session.scalar(
        select(BadgeLayout).where(BadgeLayout.event_id == event_id).order_by(BadgeLayout.id.desc()).limit(1)
    )


def _made_house_by(session: Session, row: BadgeLayout) -> list[BadgeLayout]:
    """What was made the house's by the same press."""
    at_once = session.scalars(
        select(BadgeLayout).where(BadgeLayout.event_id.is_(None), BadgeLayout.saved_at == row.saved_at)
    )
    return [one for one in at_once if (one.settings, one.saved_by_id) == (row.settings, row.saved_by_id)]


def _kept(session: Session, logo_id: int | None) -> int | None:
    """None for a picture that is not stored."""
    return None if logo_id is None or session.get(BadgeLogo, logo_id) is None else logo_id


def _inherited(session: Session, event: Event, own: BadgeLayout | None) -> BadgeLayout | None:
    """A copy looks as the event that it goes back to, until staff say that it shall look as the house has it."""
    before: Event | None = event
    while own is None and before is not None and before.copied_from_id is not None:
        before = session.get(Event, before.copied_from_id)
        own = _newest(session, before.id) if before is not None else None
    return own if own is not None and own.settings is not None else _newest(session, None)


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
