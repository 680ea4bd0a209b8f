"""A timetable as a table for people: one row per meeting, in CSV that spreadsheets open."""

import csv
import io
from collections.abc import Sequence

from scheduling.faults import BadProblem, Fault
from scheduling.problem import Problem
from scheduling.solution import Meeting
from scheduling.timetable import Ground

COLUMNS = ("start", "end", "block", "slot", "room", "table", "request", "host", "guest", "others")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for another encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(problem: Problem, meetings: Sequence[Meeting]) -> str:
    """The meetings by time and table under COLUMNS; BadProblem for meetings that the problem does not know."""
    ground = Ground(problem)
    strange = [place for place, meeting in enumerate(meetings) if not ground.knows(meeting)]
    if strange:
        raise BadProblem([Fault(f"meetings[{place}]", "unknown", meetings[place].request_id) for place in strange])
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for meeting in sorted(meetings, key=lambda one: (ground.slots[one.slot_id].start, one.table_id, one.request_id)):
        writer.writerow(map(_harmless, _row(ground, meeting)))
    return BYTE_ORDER_MARK + sheet.getvalue()


def _row(ground: Ground, meeting: Meeting) -> tuple[str, ...]:
    sitting = ground.sitting(meeting)
    first, last = ground.slots[meeting.slot_id], ground.timeline.slots[sitting.covers[-1]]
    host, guest, *others = sitting.request.participants
    room, times = ground.tables[meeting.table_id].room, (f"{first.start:%Y-%m-%d %H:%M}", f"{last.end:%Y-%m-%d %H:%M}")
    return (*times, first.block, first.id, room, meeting.table_id, meeting.request_id, host, guest, "; ".join(others))


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
