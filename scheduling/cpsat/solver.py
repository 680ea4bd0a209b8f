"""How a call of CP-SAT is set up, and what it means for the run that it belongs to."""

import math

from ortools.sat.python import cp_model

from scheduling.run import Run

_SETTLED = frozenset({cp_model.OPTIMAL, cp_model.INFEASIBLE})


def new_solver(seconds: float, *, workers: int = 1, seed: int = 1) -> cp_model.CpSolver:
    """A solver with a limit of wall time that leaves Ctrl-C to whoever runs it."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.catch_sigint_signal = False
    return solver


def solver_for(run: Run, *, workers: int) -> cp_model.CpSolver:
    """A solver that keeps to what is left of the run, in time and in work."""
    solver = new_solver(run.left, workers=workers, seed=run.seed)
    if run.effort < math.inf:
        solver.parameters.max_deterministic_time = max(0.0, run.effort)
    return solver


def settle_accounts(run: Run, solver: cp_model.CpSolver, status: cp_model.CpSolverStatus | None) -> None:
    """Take the work of a call that is over off the run's; an end that was no proof and before its time is chance."""
    done = solver.deterministic_time
    if solver.parameters.num_workers > 1 or (status not in _SETTLED and done < run.effort):
        run.is_repeatable = False
    run.effort -= done
