"""The board while a card is held: what putting the request into each cell would break or better."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from scheduling.check import (
    ALONE_TABLE_RULES,
    ALONE_TIME_RULES,
    TOGETHER_TIME_RULES,
    Rule,
    check,
    pair_rules_about_tables,
)
from scheduling.effects import Effects
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Goal, GoalName, Participant, Problem
from scheduling.score import MEASURES
from scheduling.solution import Cell, Meeting, Verdict, Violation
from scheduling.timetable import Ground, Timetable

LOCAL_GOALS = frozenset(
    {
        GoalName.GUEST_IDLE_SLOTS,
        GoalName.GUEST_IDLE_PERIODS,
        GoalName.HOST_IDLE_SLOTS,
        GoalName.SOFT_PAIR_RULES,
        GoalName.DISLIKED_SLOTS,
        GoalName.MISSED_RESTS,
        GoalName.FAR_SPAN,
    }
)


def options(problem: Problem, meetings: Iterable[Meeting], request_id: str) -> tuple[Cell, ...]:
    """One cell per slot and table, in their order.

    A cell that holds another meeting stands for a swap when the held request lies on the board; when it
    comes from the side, the cell is forbidden. `better` and `worse` compare the goals about people's
    time, band by band.
    """
    board = _Board(problem, meetings, request_id)
    return tuple(board.cell(slot.id, table.id) for slot in problem.slots for table in problem.tables)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What moving some meetings does to people's time."""

    violations: tuple[Violation, ...]
    changes: tuple[tuple[str, int], ...]
    verdict: Verdict


class _Board:
    """The held request, everything near it, and what has been found out so far."""

    def __init__(self, problem: Problem, meetings: Iterable[Meeting], request_id: str) -> None:
        self.ground = ground = Ground(problem)
        self.held = ground.requests[request_id]
        self.meetings = {one.request_id: one for one in meetings if ground.knows(one)}
        self.origin = self.meetings.get(request_id)
        self.goals = sorted((goal for goal in problem.goals if goal.name in LOCAL_GOALS), key=lambda goal: goal.band)
        self.near = _Neighbours(ground, self.meetings)
        self.effects = Effects(ground, self.meetings, self.goals)
        self.occupant: dict[tuple[int, str], str] = {}
        for sitting in map(ground.sitting, self.meetings.values()):
            for place in sitting.covers:
                self.occupant[place, sitting.meeting.table_id] = sitting.request.id
        self._covers = {
            slot.id: ground.timeline.covered(start, self.held.length) or (start,)
            for start, slot in enumerate(problem.slots)
        }
        self._answers: dict[tuple[tuple[str, str], ...], _Answer] = {}
        self._anywhere: dict[str, bool] = {}
        self._anytime: dict[str, bool] = {}

    @cached_property
    def is_clean(self) -> bool:
        """Asked only where a move breaks something that may have been broken before."""
        return not check(self.ground.problem, self.meetings.values())

    def cell(self, slot_id: str, table_id: str) -> Cell:
        target = Meeting(self.held.id, slot_id, table_id)
        if self.origin == target:
            return Cell(slot_id, table_id, Verdict.HERE)
        others = self._others(target)
        if not others:
            return self._judge(target, (target,), None)
        lengths = {self.ground.requests[one].length for one in (self.held.id, *others)}
        if self.origin is None or lengths != {1}:
            taken = Violation("table_twice", (self.held.id, *others), slot_id, table_id)
            return Cell(slot_id, table_id, Verdict.FORBIDDEN, (taken, *self._about_time((target,)).violations))
        return self._judge(target, (target, replace(self.origin, request_id=others[0])), others[0])

    def _others(self, target: Meeting) -> list[str]:
        places = self._covers[target.slot_id]
        here = dict.fromkeys(self.occupant.get((place, target.table_id), "") for place in places)
        return [one for one in here if one not in ("", self.held.id)]

    def _judge(self, target: Meeting, moved: tuple[Meeting, ...], swap: str | None) -> Cell:
        answer = self._about_time(moved)
        violations = answer.violations + self._about_tables(moved)
        verdict = Verdict.FORBIDDEN if violations else answer.verdict
        return Cell(target.slot_id, target.table_id, verdict, violations, swap, () if violations else answer.changes)

    def _about_time(self, moved: tuple[Meeting, ...]) -> _Answer:
        """The same for all tables of a slot, so asked once."""
        key = tuple((one.request_id, one.slot_id) for one in moved)
        if key not in self._answers:
            picky = [one for one in moved if not self._fits_anytime(one.request_id)]
            violations = self._alone(picky, ALONE_TIME_RULES)
            if self.effects.are_separate(one.request_id for one in moved):
                self._answers[key] = self._add_up(violations, moved)
            else:
                self._answers[key] = self._ask(violations, moved)
        return self._answers[key]

    def _add_up(self, violations: tuple[Violation, ...], moved: tuple[Meeting, ...]) -> _Answer:
        """Day by day: what `_ask` says too, only that it looks at everybody near in one timetable."""
        effect = self.effects.of(moved)
        changes = [(goal, change) for goal, change in zip(self.goals, effect.growth, strict=True) if change]
        return self._answer(violations + effect.violations, changes)

    def _ask(self, violations: tuple[Violation, ...], moved: tuple[Meeting, ...]) -> _Answer:
        before, after = self._before_and_after(moved)
        violations += self._new_violations(TOGETHER_TIME_RULES, before, after)
        changes = []
        for goal in self.goals:
            change = MEASURES[goal.name](after) - MEASURES[goal.name](before)
            if change:
                changes.append((goal, change))
        return self._answer(violations, changes)

    @staticmethod
    def _answer(violations: tuple[Violation, ...], changes: Sequence[tuple[Goal, int]]) -> _Answer:
        return _Answer(violations, tuple((str(goal.name), one) for goal, one in changes), _verdict(changes))

    def _before_and_after(self, moved: tuple[Meeting, ...]) -> tuple[Timetable, Timetable]:
        names = [one.request_id for one in moved]
        beside = [self.meetings[one] for one in self.near.of(names) if one not in names]
        watched = self.near.watched(names)
        here = [self.meetings[one] for one in names if one in self.meetings]
        return (
            Timetable(self.ground, [*beside, *here], watched=watched),
            Timetable(self.ground, [*beside, *moved], watched=watched),
        )

    def _about_tables(self, moved: tuple[Meeting, ...]) -> tuple[Violation, ...]:
        choosy = [one for one in moved if not self._suits_anywhere(one)]
        found = self._alone(choosy, ALONE_TABLE_RULES)
        if self.near.has_table_rule(one.request_id for one in moved):
            before, after = self._before_and_after(moved)
            found += self._new_violations((pair_rules_about_tables,), before, after)
        return found

    def _alone(self, meetings: Sequence[Meeting], rules: Iterable[Rule]) -> tuple[Violation, ...]:
        """What rules say that look at one meeting at a time."""
        if not meetings:
            return ()
        alone = Timetable(self.ground, meetings)
        return tuple(violation for rule in rules for violation in rule(alone))

    def _fits_anytime(self, request_id: str) -> bool:
        """Whether no slot can be wrong for the request by itself: short, without wishes, everybody there all day."""
        if request_id not in self._anytime:
            request = self.ground.requests[request_id]
            attending = [self.ground.participants[one] for one in request.participants]
            self._anytime[request_id] = (
                request.length == 1
                and request.slots is None
                and request.blocks is None
                and all(_is_always_there(one) for one in attending)
            )
        return self._anytime[request_id]

    def _suits_anywhere(self, meeting: Meeting) -> bool:
        """Whether no table can be wrong for the request, and this one is open all the time."""
        if meeting.request_id not in self._anywhere:
            request = self.ground.requests[meeting.request_id]
            attending = [self.ground.participants[one] for one in request.participants]
            self._anywhere[meeting.request_id] = not (
                request.features
                or request.lock_slot is not None
                or request.lock_table is not None
                or request.id in self.ground.problem.frozen
                or any(one.features or one.home_tables for one in attending)
            )
        return self._anywhere[meeting.request_id] and self.ground.tables[meeting.table_id].open_slots is None

    def _new_violations(self, rules: Iterable[Rule], before: Timetable, after: Timetable) -> tuple[Violation, ...]:
        """What is broken afterwards and was not before."""
        found = [one for rule in rules for one in rule(after)]
        if not found or self.is_clean:
            return tuple(found)
        known = {violation for rule in rules for violation in rule(before)}
        return tuple(one for one in found if one not in known)


