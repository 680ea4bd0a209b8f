"""What is untrue in a solution or an explanation, judged by trying every timetable there is."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from scheduling.check import check
from scheduling.problem import GoalName, Participant, Problem, Slot, Table
from scheduling.score import score
from scheduling.solution import Meeting, Outcome, Reason, Remedy, Solution
from tests.scheduling import brute

SEAT_GOALS = frozenset({GoalName.SOFT_TABLE_RULES, GoalName.HOST_TABLE_CHANGES, GoalName.GUEST_ROOM_CHANGES})


@dataclass(frozen=True)
class Judge:
    """Knows the best timetable of a tiny problem; every complaint is a line of text."""

    problem: Problem

    @cached_property
    def best(self) -> tuple[tuple[int, ...], tuple[Meeting, ...]]:
        return brute.best(self.problem)

    @property
    def optimum(self) -> tuple[int, ...]:
        return self.best[0]

    @cached_property
    def bands(self) -> list[int]:
        return sorted({goal.band for goal in self.problem.goals})

    @cached_property
    def seat_bands(self) -> set[int]:
        """Those in which nothing but tables counts: polished, not proven."""
        times = {goal.band for goal in self.problem.goals if goal.name not in SEAT_GOALS}
        return set(self.bands) - times

    @cached_property
    def proven_bands(self) -> list[int]:
        """Those before the first in which tables count: always proven when there is time."""
        seats = {goal.band for goal in self.problem.goals if goal.name in SEAT_GOALS}
        return list(takewhile(lambda band: band not in seats, self.bands))

    def untrue(self, solution: Solution) -> Iterator[str]:
        """Everything that the solution says or does and that is not so, however little time it had."""
        violations = check(self.problem, solution.meetings)
        if violations or not brute.is_valid(self.problem, solution.meetings):
            yield f"not valid: {violations}"
        else:
            yield from self._untrue_bills(solution)
            yield from self._untrue_bounds(solution)
            yield from self._untrue_outcome(solution)

    def _untrue_bills(self, solution: Solution) -> Iterator[str]:
        true = brute.values(self.problem, solution.meetings)
        wanted = [(goal.name, goal.band, goal.weight, true[goal.name]) for goal in self.problem.goals]
        if sorted((one.goal, one.band, one.weight, one.value) for one in solution.bills) != sorted(wanted):
            yield "the bills are wrong"
        scored = score(self.problem, solution.meetings)
        if [(one.goal, one.band, one.weight, one.value) for one in scored] != wanted:
            yield "the score is wrong"

    def _untrue_bounds(self, solution: Solution) -> Iterator[str]:
        for band, optimum, bound in self._bounds(solution):
            if bound > optimum:
                yield f"band {band}: bound {bound} above the optimum {optimum}"
        for bill in solution.bills:
            if bill.bound is not None and bill.bound > bill.value:
                yield f"{bill.goal}: bound {bill.bound} above the value {bill.value}"

    def _untrue_outcome(self, solution: Solution) -> Iterator[str]:
        goals = tuple(goal for goal in self.problem.goals if goal.band not in self.seat_bands)
        about_times = replace(self.problem, goals=goals)
        cost, least = brute.costs(about_times, solution.meetings), brute.best(about_times)[0]
        if solution.outcome is Outcome.OPTIMAL and cost != least:
            yield f"called optimal at {cost} where {least} is possible"
        broken = brute.values(self.problem, self.best[1])[GoalName.MANDATORY_UNPLACED]
        if solution.outcome is Outcome.INFEASIBLE and not broken:
            yield "called infeasible where all that was promised can be placed"

    def unproven(self, solution: Solution) -> Iterator[str]:
        """What is missing in a solution that had all the time in the world."""
        cost = brute.costs(self.problem, solution.meetings)
        for value, (band, optimum, bound) in zip(cost, self._bounds(solution), strict=True):
            if band in self.proven_bands and not value == bound == optimum:
                yield f"band {band}: value {value}, bound {bound} where {optimum} is the optimum"
        promised = next((bill.value for bill in solution.bills if bill.goal == GoalName.MANDATORY_UNPLACED), 0)
        are_apart = set(self.proven_bands) | self.seat_bands == set(self.bands)
        if are_apart and solution.outcome is not (Outcome.INFEASIBLE if promised else Outcome.OPTIMAL):
            yield f"{solution.outcome} in spite of all the time"

    def _bounds(self, solution: Solution) -> Iterator[tuple[int, int, int]]:
        """Number, true optimum and claimed bound of each band."""
        for band, optimum in zip(self.bands, self.optimum, strict=True):
            yield band, optimum, sum(one.weight * (one.bound or 0) for one in solution.bills if one.band == band)

    def seats_are_best(self, solution: Solution) -> bool:
        """Whether even the goals about tables are as low as they can be."""
        return brute.costs(self.problem, solution.meetings) == self.optimum


@dataclass(frozen=True)
class Listener:
    """Checks what is said about the requests that a valid timetable leaves out."""

    problem: Problem
    meetings: tuple[Meeting, ...]

    def untrue(self, reasons: Sequence[Reason]) -> Iterator[str]:
        """Each sentence that is not so."""
        placed = {one.request_id for one in self.meetings}
        if [one.request_id for one in reasons] != [one.id for one in self.problem.requests if one.id not in placed]:
            yield "not one reason for each unplaced request"
        for reason in reasons:
            yield from (f"{reason.request_id} {reason.code}: {fault}" for fault in self._untrue_reason(reason))
        remedies = {(one.code, one.subjects, one.slot_ids): one for reason in reasons for one in reason.remedies}
        for remedy in remedies.values():
            true = self._gain(remedy)
            if remedy.gain != true if remedy.is_exact else remedy.gain > true:
                yield f"{remedy.code} {remedy.subjects} {remedy.slot_ids}: gain {remedy.gain}, in truth {true}"

    def _untrue_reason(self, reason: Reason) -> Iterator[str]:
        free = self._free_slots(reason.request_id)
        if reason.code == "could_be_placed":
            if set(reason.slot_ids) != free:
                yield f"slots {reason.slot_ids} are said to be free, in truth {sorted(free)}"
        elif free:
            yield f"could be placed at {sorted(free)}"
        if reason.code in ("feature_missing", "no_common_slot") and brute.slots_of(self.problem, reason.request_id):
            yield "can be placed"
        look = _LOOKS.get(reason.code)
        if look is not None:
            yield from look(self, reason)

    def _free_slots(self, request_id: str) -> set[str]:
        return {
            slot.id
            for slot in self.problem.slots
            for table in self.problem.tables
            if brute.is_valid(self.problem, (*self.meetings, Meeting(request_id, slot.id, table.id)))
        }

    def lost(self, reason: Reason) -> Iterator[str]:
        weight = {one.id: one.weight for one in self.problem.requests}
        if any(weight[rival] <= weight[reason.request_id] for rival in reason.subjects):
            yield f"{reason.subjects} are not all heavier"

    def full(self, reason: Reason) -> Iterator[str]:
        """So many requests of the participant can lie only in so few places."""
        (one,), counts = reason.subjects, dict(reason.counts)
        inside = set(reason.slot_ids)
        group = [
            request
            for request in self.problem.requests
            if one in request.participants
            and request.length == 1
            and brute.slots_of(self.problem, request.id) <= inside
        ]
        frozen = self.problem.frozen.intersection(request.id for request in group)
        alone = replace(self.problem, requests=tuple(group), pair_rules=(), frozen=frozen)
        if brute.most_placed(alone) > len(group) - counts["over"] or counts["requests"] > len(group):
            yield f"{counts} of {[request.id for request in group]} in {sorted(inside)}"

    def at_maximum(self, reason: Reason) -> Iterator[str]:
        held = Counter(
            one for request in self.problem.requests for one in request.participants if self._holds(request.id)
        )
        maximum = dict(reason.counts)["maximum"]
        if held[reason.subjects[0]] != maximum:
            yield f"{reason.subjects[0]} has {held[reason.subjects[0]]} of {maximum}"

    def _holds(self, request_id: str) -> bool:
        return any(one.request_id == request_id for one in self.meetings)

    def _gain(self, remedy: Remedy) -> int:
        if remedy.code == "solve_again":
            return brute.most_placed(self.problem) - len(self.meetings)
        return brute.most_placed(changed(self.problem, remedy)) - brute.most_placed(self.problem)


_LOOKS = {"lost_to_heavier": Listener.lost, "participant_full": Listener.full, "maximum_reached": Listener.at_maximum}


def changed(problem: Problem, remedy: Remedy) -> Problem:
    """The problem as it would be if the remedy's sentence were made true."""
    slots = [slot for slot in problem.slots if slot.id in remedy.slot_ids]
    if remedy.code == "one_more_slot":
        return _longer(problem)
    if remedy.code == "new_table":
        return replace(problem, tables=(*problem.tables, Table("+1", room="+", features=frozenset(remedy.subjects))))
    if remedy.code == "second_table_for_all":
        everybody = _with(problem, [_roomier(_named(problem, one), problem.slots) for one in remedy.subjects])
        like = problem.tables[-1]
        more = (replace(like, id=f"+{one}", room="+", position=2 * n) for n, one in enumerate(remedy.subjects, start=1))
        return replace(everybody, tables=(*problem.tables, *more))
    one = _named(problem, remedy.subjects[0])
    if remedy.code == "second_table":
        return _with(problem, [_roomier(one, slots)])
    if remedy.code == "higher_maximum":
        return _with(problem, [replace(one, max_meetings=(one.max_meetings or 0) + 1)])
    there = _willing(one, slots[0])
    if remedy.code == "arrive_earlier":
        there = replace(there, arrives=slots[0].start)
    elif remedy.code == "leave_later":
        there = replace(there, leaves=slots[0].end)
    elif remedy.code != "be_available":
        raise ValueError(remedy.code)
    return _with(problem, [there])


def _named(problem: Problem, name: str) -> Participant:
    return next(one for one in problem.participants if one.id == name)


def _with(problem: Problem, new: list[Participant]) -> Problem:
    names = {one.id: one for one in new}
    return replace(problem, participants=tuple(names.get(one.id, one) for one in problem.participants))


def _roomier(one: Participant, slots: Sequence[Slot]) -> Participant:
    more = {slot.id: one.capacity_at.get(slot.id, one.capacity) + 1 for slot in slots}
    return replace(one, capacity_at={**one.capacity_at, **more})


def _willing(one: Participant, slot: Slot) -> Participant:
    room = {**one.capacity_at, slot.id: max(1, one.capacity_at.get(slot.id, one.capacity))}
    return replace(one, unavailable=one.unavailable - {slot.id}, capacity_at=room)


def _longer(problem: Problem) -> Problem:
    last = problem.slots[-1]
    start = last.end + dt.timedelta(minutes=problem.changeover_minutes)
    slot = Slot("+1", start, start + (last.end - last.start), last.block)
    tables = (
        table if table.open_slots is None else replace(table, open_slots=table.open_slots | {"+1"})
        for table in problem.tables
    )
    return replace(problem, slots=(*problem.slots, slot), tables=tuple(tables))
