"""Small problems band after band: the exact model as it is, without the help that large ones need."""

import math
import threading
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from scheduling.bands import Band, Found, bands
from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.model import ExactModel
from scheduling.cpsat.solver import settle_accounts, solver_for
from scheduling.facts import Facts
from scheduling.run import Run
from scheduling.solution import Meeting
from scheduling.timetable import Timetable

LOOK_EVERY = 0.05  # seconds between two looks at the stop button


def settle(facts: Facts, run: Run, incumbent: tuple[Meeting, ...]) -> Found:
    """The best times, starting from a timetable that breaks no rule; tables are only counted, and guessed.

    All goals of the problem have to be about times. Bands that the time did not suffice for have no bound.
    """
    found = Found(incumbent)
    model = _Model(facts, run)
    for band in bands(facts.problem):
        if run.is_over():
            break
        model.lower(band, found)
    return found


class _Model(ExactModel):
    """The exact model and what has been settled in it."""

    def __init__(self, facts: Facts, run: Run) -> None:
        super().__init__(facts, facts.starts, with_seats=False)
        self.run = run

    def lower(self, band: Band, found: Found) -> None:
        """Make the band as cheap as it can be, and keep it so."""
        cost = self._cost(band, found.meetings)
        amount = cp_model.LinearExpr.sum([goal.weight * TIME_GOALS[goal.name](self.meetings) for goal in band.goals])
        bound = 0
        if cost:
            self.model.minimize(amount)
            self.hint_times(found.meetings)
            call = _Call(self.model, self.run)
            call.wait()
            self.model.clear_objective()  # type: ignore[no-untyped-call]
            bound = call.bound
            if call.has_answer:
                found.meetings = self.read(call.solver.boolean_value)
                cost = self._cost(band, found.meetings)
        found.bounds[band.number] = bound
        self.model.add(amount <= cost)
        self.run.report(self._timetable(found.meetings), band.goals[0].name, cost, bound)

    def _cost(self, band: Band, meetings: tuple[Meeting, ...]) -> int:
        return band.cost(self._timetable(meetings))

    def _timetable(self, meetings: tuple[Meeting, ...]) -> Timetable:
        return Timetable(self.facts.ground, meetings)


@dataclass(slots=True)
class _Call:
    """One call of CP-SAT in a thread of its own, so that the caller's thread can look at the stop button."""

    model: cp_model.CpModel
    run: Run
    solver: cp_model.CpSolver = field(init=False)
    status: cp_model.CpSolverStatus | None = None
    has_answer: bool = False
    bound: int = 0

    def wait(self) -> None:
        self.solver = solver_for(self.run, workers=self.run.workers)
        thread = threading.Thread(target=self._work, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(LOOK_EVERY)
            if self.run.is_over():
                self.solver.stop_search()
        settle_accounts(self.run, self.solver, self.status)

    def _work(self) -> None:
        self.status = self.solver.solve(self.model)
        self.has_answer = self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        if self.has_answer:
            self.bound = max(0, math.ceil(self.solver.best_objective_bound - 1e-6))
