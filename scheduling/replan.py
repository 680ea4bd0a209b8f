"""Re-planning on the day: as few people as possible are disturbed, and free seats are offered to who still waits."""

from collections.abc import Callable
from dataclasses import dataclass

from scheduling.engine import solve
from scheduling.faults import refuse_faults
from scheduling.freed import Freed, freed
from scheduling.problem import Problem
from scheduling.repairing import Repair, is_local
from scheduling.run import Run
from scheduling.solution import Meeting, Progress, Solution
from scheduling.timetable import Ground
from scheduling.walking import SEAT_GOALS


@dataclass(frozen=True, slots=True)
class Move:
    """A published meeting that now lies at another time, at another table, or both."""

    request_id: str
    before: Meeting
    after: Meeting


@dataclass(frozen=True, slots=True)
class Replan:
    """The new timetable and what is different in it for whom.

    `disturbed` are the participants, in the order of the problem, for whom a published meeting has gone or lies
    elsewhere, `people` their heads (at least one each): the value of the goal PEOPLE_DISTURBED. `dropped` are published
    meetings without a place now, `withdrawn` those whose request is no longer in the problem, `added` the new ones.
    """

    solution: Solution
    disturbed: tuple[str, ...]
    people: int
    moved: tuple[Move, ...]
    dropped: tuple[Meeting, ...]
    withdrawn: tuple[Meeting, ...]
    added: tuple[Meeting, ...]
    freed: tuple[Freed, ...]

    @property
    def is_proven(self) -> bool:
        """No timetable is better in the goals about times."""
        return all(one.is_proven for one in self.solution.bills if one.goal not in SEAT_GOALS)


def replan(
    problem: Problem,
    *,
    seconds: float = 5.0,
    workers: int = 2,
    seed: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Replan:
    """The best timetable beside `problem.previous`, in which nothing in `problem.frozen` moves.

    Goals are compared as always; where disturbance stands right behind what was promised (as in DEFAULT_GOALS), only
    the requests that the change can reach are looked at, which is exact and fast; else the whole problem is solved.
    `seconds` limits the whole; `on_progress` and `should_stop` are called in the calling thread. Raises BadProblem.
    """
    if is_local(problem):
        refuse_faults(problem)
        run = Run(problem, seconds, workers, seed, None, on_progress, should_stop, most=len(problem.requests))
        repair = Repair(problem, run)
        return changes(repair.ground, repair.solution())
    solution = solve(
        problem, seconds=seconds, workers=workers, seed=seed, on_progress=on_progress, should_stop=should_stop
    )
    return changes(Ground(problem), solution)


def changes(ground: Ground, solution: Solution) -> Replan:
    """What a solution changes beside what was published."""
    problem = ground.problem
    now = {one.request_id: one for one in solution.meetings}
    published = [one for one in problem.previous if one.request_id in ground.requests]
    moved = tuple(
        Move(one.request_id, one, now[one.request_id])
        for one in published
        if one.request_id in now and now[one.request_id] != one
    )
    dropped = tuple(one for one in published if one.request_id not in now)
    gone = [*(one.request_id for one in moved), *(one.request_id for one in dropped)]
    disturbed = {name for one in gone for name in ground.requests[one].participants}
    return Replan(
        solution=solution,
        disturbed=tuple(one.id for one in problem.participants if one.id in disturbed),
        people=sum(max(1, len(ground.participants[one].people)) for one in disturbed),
        moved=moved,
        dropped=dropped,
        withdrawn=tuple(one for one in problem.previous if one.request_id not in ground.requests),
        added=tuple(one for one in solution.meetings if one.request_id not in ground.previous),
        freed=freed(ground, solution.meetings),
    )
