"""The dates of a registration for the applicant's own calendar."""

import datetime as dt
from collections.abc import Sequence

from icalendar import Calendar, vText
from icalendar import Event as Entry
from sqlalchemy.orm import Session

from eventops.events.models import Event, EventState, Mode, Part
from eventops.mail.attachments import Attachment
from eventops.registration import queries
from eventops.registration.models import Attendee, Place, PlaceState, Registration
from eventops.registration.writing import addresses

MIME_TYPE = "text/calendar; method=PUBLISH"
_HELD = (PlaceState.CONFIRMED, PlaceState.CANCELLED)


def event_ics(session: Session, registration_id: int) -> Attachment:
    """The file as it is now; parts given back are in it as cancelled, so that a calendar takes them out."""
    registration = queries.registration_as_known(session, registration_id)
    name = f"{registration.event.slug}-{registration.number:04d}.ics"
    return Attachment(name, MIME_TYPE, calendar(registration))


def attendee_ics(session: Session, attendee_id: int) -> Attachment:
    """The dates of one person, without the applicant's page."""
    person = session.get_one(Attendee, attendee_id)
    registration = queries.registration_as_known(session, person.registration_id)
    name = f"{registration.event.slug}-{registration.number:04d}-{person.position}.ics"
    return Attachment(name, MIME_TYPE, calendar(registration, person))


def calendar(registration: Registration, only: Attendee | None = None) -> bytes:
    made = Calendar()
    made.add("prodid", "-//EventOps//registration//JA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for part in registration.event.parts:
        people = registration.attendees if only is None else [only]
        places = [place for place in _places(people) if place.part_id == part.id]
        if places:
            made.add_component(_entry(registration, registration.event, part, places, only))
    text: bytes = made.to_ical()
    return text


def _places(people: Sequence[Attendee]) -> list[Place]:
    return [place for person in people for place in person.places if place.state in _HELD]


def _entry(registration: Registration, event: Event, part: Part, places: list[Place], only: Attendee | None) -> Entry:
    confirmed = [place for place in places if place.state == PlaceState.CONFIRMED]
    entry = Entry()
    whose = f"registration-{registration.id}" if only is None else f"attendee-{only.id}"
    entry.add("uid", f"{whose}-part-{part.id}@eventops.invalid")
    entry.add("sequence", event.sequence + registration.revision)
    entry.add("dtstamp", max(registration.changed_at or registration.submitted_at, event.updated_at))
    entry.add("dtstart", part.starts_at.astimezone(dt.UTC))
    entry.add("dtend", part.ends_at.astimezone(dt.UTC))
    entry.add("summary", f"{event.title} {part.title}")
    takes_place = confirmed and event.state != EventState.CANCELLED
    entry.add("status", "CONFIRMED" if takes_place else "CANCELLED")
    if any(place.mode == Mode.ONSITE for place in confirmed):
        entry["location"] = vText(" ".join(filter(None, (event.venue_name, part.place, event.venue_address))))
    if only is None:
        entry.add("url", addresses.my_page(registration))
    return entry
