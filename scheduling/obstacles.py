"""What stands in the way of a request in a given timetable, start by start."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduling.check import TOGETHER_TIME_RULES, Rule, pair_rules_about_tables
from scheduling.facts import Facts
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Request
from scheduling.score import is_promised
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Sitting, Timetable


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One start of a request: who has no room then, whether a table is free, which rules a free one would break.

    `full` are participants, `busy` people. `rules` are the violations that putting it there would add; they are looked
    for only where everybody and a table is free. `must_go` is the rank of the heaviest meeting that would have to make
    way, at the least, if the request came here: (promised, weight).
    """

    start: int
    full: tuple[str, ...]
    busy: tuple[str, ...]
    has_table: bool
    rules: tuple[Violation, ...]
    must_go: tuple[bool, int]

    @property
    def is_free(self) -> bool:
        """Whether nothing is in the way."""
        return self.has_table and not (self.full or self.busy or self.rules)

    @property
    def only_tables(self) -> bool:
        """Whether everybody could come and only a table is wanting."""
        return not (self.has_table or self.full or self.busy)


class Standing:
    """A timetable as the requests outside it see it."""

    def __init__(self, facts: Facts, meetings: Iterable[Meeting]) -> None:
        self.facts, self.ground = facts, facts.ground
        self.timetable = Timetable(self.ground, meetings)
        self.held = {
            one: Counter(place for sitting in sittings for place in sitting.covers)
            for one, sittings in self.timetable.of.items()
        }
        self.attends: dict[tuple[str, int], list[Sitting]] = defaultdict(list)
        self.full_tables: dict[int, set[str]] = defaultdict(set)
        self.at_table: dict[tuple[str, int], list[Sitting]] = defaultdict(list)
        for sitting in self.timetable.sittings:
            for place in sitting.covers:
                self.at_table[sitting.meeting.table_id, place].append(sitting)
                self.full_tables[place].add(sitting.meeting.table_id)
                for person in facts.people[sitting.request.id]:
                    self.attends[person, place].append(sitting)

    def obstacles(self, request: Request) -> list[Obstacle]:
        """One per start that the facts allow."""
        return [self._obstacle(request, start) for start in self.facts.starts[request.id]]

    def _obstacle(self, request: Request, start: int) -> Obstacle:
        covers = self.ground.timeline.covered(start, request.length)
        full = tuple(one for one in request.participants if any(self._is_full(one, place) for place in covers))
        people = sorted(self.facts.people[request.id])
        busy = tuple(one for one in people if any(self.attends.get((one, place)) for place in covers))
        taken = set[str]().union(*(self.full_tables[place] for place in covers))
        free = [one for one in self.facts.open_tables(request, covers) if one not in taken]
        rules = () if full or busy or not free else self._rules(request, start, free)
        return Obstacle(start, full, busy, bool(free), rules, self._must_go(request, covers, full, busy, free))

    def _is_full(self, one: str, place: int) -> bool:
        held = self.held.get(one)
        return held is not None and held[place] >= self.facts.room_for[one][place]

    def free_slots(self, one: str) -> int:
        """Positions in which the participant could hold one more meeting."""
        return sum(room > 0 and not self._is_full(one, place) for place, room in enumerate(self.facts.room_for[one]))

    def _taken(self, table: str, covers: Sequence[int]) -> list[Sitting]:
        return [sitting for place in covers for sitting in self.at_table.get((table, place), ())]

    # Rules

    def _rules(self, request: Request, start: int, free: Sequence[str]) -> tuple[Violation, ...]:
        """What putting it there would break at every free table; nothing if one of them is right."""
        if self._ruled.isdisjoint((request.id, *request.participants)):
            return ()
        slot_id = self.ground.timeline.slots[start].id
        near = self._near(request)
        about_time = self._added(TOGETHER_TIME_RULES, near, Meeting(request.id, slot_id, free[0]))
        if about_time or not self._table_ruled & {request.id, *request.participants}:
            return about_time
        found: list[Violation] = []
        for table in free:
            added = self._added((pair_rules_about_tables,), near, Meeting(request.id, slot_id, table))
            if not added:
                return ()
            found += added
        return tuple(found)

    def _added(self, rules: tuple[Rule, ...], near: list[Meeting], meeting: Meeting) -> tuple[Violation, ...]:
        before, after = (Timetable(self.ground, some) for some in (near, [*near, meeting]))
        known = {violation for rule in rules for violation in rule(before)}
        return tuple(one for rule in rules for one in rule(after) if one not in known)

    def _near(self, request: Request) -> list[Meeting]:
        """Placed meetings whose rules the request could disturb."""
        if self.ground.problem.max_idle_difference is not None:
            return [sitting.meeting for sitting in self.timetable.sittings]
        names = {request.id, *request.participants}
        names |= {other for one in names for other in self._linked.get(one, ())}
        sittings = [
            sitting for one in names for sitting in (*self.timetable.of.get(one, ()), *self._placed.get(one, ()))
        ]
        return list(dict.fromkeys(sitting.meeting for sitting in sittings))

    @cached_property
    def _placed(self) -> dict[str, list[Sitting]]:
        return {sitting.request.id: [sitting] for sitting in self.timetable.sittings}

    @cached_property
    def _linked(self) -> dict[str, set[str]]:
        linked: dict[str, set[str]] = defaultdict(set)
        for rule in self.ground.problem.pair_rules:
            linked[rule.first].add(rule.second)
            linked[rule.second].add(rule.first)
        return linked

    @cached_property
    def _ruled(self) -> set[str]:
        """Who has a rule besides being in one place at a time; everybody where guests' waiting is compared."""
        if self.ground.problem.max_idle_difference is not None:
            return set(self.ground.participants)
        paced = {
            one.id
            for one in self.ground.problem.participants
            if one.transition or one.max_meetings is not None or (one.max_run and one.max_run_is_hard)
        }
        return paced.union(*((one.first, one.second) for one in self.ground.problem.pair_rules if one.is_hard))

    @cached_property
    def _table_ruled(self) -> set[str]:
        rules = [one for one in self.ground.problem.pair_rules if one.is_hard and one.kind in TABLE_KINDS]
        return {name for rule in rules for name in (rule.first, rule.second)}

    # Who would have to make way

    def rank(self, request: Request) -> tuple[bool, int]:
        """What a request is worth against another: promises before weight."""
        return is_promised(self.ground.problem, request), request.weight

    def _must_go(
        self,
        request: Request,
        covers: tuple[int, ...],
        full: Sequence[str],
        busy: Sequence[str],
        free: Sequence[str],
    ) -> tuple[bool, int]:
        """Of each full participant and busy person somebody has to go, and somebody at one of the tables."""
        least = (False, -1)
        for place in covers:
            holders = [self._meets(one, place) for one in full if self._is_full(one, place)]
            holders += [self.attends[one, place] for one in busy if self.attends.get((one, place))]
            for sittings in holders:
                least = max(least, min(self.rank(one.request) for one in sittings))
        if not free:
            tables = self.facts.open_tables(request, covers)
            least = max(
                least, min(max(self.rank(one.request) for one in self._taken(table, covers)) for table in tables)
            )
        return least

    def _meets(self, one: str, place: int) -> list[Sitting]:
        return [sitting for sitting in self.timetable.of.get(one, ()) if place in sitting.covers]

    def rivals(self, request: Request, obstacles: Iterable[Obstacle]) -> list[Request]:
        """Placed requests in its way: of its participants and people, and at the tables where none is free."""
        people, found = self.facts.people[request.id], list[Sitting]()
        for one in obstacles:
            covers = self.ground.timeline.covered(one.start, request.length)
            found += [
                sitting for name in request.participants for place in covers for sitting in self._meets(name, place)
            ]
            found += [sitting for name in people for place in covers for sitting in self.attends.get((name, place), ())]
            if not one.has_table:
                tables = self.facts.open_tables(request, covers)
                found += [sitting for table in tables for sitting in self._taken(table, covers)]
        return [self.ground.requests[one] for one in dict.fromkeys(sitting.request.id for sitting in found)]
