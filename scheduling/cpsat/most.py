"""How many requests can be placed at all: the exact model with only the goals that decide it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ortools.sat.python import cp_model

from scheduling.bands import Band, bands
from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.placing import Placing, can_seat, seatings
from scheduling.facts import Facts
from scheduling.problem import Goal, GoalName, Problem
from scheduling.score import is_promised
from scheduling.solution import Meeting
from scheduling.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Most:
    """A timetable that keeps every hard rule, and whether it is proven that none is better.

    `is_better` than what was known: that can be so with the same number, when other requests are in it.
    """

    meetings: tuple[Meeting, ...]
    is_exact: bool
    is_better: bool = False

    @property
    def placed(self) -> int:
        """How many meetings it has."""
        return len(self.meetings)


def most_placed(facts: Facts, known: Sequence[Meeting], *, seconds: float, workers: int = 1) -> Most:
    """The timetable that places the most, found within `seconds` of wall time; at worst `known`, which must be valid.

    Timetables are compared by the goals of the problem up to the band of WEIGHT_UNPLACED (mandatory requests, people
    disturbed, weight), then by the number of requests. Goals that cannot vary are left out, and weight too where
    any so many requests weigh more than any fewer. Goals about tables do not count. Asked first without seats (Hall's
    condition by slot), and once more with them when the answer cannot be seated as it is.
    """
    deadline = time.monotonic() + seconds
    known = tuple(known)
    found = _best(Placing(facts, facts.starts, with_seats=False), known, deadline, workers)
    if not found.is_better:
        return found
    for seated in seatings(facts, found.meetings, deadline):
        if _value(facts, seated) == _value(facts, found.meetings):
            return replace(found, meetings=seated)
    if not can_seat(facts):
        return Most(known, is_exact=False)
    return _best(Placing(facts, facts.starts, with_seats=True), known, deadline, workers)


def deciding_bands(problem: Problem) -> list[Band]:
    """The goals about times that come before the number of requests, in order, without those that cannot vary."""
    weighing = [goal.band for goal in problem.goals if goal.name is GoalName.WEIGHT_UNPLACED]
    if not weighing:
        return []
    able = [Band(band.number, tuple(goal for goal in band.goals if _varies(problem, goal))) for band in bands(problem)]
    kept = [band for band in able if band.goals and band.number <= weighing[0]]
    only_weight = bool(kept) and [goal.name for goal in kept[-1].goals] == [GoalName.WEIGHT_UNPLACED]
    return kept[:-1] if only_weight and _number_decides(problem) else kept


def _varies(problem: Problem, goal: Goal) -> bool:
    if goal.name is GoalName.MANDATORY_UNPLACED:
        return any(is_promised(problem, request) for request in problem.requests)
    if goal.name in (GoalName.PEOPLE_DISTURBED, GoalName.MEETINGS_MOVED):
        return bool(problem.previous)
    return goal.weight > 0 and goal.name in TIME_GOALS


def _number_decides(problem: Problem) -> bool:
    """Whether any k requests weigh more than any k - 1."""
    weights = sorted(request.weight for request in problem.requests)
    lightest, heaviest = accumulate(weights), accumulate(weights[::-1], initial=0)
    return all(some > fewer for some, fewer in zip(lightest, heaviest, strict=False))


def _value(facts: Facts, meetings: Sequence[Meeting]) -> tuple[int, ...]:
    timetable = Timetable(facts.ground, meetings)
    return *(band.cost(timetable) for band in deciding_bands(facts.problem)), -len(meetings)


def _best(model: Placing, known: tuple[Meeting, ...], deadline: float, workers: int) -> Most:
    """Band by band; where only the number counts, it is enough to ask for more than is known."""
    steps = [_amount(model, band) for band in deciding_bands(model.facts.problem)]
    found = known
    if not steps:
        found, bound = _bounded(model.facts.problem, known, deadline, workers)
        if bound <= len(known):
            return Most(known, is_exact=True)
        model.model.add_linear_constraint(model.placed, len(known) + 1, bound)
    for number, step in enumerate((*steps, -model.placed)):
        solver, status = model.minimise(step, found, deadline, workers)
        if status == cp_model.INFEASIBLE:
            return Most(known, is_exact=True)
        if status == cp_model.UNKNOWN or (status != cp_model.OPTIMAL and number < len(steps)):
            return Most(known, is_exact=False)
        found = model.read(solver)
        if status != cp_model.OPTIMAL:
            return _against(model.facts, known, Most(found, is_exact=False))
        model.model.add(step <= round(solver.objective_value))
    return _against(model.facts, known, Most(found, is_exact=True))


def _bounded(
    problem: Problem, known: tuple[Meeting, ...], deadline: float, workers: int
) -> tuple[tuple[Meeting, ...], int]:
    """Where guests' waiting is limited: what could be placed if it were not, as a hint and a bound, both soon found."""
    everything = len(problem.requests)
    if problem.max_idle_difference is None:
        return known, everything
    facts = Facts(replace(problem, max_idle_difference=None))
    free = _best(Placing(facts, facts.starts, with_seats=False), known, deadline, workers)
    return free.meetings, free.placed if free.is_exact else everything


def _amount(model: Placing, band: Band) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.sum([goal.weight * TIME_GOALS[goal.name](model.meetings) for goal in band.goals])


def _against(facts: Facts, known: tuple[Meeting, ...], most: Most) -> Most:
    """The new timetable if it is better, else the known one."""
    is_better = _value(facts, most.meetings) < _value(facts, known)
    return replace(most, meetings=most.meetings if is_better else known, is_better=is_better)
