"""Every timetable of a tiny event, tried one by one: what is allowed, what it costs, which is the best.

Written from the meaning of the fields alone. It shares no line with the engines, the checker or the scorer, so that
whatever they agree on with it is not one mistake made twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from scheduling.problem import Goal, GoalName, Problem
from scheduling.solution import Meeting
from tests.scheduling.brute_goals import Bills
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


def slots_of(problem: Problem, request_id: str) -> set[str]:
    """The slots in which the request could start if it had everybody and every table to itself."""
    event = Event(problem)
    number = next(n for n, request in enumerate(problem.requests) if request.id == request_id)
    return {problem.slots[place.first].id for place in event.choices[number]}


def most_placed(problem: Problem) -> int:
    """The largest number of requests that any timetable places."""
    alike = tuple(replace(one, weight=1) for one in problem.requests)
    counting = replace(problem, requests=alike, goals=(Goal(GoalName.WEIGHT_UNPLACED, 1),))
    return len(alike) - best(counting)[0][0]


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
