"""Re-planning, measured: a published timetable is disturbed at random, and each time the answer is timed."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from scheduling import disturbances
from scheduling.bench.rows import Row, Task
from scheduling.check import check
from scheduling.problem import GoalName, Problem, Request, Side
from scheduling.solution import Meeting

LIMIT = 30.0  # seconds for one answer
TRIES = 50  # for a swap that no rule forbids
Disturbance = Callable[[Problem, str, random.Random], Problem]


def disturbed(problem: Problem, number: int, *, seed: int) -> Iterator[Problem]:
    """`number` problems, each with the meetings up to a slot in the first half begun and one thing changed after it.

    In turn: somebody absent, somebody late, a table lost, a request withdrawn, one added, two meetings swapped by hand.
    """
    chance = random.Random(seed)
    for place in range(number):
        now = problem.slots[chance.randrange(max(1, len(problem.slots) // 2))].id
        yield KINDS[place % len(KINDS)](problem, now, chance)


def _open(problem: Problem) -> list[Meeting]:
    """Published meetings that have not begun."""
    return [one for one in problem.previous if one.request_id not in problem.frozen]


def _somebody(problem: Problem, chance: random.Random) -> str:
    ids = {one.request_id for one in _open(problem)}
    waiting = [request for request in problem.requests if request.id in ids]
    return chance.choice(chance.choice(waiting or problem.requests).participants)


def _after(problem: Problem, now: str) -> Sequence[str]:
    slots = [slot.id for slot in problem.slots]
    return slots[slots.index(now) + 1 :] or slots[-1:]


def _absent(problem: Problem, now: str, chance: random.Random) -> Problem:
    begun = disturbances.begun(problem, now)
    return disturbances.absent(begun, _somebody(begun, chance), _after(problem, now)[0])


def _late(problem: Problem, now: str, chance: random.Random) -> Problem:
    begun = disturbances.begun(problem, now)
    return disturbances.late(begun, _somebody(begun, chance), chance.choice(_after(problem, now)[:4]))


def _table_lost(problem: Problem, now: str, chance: random.Random) -> Problem:
    table = chance.choice(problem.tables).id
    return disturbances.table_lost(disturbances.begun(problem, now), table, _after(problem, now)[0])


def _withdrawn(problem: Problem, now: str, chance: random.Random) -> Problem:
    begun = disturbances.begun(problem, now)
    open_ones = _open(begun)
    return disturbances.withdrawn(begun, chance.choice(open_ones).request_id) if open_ones else begun


def _added(problem: Problem, now: str, chance: random.Random) -> Problem:
    hosts = [one.id for one in problem.participants if one.side is Side.HOST]
    others = [one.id for one in problem.participants if one.side is not Side.HOST]
    known = {frozenset(request.participants) for request in problem.requests}
    new = [(host, other) for host in hosts or others for other in others if frozenset((host, other)) not in known]
    pair = chance.choice([pair for pair in new if len(set(pair)) == 2])
    return disturbances.begun(disturbances.added(problem, Request("+", pair)), now)


def _swapped(problem: Problem, now: str, chance: random.Random) -> Problem:
    begun = disturbances.begun(problem, now)
    for _ in range(TRIES):
        pair = chance.sample(_open(begun), 2) if len(_open(begun)) > 1 else []
        if pair and not check(begun, _exchanged(begun.previous, *pair)):
            return disturbances.swapped(begun, pair[0].request_id, pair[1].request_id)
    return _absent(problem, now, chance)


def _exchanged(meetings: Sequence[Meeting], first: Meeting, second: Meeting) -> list[Meeting]:
    goes = {first.request_id: second, second.request_id: first}
    seats = ((one.request_id, goes.get(one.request_id, one)) for one in meetings)
    return [Meeting(request, seat.slot_id, seat.table_id) for request, seat in seats]


KINDS: tuple[Disturbance, ...] = (_absent, _late, _table_lost, _withdrawn, _added, _swapped)


def replanned(task: Task, problems: Iterator[Problem]) -> Row:
    """The row of all answers together: `value` counts people disturbed, `seconds` is the 95th percentile."""
    from scheduling.replan import replan

    times, people, proven, broken = [], 0, 0, 0
    for problem in problems:
        began = time.perf_counter()
        found = replan(problem, seconds=LIMIT, workers=task.workers, seed=task.seed)
        times.append(round(time.perf_counter() - began, 3))
        people, proven = people + found.people, proven + found.is_proven
        broken += len(check(problem, found.solution.meetings))
    answers = f"{len(times)} changes, {proven} proven"
    return Row(
        task.name,
        task.kind,
        task.engine,
        "answered",
        percentile(times, 95),
        goal=GoalName.PEOPLE_DISTURBED,
        value=people,
        is_proven=proven == len(times),
        broken_rules=broken,
        times=tuple(times),
        note=f"{answers}; median {statistics.median(times):.2f} s, slowest {max(times):.2f} s",
    )


def percentile(numbers: Sequence[float], share: int) -> float:
    """The smallest of the numbers that at least `share` per cent of them do not exceed."""
    ordered = sorted(numbers)
    return ordered[-(-len(ordered) * share // 100) - 1]
