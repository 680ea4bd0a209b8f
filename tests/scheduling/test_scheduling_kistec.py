"""The demonstration event and its variations: the known optima, proven, with true reasons."""

from collections import Counter
from dataclasses import replace

import pytest

from scheduling.check import check
from scheduling.engine import solve
from scheduling.explain import explain
from scheduling.problem import GoalName, Problem
from scheduling.solution import Outcome, Solution
from tests.scheduling import kistec

LATE = [f"O00{number}" for number in range(31, 38)]


@pytest.fixture(scope="module")
def event() -> Problem:
    return kistec.build()


@pytest.fixture(scope="module")
def whole(event: Problem) -> Solution:
    return solve(event, seconds=60)


def without_extra_tables(event: Problem) -> Problem:
    return kistec.change(event, ["O0009", "O0011"], capacity_at={})


VARIATIONS = {
    "eight slots": (lambda event: kistec.with_slots(event, 8), 149, 150),
    "seven slots": (lambda event: kistec.with_slots(event, 7), 140, 150),
    "six slots": (lambda event: kistec.with_slots(event, 6), 125, 150),
    "no extra tables": (without_extra_tables, 147, 150),
    "a table lost": (
        lambda event: kistec.change(event, ["O0001"], capacity_at=dict.fromkeys(["S5", "S6", "S7", "S8", "S9"], 1)),
        150,
        150,
    ),
    "late trains": (lambda event: kistec.change(event, LATE, arrives=kistec.at("14:50")), 147, 150),
    "host absent": (lambda event: kistec.without(event, "O0003"), 141, 141),
    "2009, two tables each": (lambda event: kistec.of_2009(2), 150, 150),
    "2009, one table each": (lambda event: kistec.of_2009(1), 90, 150),
}


def test_the_whole_event_is_placed_nobody_waits_no_competitors_meet(event: Problem, whole: Solution) -> None:
    values = {bill.goal: bill.value for bill in whole.bills}

    assert (whole.outcome, whole.placed, whole.wanted) == (Outcome.OPTIMAL, 150, 150)
    assert values[GoalName.GUEST_IDLE_SLOTS] == values[GoalName.SOFT_PAIR_RULES] == 0
    assert values[GoalName.HOST_TABLE_CHANGES] == values[GoalName.SOFT_TABLE_RULES] == 0
    assert check(event, whole.meetings) == ()


@pytest.mark.parametrize("name", VARIATIONS)
def test_the_known_optimum_is_reached_and_proven(event: Problem, name: str) -> None:
    change, placed, wanted = VARIATIONS[name]
    changed = replace(change(event), goals=tuple(goal for goal in event.goals if goal.band <= 40))

    solution = solve(changed, seconds=60)

    assert (solution.outcome, solution.placed, solution.wanted) == (Outcome.OPTIMAL, placed, wanted)
    assert {bill.value for bill in solution.bills if bill.band == 40} == {0}
    assert check(changed, solution.meetings) == ()


def test_late_trains_leave_five_of_eight_meetings_to_the_guest_with_most(event: Problem) -> None:
    late = kistec.change(event, LATE, arrives=kistec.at("14:50"))

    solution = solve(replace(late, goals=event.goals[:4]), seconds=60)

    placed = {one.request_id for one in solution.meetings}
    kept = Counter(name for one in late.requests if one.id in placed for name in one.participants)
    assert kept["O0031"] == 5


def test_without_the_extra_tables_the_reasons_name_the_two_firms_and_the_remedies_bring_what_they_say(
    event: Problem,
) -> None:
    reduced = replace(without_extra_tables(event), goals=event.goals[:4])
    solution = solve(reduced, seconds=60)

    reasons = explain(reduced, solution.meetings, seconds=60)

    said = Counter((reason.code, reason.subjects, reason.counts) for reason in reasons)
    assert said == {
        ("participant_full", ("O0009",), (("requests", 7), ("places", 5), ("over", 2))): 2,
        ("participant_full", ("O0011",), (("requests", 7), ("places", 6), ("over", 1))): 1,
    }
    best = {remedy for reason in reasons for remedy in reason.remedies if remedy.code == "second_table"}
    assert {(one.subjects, one.gain) for one in best} == {(("O0009",), 2), (("O0011",), 1)}


def test_one_table_each_in_2009_is_explained_firm_by_firm() -> None:
    small = replace(kistec.of_2009(1), goals=kistec.of_2009(1).goals[:4])
    solution = solve(small, seconds=60)

    reasons = explain(small, solution.meetings, seconds=20)

    assert {(reason.code, reason.counts) for reason in reasons} == {
        ("participant_full", (("requests", 15), ("places", 9), ("over", 6)))
    }
    assert len(reasons) == 60
    assert {remedy.gain for reason in reasons for remedy in reason.remedies[:1]} == {60}


def test_one_worker_and_one_seed_give_one_timetable(event: Problem) -> None:
    quick = replace(event, goals=event.goals[:7])

    first, second = (solve(quick, seconds=60, workers=1, seed=7) for _ in range(2))

    assert first.meetings == second.meetings


def test_pinned_meetings_stay_where_they_are(event: Problem, whole: Solution) -> None:
    pinned = {one.request_id: one for one in whole.meetings[::10]}
    locked = replace(
        event,
        goals=event.goals[:7],
        requests=tuple(
            replace(one, lock_slot=pinned[one.id].slot_id, lock_table=pinned[one.id].table_id)
            if one.id in pinned
            else one
            for one in event.requests
        ),
    )

    again = solve(locked, seconds=60, seed=5)

    assert again.placed == 150
    assert set(pinned.values()) <= set(again.meetings)
