"""Random tiny events with something published, and with what happens on the day."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from scheduling import disturbances
from scheduling.faults import BadProblem, faults
from scheduling.problem import Problem
from tests.scheduling import brute
from tests.scheduling.random_problems import tiny
from tests.scheduling.random_timetables import scribbled

MOST_HAPPENINGS = 3


def disturbed(kind: str, seed: int) -> Problem:
    """An event of the kind, published well, badly or anyhow, after up to three things have happened; without faults."""
    random = Random(f"{kind} on the day {seed}")
    while True:
        problem = _published(random, tiny(kind, seed))
        for _ in range(random.randint(0, MOST_HAPPENINGS)):
            problem = _happening(random, problem)
        if not faults(problem):
            return problem


def _published(random: Random, problem: Problem) -> Problem:
    if problem.previous:
        return problem
    if random.random() < 0.3:
        return replace(problem, previous=scribbled(random, problem))
    return replace(problem, previous=brute.best(problem)[1])


def _happening(random: Random, problem: Problem) -> Problem:
    """The problem as it was, when what was drawn cannot happen to it."""
    try:
        return random.choice(HAPPENINGS)(random, problem)
    except (BadProblem, ValueError, IndexError):
        return problem


def _begun(random: Random, problem: Problem) -> Problem:
    return disturbances.begun(problem, random.choice(problem.slots[:-1]).id)


def _absent(random: Random, problem: Problem) -> Problem:
    slot = random.choice([None, *(slot.id for slot in problem.slots)])
    return disturbances.absent(problem, random.choice(problem.participants).id, slot)


def _late(random: Random, problem: Problem) -> Problem:
    return disturbances.late(problem, random.choice(problem.participants).id, random.choice(problem.slots).id)


def _table_lost(random: Random, problem: Problem) -> Problem:
    slot = random.choice([None, *(slot.id for slot in problem.slots)])
    return disturbances.table_lost(problem, random.choice(problem.tables).id, slot)


def _withdrawn(random: Random, problem: Problem) -> Problem:
    return disturbances.withdrawn(problem, random.choice(problem.requests).id)


def _swapped(random: Random, problem: Problem) -> Problem:
    first, second = random.sample([one.request_id for one in problem.previous], 2)
    return disturbances.swapped(problem, first, second)


def _promised(random: Random, problem: Problem) -> Problem:
    requests = (replace(one, is_mandatory=random.random() < 0.7) for one in problem.requests)
    return replace(problem, requests=tuple(requests))


HAPPENINGS: tuple[Callable[[Random, Problem], Problem], ...] = (
    _begun,
    _absent,
    _late,
    _table_lost,
    _withdrawn,
    _swapped,
    _promised,
)
