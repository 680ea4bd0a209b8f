"""Bounds that shorten proofs are never above the true optimum: random tiny events against brute force."""

from dataclasses import replace
from itertools import takewhile

import pytest

from scheduling.bands import Band, bands
from scheduling.cpsat.alone import sum_alone
from scheduling.cpsat.blocks import add_blocks
from scheduling.cpsat.counting import counting_bound
from scheduling.engine import solve
from scheduling.facts import Facts
from scheduling.problem import Goal, GoalName, Problem, Request
from scheduling.run import Run
from scheduling.solution import Outcome
from tests.scheduling import brute
from tests.scheduling.brute_goals import SEAT_GOALS
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.fixed_model import FixedModel
from tests.scheduling.random_problems import KINDS, tiny

EVENTS = 4


def quick(event: Problem) -> Run:
    return Run(event, 60, 1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_participants_alone_never_cost_more_than_all_together(kind: str) -> None:
    for seed in range(EVENTS):
        event = tiny(kind, seed)
        optimum, meetings = brute.best(event)
        facts, limits = Facts(event), dict[int, int]()
        for band, least in zip(_about_times(event), optimum, strict=False):
            assert sum_alone(facts, meetings, band, limits, quick(event)) <= least
            limits[band.number] = least


IDLE = (
    Goal(GoalName.GUEST_IDLE_SLOTS, 2),
    Goal(GoalName.GUEST_IDLE_PERIODS, 2, 3),
    Goal(GoalName.HOST_IDLE_SLOTS, 2, 2),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("idle", [IDLE[:1], IDLE[:2], IDLE[1:], IDLE[2:]], ids=len)
def test_counting_and_blocks_leave_room_for_the_best_complete_timetable(kind: str, idle: tuple[Goal, ...]) -> None:
    for seed in range(EVENTS):
        event = tiny(kind, seed)
        complete = replace(event, goals=(Goal(GoalName.WEIGHT_UNPLACED, 1), *idle), requests=_all_weigh(event))
        (unplaced, waiting), meetings = brute.best(complete)
        if not unplaced:
            assert counting_bound(Facts(complete), Band(2, idle), quick(complete)) <= waiting
            fixed = FixedModel(complete, meetings)
            add_blocks(fixed.meetings)
            assert fixed.is_solved()


def _all_weigh(event: Problem) -> tuple[Request, ...]:
    return tuple(replace(request, weight=1) for request in event.requests)


def test_counting_sees_that_one_table_makes_somebody_wait() -> None:
    """B takes the only table in the two slots in the middle; A is left with the first and the last."""
    event = problem(
        slots=slots(4),
        tables=tables(1),
        participants=(host("H"), host("G"), guest("A"), guest("B", unavailable=frozenset({"S1", "S4"}))),
        requests=tuple(request(f"{one}{other}", one, other) for one in "HG" for other in "AB"),
    )

    assert counting_bound(Facts(event), Band(2, IDLE[:1]), quick(event)) == 2


def test_counting_gives_up_on_patterns_that_are_too_many_and_stays_a_bound() -> None:
    """A day of forty slots: ten meetings lie in it in more ways than are worth listing, the cheapest are enough."""
    event = problem(
        slots=slots(40),
        participants=(*(host(f"H{number}") for number in range(10)), guest("A")),
        requests=tuple(request(f"r{number}", f"H{number}", "A") for number in range(10)),
    )

    assert counting_bound(Facts(event), Band(2, IDLE[:1]), quick(event)) == 0


def test_a_participant_who_has_to_wait_whatever_the_others_do_is_seen() -> None:
    """A may meet only in the first and the last slot."""
    away = frozenset({"S2", "S3"})
    event = problem(
        slots=slots(4),
        participants=(host("H"), host("G"), guest("A", unavailable=away)),
        requests=(request("a", "H", "A"), request("b", "G", "A")),
    )
    waiting = next(band for band in bands(event) if band.number == 40)

    assert sum_alone(Facts(event), at("a:S1:T1 b:S4:T1"), waiting, {20: 0}, quick(event)) == 3
    assert sum_alone(Facts(event), at("a:S1:T1"), waiting, {20: 1}, quick(event)) == 0


def test_a_partners_gap_that_others_fill_is_no_cost() -> None:
    """H has to wait in S2; A, alone with H, would seem to wait too, but meets G then."""
    event = problem(
        slots=slots(3),
        participants=(host("H", unavailable=frozenset({"S2"})), host("G"), guest("A")),
        requests=(request("a", "H", "A"), request("b", "G", "A"), request("c", "H", "A")),
        goals=(
            Goal(GoalName.HOST_IDLE_SLOTS, 50),
            Goal(GoalName.GUEST_IDLE_SLOTS, 50),
            Goal(GoalName.WEIGHT_UNPLACED, 20),
        ),
    )
    (_, waiting) = bands(event)

    assert sum_alone(Facts(event), at("a:S1:T1 b:S2:T1 c:S3:T1"), waiting, {20: 0}, quick(event)) == 1


def _about_times(event: Problem) -> list[Band]:
    return list(takewhile(lambda band: not {goal.name for goal in band.goals} & SEAT_GOALS, bands(event)))


def test_a_request_that_weighs_nothing_stays_out_where_it_would_make_somebody_wait() -> None:
    """Local search places it first; counting and blocks must not take for granted that it stays."""
    event = problem(
        slots=slots(3),
        participants=(host("H"), host("G"), guest("A")),
        requests=(
            request("a", "H", "A", slots=frozenset({"S1"})),
            request("b", "G", "A", slots=frozenset({"S3"}), weight=0),
        ),
    )

    solution = solve(event, seconds=20, workers=1)

    assert [one.request_id for one in solution.meetings] == ["a"]
    assert solution.outcome is Outcome.OPTIMAL
