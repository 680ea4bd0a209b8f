"""One organisation's day of meetings, as its page, its letter, its calendar and its sheet show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventops.directory.models import Person
from eventops.meetings.models import Application, MeetingTable, NeedAttendee, Slot
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting


@dataclass(frozen=True, slots=True)
class Appointment:
    """One meeting from one side: with whom, about what, when and where."""

    application: Application
    slot: Slot
    table: MeetingTable
    is_host: bool
    people: tuple[Person, ...]
    """Those of the other side."""

    @property
    def counterpart(self) -> str:
        return self.application.organisation.name if self.is_host else self.application.need.organisation.name

    @property
    def unit(self) -> str:
        return "" if self.is_host else self.application.need.unit

    @property
    def topic(self) -> str:
        return self.application.proposal_title if self.is_host else self.application.need.title


def day_of(session: Session, timetable: Timetable, organisation_id: int) -> tuple[Appointment, ...]:
    """The organisation's meetings in the order of the day."""
    mine = queries.meetings_with(session, timetable.id, organisation_id)
    people = _people(session, mine)
    appointments = (_appointment(one, organisation_id, people) for one in mine)
    return tuple(sorted(appointments, key=lambda one: (one.slot.starts_at, one.table.number)))


@dataclass(frozen=True, slots=True)
class _People:
    hosts: dict[int, list[Person]]
    guests: dict[int, Person]


def _people(session: Session, meetings: Sequence[TimetableMeeting]) -> _People:
    need_ids = {one.application.need_id for one in meetings}
    hosts: dict[int, list[Person]] = {}
    wanted = select(NeedAttendee).where(NeedAttendee.need_id.in_(need_ids)).options(joinedload(NeedAttendee.person))
    for attendee in session.scalars(wanted.order_by(NeedAttendee.id)):
        hosts.setdefault(attendee.need_id, []).append(attendee.person)
    ids = {one for meeting in meetings for one in meeting.application.companion_ids}
    ids |= {one.application.person_id for one in meetings if one.application.person_id}
    guests = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return _People(hosts, guests)


def _appointment(meeting: TimetableMeeting, organisation_id: int, people: _People) -> Appointment:
    application = meeting.application
    is_host = application.need.organisation_id == organisation_id
    guest_ids = [one for one in (application.person_id, *application.companion_ids) if one in people.guests]
    guests = [people.guests[one] for one in guest_ids if one is not None]
    others = guests if is_host else people.hosts.get(application.need_id, [])
    return Appointment(application, meeting.slot, meeting.table, is_host, tuple(others))
