"""A company's meetings for its calendar (RFC 5545): stable ids, SEQUENCE = version, lost meetings cancelled."""

import datetime as dt

from icalendar import Calendar, vText
from icalendar import Event as Entry
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.mail.attachments import Attachment
from eventops.meetings.timetable import days, queries
from eventops.meetings.timetable.days import Appointment
from eventops.meetings.timetable.models import ParticipantPage, Timetable

MIME_TYPE = "text/calendar; method=PUBLISH"


def meetings_ics(session: Session, page_id: int) -> Attachment:
    """The file of one personal page, as it is now."""
    page = session.get(ParticipantPage, page_id)
    timetable = queries.published(session, page.round_id) if page else None
    if page is None or timetable is None:
        raise NotFound
    return Attachment("meetings.ics", MIME_TYPE, calendar(session, timetable, page.organisation_id))


def calendar(session: Session, timetable: Timetable, organisation_id: int) -> bytes:
    made = Calendar()
    made.add("prodid", "-//EventOps//meetings//JA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    now, status = days.day_of(session, timetable, organisation_id), status_of(timetable)
    for appointment in now:
        made.add_component(_entry(timetable, appointment, status))
    held = {one.application.id for one in now}
    for appointment in _earlier(session, timetable, organisation_id):
        if appointment.application.id not in held:
            held.add(appointment.application.id)
            made.add_component(_entry(timetable, appointment, "CANCELLED"))
    content: bytes = made.to_ical()
    return content


def status_of(timetable: Timetable) -> str:
    return "TENTATIVE" if timetable.is_preliminary else "CONFIRMED"


def _earlier(session: Session, timetable: Timetable, organisation_id: int) -> list[Appointment]:
    older = select(Timetable).where(Timetable.round_id == timetable.round_id, Timetable.version < timetable.version)
    versions = session.scalars(older.order_by(Timetable.version.desc())).all()
    return [one for version in versions for one in days.day_of(session, version, organisation_id)]


def _entry(timetable: Timetable, appointment: Appointment, status: str) -> Entry:
    event = timetable.round.event
    entry = Entry()
    entry.add("uid", f"meeting-{appointment.application.id}@eventops.invalid")
    entry.add("sequence", timetable.version or 0)
    entry.add("dtstamp", timetable.published_at or timetable.created_at)
    entry.add("dtstart", appointment.place.starts_at.astimezone(dt.UTC))
    entry.add("dtend", appointment.place.ends_at.astimezone(dt.UTC))
    what = "面談(予定)" if timetable.is_preliminary else "面談"
    entry.add("summary", f"{what}: {appointment.counterpart}")
    entry.add("status", status)
    entry["location"] = vText(_where(event, appointment))
    entry.add("description", appointment.topic)
    return entry


def _where(event: Event, appointment: Appointment) -> str:
    """Who joins by screen is told the address of it, the other side at which table the screen stands."""
    if appointment.joins_online:
        return f"オンライン {event.online_url}".strip()
    seat = f"{event.venue_name} {appointment.place.room} 卓{appointment.place.table}".strip()
    return f"{seat}(先方はオンライン)" if appointment.is_online else seat
