"""How many requests can be placed at all: the exact model with that one question."""

from collections.abc import Iterable

from ortools.sat.python import cp_model

from scheduling.cpsat.hard import HARD
from scheduling.cpsat.variables import MeetingVars
from scheduling.facts import Facts
from scheduling.solution import Meeting


def most_placed(facts: Facts, hint: Iterable[Meeting], *, seconds: float) -> tuple[int, bool]:
    """The largest number of requests that fit by time and number of tables, and whether that is proven."""
    model = cp_model.CpModel()
    meetings = MeetingVars(model, facts, facts.starts)
    for hard in HARD:
        hard(model, meetings)
    model.maximize(cp_model.LinearExpr.sum([meetings.placed(one) for one in facts.problem.requests]))
    position = facts.timeline.position
    placed = {(one.request_id, position.get(one.slot_id)) for one in hint}
    for request_id, starts in meetings.start.items():
        for place, literal in starts.items():
            model.add_hint(literal, (request_id, place) in placed)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    found = round(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else 0
    return found, status == cp_model.OPTIMAL
