"""Events that are applied for in one form, such as two on one day at one place. Never commits."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.events import queries, rules
from eventops.events.models import Event, EventState, EventTie
from eventops.events.rules import Window

NEAR = dt.timedelta(days=31)


def tied_ids(session: Session, event_id: int) -> set[int]:
    """The events that are tied to this one."""
    either = or_(EventTie.event_id == event_id, EventTie.other_id == event_id)
    rows = session.execute(select(EventTie.event_id, EventTie.other_id).where(either))
    return {other for row in rows for other in row if other != event_id}


def open_events(session: Session, event_id: int, *, now: dt.datetime) -> list[Event]:
    """Tied events that take applications now, in the order of their days."""
    ids = tied_ids(session, event_id)
    if not ids:
        return []
    events = [queries.event(session, one) for one in ids]
    taken = [event for event in events if _window(event, now) is Window.OPEN]
    return sorted(taken, key=lambda event: (min(part.starts_at for part in event.parts), event.id))


def _window(event: Event, now: dt.datetime) -> Window:
    if not event.parts:
        return Window.CLOSED
    return rules.window(EventState(event.state), event.applications_open_at, event.applications_close_at, now)


def candidates(session: Session, event: Event) -> Sequence[Event]:
    """Events around the same time, and those that are tied already."""
    near = Event.held_on.between(event.held_on - NEAR, event.held_on + NEAR)
    wanted = or_(and_(near, Event.state != EventState.CANCELLED), Event.id.in_(tied_ids(session, event.id)))
    return session.scalars(select(Event).where(Event.id != event.id, wanted).order_by(Event.held_on, Event.id)).all()


def tie(session: Session, *, event_id: int, others: Collection[int], actor_id: int | None, now: dt.datetime) -> None:
    """These are applied for together from now on, and no others."""
    before = tied_ids(session, event_id)
    session.execute(delete(EventTie).where(or_(EventTie.event_id == event_id, EventTie.other_id == event_id)))
    for other in set(others) - {event_id}:
        session.add(EventTie(event_id=min(event_id, other), other_id=max(event_id, other)))
    audit.record(
        session,
        actor_id=actor_id,
        action="events_tied",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        before={"others": sorted(before)},
        after={"others": sorted(set(others) - {event_id})},
    )
