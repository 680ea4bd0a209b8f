"""The frame of a round as staff set it: window and breaks, slots, rooms and tables. Rows are locked, then judged."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound
from eventops.events.models import Part
from eventops.meetings import queries, rules
from eventops.meetings.frame import capacity
from eventops.meetings.frame.capacity import Frame, Pause
from eventops.meetings.models import MatchingRound, MeetingTable, Room, RoundBreak, Slot

SLOTS_BEFORE_BREAK: Final = 4
SLOTS_WITHOUT_BREAK: Final = 5
BREAK_MINUTES: Final = 15


class SlotsOverlap(DomainError):
    """Two slots of the round run at the same time."""

    code = "slots_overlap"


class SlotInUse(DomainError):
    """A slot in which a timetable has meetings cannot go."""

    code = "slot_in_use"


class TableInUse(DomainError):
    """A table at which a timetable has meetings cannot go."""

    code = "table_in_use"


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot as typed; `id` None for a new one."""

    id: int | None
    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    block: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as typed, in walking order."""

    id: int | None
    code: str
    name: str
    tables: int


@dataclass(frozen=True, slots=True)
class TableSwitches:
    """What a table can do, and whether it is used."""

    in_use: bool
    online_ready: bool
    accessible: bool


def ensure(session: Session, event_id: int) -> MatchingRound | None:
    """The event's round, made with the secretariat's defaults where there is none; None without a matching part."""
    known = queries.round_of_event(session, event_id)
    part = queries.matching_part(session, event_id)
    if known is not None or part is None:
        return known
    session.execute(select(Part.id).where(Part.id == part.id).with_for_update())
    known = queries.round_of_event(session, event_id)
    return known or _make(session, part)


def _make(session: Session, part: Part) -> MatchingRound:
    found = MatchingRound(
        event_id=part.event_id,
        part_id=part.id,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        slot_minutes=20,
        changeover_minutes=5,
    )
    pause = _usual_pause(frame_of(found))
    if pause is not None:
        found.breaks.append(RoundBreak(starts_at=pause.starts_at, ends_at=pause.ends_at, label="休憩"))
    found.slots = [_slot(time) for time in capacity.slot_times(frame_of(found))]
    session.add(found)
    session.flush()
    return found


def _usual_pause(frame: Frame) -> Pause | None:
    """A quarter of an hour after four slots, when the part is long enough to want one."""
    times = capacity.slot_times(frame)
    if len(times) <= SLOTS_WITHOUT_BREAK:
        return None
    start = times[SLOTS_BEFORE_BREAK - 1].ends_at
    return Pause(start, start + dt.timedelta(minutes=BREAK_MINUTES))


def frame_of(found: MatchingRound) -> Frame:
    return Frame(
        found.starts_at,
        found.ends_at,
        found.slot_minutes,
        found.changeover_minutes,
        tuple(Pause(one.starts_at, one.ends_at) for one in found.breaks),
    )


def _slot(time: capacity.SlotTime) -> Slot:
    return Slot(code=time.code, starts_at=time.starts_at, ends_at=time.ends_at, block=time.block)


def for_update(session: Session, round_id: int) -> MatchingRound:
    """The round, locked, with slots, rooms and tables read after the lock."""
    if session.scalar(select(MatchingRound.id).where(MatchingRound.id == round_id).with_for_update()) is None:
        raise NotFound
    return queries.whole_round(session, round_id)


def save_frame(
    session: Session,
    *,
    round_id: int,
    frame: Frame,
    sme_max_meetings: int,
    solve_seconds: int,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    """Store the window; when it changed, the slots are laid out anew, each keeping its row by its code."""
    found = for_update(session, round_id)
    changed = frame != frame_of(found)
    found.starts_at, found.ends_at = frame.starts_at, frame.ends_at
    found.slot_minutes, found.changeover_minutes = frame.slot_minutes, frame.changeover_minutes
    found.sme_max_meetings, found.solve_seconds = sme_max_meetings, solve_seconds
    if changed:
        found.breaks = [RoundBreak(starts_at=p.starts_at, ends_at=p.ends_at, label="休憩") for p in frame.pauses]
        _lay_out(session, found, frame)
    _record(session, found, "round_changed", actor_id, now)


def _lay_out(session: Session, found: MatchingRound, frame: Frame) -> None:
    times = capacity.slot_times(frame)
    _drop_slots(session, found, keep={time.code for time in times})
    known = {slot.code: slot for slot in found.slots}
    for time in times:
        slot = known.get(time.code)
        if slot is None:
            found.slots.append(_slot(time))
        else:
            slot.starts_at, slot.ends_at, slot.block = time.starts_at, time.ends_at, time.block


def _drop_slots(session: Session, found: MatchingRound, *, keep: set[str]) -> None:
    used = queries.slots_in_timetables(session, found.id)
    for slot in [slot for slot in found.slots if slot.code not in keep]:
        if slot.id in used:
            raise SlotInUse(slot=slot.code)
        found.slots.remove(slot)


def save_slots(
    session: Session, *, round_id: int, rows: Sequence[SlotRow], actor_id: int | None, now: dt.datetime
) -> None:
    """Store slots as typed: all of them, so that a missing one goes. Overlapping ones are refused."""
    require_apart(rows)
    found = for_update(session, round_id)
    known = {slot.id: slot for slot in found.slots}
    _drop_slots(session, found, keep={known[row.id].code for row in rows if row.id in known})
    _free_codes(session, found)
    for row in rows:
        slot = known.get(row.id) if row.id is not None else None
        if slot is None:
            slot = Slot()
            found.slots.append(slot)
        slot.code, slot.block, slot.in_use = row.code, row.block, row.in_use
        slot.starts_at, slot.ends_at = row.starts_at, row.ends_at
    _record(session, found, "round_changed", actor_id, now)


def _free_codes(session: Session, found: MatchingRound) -> None:
    """Codes may be exchanged between slots: they pass through ones that nobody types."""
    for slot in found.slots:
        slot.code = f"~{slot.id}"
    session.flush()


def require_apart(rows: Sequence[SlotRow]) -> None:
    spans = [rules.Span(row.code, row.starts_at, row.ends_at) for row in rows]
    for later, earlier in rules.overlaps(spans):
        raise SlotsOverlap(later=later.name, earlier=earlier.name)


def save_rooms(
    session: Session, *, round_id: int, rows: Sequence[RoomRow], actor_id: int | None, now: dt.datetime
) -> None:
    """Store rooms as typed and number the tables through, room after room."""
    found = for_update(session, round_id)
    known = {room.id: room for room in found.rooms}
    kept = {row.id for row in rows}
    for room in [room for room in found.rooms if room.id not in kept]:
        set_table_count(session, room, 0)
        found.rooms.remove(room)
    session.flush()
    for position, row in enumerate(rows, start=1):
        existing = known.get(row.id) if row.id is not None else None
        room = existing or Room(tables=[])
        if existing is None:
            found.rooms.append(room)
        room.code, room.name, room.position = row.code, row.name, position
        set_table_count(session, room, row.tables)
    number_tables(session, found)
    _record(session, found, "round_changed", actor_id, now)


def set_table_count(session: Session, room: Room, count: int) -> None:
    """Add tables at the end of the room or take them from there; those with meetings stay, or all is refused."""
    going = sorted(room.tables, key=lambda table: table.number)[count:]
    used = queries.tables_in_timetables(session, room.round_id) if going else frozenset()
    for table in going:
        if table.id in used:
            raise TableInUse(table=table.number)
        room.tables.remove(table)
    last = max((table.number for table in room.tables), default=0)
    missing = count - len(room.tables)
    room.tables += [MeetingTable(number=last + extra) for extra in range(1, missing + 1)]


def number_tables(session: Session, found: MatchingRound) -> None:
    """Give the tables their numbers through all rooms; on the way no two of a room may carry the same."""
    rooms = sorted(found.rooms, key=lambda room: room.position)
    tables = [table for room in rooms for table in sorted(room.tables, key=lambda table: table.number)]
    session.flush()
    for number, table in enumerate(tables, start=1):
        table.number = -number
    session.flush()
    for table in tables:
        table.number = -table.number
    session.flush()


def save_tables(
    session: Session,
    *,
    round_id: int,
    switches: dict[int, TableSwitches],
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    """Which tables are used, ready for online meetings, reachable by wheelchair."""
    found = for_update(session, round_id)
    for table in (table for room in found.rooms for table in room.tables):
        chosen = switches.get(table.id)
        if chosen is not None:
            table.in_use, table.online_ready = chosen.in_use, chosen.online_ready
            table.accessible = chosen.accessible
    _record(session, found, "round_changed", actor_id, now)


def _record(session: Session, found: MatchingRound, action: str, actor_id: int | None, now: dt.datetime) -> None:
    session.flush()
    after = {
        "slots": sum(slot.in_use for slot in found.slots),
        "tables": sum(table.in_use for room in found.rooms for table in room.tables),
    }
    subject = ("matching_round", found.id)
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=subject,
        now=now,
        event_id=found.event_id,
        after=after,
    )
