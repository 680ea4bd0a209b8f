"""Plans about the place and the day: tables, what they can do, one more slot."""

import datetime as dt
import re

from eventops.meetings import rules
from eventops.meetings.models import MeetingTable
from eventops.meetings.timetable import problems
from eventops.meetings.timetable.edits import Edit, Kind, adding, changing
from eventops.meetings.timetable.plans import Line, Plan, Rows, What
from scheduling.problem import Slot
from scheduling.solution import Remedy

_DIGITS_AT_END = re.compile(r"\d+$")


def new_table(rows: Rows, remedy: Remedy) -> Plan:
    return more_tables(rows, 1, frozenset(remedy.subjects))


def more_tables(rows: Rows, count: int, features: frozenset[str]) -> Plan:
    """Numbered after all others, so that no table that people know by its number gets another one."""
    rooms = rows.round.rooms
    room = next((one for one in rooms if one.id == rows.room_id), rooms[-1])
    last = max((table.number for one in rooms for table in one.tables), default=0)
    used = len(rows.problem.tables)
    switches = {"online_ready": problems.ONLINE in features, "accessible": problems.ACCESSIBLE in features}
    edits = tuple(adding(Kind.TABLE, room_id=room.id, number=last + more, **switches) for more in range(1, count + 1))
    where = (f"r{room.id}",) if rows.room_id is not None else ()
    return Plan((Line(What.TABLES, where, used, used + count),), edits, wants_room=True)


def add_feature(rows: Rows, remedy: Remedy) -> Plan:
    table = _table(rows, problems.row_id(remedy.subjects[0]))
    columns = {problems.ONLINE: "online_ready", problems.ACCESSIBLE: "accessible"}
    after = {columns[one]: True for one in remedy.subjects[1:]}
    return Plan((Line(What.EQUIPMENT, remedy.subjects, 0, 1),), (changing(Kind.TABLE, table, **after),))


def _table(rows: Rows, table_id: int) -> MeetingTable:
    return next(table for room in rows.round.rooms for table in room.tables if table.id == table_id)


def one_more_slot(rows: Rows, remedy: Remedy) -> Plan:
    """After the last one: a slot that lies there unused is taken, otherwise one is added; the window grows with it."""
    last = rows.slots[remedy.slot_ids[0]]
    start = last.end + dt.timedelta(minutes=rows.problem.changeover_minutes)
    end = start + (last.end - last.start)
    unused = [one for one in rows.round.slots if not one.in_use and one.starts_at < end and start < one.ends_at]
    if unused:
        start, end = unused[0].starts_at, unused[0].ends_at
        edits = [changing(Kind.SLOT, unused[0], in_use=True)]
    else:
        edits = [_slot_after(rows, last, start, end)]
    if end > rows.round.ends_at:
        edits.append(changing(Kind.ROUND, rows.round, ends_at=end))
    line = Line(What.SLOTS, (), len(rows.slots), len(rows.slots) + 1, last.end.isoformat(), end.isoformat())
    return Plan((line,), tuple(edits), new_slot=(start, end))


def _slot_after(rows: Rows, last: Slot, start: dt.datetime, end: dt.datetime) -> Edit:
    code = next(slot.code for slot in rows.round.slots if slot.id == problems.row_id(last.id))
    digits = _DIGITS_AT_END.search(code)
    prefix = code[: digits.start()] if digits else code
    codes = [slot.code for slot in rows.round.slots]
    new = rules.next_code(codes, prefix=prefix, digits=len(digits[0]) if digits else 1)
    return adding(
        Kind.SLOT, round_id=rows.round.id, code=new, starts_at=start, ends_at=end, block=last.block, in_use=True
    )
