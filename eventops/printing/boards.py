"""Knows the grids for doors and the staff desk: slots down, tables across, on readable sheets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

from eventops import wareki
from eventops.directory.names import abbreviated
from eventops.printing.imprint import document_title
from eventops.printing.timetable import (
    Pause,
    PrintedMeeting,
    PrintedSlot,
    PrintedTable,
    PrintedTimetable,
)
from eventops.typeset import typeset


class Paper(StrEnum):
    A4 = "a4"
    A3 = "a3"


_WIDEST = {Paper.A4: 9, Paper.A3: 16}
"""Tables across on one sheet: below 24 mm a column no longer holds a company name."""

_Cells = Mapping[tuple[PrintedSlot, PrintedTable], Sequence[PrintedMeeting]]


def rooms_pdf(timetable: PrintedTimetable, *, paper: Paper = Paper.A4) -> bytes:
    """部屋別: for the door of each room."""
    pages = [(room, part) for room, tables in timetable.rooms().items() for part in _cut(tables, _WIDEST[paper])]
    return _board_pdf(timetable, pages, kind="部屋別 面談一覧", paper=paper, names_rooms=False)


def whole_pdf(timetable: PrintedTimetable, *, paper: Paper = Paper.A4) -> bytes:
    """全体表: every table, room after room, on as few sheets as stay readable."""
    parts = _packed(timetable.rooms().values(), _WIDEST[paper])
    pages = [("面談 全体表", part) for part in parts]
    return _board_pdf(timetable, pages, kind="面談 全体表", paper=paper, names_rooms=True)


def _cut(tables: Sequence[PrintedTable], widest: int) -> list[Sequence[PrintedTable]]:
    """Sheets of nearly the same width, so that the last one is not a single column."""
    sheets = -(-len(tables) // widest)
    edges = [len(tables) * sheet // sheets for sheet in range(sheets + 1)]
    return [tables[start:end] for start, end in pairwise(edges)]


def _packed(rooms: Iterable[Sequence[PrintedTable]], widest: int) -> list[list[PrintedTable]]:
    """Whole rooms side by side while they fit; a room is cut only when it is wider than a sheet."""
    sheets: list[list[PrintedTable]] = []
    for part in (part for room in rooms for part in _cut(room, widest)):
        if sheets and len(sheets[-1]) + len(part) <= widest:
            sheets[-1].extend(part)
        else:
            sheets.append(list(part))
    return sheets


def _board_pdf(
    timetable: PrintedTimetable,
    pages: Sequence[tuple[str, Sequence[PrintedTable]]],
    *,
    kind: str,
    paper: Paper,
    names_rooms: bool,
) -> bytes:
    cells = defaultdict(list)
    for meeting in timetable.meetings:
        cells[meeting.slot, meeting.table].append(meeting)
    names = [name for name, _ in pages]
    data = {
        "kind": kind,
        "title": document_title(kind, timetable.imprint),
        "imprint": timetable.imprint.as_data(),
        "day": wareki.wareki_date(timetable.day),
        "paper": paper,
        "names-rooms": names_rooms,
        "sheets": [
            {"name": name, "ends": name != following, **_grid(timetable, tables, cells)}
            for (name, tables), following in zip(pages, [*names, None][1:], strict=True)
        ],
    }
    return typeset("board", data, at=timetable.imprint.printed_at)


def _grid(timetable: PrintedTimetable, tables: Sequence[PrintedTable], cells: _Cells) -> dict[str, Any]:
    return {
        "columns": [
            {"room": table.room, "table": table.label, "company": abbreviated(table.company)} for table in tables
        ],
        "rows": [_row(line, tables, cells) for line in timetable.lines()],
    }


def _row(line: PrintedSlot | Pause, tables: Sequence[PrintedTable], cells: _Cells) -> dict[str, Any]:
    if isinstance(line, Pause):
        return {"kind": "pause", "time": line.time, "words": line.words}
    return {
        "kind": "slot",
        "slot": line.code,
        "starts": wareki.clock(line.starts_at),
        "ends": wareki.clock(line.ends_at),
        "cells": [[_entry(meeting, table) for meeting in cells.get((line, table), ())] for table in tables],
    }


def _entry(meeting: PrintedMeeting, table: PrintedTable) -> dict[str, Any]:
    """The large firm is named only where it is not the one in the column's head."""
    return {
        "sme": abbreviated(meeting.sme.company),
        "number": meeting.number,
        "large": "" if meeting.large.company == table.company else abbreviated(meeting.large.company),
        "online": meeting.is_online,
    }
