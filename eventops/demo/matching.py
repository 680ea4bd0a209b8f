"""The demonstration's matching: rooms, slots, needs, applications, limits and competitors, through the importers."""

import datetime as dt

from sqlalchemy.orm import Session

from eventops.demo.files import upload
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.meetings import importing, rounds

_SHEETS = {
    "rooms": "rooms",
    "slots": "slots",
    "needs": "needs",
    "applications": "applications",
    "limits": "availability",
    "pairs": "competitors",
}


def add(session: Session, event: Event, *, now: dt.datetime) -> None:
    """Fill the round of the event's closed matching."""
    found = rounds.ensure(session, event.id)
    if found is None:
        raise NotFound
    for kind, name in _SHEETS.items():
        importing.carry_out(session, round_id=found.id, kind=kind, upload=upload(name), actor_id=None, now=now)
        session.flush()
