"""Random timetables for tiny events: one that keeps every rule, and one that need not."""

from random import Random

from scheduling.problem import Problem
from scheduling.solution import Meeting
from tests.scheduling import brute


def laid_out(random: Random, problem: Problem) -> tuple[Meeting, ...]:
    """Meetings put down one after the other, where nothing forbids it."""
    laid: tuple[Meeting, ...] = ()
    for request in problem.requests:
        slot, table = random.choice(problem.slots), random.choice(problem.tables)
        more = (*laid, Meeting(request.id, slot.id, table.id))
        laid = more if brute.is_valid(problem, more) else laid
    return laid


def scribbled(random: Random, problem: Problem) -> tuple[Meeting, ...]:
    """Meetings put down anywhere."""
    return tuple(
        Meeting(request.id, random.choice(problem.slots).id, random.choice(problem.tables).id)
        for request in problem.requests
        if random.random() < 0.8
    )
