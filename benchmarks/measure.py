"""How long timetables of several sizes take and how good they are: `python -m benchmarks.measure 75 900 5000`."""

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

from benchmarks.events import SIZES, event
from scheduling.check import check
from scheduling.engine import solve
from scheduling.problem import GoalName


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: what was asked, what came out, how long it took (wall clock, everything included)."""

    meetings: int
    slots: int
    placed: int
    idle_slots: int
    proven: bool
    broken_rules: int
    seconds: float


def measure(name: str, *, seconds: float, workers: int, seed: int) -> Measured:
    """The goals up to guests' waiting, as in the published figures."""
    problem = event(SIZES[name], seed=seed)
    problem = replace(problem, goals=tuple(goal for goal in problem.goals if goal.band <= 40))
    began = time.perf_counter()
    solution = solve(problem, seconds=seconds, workers=workers, seed=seed)
    took = time.perf_counter() - began
    values = {bill.goal: bill.value for bill in solution.bills}
    return Measured(
        meetings=len(problem.requests),
        slots=len(problem.slots),
        placed=solution.placed,
        idle_slots=values[GoalName.GUEST_IDLE_SLOTS],
        proven=solution.outcome == "optimal",
        broken_rules=len(check(problem, solution.meetings)),
        seconds=round(took, 1),
    )


def machine() -> str:
    hardware = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    return f"{hardware}, Python {platform.python_version()}, OR-Tools {version('ortools')}, numba {version('numba')}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", choices=sorted(SIZES))
    parser.add_argument("--time", type=float, default=240.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = [measure(name, seconds=chosen.time, workers=chosen.workers, seed=chosen.seed) for name in chosen.sizes]
    if chosen.json:
        json.dump({"machine": machine(), "rows": [asdict(row) for row in rows]}, sys.stdout, indent=1)
        return
    print(machine())
    print("| meetings | slots | placed | idle slots | proven | broken rules | seconds |\n|---|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(str(value) for value in asdict(row).values()) + " |")


if __name__ == "__main__":
    main()
