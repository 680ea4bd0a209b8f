"""One organisation's day of meetings, as its page, its letter, its calendar and its sheet show it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.directory.models import Person
from eventops.meetings.models import Application, LimitKind, Need, NeedAttendee, ParticipantLimit
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.meetings.timetable.told import Place, told


@dataclass(frozen=True, slots=True)
class Appointment:
    """One meeting from one side: with whom, about what, when and where."""

    application: Application
    place: Place
    is_host: bool
    people: tuple[Person, ...]
    """Those of the other side."""
    online: frozenset[int] = frozenset()
    """The companies of the round that meet by screen alone."""

    @property
    def is_online(self) -> bool:
        """Whether the other side, or one's own, is seen on a screen; a table with one is kept for the meeting."""
        return self.joins_online or self._is_away(not self.is_host)

    @property
    def joins_online(self) -> bool:
        """Whether one's own company need not come to the venue for it."""
        return self._is_away(self.is_host)

    def _is_away(self, is_host: bool) -> bool:
        need = self.application.need
        if is_host:
            return need.online_only or need.organisation_id in self.online
        return self.application.organisation_id in self.online

    @property
    def counterpart(self) -> str:
        return self.application.organisation.name if self.is_host else self.application.need.organisation.name

    @property
    def unit(self) -> str:
        return "" if self.is_host else self.application.need.unit

    @property
    def topic(self) -> str:
        return self.application.proposal_title if self.is_host else self.application.need.title


Day = tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one meeting between two versions; without `before` it is new, without `after` it is off."""

    counterpart: str
    before: Place | None
    after: Place | None


def changes(before: Day, after: Day) -> tuple[Change, ...]:
    """What is different for the organisation, in the order of the day."""
    old, new = ({one.application.id: one for one in day} for day in (before, after))
    both = (
        Change((new.get(one) or old[one]).counterpart, _place(old.get(one)), _place(new.get(one)))
        for one in {**new, **old}
    )
    return tuple(sorted((one for one in both if one.before != one.after), key=_order))


def _place(one: Appointment | None) -> Place | None:
    return one.place if one is not None else None


def _order(change: Change) -> tuple[dt.datetime, int, str]:
    place = change.after or change.before
    assert place is not None
    return place.starts_at, place.table, change.counterpart


def day_of(
    session: Session,
    timetable: Timetable,
    organisation_id: int,
    place: Callable[[TimetableMeeting], Place] = told,
) -> Day:
    """The organisation's meetings in the order of the day."""
    mine = queries.meetings_with(session, timetable.id, organisation_id)
    people = _people(session, mine)
    online = _online(session, timetable.round_id)
    appointments = (_appointment(one, place(one), organisation_id, people, online) for one in mine)
    return tuple(sorted(appointments, key=lambda one: (one.place.starts_at, one.place.table)))


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


def any_online(session: Session, timetable: Timetable) -> bool:
    """Whether anybody meets by screen and needs an address for it."""
    away = _online(session, timetable.round_id)
    by_screen = or_(Need.online_only, Need.organisation_id.in_(away), Application.organisation_id.in_(away))
    held = select(TimetableMeeting.id).where(TimetableMeeting.timetable_id == timetable.id, by_screen)
    query = held.join(TimetableMeeting.application).join(Application.need).limit(1)
    return session.scalar(query) is not None


def _online(session: Session, round_id: int) -> frozenset[int]:
    """Companies whose limits say so; a need may say it for itself."""
    said = (ParticipantLimit.kind == LimitKind.ONLINE_ONLY, ParticipantLimit.in_use)
    limits = select(ParticipantLimit.organisation_id).where(ParticipantLimit.round_id == round_id, *said)
    return frozenset(session.scalars(limits))


def _appointment(
    meeting: TimetableMeeting, place: Place, organisation_id: int, people: _People, online: frozenset[int]
) -> Appointment:
    application = meeting.application
    is_host = application.need.organisation_id == organisation_id
    guest_ids = [one for one in (application.person_id, *application.companion_ids) if one in people.guests]
    guests = [people.guests[one] for one in guest_ids if one is not None]
    others = guests if is_host else people.hosts.get(application.need_id, [])
    return Appointment(application, place, is_host, tuple(others), online)
