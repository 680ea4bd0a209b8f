"""The exact search while it runs: stopped at any look it keeps a valid timetable and says nothing untrue of bounds."""

from collections.abc import Iterable
from itertools import count

import pytest

from scheduling.annealing import Annealing
from scheduling.check import SEAT_CODES, check
from scheduling.cpsat.search import Search
from scheduling.engine import TIME_BANDS, TIME_GOALS, solve
from scheduling.facts import Facts
from scheduling.run import Run
from scheduling.solution import Meeting
from tests.scheduling import kistec


@pytest.mark.parametrize("looks", [2, 3, 12])
def test_a_search_that_is_stopped_while_it_works_keeps_the_best_so_far(looks: int) -> None:
    """Seven slots are too few for the demonstration event: the most that can be placed takes a while to prove."""
    facts = Facts(kistec.with_slots(kistec.build(), 7))
    looked = count()
    run = Run(facts.problem, 120, 1, 1, most=150, should_stop=lambda: next(looked) >= looks)

    found = Search(facts, facts.starts, run, with_seats=False).improve((), {}, TIME_GOALS)

    assert run.was_stopped
    assert {one.code for one in check(facts.problem, found.meetings)} <= SEAT_CODES
    placed = len({one.request_id for one in found.meetings})
    assert 0 <= found.bounds[20] <= sum(one.weight for one in facts.problem.requests)
    assert placed <= run.most <= 150


def test_what_the_solver_does_not_soon_know_is_placed_by_local_search_first(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = list[int]()

    class Noted(Annealing):
        def improve(self, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
            limits.append(self.limit_band)
            return super().improve(meetings)

    monkeypatch.setattr("scheduling.annealing.MOST_STEPS", 2_000)
    monkeypatch.setattr("scheduling.cpsat.search.GLANCE", 0.0)
    monkeypatch.setattr("scheduling.engine.Annealing", Noted)
    problem = kistec.with_slots(kistec.build(), 7)
    solution = solve(problem, seconds=120, workers=1, should_stop=lambda: 20 in limits)

    assert limits == [TIME_BANDS, 20]
    assert not check(problem, solution.meetings)
    assert solution.placed > 100
