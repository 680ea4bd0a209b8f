"""The exact model asked which requests can be placed: built once, minimised step by step, read with tables."""

import time
from collections.abc import Iterator, Sequence

from ortools.sat.python import cp_model

from scheduling.check import check
from scheduling.cpsat.model import ExactModel
from scheduling.cpsat.solver import new_solver
from scheduling.cpsat.variables import Starts
from scheduling.facts import Facts
from scheduling.seating import seat
from scheduling.solution import Meeting

MOST_SEATS = 60_000  # literals of the exact model of tables
RESEATING_SECONDS = 2.0


class Placing(ExactModel):
    """The exact model with the number of requests that are placed."""

    def __init__(self, facts: Facts, starts: Starts, *, with_seats: bool) -> None:
        super().__init__(facts, starts, with_seats=with_seats)
        self.placed = cp_model.LinearExpr.sum([self.meetings.placed(one) for one in facts.problem.requests])

    def minimise(
        self, step: cp_model.LinearExprT, hint: Sequence[Meeting], deadline: float, workers: int = 1
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """One call of CP-SAT until `deadline` (monotonic clock); the solver and its status."""
        self.model.minimize(step)
        self.hint_times(hint)
        solver = new_solver(deadline - time.monotonic(), workers=workers)
        if self.facts.problem.max_idle_difference is None:  # these three: half the time on events of 150 meetings
            solver.parameters.linearization_level = 2
            solver.parameters.symmetry_level = 0
            solver.parameters.cp_model_probing_level = 0
        return solver, solver.solve(self.model)


def seated_simply(facts: Facts, meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """Tables for meetings at their times by the greedy rule; nothing when that breaks a hard rule."""
    position = facts.timeline.position
    seated = seat(facts, {one.request_id: position[one.slot_id] for one in meetings})
    return () if check(facts.problem, seated) else seated


def seatings(facts: Facts, meetings: Sequence[Meeting], deadline: float) -> Iterator[tuple[Meeting, ...]]:
    """Tables for meetings at their times: by the greedy rule, then as many as the exact model can seat."""
    seated = seated_simply(facts, meetings)
    if seated:
        yield seated
    position = facts.timeline.position
    times = {one.request_id: position[one.slot_id] for one in meetings}
    starts = {one: (times[one],) if one in times else () for one in facts.starts}
    model = Placing(facts, starts, with_seats=True)
    solver, status = model.minimise(-model.placed, (), min(deadline, time.monotonic() + RESEATING_SECONDS))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        yield model.read(solver.boolean_value)


def can_seat(facts: Facts) -> bool:
    """Whether the exact model with a seat for every meeting is small enough to be built."""
    return sum(len(facts.starts[one]) * len(tables) for one, tables in facts.tables.items()) <= MOST_SEATS
