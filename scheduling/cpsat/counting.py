"""A bound from counting alone: participants of one kind are exchangeable, and tables limit how many meet in a slot.

Forgets who meets whom. What is left is a small integer program: how many participants of each kind (as many slots of
meetings, the same slots possible) are busy in which pattern of slots. Where tables are tight this gives the optimum at
once, and models with a literal for each meeting do not see it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ortools.sat.python import cp_model

from scheduling.bands import Band
from scheduling.cpsat.solver import settle_accounts, solver_for
from scheduling.facts import Facts
from scheduling.problem import GoalName, Participant, Request, Side
from scheduling.run import Run
from scheduling.timeline import Timeline

GUEST_GOALS = frozenset({GoalName.GUEST_IDLE_SLOTS, GoalName.GUEST_IDLE_PERIODS})
HOST_GOALS = frozenset({GoalName.HOST_IDLE_SLOTS})
IDLE_GOALS = GUEST_GOALS | HOST_GOALS
MOST_PATTERNS = 300  # of one kind; dearer ones are stood in for by one that takes no table
MOST_LEVELS = 8
SECONDS = 3.0

Pattern = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Participants that differ only by name: prices of waiting, slots they are busy in all, where that may be."""

    price_slot: int
    price_period: int
    busy: int
    possible: Pattern


def counting_bound(facts: Facts, band: Band, run: Run) -> int:
    """What the idle goals of the band cost at least, in its weights, in any timetable that places every request.

    0 where counting says nothing. Source: own; the linear part is the relaxation that the published models of the
    B2B scheduling problem (Bofill et al., JAIR 74, 2022) state as an implied constraint on tables.
    """
    kinds = Counter(kind for kind in _kinds(facts, band) if kind.price_slot or kind.price_period)
    if not kinds:
        return 0
    model = cp_model.CpModel()
    coming: list[list[cp_model.IntVar]] = [[] for _ in facts.timeline.slots]
    costs: list[cp_model.LinearExpr] = []
    for kind, number in kinds.items():
        chosen = []
        for pattern, cost in _patterns(facts.timeline, kind):
            count = model.new_int_var(0, number, "")
            chosen.append(count)
            costs.append(cost * count)
            for place in pattern:
                coming[place].append(count)
        model.add(cp_model.LinearExpr.sum(chosen) == number)
    for counts, places in zip(coming, _places(facts, band), strict=True):
        model.add(cp_model.LinearExpr.sum(counts) <= places)
    model.minimize(cp_model.LinearExpr.sum(costs))
    with run.at_most(SECONDS):
        return _bound(model, run)


def _bound(model: cp_model.CpModel, run: Run) -> int:
    solver = solver_for(run, workers=1)
    status = solver.solve(model)
    settle_accounts(run, solver, status)
    return max(0, round(solver.best_objective_bound)) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else 0


def _kinds(facts: Facts, band: Band) -> Iterator[Kind]:
    """One for each participant who holds one meeting at a time; meetings of the others may overlap."""
    weight = {goal.name: goal.weight for goal in band.goals}
    for one in facts.problem.participants:
        requests = facts.requests_of[one.id]
        if requests and max(facts.room_for[one.id]) <= 1:
            slot, period = _prices(one, weight)
            busy = sum(request.length for request in requests)
            yield Kind(slot, period, busy, _possible(facts, requests))


def _possible(facts: Facts, requests: list[Request]) -> Pattern:
    """The positions in which at least one of the requests could be going on."""
    starts = ((start, request.length) for request in requests for start in facts.starts[request.id])
    return tuple(sorted({place for start, length in starts for place in facts.timeline.covered(start, length)}))


def _prices(one: Participant, weight: dict[GoalName, int]) -> tuple[int, int]:
    if one.side is Side.HOST:
        return weight.get(GoalName.HOST_IDLE_SLOTS, 0), 0
    return weight.get(GoalName.GUEST_IDLE_SLOTS, 0), weight.get(GoalName.GUEST_IDLE_PERIODS, 0)


def _places(facts: Facts, band: Band) -> list[int]:
    """By slot, how many priced participants the tables can seat: those of one meeting at every open table."""
    names = {goal.name for goal in band.goals}
    sides = {side for side in Side if names & (HOST_GOALS if side is Side.HOST else GUEST_GOALS)}
    priced = {one.id for one in facts.problem.participants if one.side in sides}
    most = max(len(priced.intersection(request.participants)) for request in facts.problem.requests)
    return [
        most * sum(table.open_slots is None or slot.id in table.open_slots for table in facts.problem.tables)
        for slot in facts.timeline.slots
    ]


def _patterns(timeline: Timeline, kind: Kind) -> list[tuple[Pattern, int]]:
    """Every pattern up to some cost, and one that takes no table for all dearer ones."""
    step, known = kind.price_slot + kind.price_period, list[tuple[Pattern, int]]()
    for level in range(MOST_LEVELS):
        found = list(islice(_cheap(timeline, kind, level * step), MOST_PATTERNS + 1))
        if len(found) > MOST_PATTERNS:
            return [*known, ((), max(0, (level - 1) * step + 1))]
        known = found
    return [*known, ((), (MOST_LEVELS - 1) * step + 1)]


def _cheap(timeline: Timeline, kind: Kind, most: int) -> Iterator[tuple[Pattern, int]]:
    """The patterns that cost at most so much."""
    open_ends: list[tuple[Pattern, int, int]] = [((), 0, 0)]  # pattern, its cost, next index in `possible`
    while open_ends:
        pattern, cost, index = open_ends.pop()
        if len(pattern) == kind.busy:
            yield pattern, cost
            continue
        for later in range(index, len(kind.possible) - (kind.busy - len(pattern)) + 1):
            place = kind.possible[later]
            dearer = cost + _gap(timeline, kind, pattern, place)
            if dearer <= most:
                open_ends.append(((*pattern, place), dearer, later + 1))


def _gap(timeline: Timeline, kind: Kind, pattern: Pattern, place: int) -> int:
    if not pattern or place == pattern[-1] + 1 or timeline.stretch[pattern[-1]] != timeline.stretch[place]:
        return 0
    return kind.price_slot * (place - pattern[-1] - 1) + kind.price_period
