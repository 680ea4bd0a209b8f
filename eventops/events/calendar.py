"""The event as an entry for calendars (.ics)."""

import datetime as dt

import icalendar

from eventops.events.models import Event, EventState

PRODUCT = "-//EventOps//Event//JA"


def calendar_of(event: Event, *, title: str, description: str, url: str, host: str, now: dt.datetime) -> bytes:
    """One entry over all parts. The id stays and SEQUENCE grows, so that calendars replace what they had."""
    entry = icalendar.Event()
    entry.add("uid", f"event-{event.id}@{host}")
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", now.astimezone(dt.UTC))
    entry.add("last-modified", event.updated_at.astimezone(dt.UTC))
    entry.add("summary", title)
    _add_time(entry, event)
    if event.venue_name:
        entry.add("location", " ".join(filter(None, (event.venue_name, event.venue_address))))
    if description:
        entry.add("description", description)
    entry.add("url", url)
    entry.add("status", _status(event))
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def _add_time(entry: icalendar.Event, event: Event) -> None:
    if event.parts:
        entry.add("dtstart", min(part.starts_at for part in event.parts).astimezone(dt.UTC))
        entry.add("dtend", max(part.ends_at for part in event.parts).astimezone(dt.UTC))
    else:
        entry.add("dtstart", event.held_on)


def _status(event: Event) -> str:
    if event.state == EventState.CANCELLED:
        return "CANCELLED"
    is_tentative = event.is_provisional or any(part.is_provisional for part in event.parts)
    return "TENTATIVE" if is_tentative else "CONFIRMED"
