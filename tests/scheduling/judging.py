"""What is untrue in a solution or an explanation, judged by trying every timetable there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from scheduling.changes import Change, changed
from scheduling.check import check
from scheduling.problem import GoalName, Problem
from scheduling.score import score
from scheduling.solution import Certainty, Meeting, Outcome, Progress, Reason, Remedy, Solution
from tests.scheduling import brute
from tests.scheduling.brute_goals import SEAT_GOALS


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
        seats_are_last = self.proven_bands + sorted(self.seat_bands) == self.bands
        if seats_are_last and solution.outcome is not (Outcome.INFEASIBLE if promised else Outcome.OPTIMAL):
            yield f"{solution.outcome} in spite of all the time"

    def _bounds(self, solution: Solution) -> Iterator[tuple[int, int, int]]:
        """Number, true optimum and claimed bound of each band."""
        for band, optimum in zip(self.bands, self.optimum, strict=True):
            yield band, optimum, sum(one.weight * (one.bound or 0) for one in solution.bills if one.band == band)

    def untrue_progress(self, told: Sequence[Progress]) -> Iterator[str]:
        """What was said on the way about how many requests can be placed at most."""
        if told and min(one.bound for one in told) < brute.most_placed(self.problem):
            yield "progress names a bound below what the best timetable places"
        if any(one.placed > one.wanted for one in told):
            yield "progress places more than is wanted"

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
            if not (remedy.gain == true or (remedy.gain < true and not remedy.is_exact)):
                yield f"{remedy.code} {remedy.subjects} {remedy.slot_ids}: gain {remedy.gain}, in truth {true}"

    def _untrue_reason(self, reason: Reason) -> Iterator[str]:
        free = self._free_slots(reason.request_id)
        if free != (set(reason.slot_ids) if reason.code == "could_be_placed" else set()):
            yield f"could be placed at {sorted(free)}"
        match reason.certainty:
            case Certainty.ALONE if brute.is_ever_placed(self.problem, reason.request_id):
                yield "said to be impossible"
            case Certainty.GROUP:
                most = brute.most_of(self.problem, frozenset(reason.among))
                if most > len(reason.among) - dict(reason.counts)["over"]:
                    yield f"{dict(reason.counts)}: {most} of {reason.among} can be placed"

    def _free_slots(self, request_id: str) -> set[str]:
        return {
            slot.id
            for slot in self.problem.slots
            for table in self.problem.tables
            if brute.is_valid(self.problem, (*self.meetings, Meeting(request_id, slot.id, table.id)))
        }

    def _gain(self, remedy: Remedy) -> int:
        change = Change(remedy.code, remedy.subjects, remedy.slot_ids)
        before = len(self.meetings) if remedy.code == "solve_again" else brute.most_placed(self.problem)
        return brute.most_placed(changed(self.problem, change)) - before
