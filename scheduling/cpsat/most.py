"""How many requests can be placed at all: the exact model with only the goals that decide it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ortools.sat.python import cp_model

from scheduling.annealing import Annealing
from scheduling.bands import Band, bands
from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.placing import Placing, can_seat, seated_simply, seatings
from scheduling.facts import Facts
from scheduling.problem import Goal, GoalName, Problem
from scheduling.run import Run
from scheduling.score import is_promised
from scheduling.shortages import most_by_counting
from scheduling.solution import Meeting, Progress
from scheduling.timetable import Timetable

MOST_CHOICES = 40_000  # pairs of a request and a slot for which the exact model is built
WORTH_INSERTING = 4_000  # pairs; on fewer of them the exact model is as quick as local search
INSERTING_SECONDS = 2.0


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
    condition by slot), and once more with them when the answer cannot be seated as it is. Beyond MOST_CHOICES pairs of
    a request and a slot there is no exact model; the answer is exact there only where counting alone says so.
    """
    deadline = time.monotonic() + seconds
    known = tuple(known)
    found = _most(facts, known, deadline, workers)
    is_better = _value(facts, found.meetings) < _value(facts, known)
    return Most(found.meetings if is_better else known, found.is_exact, is_better)


def _most(facts: Facts, known: tuple[Meeting, ...], deadline: float, workers: int) -> Most:
    """Counting first, then local search where it is the quicker, then the exact model where that can be built."""
    choices = sum(len(starts) for starts in facts.starts.values())
    if not deciding_bands(facts.problem):
        bound = most_by_counting(facts, {one.request_id for one in known})
        if len(known) < bound and choices > WORTH_INSERTING:
            known = _inserted(facts, known, bound, deadline)
        if len(known) >= bound:
            return Most(known, is_exact=True)
    if choices > MOST_CHOICES:
        return Most(known, is_exact=False)
    return _exactly(facts, known, deadline, workers)


def _inserted(facts: Facts, known: tuple[Meeting, ...], bound: int, deadline: float) -> tuple[Meeting, ...]:
    """With requests laid in by chains, until the bound is reached or INSERTING_SECONDS are over."""
    most = [0]

    def hear(progress: Progress) -> None:
        most.append(progress.placed)

    seconds = min(INSERTING_SECONDS, deadline - time.monotonic())
    run = Run(facts.problem, seconds, 1, 1, on_progress=hear, should_stop=lambda: most[-1] >= bound)
    weighing = [goal.band for goal in facts.problem.goals if goal.name is GoalName.WEIGHT_UNPLACED]
    seated = seated_simply(facts, Annealing(facts, run, max(weighing, default=0)).improve(known))
    return seated if len(seated) > len(known) else known


def _exactly(facts: Facts, known: tuple[Meeting, ...], deadline: float, workers: int) -> Most:
    """By the exact model without seats, and with them when its answer cannot be seated."""
    found = _best(Placing(facts, facts.starts, with_seats=False), known, deadline, workers)
    if _value(facts, found.meetings) >= _value(facts, known):
        return Most(known, found.is_exact)
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
        found, bound = _bounded(model.facts, known, deadline, workers)
        if bound <= len(known):
            return Most(known, is_exact=True)
        model.model.add_linear_constraint(model.placed, len(known) + 1, bound)
    for number, step in enumerate((*steps, -model.placed)):
        solver, status = model.minimise(step, found, deadline, workers)
        if status == cp_model.INFEASIBLE:
            return Most(known, is_exact=True)
        if status == cp_model.UNKNOWN or (status != cp_model.OPTIMAL and number < len(steps)):
            return Most(known, is_exact=False)
        found = model.read(solver.boolean_value)
        model.model.add(step <= round(solver.objective_value))
    return Most(found, is_exact=status == cp_model.OPTIMAL)


def _bounded(
    facts: Facts, known: tuple[Meeting, ...], deadline: float, workers: int
) -> tuple[tuple[Meeting, ...], int]:
    """Where guests' waiting is limited: what could be placed if it were not, as a hint and a bound, both soon found."""
    everything = _counted(facts, known)
    if facts.problem.max_idle_difference is None:
        return known, everything
    easier = Facts(replace(facts.problem, max_idle_difference=None))
    free = _best(Placing(easier, easier.starts, with_seats=False), known, deadline, workers)
    return free.meetings, free.placed if free.is_exact else everything


def _counted(facts: Facts, known: tuple[Meeting, ...]) -> int:
    return most_by_counting(facts, {one.request_id for one in known})


def _amount(model: Placing, band: Band) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.sum([goal.weight * TIME_GOALS[goal.name](model.meetings) for goal in band.goals])
