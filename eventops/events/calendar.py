"""Events as entries for calendars (.ics): one event, or all of them as a feed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import icalendar

from eventops import wareki
from eventops.events.models import Event, EventState, Part

PRODUCT = "-//EventOps//Event//JA"
ASK_AGAIN = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Words:
    """What an entry says about an event."""

    title: str
    description: str
    url: str


def calendar_of(event: Event, words: Words, *, host: str, now: dt.datetime) -> bytes:
    """The entries of one event, to be put into a calendar once."""
    return _written([(event, words)], host=host, now=now)


def feed(entries: Iterable[tuple[Event, Words]], *, name: str, host: str, now: dt.datetime) -> bytes:
    """All events under a name, to be followed: programs ask again by themselves."""
    return _written(entries, host=host, now=now, name=name)


def _written(entries: Iterable[tuple[Event, Words]], *, host: str, now: dt.datetime, name: str = "") -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    for event, words in entries:
        for entry in _entries(event, words, host=host, now=now):
            calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def days(event: Event) -> dict[dt.date, list[Part]]:
    """The days of an event with their parts; its day alone while there are none."""
    found: dict[dt.date, list[Part]] = {}
    for part in sorted(event.parts, key=lambda part: part.starts_at):
        found.setdefault(wareki.japan_date(part.starts_at), []).append(part)
    return found or {event.held_on: []}


def _entries(event: Event, words: Words, *, host: str, now: dt.datetime) -> list[icalendar.Event]:
    """One entry for each day. The ids stay and SEQUENCE grows, so that calendars replace what they had."""
    found = days(event)
    first = min(found)
    return [
        _entry(event, words, date, parts, f"event-{event.id}{'' if date == first else f'-{date:%Y%m%d}'}@{host}", now)
        for date, parts in found.items()
    ]


def _entry(
    event: Event, words: Words, date: dt.date, parts: Sequence[Part], uid: str, now: dt.datetime
) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", now.astimezone(dt.UTC))
    entry.add("last-modified", event.updated_at.astimezone(dt.UTC))
    entry.add("summary", words.title)
    if parts:
        entry.add("dtstart", min(part.starts_at for part in parts).astimezone(dt.UTC))
        entry.add("dtend", max(part.ends_at for part in parts).astimezone(dt.UTC))
    else:
        entry.add("dtstart", date)
    if event.venue_name:
        entry.add("location", " ".join(filter(None, (event.venue_name, event.venue_address))))
    if words.description:
        entry.add("description", words.description)
    entry.add("url", words.url)
    entry.add("status", _status(event))
    return entry


def _status(event: Event) -> str:
    if event.state == EventState.CANCELLED:
        return "CANCELLED"
    is_tentative = event.is_provisional or any(part.is_provisional for part in event.parts)
    return "TENTATIVE" if is_tentative or event.state == EventState.DRAFT else "CONFIRMED"
