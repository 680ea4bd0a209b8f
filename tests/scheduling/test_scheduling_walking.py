"""Swapping whole tables: never dearer, never against a rule, and left alone where there is nothing to gain."""

from dataclasses import replace
from random import Random

import pytest

from scheduling.bands import costs
from scheduling.problem import GoalName, Room, Table
from scheduling.solution import Meeting
from scheduling.timetable import Ground, Timetable
from scheduling.walking import spare_walks
from tests.scheduling import brute
from tests.scheduling.builders import at, guest, host, problem, request
from tests.scheduling.random_problems import tiny
from tests.scheduling.random_timetables import laid_out

KINDS = ("rooms", "not_same_room_hard", "not_same_room_soft", "home_tables", "openings", "locks", "mixed")

apart = problem(
    participants=(host("H"), host("G"), guest("A")),
    requests=(request("a", "H", "A"), request("b", "G", "A")),
    tables=(Table("T1", "R", 1), Table("T2", "R", 2), Table("T3", "Q", 1)),
    rooms=(Room("R"), Room("Q", distance=2)),
)
walked = at("a:S1:T1 b:S2:T3")


def test_one_pass_brings_two_hosts_of_one_guest_into_one_room() -> None:
    near = spare_walks(Ground(apart), walked, passes=1)

    assert brute.values(apart, walked)[GoalName.GUEST_ROOM_CHANGES] == 3
    assert brute.values(apart, near)[GoalName.GUEST_ROOM_CHANGES] == 0
    assert spare_walks(Ground(apart), near, passes=3) == near


def test_without_goals_about_tables_or_beside_a_pinned_table_nothing_is_swapped() -> None:
    careless = replace(apart, goals=())
    pinned = replace(apart, requests=(request("a", "H", "A", lock_table="T1"), apart.requests[1]))

    assert spare_walks(Ground(careless), walked, passes=3) == walked
    assert spare_walks(Ground(pinned), walked, passes=3) == walked


@pytest.mark.parametrize("kind", KINDS)
def test_swapping_keeps_every_rule_and_every_time_and_costs_no_more(kind: str) -> None:
    for seed in range(20):
        event = replace(tiny(kind, seed), previous=(), frozen=frozenset())
        before = laid_out(Random(seed), event)
        after = spare_walks(Ground(event), before, passes=3)

        assert brute.is_valid(event, after)
        assert _times(after) == _times(before)
        ground = Ground(event)
        assert costs(event, Timetable(ground, after)) <= costs(event, Timetable(ground, before))


def _times(meetings: tuple[Meeting, ...]) -> set[tuple[str, str]]:
    return {(one.request_id, one.slot_id) for one in meetings}
