"""Re-planning: as few people disturbed as any timetable disturbs, what has begun stays, free seats are really free."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from scheduling import disturbances
from scheduling.check import check
from scheduling.cpsat.settling import settle
from scheduling.engine import solve
from scheduling.facts import Facts
from scheduling.news import news
from scheduling.problem import DEFAULT_GOALS, Goal, GoalName, PairKind, PairRule, Problem, Subjects, Table
from scheduling.replan import Move, Replan, replan
from scheduling.run import Run
from scheduling.solution import Meeting, Outcome, Progress, Solution
from scheduling.walking import SEAT_GOALS
from tests.scheduling import brute, builders, kistec
from tests.scheduling.builders import at, guest, host, request, tables
from tests.scheduling.disturbed import disturbed
from tests.scheduling.random_problems import KINDS, tiny

EVENTS = 6  # of each kind
LATE = [f"O00{number}" for number in range(31, 38)]


def bounds(problem: Problem, solution: Solution) -> list[int]:
    """What is claimed of each band: no timetable costs less."""
    bands = sorted({goal.band for goal in problem.goals})
    return [sum(one.weight * (one.bound or 0) for one in solution.bills if one.band == band) for band in bands]


def is_best(problem: Problem, solution: Solution) -> bool:
    """No timetable is better in the bands before tables count, and that is said; of the others nothing untrue is."""
    best, cost, claimed = brute.best(problem)[0], brute.costs(problem, solution.meetings), bounds(problem, solution)
    bands = sorted({goal.band for goal in problem.goals})
    first = min((goal.band for goal in problem.goals if goal.name in SEAT_GOALS), default=bands[-1] + 1)
    number = sum(band < first for band in bands)
    is_proven = list(cost[:number]) == list(best[:number]) == claimed[:number]
    are_true = all(bound <= least for bound, least in zip(claimed, best, strict=True))
    return is_proven and are_true and check(problem, solution.meetings) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_no_timetable_disturbs_fewer_people_or_is_better_among_those_that_disturb_as_few(kind: str) -> None:
    for seed in range(EVENTS):
        problem = disturbed(kind, seed)

        found = replan(problem, seconds=60, workers=1)

        assert is_best(problem, found.solution), seed
        assert found.is_proven
        values = {bill.goal: bill.value for bill in found.solution.bills}
        assert values.get(GoalName.PEOPLE_DISTURBED, found.people) == found.people
        assert values.get(GoalName.MEETINGS_MOVED) in (None, len(found.moved) + len(found.dropped))


@pytest.mark.parametrize("seed", range(60))
def test_what_has_begun_never_moves_and_never_gives_way(seed: int) -> None:
    random = Random(seed)
    event = tiny(random.choice(["published", "capacity", "limits", "people", "mandatory", "transitions"]), seed)
    event = replace(event, previous=event.previous or brute.best(event)[1], frozen=frozenset())
    begun = disturbances.begun(event, random.choice(event.slots[:-1]).id)
    changed = disturbances.absent(begun, random.choice(begun.participants).id)
    changed = replace(changed, requests=tuple(replace(one, is_mandatory=True) for one in changed.requests))
    held = tuple(one for one in changed.previous if one.request_id in changed.frozen)

    found = replan(changed, seconds=60, workers=1)

    stayed = set(held) & set(found.solution.meetings)
    assert stayed == set(held) if check(changed, held) == () else stayed < set(held)


@pytest.mark.parametrize("kind", ["weights", "published", "absences", "PairKind", "people", "limits"])
def test_a_free_seat_can_be_used_by_exactly_those_that_are_named_for_it(kind: str) -> None:
    seen = Counter[str]()
    for seed in range(25):
        problem = disturbed(kind if kind in KINDS else f"{PairKind.NOT_TOGETHER}_hard", seed)
        found = replan(problem, seconds=60, workers=1)
        meetings, placed = found.solution.meetings, {one.request_id for one in found.solution.meetings}
        for seat in found.freed:
            named = {one.request_id: one for one in seat.candidates}
            for waiting in (one for one in problem.requests if one.id not in placed):
                there = (*meetings, Meeting(waiting.id, seat.slot_id, seat.table_id))
                fits = check(problem, there) == ()
                assert fits == (waiting.id in named and not named[waiting.id].in_the_way)
                seen["fits" if fits else "held back" if waiting.id in named else "no"] += 1
            assert [*seat.candidates] == sorted(seat.candidates, key=lambda one: len(one.in_the_way))
    assert seen["no"]


@pytest.fixture(scope="module")
def published() -> Problem:
    """The demonstration event with a timetable, made as quickly as it can be."""
    event = kistec.build()
    quick = replace(event, goals=tuple(goal for goal in event.goals if goal.band <= 40))
    return replace(event, previous=solve(quick, seconds=60).meetings)


def outcome(found: Replan) -> tuple[int, int, int, bool]:
    return found.solution.placed, len(found.moved), len(found.dropped), found.is_proven


def test_nothing_has_happened_nothing_changes(published: Problem) -> None:
    found = replan(published)

    assert outcome(found) == (150, 0, 0, True)
    assert set(found.solution.meetings) == set(published.previous)
    assert (found.disturbed, found.people, found.freed) == ((), 0, ())
    assert news(published, found, language="en") == ("Nothing changes.",)


def test_a_host_does_not_come_its_partners_are_told_and_have_time_for_free_talks(published: Problem) -> None:
    partners = {one.participants[1] for one in published.requests if one.participants[0] == "O0003"}
    absent = disturbances.absent(published, "O0003")

    found = replan(absent)

    assert outcome(found) == (141, 0, 9, True)
    assert set(found.disturbed) == {"O0003", *partners}
    assert (found.people, len(partners)) == (10, 9)
    assert {one for seat in found.freed for one in seat.idle} == partners
    assert check(absent, found.solution.meetings) == ()


def test_trains_are_late_and_what_has_begun_stays(published: Problem) -> None:
    changed = disturbances.begun(published, "S1")
    for one in LATE:
        changed = disturbances.late(changed, one, "S5")

    found = replan(changed)

    kept = Counter(
        name
        for one in changed.requests
        if one.id in {meeting.request_id for meeting in found.solution.meetings}
        for name in one.participants
    )
    begun = {one for one in published.previous if one.slot_id == "S1"}
    assert begun <= set(found.solution.meetings)
    assert kept["O0031"] <= 5 + sum("O0031" in one.participants for one in changed.requests if one.id in changed.frozen)
    assert check(changed, found.solution.meetings) == ()
    whole = solve(changed, seconds=60)
    assert [(one.goal, one.value) for one in found.solution.bills if one.band <= 50] == [
        (one.goal, one.value) for one in whole.bills if one.band <= 50
    ]
    assert found.is_proven


def test_a_lost_table_moves_a_firm_as_a_whole(published: Problem) -> None:
    table = Counter(one.table_id for one in published.previous).most_common(1)[0][0]
    lost = disturbances.table_lost(published, table, "S4")
    hit = [one for one in published.previous if one.table_id == table and one.slot_id >= "S4"]

    found = replan(lost)

    assert {one.request_id for one in (*found.moved, *found.dropped)} == {one.request_id for one in hit}
    assert found.is_proven
    assert check(lost, found.solution.meetings) == ()


def test_one_more_meeting_is_put_where_it_disturbs_nobody(published: Problem) -> None:
    known = {one.participants for one in published.requests}
    pair = next((h, g) for h in ("O0001", "O0002") for g in ("O0041", "O0042", "O0043") if (h, g) not in known)
    more = disturbances.begun(disturbances.added(published, request("new", *pair)), "S2")

    found = replan(more)

    assert (found.disturbed, found.is_proven) == ((), True)
    assert {one.request_id for one in found.added} == {"new"} - ({"new"} - set(more_placed(found)))
    assert all(one.slot_id not in ("S1", "S2") for one in found.added)


def more_placed(found: Replan) -> list[str]:
    return [one.request_id for one in found.solution.meetings]


def chain(**fields: object) -> Problem:
    """Three promised meetings of one host in three slots, and a promised fourth that fits only in the first slot."""
    default: dict[str, object] = {
        "slots": builders.slots(4),
        "participants": (host(), guest("A"), guest("B"), guest("C"), guest("D")),
        "requests": (
            request("a", "H", "A", is_mandatory=True, slots=frozenset({"S1", "S2"})),
            request("b", "H", "B", is_mandatory=True, slots=frozenset({"S2", "S3"})),
            request("c", "H", "C", is_mandatory=True, slots=frozenset({"S3", "S4"})),
            request("d", "H", "D", is_mandatory=True, slots=frozenset({"S1"})),
        ),
        "previous": at("a:S1:T1 b:S2:T1 c:S3:T1"),
    }
    return builders.problem(**{**default, **fields})


def test_a_promise_pushes_others_along_as_far_as_it_must() -> None:
    event = chain()

    found = replan(event)

    assert (found.solution.outcome, found.solution.placed) == (Outcome.OPTIMAL, 4)
    assert {(one.request_id, one.after.slot_id) for one in found.moved} == {("a", "S2"), ("b", "S3"), ("c", "S4")}
    assert found.disturbed == ("H", "A", "B", "C")


def test_a_promise_that_cannot_be_kept_disturbs_nobody() -> None:
    event = chain(slots=builders.slots(3), requests=tuple(replace(one, slots=None) for one in chain().requests))

    found = replan(event)

    assert (found.solution.outcome, found.solution.placed) == (Outcome.INFEASIBLE, 3)
    assert found.disturbed == ()
    assert found.is_proven


def test_whoever_stops_early_gets_what_still_holds() -> None:
    event = disturbances.begun(chain(), "S1")
    event = replace(event, participants=(host(unavailable=frozenset({"S3"})), *event.participants[1:]))

    found = replan(event, should_stop=lambda: True)

    assert found.solution.outcome is Outcome.STOPPED
    assert set(found.solution.meetings) == set(at("a:S1:T1 b:S2:T1"))
    assert not found.is_proven


def test_promises_not_looked_at_in_time_leave_a_bound_only_for_promises() -> None:
    looks = iter([False, False, False])
    event = chain()

    found = replan(event, should_stop=lambda: next(looks, True))

    assert check(event, found.solution.meetings) == ()
    assert all(bound <= least for bound, least in zip(bounds(event, found.solution), brute.best(event)[0], strict=True))


def test_progress_speaks_of_the_whole_event() -> None:
    heard: list[Progress] = []
    event = builders.problem(
        participants=(host(), host("I"), guest("A"), guest("B"), guest("C")),
        requests=(request("a", "H", "A"), request("b", "H", "B"), request("c", "I", "C")),
        previous=at("a:S1:T1 b:S2:T1 c:S1:T2"),
    )

    found = replan(disturbances.late(event, "A", "S2"), on_progress=heard.append)

    assert found.solution.placed == 3
    assert {one.wanted for one in heard} == {3}
    assert all(2 <= one.placed <= one.bound <= 3 for one in heard)


def test_unusual_goals_and_fair_waiting_are_left_to_the_whole_engine() -> None:
    event = disturbances.absent(chain(), "C")
    weight_first = (Goal(GoalName.WEIGHT_UNPLACED, 5), *(one for one in DEFAULT_GOALS if one.band not in (10, 20)))

    for changed in (
        replace(event, goals=weight_first),
        replace(event, max_idle_difference=1),
        replace(event, previous=()),
    ):
        found = replan(changed, seconds=60, workers=1)

        assert is_best(changed, found.solution)


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


def test_few_goals_are_enough() -> None:
    for seed in range(EVENTS):
        event = disturbed("mixed", seed)
        few = replace(event, goals=tuple(one for one in DEFAULT_GOALS if one.band <= 40))

        assert is_best(few, replan(few, seconds=60, workers=1).solution), seed


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
