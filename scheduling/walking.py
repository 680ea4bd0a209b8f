"""Fewer walks: whole tables change places with each other as long as somebody is spared a way."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from scheduling.check import RULES
from scheduling.problem import Goal, GoalName
from scheduling.score import MEASURES
from scheduling.solution import Meeting
from scheduling.timetable import Ground, Timetable

SEAT_GOALS = frozenset({GoalName.SOFT_TABLE_RULES, GoalName.HOST_TABLE_CHANGES, GoalName.GUEST_ROOM_CHANGES})


def spare_walks(ground: Ground, meetings: Sequence[Meeting], *, passes: int) -> tuple[Meeting, ...]:
    """The same times; tables in different rooms swapped wholesale while that lowers the goals about seats."""
    goals = [goal for goal in ground.problem.goals if goal.name in SEAT_GOALS]
    best = tuple(meetings)
    if not goals or any(request.lock_table for request in ground.problem.requests):
        return best
    for _ in range(passes):
        better = _one_pass(ground, best, goals)
        if better == best:
            break
        best = better
    return best


def _one_pass(ground: Ground, meetings: tuple[Meeting, ...], goals: Iterable[Goal]) -> tuple[Meeting, ...]:
    cost = _cost(ground, meetings, goals)
    for one, other in combinations(ground.problem.tables, 2):
        if one.room != other.room and _are_alike(ground, meetings, one.id, other.id):
            swapped = _swapped(meetings, one.id, other.id)
            new = _cost(ground, swapped, goals)
            if new < cost and not _breaks(ground, swapped):
                meetings, cost = swapped, new
    return meetings


def _are_alike(ground: Ground, meetings: Iterable[Meeting], one: str, other: str) -> bool:
    """Neither meetings nor features stand in the way; the rest is left to the checker."""
    at_both = [meeting for meeting in meetings if meeting.table_id in (one, other)]
    return bool(at_both) and ground.tables[one].open_slots == ground.tables[other].open_slots


def _swapped(meetings: Iterable[Meeting], one: str, other: str) -> tuple[Meeting, ...]:
    change = {one: other, other: one}
    return tuple(
        Meeting(meeting.request_id, meeting.slot_id, change.get(meeting.table_id, meeting.table_id))
        for meeting in meetings
    )


def _cost(ground: Ground, meetings: Iterable[Meeting], goals: Iterable[Goal]) -> tuple[tuple[int, int], ...]:
    timetable = Timetable(ground, meetings)
    bands: dict[int, int] = {}
    for goal in goals:
        bands[goal.band] = bands.get(goal.band, 0) + goal.weight * MEASURES[goal.name](timetable)
    return tuple(sorted(bands.items()))


def _breaks(ground: Ground, meetings: Iterable[Meeting]) -> bool:
    timetable = Timetable(ground, meetings)
    return any(True for rule in RULES for _ in rule(timetable))
