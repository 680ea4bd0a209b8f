"""Plans about one company: more meetings at a time, longer hours, a higher maximum, fewer rests."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence

from eventops.meetings.models import LimitKind, ParticipantLimit
from eventops.meetings.timetable.edits import Edit, Kind, changing
from eventops.meetings.timetable.plans import Line, Plan, Rows, What
from scheduling.facts import is_there
from scheduling.problem import Participant, Slot
from scheduling.solution import Remedy


def second_table(rows: Rows, remedy: Remedy) -> Plan:
    return roomier(rows, rows.participants[remedy.subjects[0]], remedy.slot_ids)


def roomier(rows: Rows, one: Participant, slot_ids: Sequence[str]) -> Plan:
    """One meeting more at the same time: of a host all day in its need, otherwise as a limit of the company."""
    need = rows.need_of(one)
    there = {slot.id for slot in rows.problem.slots if is_there(one, slot)}
    if need is not None and need.tables == one.capacity and there <= set(slot_ids):
        line = Line(What.AT_ONCE, (one.id,), one.capacity, one.capacity + 1)
        return Plan((line,), (changing(Kind.NEED, need, tables=need.tables + 1),), (one.id,))
    slots = [slot for slot in rows.problem.slots if slot.id in set(slot_ids)]
    groups = itertools.groupby(slots, lambda slot: one.capacity_at.get(slot.id, one.capacity))
    parts = [_roomier_span(rows, one, room, list(span)) for room, span in groups]
    return sum(parts, Plan(agree=(one.id,)))


def _roomier_span(rows: Rows, one: Participant, room: int, span: list[Slot]) -> Plan:
    start, end = span[0].start, span[-1].end
    line = Line(What.AT_ONCE, (one.id,), room, room + 1, start.isoformat(), end.isoformat())
    more = room + 1 - one.capacity
    same = [
        limit
        for limit in rows.limits_of(one, LimitKind.EXTRA_TABLES)
        if (limit.time_from, limit.time_to) == (start, end)
    ]
    if same:
        return Plan((line,), (changing(Kind.LIMIT, same[-1], value=more),))
    return Plan((line,), (rows.new_limit(one, LimitKind.EXTRA_TABLES, value=more, time_from=start, time_to=end),))


def there(rows: Rows, remedy: Remedy) -> Plan:
    """In further slots: whatever the company stated against them gives way."""
    one = rows.participants[remedy.subjects[0]]
    slots = [rows.slots[slot_id] for slot_id in remedy.slot_ids]
    start, end = slots[0].start, slots[-1].end
    lines = [
        Line(What.AVAILABLE, (one.id,), 0, 1, slot.start.isoformat(), slot.end.isoformat())
        for slot in slots
        if slot.id in one.unavailable
    ]
    if one.leaves is not None and one.leaves < end:
        lines.insert(0, Line(What.LEAVES, (one.id,), one.leaves.isoformat(), end.isoformat()))
    if one.arrives is not None and one.arrives > start:
        lines.insert(0, Line(What.ARRIVES, (one.id,), one.arrives.isoformat(), start.isoformat()))
    return Plan(tuple(lines), tuple(_freeing(rows, one, start, end)), (one.id,))


def _freeing(rows: Rows, one: Participant, start: dt.datetime, end: dt.datetime) -> Iterator[Edit]:
    for limit in rows.limits_of(one, LimitKind.ARRIVES_FROM):
        if limit.is_hard and limit.time_from is not None and limit.time_from > start:
            yield changing(Kind.LIMIT, limit, time_from=start)
    for limit in rows.limits_of(one, LimitKind.LEAVES_BY):
        if limit.is_hard and limit.time_to is not None and limit.time_to < end:
            yield changing(Kind.LIMIT, limit, time_to=end)
    for limit in rows.limits_of(one, LimitKind.UNAVAILABLE):
        is_after = limit.time_from is not None and limit.time_from >= end
        is_before = limit.time_to is not None and limit.time_to <= start
        if limit.is_hard and not (is_after or is_before):
            yield from _split(rows, one, limit, start, end)


def _split(
    rows: Rows, one: Participant, limit: ParticipantLimit, start: dt.datetime, end: dt.datetime
) -> Iterator[Edit]:
    """What is left of a time of absence: a piece before, a piece after, or nothing."""
    pieces = [
        piece
        for piece, is_left in (
            ((limit.time_from, start), limit.time_from is None or limit.time_from < start),
            ((end, limit.time_to), limit.time_to is None or end < limit.time_to),
        )
        if is_left and rows.meets_a_slot(*piece)
    ]
    if not pieces:
        yield changing(Kind.LIMIT, limit, in_use=False)
        return
    yield changing(Kind.LIMIT, limit, time_from=pieces[0][0], time_to=pieces[0][1])
    for time_from, time_to in pieces[1:]:
        yield rows.new_limit(one, LimitKind.UNAVAILABLE, time_from=time_from, time_to=time_to, note=limit.note)


def higher_maximum(rows: Rows, remedy: Remedy) -> Plan:
    parts = [_one_more_meeting(rows, rows.participants[one]) for one in remedy.subjects]
    return sum(parts, Plan())


def _one_more_meeting(rows: Rows, one: Participant) -> Plan:
    most = one.max_meetings or 0
    line, need = Line(What.MAXIMUM, (one.id,), most, most + 1), rows.need_of(one)
    stated = rows.limits_of(one, LimitKind.MAX_MEETINGS)
    if stated:
        edit = changing(Kind.LIMIT, stated[-1], value=most + 1)
    elif need is not None:
        edit = changing(Kind.NEED, need, max_meetings=most + 1)
    else:
        edit = rows.new_limit(one, LimitKind.MAX_MEETINGS, value=most + 1)
    return Plan((line,), (edit,), (one.id,))


def longer_run(rows: Rows, remedy: Remedy) -> Plan:
    one = rows.participants[remedy.subjects[0]]
    limit = rows.limits_of(one, LimitKind.REST_AFTER)[-1]
    line = Line(What.IN_A_ROW, (one.id,), one.max_run, one.max_run + 1)
    return Plan((line,), (changing(Kind.LIMIT, limit, value=one.max_run + 1),), (one.id,))
