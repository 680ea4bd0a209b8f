"""The exact search while it runs: stopped at any look it keeps a valid timetable and says nothing untrue of bounds."""

from itertools import count

import pytest

from scheduling.check import SEAT_CODES, check
from scheduling.cpsat.search import Search
from scheduling.engine import TIME_GOALS
from scheduling.facts import Facts
from scheduling.run import Run
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
