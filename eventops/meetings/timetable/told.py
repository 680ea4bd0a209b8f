"""What people were told, beside what the frame says now: a published version keeps its times, rooms and tables."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from eventops.meetings.models import MeetingTable, Room, Slot
from eventops.meetings.timetable.begun import Line
from eventops.meetings.timetable.models import Timetable, TimetableMeeting


@dataclass(frozen=True, slots=True)
class Place:
    """When and where, as it is read on pages, letters and paper."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    room: str
    table: int


Day = frozenset[tuple[int, Place]]
"""Somebody's meetings: application and place."""
Days = Mapping[int, Day]


def told(meeting: TimetableMeeting) -> Place:
    """As its version said it; of a draft, as it lies."""
    return Place(meeting.starts_at, meeting.ends_at, meeting.room_name, meeting.table_number)


def lying(meeting: TimetableMeeting) -> Place:
    """As the frame has it now, whatever was said."""
    slot, table = meeting.slot, meeting.table
    return Place(slot.starts_at, slot.ends_at, table.room.name, table.number)


def days(meetings: Iterable[TimetableMeeting], place: Callable[[TimetableMeeting], Place] = told) -> Days:
    """Everybody's day: organisation → its meetings, for hosts and guests alike."""
    found: defaultdict[int, set[tuple[int, Place]]] = defaultdict(set)
    for one in meetings:
        line = (one.application_id, place(one))
        found[one.application.organisation_id].add(line)
        found[one.application.need.organisation_id].add(line)
    return {organisation_id: frozenset(lines) for organisation_id, lines in found.items()}


def days_of_lines(session: Session, round_id: int, lines: Mapping[int, frozenset[Line]]) -> Days:
    """The same of meetings that no version holds yet."""
    slots = session.execute(select(Slot.id, Slot.starts_at, Slot.ends_at).where(Slot.round_id == round_id))
    times = {slot_id: (starts_at, ends_at) for slot_id, starts_at, ends_at in slots}
    query = select(MeetingTable.id, Room.name, MeetingTable.number).join(MeetingTable.room)
    tables = session.execute(query.where(Room.round_id == round_id))
    seats = {table_id: (room, number) for table_id, room, number in tables}
    return {
        organisation_id: frozenset((one, Place(*times[slot], *seats[table])) for one, slot, table in its_lines)
        for organisation_id, its_lines in lines.items()
    }


def is_frame_moved(session: Session, timetable: Timetable) -> bool:
    """Whether slots, tables or rooms of this version say something else now than people were told."""
    differs = or_(
        TimetableMeeting.told_from != Slot.starts_at,
        TimetableMeeting.told_until != Slot.ends_at,
        TimetableMeeting.told_room != Room.name,
        TimetableMeeting.told_table != MeetingTable.number,
    )
    query = (
        select(func.count())
        .select_from(TimetableMeeting)
        .join(Slot, Slot.id == TimetableMeeting.slot_id)
        .join(MeetingTable, MeetingTable.id == TimetableMeeting.table_id)
        .join(Room, Room.id == MeetingTable.room_id)
        .where(TimetableMeeting.timetable_id == timetable.id, differs)
    )
    return bool(session.scalar(query))


def version_of(session: Session, round_id: int, number: int) -> Timetable | None:
    """The version with this number."""
    return session.scalar(select(Timetable).where(Timetable.round_id == round_id, Timetable.version == number))
