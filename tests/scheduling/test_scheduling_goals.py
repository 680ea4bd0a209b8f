"""Each goal: free on an innocent timetable, billed exactly on a bad one, and brought to its minimum by the engine.

The cases are the table of contents: a goal without one fails its test.
"""

from dataclasses import dataclass

import pytest

from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.seating import SEAT_GOALS
from scheduling.engine import solve
from scheduling.problem import Goal, GoalName, PairKind, PairRule, Problem, Room, Table
from scheduling.score import MEASURES, score
from scheduling.solution import Outcome
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.fixed_model import FixedModel, least


@dataclass(frozen=True)
class Case:
    """A timetable that costs `cost`, and the least that the goal can cost (after what stands before it)."""

    goal: GoalName
    problem: Problem
    costly: str
    cost: int
    least: int = 0


def of_guest(**fields: object) -> Problem:
    """The guest A meets three hosts."""
    return problem(
        slots=slots(5),
        participants=(host("H"), host("G"), host("F"), guest("A", **fields)),
        requests=(request("a", "H", "A"), request("b", "G", "A"), request("c", "F", "A")),
    )


def of_host(**fields: object) -> Problem:
    return problem(slots=slots(5), participants=(host("H", **fields), guest("A"), guest("B")))


two_rooms = (Table("T1", "R", 1), Table("T2", "R", 2), Table("T3", "Q", 1))
apart = (PairRule("P", PairKind.NOT_SAME_ROOM, "H", "G", is_hard=False, weight=3),)
rivals = (PairRule("P", PairKind.NOT_BACK_TO_BACK, "A", "B", is_hard=False, weight=4),)
both = (request("a", "H", "A"), request("b", "G", "B"))
four = (host("H"), host("G"), guest("A"), guest("B"))
published = problem(
    previous=at("a:S1:T1 b:S2:T1"),
    participants=(host("H", people=frozenset({"x", "y"})), guest("A"), guest("B")),
)

CASES = [
    Case(
        GoalName.MANDATORY_UNPLACED,
        problem(requests=(request("a", "H", "A", is_mandatory=True), request("b", "H", "B", lock_slot="S1"))),
        "",
        2,
    ),
    Case(GoalName.PEOPLE_DISTURBED, published, "a:S1:T1 b:S3:T1", 3),
    Case(GoalName.MEETINGS_MOVED, published, "a:S1:T2", 2),
    Case(
        GoalName.WEIGHT_UNPLACED,
        problem(slots=slots(1), requests=(request("a", "H", "A", weight=2), request("b", "H", "B", weight=5))),
        "a:S1:T1",
        5,
        2,
    ),
    Case(
        GoalName.MINIMA_MISSED,
        problem(slots=slots(1), participants=(host(), guest("A"), guest("B", min_meetings=2))),
        "a:S1:T1",
        2,
        1,
    ),
    Case(GoalName.GUEST_IDLE_SLOTS, of_guest(), "a:S1:T1 b:S3:T1 c:S5:T1", 2),
    Case(GoalName.GUEST_IDLE_PERIODS, of_guest(), "a:S1:T1 b:S4:T1 c:S5:T1", 1),
    Case(GoalName.GUEST_IDLE_SLOTS, of_guest(unavailable=frozenset({"S2", "S4"})), "a:S1:T1", 0, 2),
    Case(GoalName.HOST_IDLE_SLOTS, of_host(), "a:S1:T1 b:S5:T1", 3),
    Case(
        GoalName.UNFAIRNESS,
        problem(
            slots=slots(5),
            participants=four,
            requests=(*both, request("c", "G", "A"), request("d", "H", "B")),
        ),
        "a:S1:T1 c:S5:T2 b:S1:T2 d:S3:T1",
        2,
    ),
    Case(GoalName.SOFT_PAIR_RULES, problem(pair_rules=rivals), "a:S1:T1 b:S2:T1", 4),
    Case(GoalName.DISLIKED_SLOTS, of_host(disliked=frozenset({"S1", "S2"})), "a:S1:T1 b:S2:T1", 2),
    Case(GoalName.MISSED_RESTS, of_guest(max_run=2, max_run_is_hard=False), "a:S1:T1 b:S2:T1 c:S3:T1", 1, 1),
    Case(GoalName.MISSED_RESTS, of_host(max_run=1, max_run_is_hard=False), "a:S1:T1 b:S2:T1", 1),
    Case(GoalName.FAR_SPAN, of_guest(is_from_far=True), "a:S1:T1 b:S2:T1 c:S5:T1", 2),
    Case(GoalName.LAST_SLOT, of_host(), "a:S1:T1 b:S5:T1", 5, 2),
    Case(
        GoalName.SOFT_TABLE_RULES,
        problem(
            participants=four,
            requests=both,
            tables=two_rooms,
            pair_rules=(*apart, PairRule("Q", PairKind.NOT_BACK_TO_BACK, "A", "B")),
        ),
        "a:S1:T1 b:S1:T2",
        3,
    ),
    Case(GoalName.HOST_TABLE_CHANGES, problem(), "a:S1:T1 b:S2:T2", 1),
    Case(
        GoalName.GUEST_ROOM_CHANGES,
        problem(
            participants=(host("H"), host("G"), guest("A")),
            requests=(request("a", "H", "A"), request("b", "G", "A")),
            tables=two_rooms,
            rooms=(Room("R"), Room("Q", distance=2)),
        ),
        "a:S1:T1 b:S2:T3",
        3,
    ),
]


