"""Moving up from the queues: seats, fees, history and a letter to everybody who gained something."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventops.events.models import Event, Pool
from eventops.registration import history, letters, queries, seating
from eventops.registration.models import Registration


def promote(session: Session, *, event_id: int, now: dt.datetime) -> list[Registration]:
    """Give free seats to those who wait, after staff have raised a capacity or released a reserve."""
    event = queries.event_for_update(session, event_id)
    return move_up(session, event, queries.pools_for_update(session, event_id), now=now)


def move_up(session: Session, event: Event, pools: Sequence[Pool], *, now: dt.datetime) -> list[Registration]:
    """As `promote`, for a caller who holds the lock."""
    gained = seating.promote(session, event, pools, now=now)
    for registration in gained:
        registration.revision += 1
        registration.changed_at = now
        history.note(session, registration, "place_promoted", actor_id=None, now=now)
        letters.promoted(session, registration, event, now=now)
    return gained
