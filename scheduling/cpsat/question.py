"""A yes-or-no question to the exact model, asked in a thread of its own."""

import math
import threading
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from scheduling.cpsat.solver import settle_accounts, solver_for
from scheduling.run import Run


@dataclass(slots=True)
class Question:
    """Whether a model, which already excludes all that is not better, has any solution; asked in a thread of its own.

    Core-guided (Morgado, Dodaro, Marques-Silva: Core-guided MaxSAT with soft cardinality constraints, CP 2014): the
    bound rises from contradiction to contradiction, so that even a question without an answer has said something.
    `value`: what everything in the model is cheaper than.
    """

    model: cp_model.CpModel
    value: int
    solver: cp_model.CpSolver = field(init=False)
    bound: int = 0
    status: cp_model.CpSolverStatus | None = None
    thread: threading.Thread = field(init=False)

    def ask(self, run: Run, *, workers: int) -> None:
        """Start; what is left of the run is the limit, `bound` rises meanwhile."""
        self.solver = solver_for(run, workers=workers)
        self.solver.parameters.optimize_with_core = True
        self.solver.parameters.linearization_level = 0
        self.solver.best_bound_callback = self._hear_bound
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        self.status = self.solver.solve(self.model)

    def _hear_bound(self, bound: float) -> None:
        self.bound = max(self.bound, math.ceil(bound - 1e-6))

    def is_over(self, patience: float) -> bool:
        """Wait up to so many seconds for the end of it."""
        self.thread.join(patience)
        return not self.thread.is_alive()

    @property
    def proven(self) -> int:
        """No timetable at all is cheaper than this, as far as is proven by now."""
        return self.value if self.status == cp_model.INFEASIBLE else min(self.bound, self.value)

    @property
    def has_answer(self) -> bool:
        """Whether a solution was found; read it from `solver`."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    def drop(self, run: Run) -> None:
        """Stop looking, wait for the thread to end, and take what it did off the run."""
        self.solver.stop_search()
        self.thread.join()
        settle_accounts(run, self.solver, self.status)
