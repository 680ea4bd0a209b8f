"""Every timetable of a tiny event, tried one by one: what is allowed, what it costs, which is the best.

Written from the meaning of the fields alone. It shares no line with the engines, the checker or the scorer, so that
whatever they agree on with it is not one mistake made twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from scheduling.problem import Goal, GoalName, Problem
from scheduling.solution import Meeting
from tests.scheduling.brute_goals import SEAT_GOALS, Bills
from tests.scheduling.brute_rules import Event, Place

Promise = Callable[[tuple[Place, ...], int], bool]
"""Whether what has been placed, with so many requests decided on, is worth going on with."""


def best(problem: Problem) -> tuple[tuple[int, ...], tuple[Meeting, ...]]:
    """The lowest cost by band, in the order of the bands, and one timetable that has it."""
    event = Event(problem)
    bills = Bills(event)
    lowest = [bills.costs(())]
    witness: tuple[Place, ...] = ()  # nobody meets: the one timetable that is always allowed
    for chosen in _timetables(event, lambda some, decided: bills.at_least(some, decided) < lowest[0]):
        cost = bills.costs(chosen)
        if cost < lowest[0]:
            lowest[0], witness = cost, chosen
    return lowest[0], event.meetings(witness)


def all_valid(problem: Problem) -> Iterator[tuple[Meeting, ...]]:
    """Every set of meetings that keeps all hard rules, the empty one among them."""
    event = Event(problem)
    return (event.meetings(chosen) for chosen in _timetables(event, lambda some, decided: True))


def is_valid(problem: Problem, meetings: Sequence[Meeting]) -> bool:
    """Whether this set of meetings keeps all hard rules."""
    event = Event(problem)
    chosen = event.places(meetings)
    return chosen is not None and event.is_allowed(chosen) and event.is_fair(chosen)


def values(problem: Problem, meetings: Sequence[Meeting]) -> dict[GoalName, int]:
    """What every goal there is costs on a valid timetable, unweighted."""
    event = Event(problem)
    chosen = event.places(meetings)
    if chosen is None:
        raise ValueError(meetings)
    bills, requests = Bills(event), len(problem.requests)
    return {goal: bills.value(goal, chosen, requests) for goal in GoalName}


def costs(problem: Problem, meetings: Sequence[Meeting]) -> tuple[int, ...]:
    """One weighted sum per band, in the order of the bands."""
    event = Event(problem)
    return Bills(event).costs(event.places(meetings) or ())


def is_ever_placed(problem: Problem, request_id: str) -> bool:
    """Whether the request has a place in an otherwise empty timetable, and so in any."""
    event = Event(problem)
    number = next(n for n, request in enumerate(problem.requests) if request.id == request_id)
    return any(event.is_allowed((place,)) for place in event.choices[number])


def most_of(problem: Problem, names: frozenset[str]) -> int:
    """The largest number of these requests that one timetable holds."""
    return max(len({one.request_id for one in meetings} & names) for meetings in all_valid(problem))


def most_placed(problem: Problem) -> int:
    """How many requests the best timetable places, of equally good ones the fullest.

    Good is what the goals about times say, down to the band in which weight counts; without such a goal only the
    number counts.
    """
    weighing = next((goal for goal in problem.goals if goal.name is GoalName.WEIGHT_UNPLACED), None)
    last = weighing.band if weighing is not None else 0
    before = [goal for goal in problem.goals if goal.name not in SEAT_GOALS and goal.band <= last]
    if weighing is not None and not weighing.weight:
        before.remove(weighing)
    more = len(problem.requests) * max([1, *(goal.weight for goal in before)]) + 1
    fuller = tuple(replace(one, weight=more * one.weight * (weighing in before) + 1) for one in problem.requests)
    goals = [replace(goal, weight=goal.weight * more) for goal in before if goal is not weighing]
    count = weighing if weighing in before else Goal(GoalName.WEIGHT_UNPLACED, last)
    return len(best(replace(problem, requests=fuller, goals=(*goals, count)))[1])


def _timetables(
    event: Event, is_promising: Promise, chosen: tuple[Place, ...] = (), decided: int = 0
) -> Iterator[tuple[Place, ...]]:
    """All allowed sets of places, request after request; branches that promise nothing are cut."""
    if not is_promising(chosen, decided):
        return
    if decided == len(event.requests):
        if event.is_fair(chosen):
            yield chosen
        return
    for place in event.choices[decided]:
        if event.fits(place, chosen):
            yield from _timetables(event, is_promising, (*chosen, place), decided + 1)
    yield from _timetables(event, is_promising, chosen, decided + 1)
