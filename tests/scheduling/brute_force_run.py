"""Thousands of random tiny events against brute force: `python -m tests.scheduling.brute_force_run 5000 --seed 1`."""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from scheduling.engine import solve
from scheduling.explain import explain
from scheduling.problem import Problem
from scheduling.solution import Meeting, Progress, Solution
from tests.scheduling.judging import Judge, Listener
from tests.scheduling.random_problems import KINDS, tiny
from tests.scheduling.random_timetables import scribbled

SECONDS = 60.0  # far more than a tiny event needs
REMEDY_SECONDS = 60.0


@dataclass(slots=True)
class Row:
    """One kind of rule: how many events, how much was explained, how often the tables were the best, too."""

    kind: str
    problems: int = 0
    unplaced: int = 0
    reasons: int = 0
    remedies: int = 0
    best_seats: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def examine(problem: Problem, seed: int, row: Row) -> None:
    """Solve with time, without time and from a hint; explain; write every disagreement into the row."""
    began = time.process_time()
    judge, faults = Judge(problem), list[str]()
    told = list[Progress]()
    workers = 2 if seed % 4 == 0 else 1
    full = solve(
        problem, seconds=SECONDS, workers=workers, seed=seed, hint=hint(problem, seed), on_progress=told.append
    )
    faults += [*judge.untrue(full), *judge.unproven(full)]
    faults += judge.untrue_progress(told)
    faults += [f"cut short: {fault}" for fault in judge.untrue(cut_short(problem, seed))]
    reasons = explain(problem, full.meetings, seconds=REMEDY_SECONDS)
    faults += Listener(problem, full.meetings).untrue(reasons)
    row.problems += 1
    row.unplaced += full.wanted - full.placed
    row.reasons += len(reasons)
    row.remedies += len({(one.code, one.subjects, one.slot_ids) for reason in reasons for one in reason.remedies})
    row.best_seats += judge.seats_are_best(full)
    row.seconds += time.process_time() - began
    row.faults += [f"{row.kind} {seed}: {fault}" for fault in faults]


def hint(problem: Problem, seed: int) -> tuple[Meeting, ...] | None:
    """Every third run starts from scribble."""
    return scribbled(Random(seed), problem) if seed % 3 == 0 else None


def cut_short(problem: Problem, seed: int) -> Solution:
    """Stopped after a number of looks at the button that depends on the seed."""
    looks = iter(range(seed % 12))
    return solve(problem, seconds=SECONDS, workers=1, seed=seed, should_stop=lambda: next(looks, None) is None)


def rows(number: int, first: int, kinds: list[str]) -> Iterator[Row]:
    """`number` events shared evenly by the kinds, one row each."""
    for place, kind in enumerate(kinds):
        row = Row(kind)
        for seed in range(first, first + number // len(kinds) + (place < number % len(kinds))):
            examine(tiny(kind, seed), seed, row)
        yield row


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problems", type=int)
    parser.add_argument("--seed", type=int, default=1, help="number of the first event of each kind")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="only these kinds")
    chosen = parser.parse_args(arguments)
    heads = (
        f"{'problems':>9}{'agreed':>8}{'disagreed':>10}{'unplaced':>9}{'reasons':>8}{'remedies':>9}{'best seats':>11}"
    )
    line(f"{'kind of rule':28}{heads}{'s':>7}")
    whole = Row("all")
    for row in rows(chosen.problems, chosen.seed, chosen.kind or list(KINDS)):
        show(row)
        for name in ("problems", "unplaced", "reasons", "remedies", "best_seats", "seconds", "faults"):
            setattr(whole, name, getattr(whole, name) + getattr(row, name))
    show(whole)
    for fault in whole.faults:
        line(fault)
    return int(bool(whole.faults))


def line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show(row: Row) -> None:
    wrong = len({fault.split(":")[0] for fault in row.faults})
    judged = f"{row.problems:>9}{row.problems - wrong:>8}{wrong:>10}"
    told = f"{row.unplaced:>9}{row.reasons:>8}{row.remedies:>9}{row.best_seats:>11}"
    line(f"{row.kind:28}{judged}{told}{row.seconds:>7.1f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
