"""Which printed sheets a version made old: those on which something is different, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.meetings.models import MeetingTable
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.meetings.timetable.told import Place, told

Line = tuple[int, Place]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets to be printed again for a version. `needs` and `guests` have a meeting left to be printed."""

    version: Timetable
    needs: Mapping[int, str]
    """Need → the company that receives."""
    guests: Mapping[int, str]
    """Company → its name."""
    rooms: Mapping[int, str]
    tables: tuple[MeetingTable, ...]
    without_meetings: tuple[str, ...]
    """Companies whose sheet has become empty: the old one is only to be taken away."""

    @property
    def is_empty(self) -> bool:
        return not (self.tables or self.needs or self.guests or self.without_meetings)


def changed(session: Session, *, round_id: int, version: int) -> Sheets:
    """What is different in this version beside the one before it; of the first version, everything."""
    wanted = (Timetable.round_id == round_id, Timetable.version.in_((version - 1, version)))
    versions = {one.version: one for one in session.scalars(select(Timetable).where(*wanted))}
    if version not in versions:
        raise NotFound
    older = versions.get(version - 1)
    new = queries.meetings_of(session, versions[version].id)
    old = queries.meetings_of(session, older.id) if older is not None else ()
    return _compared(versions[version], old, new)


def _compared(version: Timetable, old: Sequence[TimetableMeeting], new: Sequence[TimetableMeeting]) -> Sheets:
    gone, come = _lines(old).keys() - _lines(new).keys(), _lines(new).keys() - _lines(old).keys()
    touched = [_lines(old)[one] for one in gone] + [_lines(new)[one] for one in come]
    needs = {one.application.need_id: one.application.need.organisation.name for one in touched}
    guests = {one.application.organisation_id: one.application.organisation.name for one in touched}
    has_needs = {one.application.need_id for one in new}
    has_guests = {one.application.organisation_id for one in new}
    tables = {one.table.id: one.table for one in touched}
    return Sheets(
        version=version,
        needs={key: name for key, name in needs.items() if key in has_needs},
        guests={key: name for key, name in guests.items() if key in has_guests},
        rooms={one.room_id: one.room.name for one in sorted(tables.values(), key=lambda one: one.number)},
        tables=tuple(sorted(tables.values(), key=lambda one: one.number)),
        without_meetings=(
            *(name for key, name in needs.items() if key not in has_needs),
            *(name for key, name in guests.items() if key not in has_guests),
        ),
    )


def _lines(meetings: Sequence[TimetableMeeting]) -> dict[Line, TimetableMeeting]:
    return {(one.application_id, told(one)): one for one in meetings}