class _Neighbours:
    """Which placed requests a request can disturb: through people, participants and pair rules."""

    def __init__(self, ground: Ground, meetings: Iterable[str]) -> None:
        self.ground = ground
        self.everything = list(meetings)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for request_id in self.everything:
            for name in self._names(request_id):
                self.by_name[name].append(request_id)
        self.linked: dict[str, list[str]] = defaultdict(list)
        self.table_ruled: set[str] = set()
        for rule in ground.problem.pair_rules:
            self.linked[rule.first].append(rule.second)
            self.linked[rule.second].append(rule.first)
            if rule.is_hard and rule.kind in TABLE_KINDS:
                self.table_ruled.update((rule.first, rule.second))

    def _names(self, request_id: str) -> list[str]:
        request = self.ground.requests[request_id]
        people = (f"person {one}" for one in self.ground.people_of(request))
        return [request_id, *request.participants, *people]

    def of(self, request_ids: Iterable[str]) -> list[str]:
        if self.ground.problem.max_idle_difference is not None:
            return self.everything
        names = [name for one in request_ids for name in self._names(one)]
        names += [other for name in names for other in self.linked.get(name, ())]
        return list(dict.fromkeys(one for name in names for one in self.by_name.get(name, ())))

    def watched(self, request_ids: Iterable[str]) -> frozenset[str]:
        """The participants whose time changes, and those with whom they share a rule."""
        if self.ground.problem.max_idle_difference is not None:
            return frozenset(self.ground.participants)
        names = {name for one in request_ids for name in (one, *self.ground.requests[one].participants)}
        linked = {other for name in names for other in self.linked.get(name, ())}
        return frozenset(self.ground.participants.keys() & (names | linked))

    def has_table_rule(self, request_ids: Iterable[str]) -> bool:
        return bool(self.table_ruled) and any(not self.table_ruled.isdisjoint(self._names(one)) for one in request_ids)


def _is_always_there(one: Participant) -> bool:
    comes_and_goes = one.arrives is not None or one.leaves is not None or one.unavailable
    return not comes_and_goes and not one.capacity_at and one.capacity > 0


def _verdict(changes: Sequence[tuple[Goal, int]]) -> Verdict:
    """The first band in which the sum changes decides."""
    for _, band in groupby(changes, key=lambda change: change[0].band):
        total = sum(goal.weight * change for goal, change in band)
        if total:
            return Verdict.WORSE if total > 0 else Verdict.BETTER
    return Verdict.FREE
