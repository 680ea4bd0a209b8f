"""Tables for a few meetings whose times are settled, while everybody else stays seated."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduling.check import ALONE_TABLE_RULES, pair_rules_about_tables, tables_hold_one_meeting
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Subjects
from scheduling.score import MEASURES
from scheduling.solution import Meeting
from scheduling.timetable import Ground, Timetable
from scheduling.walking import SEAT_GOALS


def reseat(ground: Ground, meetings: Iterable[Meeting], movable: Iterable[str]) -> tuple[Meeting, ...]:
    """The same times; those of the `movable` requests go to free tables that suit their people better.

    First all of one host together, as far as a table is free when each of them meets, then one by one.
    """
    room = _Room(ground, meetings)
    wishing = sorted(movable)
    groups = [*room.by_host(wishing), *([one] for one in wishing)]
    while sum([room.better(group) for group in groups]):
        pass  # each round makes the tables better, so there is a last one
    return tuple(room.meetings.values())


class _Room:
    """Who sits where, and which tables are worth a look for a meeting."""

    def __init__(self, ground: Ground, meetings: Iterable[Meeting]) -> None:
        self.ground = ground
        self.meetings = {one.request_id: one for one in meetings}
        self.of: dict[str, set[str]] = {}
        self.taken: set[tuple[str, int]] = set()
        for sitting in map(ground.sitting, self.meetings.values()):
            self.taken.update((sitting.meeting.table_id, place) for place in sitting.covers)
            for one in sitting.request.participants:
                self.of.setdefault(one, set()).add(sitting.request.id)
        self.rules = [rule for rule in ground.problem.pair_rules if rule.kind in TABLE_KINDS]
        self.goals = sorted((one for one in ground.problem.goals if one.name in SEAT_GOALS), key=lambda one: one.band)

    def by_host(self, request_ids: Iterable[str]) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for request_id in request_ids:
            for one in self.ground.requests[request_id].participants:
                if one not in self.ground.guests:
                    groups.setdefault(one, []).append(request_id)
        return [group for group in groups.values() if len(group) > 1]

    def better(self, group: list[str]) -> bool:
        """Seat those of the meetings for which it is free at one other table, if that is better."""
        now = [self.meetings[one] for one in group]
        watched = frozenset[str]().union(*(self._watched(one) for one in group))
        near = {other for one in watched for other in self.of.get(one, ())}.difference(group)
        beside = [self.meetings[one] for one in sorted(near)]
        best, least = now, self._cost([*beside, *now], watched)
        for table in self._tables(now, watched):
            there = [replace(one, table_id=table) if self._is_free(table, one) else one for one in now]
            cost = self._cost([*beside, *there], watched)
            if cost < least and self._is_allowed(beside, there, watched):
                best, least = there, cost
        for one, other in zip(now, best, strict=True):
            self._move(one, other)
        return best != now

    def _watched(self, request_id: str) -> frozenset[str]:
        """The participants, and those with whom they or the request share a rule about tables."""
        names = {request_id, *self.ground.requests[request_id].participants}
        found = set(self.ground.requests[request_id].participants)
        for rule in self.rules:
            if not names.isdisjoint((rule.first, rule.second)):
                ends = (rule.first, rule.second)
                is_of_requests = rule.subjects is Subjects.REQUESTS
                found.update(*(self.ground.requests[one].participants for one in ends) if is_of_requests else [ends])
        return frozenset(found)

    def _cost(self, meetings: list[Meeting], watched: frozenset[str]) -> tuple[int, ...]:
        timetable = Timetable(self.ground, meetings, watched=watched)
        bands: dict[int, int] = {}
        for goal in self.goals:
            bands[goal.band] = bands.get(goal.band, 0) + goal.weight * MEASURES[goal.name](timetable)
        return tuple(bands.values())

    def _is_free(self, table: str, one: Meeting) -> bool:
        return not any((table, place) in self.taken for place in self.ground.sitting(one).covers)

    def _tables(self, group: list[Meeting], watched: frozenset[str]) -> Iterator[str]:
        """The free tables at which their people sit anyway, then the first in each room; all where there are rules."""
        known = {self.meetings[other].table_id for name in watched for other in self.of.get(name, ())}
        seen: set[tuple[str, frozenset[str], int]] = set()
        for table in self.ground.problem.tables:
            free = sum(self._is_free(table.id, one) for one in group)
            kind = table.room, table.features, free
            if free and (table.id in known or self.rules or kind not in seen):
                seen.add(kind)
                yield table.id

    def _is_allowed(self, beside: list[Meeting], group: list[Meeting], watched: frozenset[str]) -> bool:
        own = Timetable(self.ground, group)
        if any(True for rule in (*ALONE_TABLE_RULES, tables_hold_one_meeting) for _ in rule(own)):
            return False
        return not any(
            True for _ in pair_rules_about_tables(Timetable(self.ground, [*beside, *group], watched=watched))
        )

    def _move(self, now: Meeting, then: Meeting) -> None:
        covers = self.ground.sitting(now).covers
        self.taken.difference_update((now.table_id, place) for place in covers)
        self.taken.update((then.table_id, place) for place in covers)
        self.meetings[now.request_id] = then
