"""Tables for a few meetings whose times are settled, while everybody else stays seated."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduling.check import ALONE_TABLE_RULES, pair_rules_about_tables
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Subjects
from scheduling.score import MEASURES
from scheduling.solution import Meeting
from scheduling.timetable import Ground, Timetable
from scheduling.walking import SEAT_GOALS

PASSES = 3


def reseat(ground: Ground, meetings: Iterable[Meeting], movable: Iterable[str]) -> tuple[Meeting, ...]:
    """The same times; each of the `movable` requests in turn goes to the free table that suits its people best."""
    room = _Room(ground, meetings)
    wishing = sorted(movable)
    for _ in range(PASSES):
        if not sum(room.better(one) for one in wishing):
            break
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

    def better(self, request_id: str) -> bool:
        """Seat the meeting better, if that can be done."""
        now = self.meetings[request_id]
        watched = self._watched(request_id)
        near = {other for one in watched for other in self.of.get(one, ())} - {request_id}
        beside = [self.meetings[one] for one in sorted(near)]
        best, least = now, self._cost(beside, now, watched)
        for table in self._tables(now, watched):
            there = replace(now, table_id=table)
            cost = self._cost(beside, there, watched)
            if cost < least and self._is_allowed(beside, there, watched):
                best, least = there, cost
        self._move(now, best)
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

    def _cost(self, beside: list[Meeting], one: Meeting, watched: frozenset[str]) -> tuple[tuple[int, int], ...]:
        timetable = Timetable(self.ground, [*beside, one], watched=watched)
        bands: dict[int, int] = {}
        for goal in self.goals:
            bands[goal.band] = bands.get(goal.band, 0) + goal.weight * MEASURES[goal.name](timetable)
        return tuple(bands.items())

    def _tables(self, one: Meeting, watched: frozenset[str]) -> Iterator[str]:
        """The free tables at which its people sit anyway, then the first in each room; all where rules look at them."""
        known = {self.meetings[other].table_id for name in watched for other in self.of.get(name, ())}
        seen: set[tuple[str, frozenset[str]]] = set()
        covers = self.ground.sitting(one).covers
        for table in self.ground.problem.tables:
            if any((table.id, place) in self.taken for place in covers):
                continue
            kind = table.room, table.features
            if table.id in known or self.rules or kind not in seen:
                seen.add(kind)
                yield table.id

    def _is_allowed(self, beside: list[Meeting], one: Meeting, watched: frozenset[str]) -> bool:
        alone = Timetable(self.ground, [one])
        if any(True for rule in ALONE_TABLE_RULES for _ in rule(alone)):
            return False
        return not any(True for _ in pair_rules_about_tables(Timetable(self.ground, [*beside, one], watched=watched)))

    def _move(self, now: Meeting, then: Meeting) -> None:
        covers = self.ground.sitting(now).covers
        self.taken.difference_update((now.table_id, place) for place in covers)
        self.taken.update((then.table_id, place) for place in covers)
        self.meetings[now.request_id] = then
