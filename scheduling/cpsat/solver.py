"""How a call of CP-SAT is set up."""

from ortools.sat.python import cp_model


def new_solver(seconds: float, *, workers: int = 1, seed: int = 1) -> cp_model.CpSolver:
    """A solver with a limit of wall time that leaves Ctrl-C to whoever runs it."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.catch_sigint_signal = False
    return solver
