"""Who is there: the door's record and what staff saw, beside who is expected at which table now and next."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, or_, select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.directory.models import Organisation, Person
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.meetings.day import proposals
from eventops.meetings.day.happenings import Frame, What
from eventops.meetings.day.models import DayArrival
from eventops.meetings.models import MatchingRound, Slot
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.registration import providers
from eventops.registration.models import Attendee, Registration, RegistrationState
from eventops.wareki import japan_date

AHEAD: Final = dt.timedelta(minutes=10)
"""So long before a meeting somebody who is not there yet is looked for."""


@dataclass(frozen=True, slots=True)
class Side:
    """One company at one meeting. `until` is when somebody who is late is expected."""

    organisation: Organisation
    here_since: dt.datetime | None
    is_away: bool = False
    until: dt.datetime | None = None
    is_remote: bool = False

    @property
    def is_here(self) -> bool:
        return self.is_remote or (self.here_since is not None and not self.is_away)


@dataclass(frozen=True, slots=True)
class Seat:
    """A meeting with both sides."""

    meeting: TimetableMeeting
    host: Side
    guest: Side


@dataclass(frozen=True, slots=True)
class Missing:
    """A company that should be here: the meeting that waits for it, and in how many minutes that begins."""

    organisation: Organisation
    meeting: TimetableMeeting
    counterpart: Organisation
    minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    """What the page of the day shows of now; `seats_wanted`: all of today of the company that somebody looks for."""

    now: dt.datetime
    timetable: Timetable
    current: Slot | None
    following: Slot | None
    seats_now: tuple[Seat, ...]
    seats_next: tuple[Seat, ...]
    missing: tuple[Missing, ...]
    expected: int
    here: int
    remote: int
    """Companies that take part from elsewhere, and are not waited for."""
    companies: tuple[Organisation, ...]
    seats_wanted: tuple[Seat, ...]

    @property
    def is_over(self) -> bool:
        return self.current is None and self.following is None

    @property
    def is_before(self) -> bool:
        """Whether the next meeting is on another day than today."""
        return self.following is not None and japan_date(self.now) < japan_date(self.following.starts_at)


Away = Mapping[int, dt.datetime | None]


def load(session: Session, frame: Frame, timetable: Timetable, wanted_id: int = 0) -> Day:
    meetings = queries.meetings_of(session, timetable.id)
    record = _Record(session, frame, meetings)
    current = next((one for one in frame.slots if one.starts_at <= frame.now < one.ends_at), None)
    following = next((one for one in frame.slots if one.starts_at > frame.now), None)
    companies = {side.id for one in meetings for side in sides(one) if not _is_remote(one, side)}
    everybody = {side.id for one in meetings for side in sides(one)}
    return Day(
        now=frame.now,
        timetable=timetable,
        current=current,
        following=following,
        seats_now=record.seats(current),
        seats_next=record.seats(following),
        missing=record.missing(),
        expected=len(companies),
        here=len([one for one in companies if one in record.here]),
        remote=len(everybody - companies),
        companies=record.companies(),
        seats_wanted=record.seats_of(wanted_id),
    )


def sides(meeting: TimetableMeeting) -> tuple[Organisation, Organisation]:
    return meeting.application.need.organisation, meeting.application.organisation


def _is_remote(meeting: TimetableMeeting, organisation: Organisation) -> bool:
    need = meeting.application.need
    return need.online_only and need.organisation_id == organisation.id


class _Record:
    """The meetings of the day beside who was seen and who is known to be away."""

    def __init__(self, session: Session, frame: Frame, meetings: Sequence[TimetableMeeting]) -> None:
        self.frame, self.meetings = frame, meetings
        ids = {one.id for meeting in meetings for one in sides(meeting)}
        self.here = arrivals(session, frame.round.event, frame.round.id, ids)
        self.away = away(session, frame.round.id)

    def seats(self, slot: Slot | None) -> tuple[Seat, ...]:
        there = [one for one in self.meetings if slot is not None and one.slot_id == slot.id]
        return self._seats(sorted(there, key=lambda one: one.table.number))

    def seats_of(self, organisation_id: int) -> tuple[Seat, ...]:
        """All meetings of one company, whichever side it is on, in the order of the day."""
        its_own = [one for one in self.meetings if organisation_id in {side.id for side in sides(one)}]
        return self._seats(sorted(its_own, key=lambda one: (one.slot.starts_at, one.table.number)))

    def companies(self) -> tuple[Organisation, ...]:
        """Everybody with a meeting, as the syllabary has them."""
        found = {side.id: side for one in self.meetings for side in sides(one)}
        return tuple(sorted(found.values(), key=lambda one: (one.sort_key, one.id)))

    def _seats(self, meetings: Iterable[TimetableMeeting]) -> tuple[Seat, ...]:
        return tuple(Seat(one, *(self._side(one, side) for side in sides(one))) for one in meetings)

    def _side(self, meeting: TimetableMeeting, organisation: Organisation) -> Side:
        return Side(
            organisation,
            self.here.get(organisation.id),
            self._is_away(organisation.id, meeting.slot),
            self.away.get(organisation.id),
            _is_remote(meeting, organisation),
        )

    def _is_away(self, organisation_id: int, slot: Slot) -> bool:
        if organisation_id not in self.away:
            return False
        until = self.away[organisation_id]
        return until is None or slot.starts_at < until

    def missing(self) -> tuple[Missing, ...]:
        """Each company once, with the meeting that comes or came first; nobody whose meetings are all over."""
        found: dict[int, Missing] = {}
        for meeting in sorted(self.meetings, key=lambda one: (one.slot.starts_at, one.table.number)):
            if meeting.slot.starts_at > self.frame.now + AHEAD or meeting.slot.ends_at <= self.frame.now:
                continue
            for place, organisation in enumerate(sides(meeting)):
                if organisation.id not in found and self._is_missing(meeting, organisation):
                    other = sides(meeting)[1 - place]
                    found[organisation.id] = Missing(organisation, meeting, other, self._minutes(meeting.slot))
        return tuple(found.values())

    def _is_missing(self, meeting: TimetableMeeting, organisation: Organisation) -> bool:
        is_known = organisation.id in self.here or self._is_away(organisation.id, meeting.slot)
        return not (is_known or _is_remote(meeting, organisation))

    def _minutes(self, slot: Slot) -> int:
        seconds: float = (slot.starts_at - self.frame.now).total_seconds()
        return round(seconds / 60)


def arrivals(session: Session, event: Event, round_id: int, organisation_ids: Iterable[int]) -> dict[int, dt.datetime]:
    """When each of these companies was first seen: by the door through one of its people, or by staff."""
    ids = set(organisation_ids)
    query = (
        select(Attendee.id, Registration.organisation_id, Person.organisation_id)
        .join(Attendee.registration)
        .outerjoin(Person, Person.id == Attendee.person_id)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.ACTIVE,
            or_(Registration.organisation_id.in_(ids), Person.organisation_id.in_(ids)),
        )
    )
    people = {attendee_id: {*owners} & ids for attendee_id, *owners in session.execute(query)}
    seen: list[tuple[int, dt.datetime]] = []
    for attendee_id, at in providers.arrival_times(session, event, people.keys()).items():
        seen += [(organisation_id, at) for organisation_id in people[attendee_id] if organisation_id is not None]
    rows = session.execute(select(DayArrival.organisation_id, DayArrival.at).where(DayArrival.round_id == round_id))
    seen += [(organisation_id, at) for organisation_id, at in rows]
    first: dict[int, dt.datetime] = {}
    for organisation_id, at in seen:
        first[organisation_id] = min(at, first.get(organisation_id, at))
    return first


def away(session: Session, round_id: int) -> Away:
    """Who is known to be absent (None) or late (until when), by what was decided today; the newest word counts."""
    found: dict[int, dt.datetime | None] = {}
    for one in reversed(proposals.recent(session, round_id, proposals.CARRIED_OUT)):
        for happening in proposals.happenings(one):
            if happening.what in (What.ABSENT, What.LATE):
                until = happening.at if happening.what is What.LATE else None
                found.update(dict.fromkeys(happening.organisation_ids, until))
    return found


def noted(session: Session, round_id: int) -> Sequence[tuple[Organisation, dt.datetime]]:
    """The companies that staff saw, the latest first."""
    query = select(Organisation, DayArrival.at).join(DayArrival, DayArrival.organisation_id == Organisation.id)
    rows = session.execute(query.where(DayArrival.round_id == round_id).order_by(DayArrival.at.desc(), DayArrival.id))
    return [(organisation, at) for organisation, at in rows]


def note_arrival(session: Session, *, round_id: int, organisation_id: int, actor_id: int, now: dt.datetime) -> None:
    """Staff saw them; saying it twice is one arrival."""
    queries.lock_round(session, round_id)
    if session.get(Organisation, organisation_id) is None:
        raise NotFound
    wanted = (DayArrival.round_id == round_id, DayArrival.organisation_id == organisation_id)
    if session.scalar(select(DayArrival.id).where(*wanted)) is None:
        session.add(DayArrival(round_id=round_id, organisation_id=organisation_id, at=now, actor_id=actor_id))
        _note(session, "arrival_noted", round_id, organisation_id, actor_id, now)


def take_back_arrival(
    session: Session, *, round_id: int, organisation_id: int, actor_id: int, now: dt.datetime
) -> None:
    """Staff were mistaken; of two who say so at the same time one is recorded."""
    queries.lock_round(session, round_id)
    wanted = (DayArrival.round_id == round_id, DayArrival.organisation_id == organisation_id)
    gone = session.execute(delete(DayArrival).where(*wanted))
    if cast("CursorResult[Any]", gone).rowcount == 1:
        _note(session, "arrival_taken_back", round_id, organisation_id, actor_id, now)


def _note(session: Session, action: str, round_id: int, organisation_id: int, actor_id: int, now: dt.datetime) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("organisation", organisation_id),
        now=now,
        event_id=session.get_one(MatchingRound, round_id).event_id,
    )
