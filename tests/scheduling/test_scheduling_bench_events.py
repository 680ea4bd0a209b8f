"""The generator: as many meetings as asked for, nobody asked for more than there is room, crooked as it was said."""

from collections import Counter

import pytest

from scheduling import published
from scheduling.bench.events import FEWEST, FLAVOURS, MOST, Size, event, size
from scheduling.bench.tight import is_complete_possible, over_constrained
from scheduling.check import check
from scheduling.engine import solve
from scheduling.faults import faults
from scheduling.problem import Problem, Side
from tests.scheduling.published_texts import text


def wishes(problem: Problem) -> Counter[str]:
    return Counter(one for request in problem.requests for one in request.participants)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("meetings", [FEWEST, 40, 150, 900])
def test_an_event_has_the_meetings_asked_for_and_nothing_wrong_with_it(meetings, flavour):
    problem = event(FLAVOURS[flavour](size(meetings)), seed=3)
    pairs = {request.participants for request in problem.requests}
    assert (len(problem.requests), len(pairs), faults(problem)) == (meetings, meetings, ())


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_everybody_has_room_for_its_meetings(flavour):
    problem = event(FLAVOURS[flavour](size(150)), seed=1)
    asked = wishes(problem)
    for one in problem.participants:
        there = [slot for slot in problem.slots if one.arrives is None or one.arrives <= slot.start]
        assert asked[one.id] <= one.capacity * sum(slot.id not in one.unavailable for slot in there)


def test_the_same_seed_makes_the_same_event_and_another_seed_another():
    assert event(size(40), seed=1) == event(size(40), seed=1)
    assert event(size(40), seed=1) != event(size(40), seed=2)


def test_the_sizes_that_are_always_measured_have_their_shapes():
    shapes = [(one.hosts + one.guests, one.slots) for one in map(size, (900, 5_000, MOST))]
    assert shapes == [(360, 24), (1_700, 40), (5_500, 60)]


@pytest.mark.parametrize("meetings", [FEWEST - 1, MOST + 1])
def test_events_too_small_or_too_large_are_refused(meetings):
    with pytest.raises(ValueError, match="are possible"):
        size(meetings)


def test_two_tables_per_host_mean_half_the_hosts_with_room_for_two():
    problem = event(FLAVOURS["twin"](size(150)), seed=1)
    hosts = [one for one in problem.participants if one.side is Side.HOST]
    assert (len(hosts), {one.capacity for one in hosts}, len(problem.tables)) == (10, {2}, 20)


def test_popularity_is_skewed_when_asked_for():
    plain, skewed = (wishes(event(FLAVOURS[name](size(900)), seed=1)) for name in ("plain", "zipf"))
    hosts = [f"H{number}" for number in range(60)]
    assert max(plain[one] for one in hosts) - min(plain[one] for one in hosts) < 5
    assert max(skewed[one] for one in hosts) == 24 > 3 * min(skewed[one] for one in hosts)


def test_guests_come_late_and_stay_away_as_often_as_was_said():
    problem = event(FLAVOURS["away"](size(900)), seed=1)
    guests = [one for one in problem.participants if one.side is Side.GUEST]
    assert sum(one.arrives is not None for one in guests) == pytest.approx(0.3 * len(guests), rel=0.2)
    assert sum(len(one.unavailable) for one in guests) == pytest.approx(0.1 * 24 * len(guests), rel=0.1)
    assert [one for one in event(size(900), seed=1).participants if one.unavailable] == []


@pytest.mark.parametrize("crowd", [Size(2, 3, 7, 12), Size(1, 9, 7, 6)])
def test_more_pairs_than_there_are_or_than_have_room_are_refused(crowd):
    with pytest.raises(ValueError, match=r"more meetings than|too many for"):
        event(crowd, seed=1)


@pytest.mark.parametrize("number", [0, 1])
def test_an_over_constrained_problem_has_no_complete_timetable(number):
    source = event(size(20), seed=1)
    made = over_constrained(source, number=number, seed=4)
    solution = solve(made, seconds=60, workers=1)
    assert is_complete_possible(source)
    assert not is_complete_possible(made)
    assert (solution.outcome, check(made, solution.meetings)) == ("optimal", ())
    assert solution.placed < len(made.requests)


def test_what_is_harmless_for_each_participant_alone_is_forbidden_first_in_those_of_even_number():
    made = over_constrained(event(size(20), seed=1), number=0, seed=4)
    asked = wishes(made)
    for one in made.participants:
        there = [slot for slot in made.slots if one.arrives is None or one.arrives <= slot.start]
        assert sum(slot.id not in one.unavailable for slot in there) >= asked[one.id]


def test_where_nobody_has_a_slot_to_spare_one_that_is_needed_is_forbidden():
    full = published.read(text(3, 1, 2, [(1, 2, 3), (1, 3, 3)], forbidden={2: {2}, 3: {1}}))
    made = over_constrained(full, number=0, seed=1)
    assert is_complete_possible(full)
    assert sum(len(one.unavailable) for one in made.participants) == 2 + 1
