"""Re-planning at its edges: seats, news, who is in the way, promises, odd goals, a stop at once."""

from dataclasses import replace
from typing import Any

import pytest

from scheduling import disturbances
from scheduling.cpsat.settling import settle
from scheduling.facts import Facts
from scheduling.news import news
from scheduling.problem import DEFAULT_GOALS, Goal, GoalName, PairKind, PairRule, Subjects, Table
from scheduling.replan import Move, replan
from scheduling.run import Run
from scheduling.solution import Meeting, Outcome
from tests.scheduling import builders, kistec
from tests.scheduling.builders import at, guest, host, request, tables


def test_the_meetings_of_a_lost_table_go_to_one_other_table_and_keep_away_from_competitors() -> None:
    event = builders.problem(
        slots=builders.slots(3),
        tables=(*tables(3), Table("T4", "Q", 1)),
        participants=(host(), host("I"), guest("A"), guest("B"), guest("C")),
        requests=(request("a", "H", "A"), request("b", "H", "B"), request("c", "I", "C")),
        previous=at("a:S1:T1 b:S2:T1 c:S3:T3"),
        pair_rules=(PairRule("P", PairKind.NOT_ADJACENT_TABLES, "H", "I", is_hard=False),),
    )
    lost = disturbances.table_lost(event, "T1")

    found = replan(lost)

    assert {one.after.table_id for one in found.moved} == {"T4"}
    assert {bill.value for bill in found.solution.bills if bill.band == 70 and bill.goal != "guest_room_changes"} == {0}


def test_the_news_names_everybody_and_every_seat_in_both_languages() -> None:
    event = builders.problem(
        slots=builders.slots(3),
        tables=tables(2),
        participants=(host(), guest("A"), guest("B"), guest("C")),
        requests=(
            request("a", "H", "A"),
            request("b", "H", "B"),
            request("c", "H", "C"),
            request("d", "H", "C", weight=0, slots=frozenset({"S1"})),
        ),
        previous=at("a:S1:T1 b:S2:T1 c:S3:T1"),
    )
    changed = disturbances.withdrawn(disturbances.table_lost(disturbances.absent(event, "A"), "T1", "S3"), "b")

    found = replan(changed)

    assert [one.request_id for one in found.dropped] == ["a"]
    assert [one.request_id for one in found.withdrawn] == ["b"]
    assert found.moved == (Move("c", Meeting("c", "S3", "T1"), found.moved[0].after),)
    said = news(changed, found, language="en")
    assert said[0] == "1 moved, 2 called off, 0 new. To be told, 3 people: H, A, C."
    assert "a (H, A) at S1, T1, cannot be held." in said
    assert "b at S2, T1, is withdrawn." in said
    assert len(said) == len(news(changed, found)) == 4 + len(found.freed)


def test_who_is_in_the_way_is_named() -> None:
    event = builders.problem(
        slots=builders.slots(2),
        tables=tables(2),
        participants=(host(), host("I"), guest("A"), guest("B")),
        requests=(request("a", "H", "A"), request("b", "I", "B"), request("c", "H", "B", slots=frozenset({"S1"}))),
        previous=at("a:S1:T1 b:S1:T2"),
    )
    changed = disturbances.late(event, "A", "S2")
    changed = replace(changed, requests=(*changed.requests[:2], replace(changed.requests[2], slots=frozenset({"S1"}))))

    found = replan(changed)

    (seat,) = found.freed
    assert (seat.slot_id, seat.table_id, seat.idle) == ("S1", "T1", ("H",))
    assert [(one.request_id, one.needs) for one in seat.candidates] == [("c", ("B",))]
    assert "T1 is free at S1. Who has time then: H. If B had time: c (H, B)." in news(changed, found, language="en")


