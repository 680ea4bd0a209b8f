"""Sheets of slots and of rooms. The sheet of slots is the whole list: what it does not name goes."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops.meetings import queries, rules
from eventops.meetings.frame import rounds
from eventops.meetings.models import MatchingRound, Room, RoundBreak, Slot
from eventops.meetings.sheets.scope import Planned, Rows, Scope, Sheet, set_values
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Plan, PlannedRow
from eventops.spreadsheets.values import FaultCode


def _slot_columns(scope: Scope) -> tuple[Column, ...]:
    return (
        Column("slot_id", ("枠番号", "枠"), values.code(max_length=10), required=True, unique=True),
        Column("starts", ("開始",), dates.time(), required=True),
        Column("ends", ("終了",), dates.time(), required=True),
        Column("changeover_min", ("入替(分)", "入替"), values.integer(minimum=0, maximum=60)),
        Column("block", ("前半・後半", "区分"), values.text(max_length=20), empty=""),
    )


_SLOT_ATTRIBUTES: Final = {"slot_id": "code", "starts": "starts_at", "ends": "ends_at", "block": "block"}


def _plan_slots(session: Session, scope: Scope, rows: Rows) -> Planned:
    found = queries.whole_round(session, scope.round_id)
    known = {slot.code: slot for slot in found.slots}
    planned = [_planned_slot(scope, rows, row, known.get(row["slot_id"])) for row in rows.rows]
    named = {row["slot_id"] for row in rows.rows}
    removed = [slot for slot in found.slots if slot.code not in named]
    used = queries.slots_in_timetables(session, scope.round_id)
    faults = [*_time_faults(scope, rows), *_still_used(rows, [slot for slot in removed if slot.id in used])]
    return Planned(planned, faults, removed)


def _planned_slot(scope: Scope, rows: Rows, row: ParsedRow, existing: Slot | None) -> PlannedRow:
    picked = rows.picked(row, _SLOT_ATTRIBUTES)
    picked |= {"starts_at": scope.moment(row["starts"]), "ends_at": scope.moment(row["ends"])}
    label = f"{row['slot_id']} {row['starts']:%H:%M}–{row['ends']:%H:%M}"
    return PlannedRow(row.line, label, existing, picked)


def _time_faults(scope: Scope, rows: Rows) -> Iterator[Fault]:
    spans: list[rules.Span] = []
    lines: dict[str, int] = {}
    for row in rows.rows:
        start, end = scope.moment(row["starts"]), scope.moment(row["ends"])
        if start is None or end is None or end <= start:
            yield Fault(row.line, rows.present["ends"], FaultCode.ENDS_BEFORE_START, f"{row['ends']:%H:%M}")
            continue
        spans.append(rules.Span(row["slot_id"], start, end))
        lines[row["slot_id"]] = row.line
    for later, earlier in rules.overlaps(spans):
        shown = f"{scope_time(later.start)}–{scope_time(later.end)}"
        details = {"other": earlier.name}
        yield Fault(lines[later.name], rows.present["starts"], FaultCode.OVERLAPS, shown, details)


def scope_time(moment: dt.datetime) -> str:
    return f"{moment:%H:%M}"


def _still_used(rows: Rows, slots: list[Slot]) -> Iterator[Fault]:
    last = rows.rows[-1].line if rows.rows else 1
    for slot in slots:
        yield Fault(last, rows.present["slot_id"], FaultCode.STILL_IN_USE, details={"other": slot.code})


def _write_slots(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> None:
    found = rounds.for_update(session, scope.round_id)
    for slot in plan.removed:
        found.slots.remove(slot)
    session.flush()
    for row in plan.rows:
        if row.existing is None:
            found.slots.append(Slot(**row.values))
        else:
            set_values(row)
    _follow(found)


def _follow(found: MatchingRound) -> None:
    """Window, lengths and breaks as the slots have them, so that the arithmetic speaks of the same round."""
    slots = sorted(found.slots, key=lambda slot: slot.starts_at)
    gaps = [(earlier.ends_at, later.starts_at) for earlier, later in pairwise(slots)]
    shortest = min((end - start for start, end in gaps), default=dt.timedelta(minutes=found.changeover_minutes))
    found.starts_at, found.ends_at = slots[0].starts_at, slots[-1].ends_at
    found.slot_minutes = _minutes(min(slot.ends_at - slot.starts_at for slot in slots))
    found.changeover_minutes = _minutes(shortest)
    pauses = [(start, end) for start, end in gaps if end - start > shortest]
    found.breaks = [RoundBreak(starts_at=start, ends_at=end, label="休憩") for start, end in pauses]


def _minutes(length: dt.timedelta) -> int:
    return int(length.total_seconds() // 60)


def _room_columns(scope: Scope) -> tuple[Column, ...]:
    return (
        Column("room_id", ("部屋番号", "部屋"), values.code(max_length=10), required=True, unique=True),
        Column("name", ("部屋名", "名称"), values.text(max_length=60), required=True),
        Column("tables", ("卓数",), values.integer(minimum=1, maximum=200), required=True),
        Column("online_ready", ("オンライン卓数", "オンライン卓"), values.integer(minimum=0, maximum=200), empty=0),
    )


_ROOM_ATTRIBUTES: Final = {
    "room_id": "code",
    "name": "name",
    "tables": "table_count",
    "online_ready": "online_ready_count",
}


def _plan_rooms(session: Session, scope: Scope, rows: Rows) -> Planned:
    found = queries.whole_round(session, scope.round_id)
    known = {room.code: room for room in found.rooms}
    used = queries.tables_in_timetables(session, scope.round_id)
    planned = [
        PlannedRow(
            row.line,
            f"{row['room_id']} {row['name']}",
            known.get(row["room_id"]),
            rows.picked(row, _ROOM_ATTRIBUTES),
        )
        for row in rows.rows
    ]
    return Planned(planned, [fault for row in planned for fault in _room_faults(rows, row, used)])


def _room_faults(rows: Rows, row: PlannedRow, used: frozenset[int]) -> Iterator[Fault]:
    count = row.values["table_count"]
    if row.values.get("online_ready_count", 0) > count:
        details = {"limit": count}
        shown = str(row.values["online_ready_count"])
        yield Fault(row.line, rows.present["online_ready"], FaultCode.TOO_BIG, shown, details)
    going = row.existing.tables[count:] if row.existing is not None else []
    for table in (table for table in going if table.id in used):
        details = {"other": f"卓{table.number}"}
        yield Fault(row.line, rows.present["tables"], FaultCode.STILL_IN_USE, details=details)


def _write_rooms(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> None:
    found = rounds.for_update(session, scope.round_id)
    position = max((room.position for room in found.rooms), default=0)
    for row in plan.rows:
        room = row.existing
        if room is None:
            position += 1
            room = Room(position=position, tables=[])
            found.rooms.append(room)
        room.code, room.name = row.values["code"], row.values["name"]
        rounds.set_table_count(session, room, row.values["table_count"])
        if "online_ready_count" in row.values:
            _set_online(room, row.values["online_ready_count"])
    rounds.number_tables(session, found)


def _set_online(room: Room, count: int) -> None:
    """The last tables of the room, where the sockets and the quiet usually are; staff move the marks by hand."""
    if room.online_ready_count == count:
        return
    first_ready = len(room.tables) - count
    for index, table in enumerate(sorted(room.tables, key=lambda table: table.number)):
        table.online_ready = index >= first_ready


SLOTS: Final = Sheet(
    kind="slots",
    title=_("面談枠"),
    columns=_slot_columns,
    attributes=_SLOT_ATTRIBUTES,
    plan=_plan_slots,
    write=_write_slots,
)
ROOMS: Final = Sheet(
    kind="rooms",
    title=_("部屋と卓"),
    columns=_room_columns,
    attributes=_ROOM_ATTRIBUTES,
    plan=_plan_rooms,
    write=_write_rooms,
)
