"""Until when guests answer and change their answers."""

import datetime as dt

from eventops.events.models import Event, EventState


def closes_at(event: Event) -> dt.datetime:
    """The moment that the event sets for answers; that of the applications where it sets none."""
    return event.answers_close_at or event.applications_close_at


def may_answer(event: Event, *, now: dt.datetime) -> bool:
    return event.state != EventState.CANCELLED and now < closes_at(event)