def test_the_last_of_all_meetings_counts_even_where_nothing_has_happened() -> None:
    event = builders.problem(
        participants=(host(), host("I"), guest("A"), guest("B"), guest("C")),
        requests=(request("a", "H", "A"), request("b", "H", "B"), request("c", "I", "C")),
        previous=at("a:S1:T1 c:S3:T2"),
        goals=(*DEFAULT_GOALS[:4], Goal(GoalName.LAST_SLOT, 25)),
    )

    found = replan(event)

    assert found.is_proven
    assert [one.value for one in found.solution.bills if one.goal == GoalName.LAST_SLOT] == [3]


def test_a_pin_on_the_seat_of_a_meeting_that_has_begun_holds_nothing() -> None:
    pin = {"lock_slot": "S1", "lock_table": "T1"}
    event = builders.problem(
        participants=(host(), host("I", capacity=2), guest("A"), guest("B"), guest("C")),
        requests=(request("a", "I", "C"), request("b", "H", "B", **pin), request("c", "I", "A", **pin)),
        previous=at("a:S1:T1"),
        frozen=frozenset({"a"}),
    )

    for one in (event, replace(event, requests=event.requests[:2])):
        found = replan(one)

        assert found.solution.outcome is Outcome.INFEASIBLE
        assert found.solution.meetings == event.previous


@pytest.mark.parametrize("promise", [{"is_mandatory": True}, {"lock_table": "T1"}])
def test_what_has_begun_does_not_give_way_to_two_promises(promise: dict[str, Any]) -> None:
    event = builders.problem(
        slots=builders.slots(3),
        participants=(host(transition=1), guest("A"), guest("B"), guest("C")),
        requests=(
            request("a", "H", "A"),
            request("b", "H", "B", slots=frozenset({"S1"}), **promise),
            request("c", "H", "C", slots=frozenset({"S3"}), **promise),
        ),
        previous=at("a:S2:T1"),
        frozen=frozenset({"a"}),
    )

    found = replan(event)

    assert set(found.solution.meetings) == set(event.previous)
    assert not found.is_proven


def test_rules_hold_requests_back_from_free_seats() -> None:
    event = builders.problem(
        slots=builders.slots(2),
        tables=tables(3),
        participants=(host(), host("I"), guest("A"), guest("B"), guest("C")),
        requests=(
            request("a", "H", "A", slots=frozenset({"S1"})),
            request("b", "I", "B"),
            request("c", "H", "C", weight=0, slots=frozenset({"S1"})),
            request("d", "I", "C", weight=0, slots=frozenset({"S2"})),
        ),
        previous=at("a:S1:T1 b:S1:T2"),
        pair_rules=(
            PairRule("P", PairKind.NOT_ADJACENT_TABLES, "H", "I"),
            PairRule("Q", PairKind.NOT_TOGETHER, "c", "b", Subjects.REQUESTS),
        ),
    )
    apart = replace(event, pair_rules=event.pair_rules[1:])
    gone = [disturbances.absent(one, "A") for one in (replace(event, previous=at("b:S1:T2 a:S1:T1")), apart)]

    near, held = (replan(replace(one, tables=one.tables[:2])) for one in gone)

    assert [one.candidates for one in near.freed] == [()]
    assert [(one.request_id, one.needs) for one in held.freed[0].candidates] == [("c", ())]
    said = news(gone[1], held, language="en")
    assert said[-1] == "T1 is free at S1. Who has time then: H. Held back by a rule: c (H, C)."


def test_a_meeting_that_is_added_is_news_that_disturbs_nobody() -> None:
    event = builders.problem(previous=at("a:S1:T1"))

    found = replan(event)

    assert news(event, found, language="en")[0] == "0 moved, 0 called off, 1 new. No published meeting changes."


def test_a_search_that_is_stopped_at_once_hands_back_what_it_started_from() -> None:
    event = kistec.build()
    event = replace(event, goals=(Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_SLOTS, 40)))
    looks = iter([False])
    run = Run(event, 60, 1, 1, should_stop=lambda: next(looks, True))

    found = settle(Facts(event), run, ())

    assert len(found.meetings) in (0, 150)
    assert set(found.bounds) == {20}
    assert run.was_stopped
