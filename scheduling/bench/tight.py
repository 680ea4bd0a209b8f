"""Problems without a complete timetable, made from problems that have one by forbidding slots at random.

The rule: all pairs of a participant and a slot are shuffled by the seed. The shortest beginning of that list that,
forbidden, leaves no complete timetable is forbidden. Whether there is one is asked of CP-SAT (each request exactly
once, nobody in two places, tables enough, orders kept; nothing about waiting), and a question that is not answered in
time counts as yes. In instances of even number the pairs that leave every participant as many slots as it has requests
come first, so that what makes them impossible is seldom one participant alone; those of odd number do not care.
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scheduling import format as documents
from scheduling.bench.plain import Plain
from scheduling.bench.rows import read_task
from scheduling.bench.sources import problem_of
from scheduling.problem import Goal, GoalName, Problem, Slot

QUESTION_SECONDS = 10.0
GOALS = (Goal(GoalName.WEIGHT_UNPLACED, 20),)
Pair = tuple[str, str]


def over_constrained(problem: Problem, *, number: int, seed: int) -> Problem:
    """The problem with as many slots forbidden as it takes; its only goal is to place as much as possible.

    ValueError when nothing is wished for, so that there is always a complete timetable.
    """
    problem = replace(problem, goals=GOALS)
    pairs = _pairs(problem, random.Random(seed), harmless_first=number % 2 == 0)
    fewest, most = 0, len(pairs)
    if not problem.requests:
        raise ValueError("without requests every timetable is complete")
    while fewest < most:
        middle = (fewest + most) // 2
        if is_complete_possible(_forbidden(problem, pairs[:middle])):
            fewest = middle + 1
        else:
            most = middle
    return _forbidden(problem, pairs[:most])


def _pairs(problem: Problem, chance: random.Random, *, harmless_first: bool) -> list[Pair]:
    plain = Plain(problem)
    there = {
        one: [slot.id for slot in problem.slots if plain.room(one, slot)] for one, wanted in plain.of.items() if wanted
    }
    pairs = [(one, slot) for one, slots in there.items() for slot in slots]
    chance.shuffle(pairs)
    if not harmless_first:
        return pairs
    spare = {one: len(slots) - len(plain.of[one]) for one, slots in there.items()}
    kept: list[Pair] = []
    others: list[Pair] = []
    for one, slot in pairs:
        spare[one] -= 1
        (kept if spare[one] >= 0 else others).append((one, slot))
    return kept + others


def _forbidden(problem: Problem, pairs: Sequence[Pair]) -> Problem:
    away: dict[str, set[str]] = {one.id: set() for one in problem.participants}
    for one, slot in pairs:
        away[one].add(slot)
    participants = tuple(replace(one, unavailable=one.unavailable | away[one.id]) for one in problem.participants)
    return replace(problem, participants=participants)


def is_complete_possible(problem: Problem) -> bool:
    """Whether CP-SAT finds a place for every request, or does not know after QUESTION_SECONDS."""
    from ortools.sat.python import cp_model

    from scheduling.bench.naive import Naive

    plain = Plain(problem)
    if not all(plain.starts.values()) or any(_is_short(plain, one, problem.slots) for one in plain.of):
        return False
    naive = Naive(replace(problem, goals=GOALS, max_idle_difference=None))
    for request, places in naive.plain.starts.items():
        naive.model.add_exactly_one(naive.at[request, place] for place in places)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = QUESTION_SECONDS
    return bool(solver.solve(naive.model) != cp_model.INFEASIBLE)


def _is_short(plain: Plain, one: str, slots: Sequence[Slot]) -> bool:
    return sum(plain.room(one, slot) for slot in slots) < len(plain.of[one])


def main(task: str, number: str, target: str) -> int:
    """Write the over-constrained problem made of that of a task (as JSON) to the file `target`."""
    source = read_task(json.loads(task))
    made = over_constrained(problem_of(source), number=int(number), seed=source.seed)
    Path(target).write_text(documents.write(made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
