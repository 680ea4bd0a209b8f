"""Knows a timetable as paper needs it: who meets whom, when and where, with all names written out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from eventops import wareki
from eventops.printing.imprint import CONFIDENTIALITY, Imprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSlot:
    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def time(self) -> str:
        return wareki.time_range(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    starts_at: dt.datetime
    ends_at: dt.datetime
    words: str = "休憩"

    @property
    def time(self) -> str:
        return wareki.time_range(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """`company` is the firm that sits there, where it is one firm all day."""

    room: str
    label: str
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of a meeting. Meetings with the same `key` go onto the same sheet."""

    key: str
    company: str
    unit: str = ""
    attendees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMeeting:
    number: str
    slot: PrintedSlot
    table: PrintedTable
    large: Party
    sme: Party
    need_title: str
    proposal_title: str
    is_online: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTimetable:
    """Slots in order of time, tables in the order of the rooms. Every meeting's slot and table is among them."""

    imprint: Imprint
    day: dt.date
    slots: tuple[PrintedSlot, ...]
    pauses: tuple[Pause, ...]
    tables: tuple[PrintedTable, ...]
    meetings: tuple[PrintedMeeting, ...]
    guide: str = ""
    notice: str = CONFIDENTIALITY

    def __post_init__(self) -> None:
        """A meeting off the grid would silently be missing on every sheet."""
        slots, tables = set(self.slots), set(self.tables)
        lost = [meeting.number for meeting in self.meetings if meeting.slot not in slots or meeting.table not in tables]
        if lost:
            raise ValueError(f"meetings outside of the slots and tables: {', '.join(lost)}")

    def lines(self) -> list[PrintedSlot | Pause]:
        """Slots and pauses as the day runs."""
        return sorted([*self.slots, *self.pauses], key=lambda line: line.starts_at)

    def rooms(self) -> Mapping[str, list[PrintedTable]]:
        rooms: dict[str, list[PrintedTable]] = {}
        for table in self.tables:
            rooms.setdefault(table.room, []).append(table)
        return rooms

    def by_large(self) -> list[list[PrintedMeeting]]:
        return _grouped(self.meetings, lambda meeting: meeting.large.key)

    def by_sme(self) -> list[list[PrintedMeeting]]:
        return _grouped(self.meetings, lambda meeting: meeting.sme.key)


def _grouped(meetings: Iterable[PrintedMeeting], key: Callable[[PrintedMeeting], str]) -> list[list[PrintedMeeting]]:
    """Groups in the order in which they first come, each in order of time and table."""
    groups: dict[str, list[PrintedMeeting]] = defaultdict(list)
    for meeting in meetings:
        groups[key(meeting)].append(meeting)
    return [sorted(group, key=in_order_of_time) for group in groups.values()]


def in_order_of_time(meeting: PrintedMeeting) -> tuple[dt.datetime, str, str]:
    return (meeting.slot.starts_at, meeting.table.room, meeting.table.label)
