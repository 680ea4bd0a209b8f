"""Whether some requests can all be placed: the exact model's yes or no."""

import time
from collections.abc import Collection, Iterable, Mapping

from ortools.sat.python import cp_model

from scheduling.cpsat.placing import Placing, can_seat, seatings
from scheduling.cpsat.solver import new_solver
from scheduling.facts import Facts
from scheduling.problem import Problem
from scheduling.solution import Meeting


class OutOfTime(Exception):
    """The answer was not known at the deadline."""


def fits(problem: Problem, wanted: Collection[str], deadline: float) -> bool:
    """Whether one timetable holds all the `wanted` requests; the others of the problem may be in it or not.

    `deadline` is a time of the monotonic clock; raises OutOfTime when it passes, or when tables decide and are too many
    for the exact model.
    """
    facts = Facts(problem)
    if not all(facts.starts[one] for one in wanted):
        return False
    found = _asked(Placing(facts, facts.starts, with_seats=False), wanted, deadline)
    if found is None:
        return False
    if is_seated(facts, found, wanted, deadline):
        return True
    if not can_seat(facts):
        raise OutOfTime
    return _asked(Placing(facts, facts.starts, with_seats=True), wanted, deadline) is not None


def _asked(model: Placing, wanted: Collection[str], deadline: float) -> tuple[Meeting, ...] | None:
    for request_id in wanted:
        model.model.add_bool_or(model.meetings.start[request_id].values())
    solver, status = model.minimise(0, (), _in_time(deadline))
    if status == cp_model.INFEASIBLE:
        return None
    if status == cp_model.UNKNOWN:
        raise OutOfTime
    return model.read(solver.boolean_value)


def is_seated(facts: Facts, meetings: tuple[Meeting, ...], wanted: Collection[str], deadline: float) -> bool:
    """Whether tables are found for these times, for all that are wanted."""
    return any(set(wanted) <= {one.request_id for one in seated} for seated in seatings(facts, meetings, deadline))


class Largest:
    """The exact model without tables, asked again and again which of some requests go together."""

    def __init__(self, problem: Problem, wanted: Iterable[str]) -> None:
        self.facts = Facts(problem)
        self.wanted = tuple(wanted)
        self.model = Placing(self.facts, self.facts.starts, with_seats=False)

    def around(self, chosen: Collection[str], weights: Mapping[str, int], deadline: float) -> frozenset[str] | None:
        """Requests that one timetable holds, `chosen` among them, of as much weight as was found; None when the chosen
        do not go together. Raises OutOfTime."""
        most = 1 + sum(weights.values())
        worth = [
            (most if one in chosen else weights[one]) * self.model.meetings.placed(self.facts.ground.requests[one])
            for one in self.wanted
        ]
        solver, status = self.model.minimise(-cp_model.LinearExpr.sum(worth), (), _in_time(deadline))
        if status == cp_model.UNKNOWN:
            raise OutOfTime
        meetings = self.model.read(solver.boolean_value)
        together = frozenset(one.request_id for one in meetings).intersection(self.wanted)
        if together.issuperset(chosen) and is_seated(self.facts, meetings, together, deadline):
            return together
        return frozenset(chosen) if fits(self.facts.problem, chosen, deadline) else None


def fewest_hits(groups: Iterable[Collection[str]], deadline: float) -> tuple[str, ...]:
    """The smallest set with a member in each of the groups. Raises OutOfTime, also for a group without members."""
    groups = [sorted(group) for group in groups]
    if not groups:
        return ()
    model = cp_model.CpModel()
    names = sorted({one for group in groups for one in group})
    chosen = {one: model.new_bool_var(one) for one in names}
    for group in groups:
        model.add_bool_or(chosen[one] for one in group)
    model.minimize(cp_model.LinearExpr.sum(list(chosen.values())))
    solver = new_solver(_in_time(deadline) - time.monotonic())
    if solver.solve(model) != cp_model.OPTIMAL:
        raise OutOfTime
    return tuple(one for one in names if solver.boolean_value(chosen[one]))


def _in_time(deadline: float) -> float:
    if time.monotonic() >= deadline:
        raise OutOfTime
    return deadline