def cost(event: Problem, goal: GoalName, meetings: str) -> int:
    return {bill.goal: bill.value for bill in score(_with(event, goal), at(meetings))}[goal]


def _with(event: Problem, goal: GoalName) -> Problem:
    named = {one.name for one in event.goals}
    more = () if goal in named else (Goal(goal, 60),)
    return Problem(**{**{name: getattr(event, name) for name in event.__slots__}, "goals": event.goals + more})


@pytest.mark.parametrize("goal", GoalName, ids=lambda goal: goal.value)
def test_every_goal_is_measured_and_has_a_costly_case(goal: GoalName) -> None:
    assert goal in MEASURES
    assert [case for case in CASES if case.goal is goal and case.cost > case.least]


def test_the_model_knows_every_goal_but_the_walks_that_are_swapped_away() -> None:
    assert set(GoalName) == TIME_GOALS.keys() | SEAT_GOALS.keys() | {GoalName.GUEST_ROOM_CHANGES}
    assert not TIME_GOALS.keys() & SEAT_GOALS.keys()


@pytest.mark.parametrize("goal", [*TIME_GOALS, *SEAT_GOALS], ids=lambda goal: goal.value)
def test_the_models_goal_comes_to_what_the_timetable_costs(goal: GoalName) -> None:
    for case in CASES:
        if case.goal is goal and FixedModel(case.problem, at(case.costly)).is_there:
            assert in_the_model(case.problem, goal, case.costly) == case.cost


@pytest.mark.parametrize("goal", [*TIME_GOALS, *SEAT_GOALS], ids=lambda goal: goal.value)
def test_the_models_goal_is_free_where_it_costs_nothing(goal: GoalName) -> None:
    expected = {GoalName.LAST_SLOT: 2}.get(goal, 0)

    assert in_the_model(problem(), goal, "a:S1:T1 b:S2:T1") == expected


def in_the_model(event: Problem, goal: GoalName, meetings: str) -> int:
    if goal in TIME_GOALS:
        return least(event, at(meetings), lambda fixed: TIME_GOALS[goal](fixed.meetings))
    return least(event, at(meetings), lambda fixed: SEAT_GOALS[goal](fixed.seats))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.goal.value)
def test_a_goal_is_billed_exactly(case: Case) -> None:
    assert cost(case.problem, case.goal, case.costly) == case.cost


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.goal.value)
def test_the_engine_brings_the_goal_to_its_minimum(case: Case) -> None:
    solution = solve(_with(case.problem, case.goal), seconds=20, workers=1)

    assert {bill.goal: bill.value for bill in solution.bills}[case.goal] == case.least
    assert solution.outcome is Outcome.OPTIMAL


@pytest.mark.parametrize("goal", GoalName, ids=lambda goal: goal.value)
def test_no_goal_costs_anything_in_an_event_without_wishes_that_is_fully_placed(goal: GoalName) -> None:
    expected = 2 if goal is GoalName.LAST_SLOT else 0

    assert cost(problem(), goal, "a:S1:T1 b:S2:T1") == expected


def test_waiting_over_lunch_is_not_waiting_but_a_coffee_break_does_not_end_it() -> None:
    meetings = "a:S1:T1 b:S4:T1"
    for minutes, idle in ((15, 2), (60, 0)):
        event = problem(
            slots=slots(4, pause_after=2, pause_minutes=minutes),
            participants=(host("H"), host("G"), guest("A")),
            requests=(request("a", "H", "A"), request("b", "G", "A")),
        )
        assert cost(event, GoalName.GUEST_IDLE_SLOTS, meetings) == idle


def test_bands_are_compared_in_order_and_weights_only_inside_a_band() -> None:
    """Placing the lighter request would save an idle slot; the heavier one is placed all the same."""
    event = problem(
        slots=slots(3),
        participants=(host("H"), host("G", unavailable=frozenset({"S2"})), guest("A")),
        tables=tables(1),
        requests=(request("a", "H", "A", slots=frozenset({"S1"})), request("b", "G", "A", slots=frozenset({"S3"}))),
    )

    solution = solve(event, seconds=20, workers=1)

    values = {bill.goal: bill.value for bill in solution.bills}
    assert (values[GoalName.WEIGHT_UNPLACED], values[GoalName.GUEST_IDLE_SLOTS]) == (0, 1)
    assert solution.outcome is Outcome.OPTIMAL
