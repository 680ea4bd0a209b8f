"""From a timetable's rows to what its sheets print."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventops.directory.models import Person
from eventops.errors import DomainError
from eventops.meetings import queries as round_queries
from eventops.meetings.models import MatchingRound, MeetingTable, Need, NeedAttendee, Slot
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableMeeting
from eventops.meetings.timetable.told import lying, told
from eventops.printing.cards import TableCard
from eventops.printing.imprint import Imprint
from eventops.printing.timetable import Party, Pause, PrintedMeeting, PrintedSlot, PrintedTable, PrintedTimetable
from eventops.wareki import japan_time


class NoTimetable(DomainError):
    """There is no timetable to print yet."""

    code = "no_timetable"


def newest(session: Session, event_id: int) -> Timetable:
    """The draft when staff work on one, what is published otherwise."""
    matching_round = round_queries.round_of_event(session, event_id)
    if matching_round is None:
        raise NoTimetable
    published = timetable_queries.published(session, matching_round.id)
    found = timetable_queries.draft_of(session, matching_round.id) or published
    if found is None or not found.meetings:
        raise NoTimetable
    return found


def version_word(timetable: Timetable, last: int) -> str:
    """As it is read aloud on a sheet."""
    if not timetable.version:
        return f"第{last + 1}版(案)"
    return f"第{timetable.version}版(予定)" if timetable.is_preliminary else f"第{timetable.version}版"


def imprint(session: Session, timetable: Timetable, *, now: dt.datetime) -> Imprint:
    published = timetable_queries.published(session, timetable.round_id)
    last = (published.version or 0) if published else 0
    return Imprint(event=timetable.round.event.title, version=version_word(timetable, last), printed_at=now)


def printed(
    session: Session, timetable: Timetable, *, now: dt.datetime, organisation_id: int | None = None
) -> PrintedTimetable:
    """The whole timetable, or the sheets of one organisation."""
    frame = round_queries.whole_round(session, timetable.round_id)
    rows = _Rows(session, frame, timetable_queries.meetings_of(session, timetable.id))
    meetings = [one for one in rows.meetings if organisation_id is None or organisation_id in _sides(one)]
    return PrintedTimetable(
        imprint=imprint(session, timetable, now=now),
        day=rows.day(),
        slots=tuple(rows.slots.values()),
        pauses=tuple(rows.pauses()),
        tables=tuple(rows.tables.values()),
        meetings=tuple(rows.meeting(one) for one in sorted(meetings, key=rows.order)),
        guide=frame.event.venue_name,
    )


def cards(timetable: PrintedTimetable) -> list[TableCard]:
    """A card for each table at which somebody sits."""
    seated: dict[PrintedTable, list[Party]] = defaultdict(list)
    for one in timetable.meetings:
        if one.large not in seated[one.table]:
            seated[one.table].append(one.large)
    return [
        TableCard(table=table.label, company=party.company, unit=party.unit, room=table.room)
        for table in timetable.tables
        for party in seated.get(table, ())
    ]


def _sides(meeting: TimetableMeeting) -> tuple[int, int]:
    return meeting.application.need.organisation_id, meeting.application.organisation_id


class _Rows:
    """The timetable's rows with the names that go onto paper."""

    def __init__(self, session: Session, frame: MatchingRound, meetings: Sequence[TimetableMeeting]) -> None:
        self.frame, self.meetings = frame, meetings
        self.hosts, self.people = _hosts(session, meetings), _guests(session, meetings)
        self.companies = _companies(meetings)
        self.at = {one.slot_id: told(one) for one in meetings}
        self.seats = {one.table_id: told(one) for one in meetings}
        self.is_moved = any(told(one) != lying(one) for one in meetings)
        self.slots = {slot.id: self._slot(slot) for slot in frame.slots if self._is_shown(slot)}
        tables = [table for room in frame.rooms for table in room.tables]
        self.tables = {table.id: self._table(table) for table in tables if table.id in self.seats or not self.is_moved}

    def _is_shown(self, slot: Slot) -> bool:
        """What is empty is shown where it stands beside what was told; once the frame has moved, it does not."""
        return slot.id in self.at or (slot.in_use and not self.is_moved)

    def _slot(self, slot: Slot) -> PrintedSlot:
        place = self.at.get(slot.id, slot)
        return PrintedSlot(code=slot.code, starts_at=place.starts_at, ends_at=place.ends_at)

    def _table(self, table: MeetingTable) -> PrintedTable:
        names = self.companies.get(table.id, set())
        company = next(iter(names)) if len(names) == 1 else ""
        place = self.seats.get(table.id)
        room, number = (place.room, place.table) if place is not None else (table.room.name, table.number)
        return PrintedTable(room=room, label=f"卓{number}", company=company)

    def pauses(self) -> list[Pause]:
        """Breaks of the frame, but for those that would lie over a meeting as it was told."""
        return [
            Pause(starts_at=one.starts_at, ends_at=one.ends_at, words=one.label or "休憩")
            for one in self.frame.breaks
            if not any(place.starts_at < one.ends_at and one.starts_at < place.ends_at for place in self.at.values())
        ]

    def day(self) -> dt.date:
        """The day that was told; of an empty timetable the event's."""
        first = min((place.starts_at for place in self.at.values()), default=None)
        return japan_time(first).date() if first is not None else self.frame.event.held_on

    @staticmethod
    def order(meeting: TimetableMeeting) -> tuple[str, str]:
        return meeting.application.need.organisation.sort_key, meeting.application.organisation.sort_key

    def meeting(self, one: TimetableMeeting) -> PrintedMeeting:
        application, need = one.application, one.application.need
        guests = [self.people[i] for i in (application.person_id, *application.companion_ids) if i in self.people]
        return PrintedMeeting(
            number=application.code,
            slot=self.slots[one.slot_id],
            table=self.tables[one.table_id],
            large=Party(
                key=need.code,
                company=need.organisation.name,
                unit=need.unit,
                attendees=tuple(self.hosts.get(need.id, ())),
            ),
            sme=Party(
                key=f"o{application.organisation_id}", company=application.organisation.name, attendees=tuple(guests)
            ),
            need_title=need.title,
            proposal_title=application.proposal_title,
            is_online=need.online_only,
        )


def _hosts(session: Session, meetings: Sequence[TimetableMeeting]) -> dict[int, list[str]]:
    need_ids = {one.application.need_id for one in meetings}
    wanted = select(NeedAttendee).where(NeedAttendee.need_id.in_(need_ids)).options(joinedload(NeedAttendee.person))
    found: dict[int, list[str]] = defaultdict(list)
    for one in session.scalars(wanted.order_by(NeedAttendee.id)):
        found[one.need_id].append(one.person.full_name)
    return found


def _guests(session: Session, meetings: Sequence[TimetableMeeting]) -> dict[int | None, str]:
    ids = {one for meeting in meetings for one in meeting.application.companion_ids}
    ids |= {one.application.person_id for one in meetings if one.application.person_id}
    return {one.id: one.full_name for one in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _companies(meetings: Sequence[TimetableMeeting]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for one in meetings:
        found[one.table_id].add(one.application.need.organisation.name)
    return found


def is_host(session: Session, page: ParticipantPage) -> bool:
    """Whether the page belongs to a company that sits at a table of its own."""
    wanted = (Need.round_id == page.round_id, Need.organisation_id == page.organisation_id)
    return session.scalar(select(Need.id).where(*wanted).limit(1)) is not None
