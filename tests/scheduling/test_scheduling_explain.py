"""Reasons: the right code for the right fact, and nothing said that brute force cannot confirm."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from scheduling.explain import explain
from scheduling.facts import Facts
from scheduling.obstacles import Standing
from scheduling.problem import PairKind, PairRule, Person, Problem, Request, Subjects, Table
from scheduling.solution import Certainty, Meeting, Reason, Tried
from scheduling.words import sentence
from tests.scheduling import brute
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.claims import CLAIMS, Claims
from tests.scheduling.random_problems import KINDS, tiny

never = frozenset({"S1", "S2", "S3", "S4"})
online = frozenset({"online"})
H, A, B = host(), guest("A"), guest("B")
both = (request("a", "H", "A"), request("b", "H", "B"))
four = (host("H"), host("G"), guest("A"), guest("B"))
apart = (request("a", "H", "A"), request("b", "G", "B"))
p = frozenset({"p"})
CASES: list[tuple[str, Problem, str]] = [
    ("feature_missing", problem(participants=(host(features=online), A, B)), ""),
    (
        "homes_differ",
        problem(participants=(host(home_tables=frozenset({"T1"})), guest("A", home_tables=frozenset({"T2"})), B)),
        "",
    ),
    (
        "home_lacks_feature",
        problem(
            tables=(Table("T1"), Table("T2", features=online)),
            participants=(host(home_tables=frozenset({"T1"}), features=online), A, B),
        ),
        "",
    ),
    (
        "pin_not_allowed",
        problem(
            participants=(H, guest("A", unavailable=frozenset({"S1"})), B), requests=(replace(both[0], lock_slot="S1"),)
        ),
        "",
    ),
    (
        "pin_not_allowed",
        problem(
            tables=(Table("T1"), Table("T2", features=online)),
            participants=(host(features=online), A, B),
            requests=(replace(both[0], lock_table="T1"),),
        ),
        "",
    ),
    ("too_long", problem(slots=slots(4, pause_after=2), requests=(request("a", "H", "A", length=3), both[1])), ""),
    (
        "longer_than_rest",
        problem(participants=(host(max_run=1), A, B), requests=(request("a", "H", "A", length=2), both[1])),
        "",
    ),
    ("never_there", problem(participants=(H, guest("A", unavailable=never), B)), "b:S1:T1"),
    (
        "never_there",
        problem(
            participants=(H, guest("A", unavailable=frozenset({"S2", "S4"})), B),
            requests=(request("a", "H", "A", length=2),),
        ),
        "",
    ),
    (
        "no_common_slot",
        problem(participants=(host(leaves=slots()[1].end), guest("A", arrives=slots()[2].start), B)),
        "",
    ),
    (
        "people_never_there",
        problem(people=(Person("p", never),), requests=(request("a", "H", "A", people=p), both[1])),
        "",
    ),
    (
        "not_when_wanted",
        problem(
            participants=(H, guest("A", unavailable=frozenset({"S1"})), B),
            requests=(request("a", "H", "A", slots=frozenset({"S1"})), both[1]),
        ),
        "",
    ),
    ("tables_closed", problem(tables=(Table("T1", open_slots=frozenset()),), requests=both), ""),
    ("maximum_reached", problem(participants=(host(max_meetings=0), A, B)), ""),
    ("maximum_reached", problem(participants=(host(max_meetings=1), A, B)), "b:S1:T1"),
    (
        "maxima_reached",
        problem(
            participants=(host(max_meetings=1), host("G"), guest("A", max_meetings=1), B),
            requests=(both[0], both[1], request("c", "G", "A")),
        ),
        "b:S1:T1 c:S2:T1",
    ),
    ("participant_full", problem(slots=slots(1)), "b:S1:T1"),
    ("participant_full", problem(slots=slots(2), requests=(request("a", "H", "A", length=2), both[1])), "b:S1:T1"),
    (
        "person_full",
        problem(slots=slots(1), participants=four, requests=tuple(replace(one, people=p) for one in apart)),
        "b:S1:T1",
    ),
    ("tables_short", problem(slots=slots(1), tables=tables(1), participants=four, requests=apart), "b:S1:T1"),
    ("moves_needed", problem(slots=slots(2), participants=(host(transition=1), A, B)), "b:S1:T1"),
    ("rests_needed", problem(slots=slots(2), participants=(host(max_run=1), A, B)), "b:S1:T1"),
    (
        "rests_needed",
        problem(
            slots=slots(2),
            tables=tables(3),
            participants=(host(max_run=1, capacity=2), A, B, guest("C")),
            requests=(*both, request("c", "H", "C")),
        ),
        "b:S1:T1 c:S1:T2",
    ),
    ("could_be_placed", problem(), "b:S1:T1"),
    (
        "tables_full",
        problem(
            slots=slots(2),
            tables=(Table("T1"), Table("T2", open_slots=frozenset({"S2"}))),
            participants=(H, guest("A", unavailable=frozenset({"S2"})), B, host("G")),
            requests=(both[0], request("b", "G", "B")),
        ),
        "b:S1:T1",
    ),
    (
        "pair_excludes",
        problem(slots=slots(2), pair_rules=(PairRule("P", PairKind.NOT_BACK_TO_BACK, "A", "B"),)),
        "b:S1:T1",
    ),
    (
        "rules_forbid",
        problem(
            slots=slots(3),
            pair_rules=(PairRule("P", PairKind.BEFORE, "a", "b", Subjects.REQUESTS),),
        ),
        "b:S1:T1",
    ),
    (
        "rules_forbid",
        problem(
            slots=slots(1),
            participants=four,
            requests=apart,
            pair_rules=(PairRule("P", PairKind.NOT_ADJACENT_TABLES, "H", "G"),),
        ),
        "b:S1:T1",
    ),
    (
        "lost_to_promised",
        problem(
            slots=slots(2),
            participants=(H, guest("A", unavailable=frozenset({"S2"})), B),
            requests=(request("a", "H", "A", weight=9), request("b", "H", "B", is_mandatory=True)),
        ),
        "b:S1:T1",
    ),
    (
        "lost_to_heavier",
        problem(
            slots=slots(2),
            participants=(H, guest("A", unavailable=frozenset({"S2"})), B),
            requests=(both[0], request("b", "H", "B", weight=5)),
        ),
        "b:S1:T1",
    ),
    (
        "person_busy",
        problem(
            slots=slots(2),
            participants=(H, guest("A", unavailable=frozenset({"S2"})), B, host("G")),
            requests=(request("a", "H", "A", people=p), request("b", "G", "B", people=p)),
        ),
        "b:S1:T1",
    ),
    (
        "no_common_slot_left",
        problem(slots=slots(2), participants=(H, guest("A", unavailable=frozenset({"S2"})), B)),
        "b:S1:T1",
    ),
    (
        "no_row_left",
        problem(slots=slots(3), requests=(request("a", "H", "A", length=2), both[1])),
        "b:S2:T1",
    ),
]


def of_a(event: Problem, placed: str) -> Reason:
    return next(one for one in explain(event, at(placed), remedies=False) if one.request_id == "a")


@pytest.mark.parametrize(("code", "event", "placed"), CASES, ids=[case[0] for case in CASES])
def test_the_reason_is_the_one_that_holds(code: str, event: Problem, placed: str) -> None:
    reason = of_a(event, placed)

    assert reason.code == code
    assert list(Claims(event, at(placed)).broken(reason)) == []


def test_every_reason_there_is_has_a_case_and_a_claim() -> None:
    assert {case[0] for case in CASES} == set(CLAIMS)


@pytest.mark.parametrize(("code", "event", "placed"), CASES, ids=[case[0] for case in CASES])
def test_a_reason_that_does_not_hold_would_be_noticed(code: str, event: Problem, placed: str) -> None:
    """The same sentence about an empty timetable of an event without limits."""
    reason = of_a(event, placed)
    free = problem(
        participants=tuple(replace(H, id=one.id) for one in event.participants),
        requests=tuple(Request(one.id, one.participants) for one in event.requests),
    )
    slot_ids = ("S1",) if code == "could_be_placed" else reason.slot_ids

    assert list(Claims(free, ()).broken(replace(reason, slot_ids=slot_ids))) != []


@pytest.mark.parametrize(
    ("number", "counts", "among"),
    [
        (16, {"requests": 2, "places": 1, "over": 1}, ("a", "b")),
        (17, {"requests": 2, "places": 2, "needed": 3, "over": 1}, ("a", "b")),
        (18, {"requests": 2, "places": 1, "over": 1}, ("a", "b")),
        (19, {"requests": 2, "places": 1, "over": 1}, ("a", "b")),
        (20, {"requests": 2, "places": 1, "over": 1}, ("a", "b")),
        (21, {"requests": 2, "places": 1, "over": 1, "maximum": 1}, ("a", "b")),
        (22, {"requests": 3, "places": 2, "over": 1, "maximum": 1}, ("a", "b", "c")),
    ],
)
def test_the_numbers_of_a_count_are_the_true_ones(number: int, counts: dict[str, int], among: tuple[str, ...]) -> None:
    reason = of_a(*CASES[number][1:])

    assert (dict(reason.counts), reason.among) == (counts, among)
    assert reason.certainty is Certainty.GROUP
    assert reason.is_certain


def test_what_the_timetable_shows_is_not_certain() -> None:
    reason = of_a(*next(case[1:] for case in CASES if case[0] == "tables_full"))

    assert not reason.is_certain
    assert (reason.slot_ids, dict(reason.counts)) == (("S1",), {"tables": 1, "slots": 1})


def test_guests_who_would_wait_too_unequally_forbid_a_meeting() -> None:
    event = problem(
        slots=slots(4),
        participants=(H, host("G"), A, B),
        requests=(request("c", "H", "A"), request("a", "G", "A"), request("b", "H", "B")),
        max_idle_difference=0,
    )
    taken = replace(event, participants=(H, host("G", unavailable=frozenset({"S2", "S3"})), A, B))

    reason = next(one for one in explain(taken, at("c:S2:T1 b:S3:T1"), remedies=False))

    assert (reason.code, reason.slot_ids) == ("could_be_placed", ("S1",))
    reason = next(one for one in explain(taken, at("c:S2:T1 b:S1:T1"), remedies=False))
    assert (reason.code, reason.slot_ids) == ("could_be_placed", ("S1",))
    only_late = replace(taken, participants=(H, host("G", unavailable=frozenset({"S1", "S2", "S3"})), A, B))
    reason = next(one for one in explain(only_late, at("c:S2:T1 b:S1:T1"), remedies=False))
    assert (reason.code, reason.subjects, reason.slot_ids) == ("rules_forbid", ("unequal_waiting",), ("S4",))


def test_a_forbidding_rule_is_named_in_words() -> None:
    forbids = of_a(*next(case[1:] for case in CASES if case[0] == "rules_forbid"))
    excludes = of_a(*next(case[1:] for case in CASES if case[0] == "pair_excludes"))

    assert sentence(forbids) == "双方が空いている枠では、必ず守る決まり(順序の決まり)に反します。"
    assert sentence(excludes, language="en") == (
        "a, b cannot both be placed because of a rule that must be kept (competitors not back-to-back)."
    )


def test_meetings_of_several_slots_have_words_of_their_own() -> None:
    full, away = (of_a(*CASES[number][1:]) for number in (17, 8))

    assert sentence(full, language="en") == (
        "H has 2 requests that take 3 slots, and 2 places (S1, S2): 1 cannot be placed."
    )
    assert sentence(away) == "Aが続けて参加できる2枠がありません。"


def test_nothing_is_explained_when_everything_has_its_place() -> None:
    assert explain(problem(), at("a:S1:T1 b:S2:T1")) == ()


def test_reasons_alone_say_that_remedies_were_not_asked_for() -> None:
    assert {one.tried for one in explain(problem(), (), remedies=False)} == {Tried.NOT_ASKED}


def test_a_timetable_that_is_broken_already_is_explained_all_the_same() -> None:
    event = problem(requests=(*both, request("c", "H", "A")))

    (reason,) = explain(event, at("a:S1:T1 b:S1:T1"), remedies=False)

    assert (reason.code, reason.slot_ids) == ("could_be_placed", ("S2", "S3", "S4"))


def crowded(seed: int) -> Problem:
    """Two tables or one, three slots, five requests of different worth that share people and reach limits."""
    random = Random(seed)
    maximum = [None, None, 1, 2]
    firms = [host(name, max_meetings=random.choice(maximum)) for name in "HG"]
    firms += [
        guest(name, unavailable=frozenset(random.sample(("S1", "S2", "S3"), random.choice([0, 1])))) for name in "ABC"
    ]
    return problem(
        slots=slots(3),
        tables=(Table("T1"), Table("T2", open_slots=random.choice([None, frozenset({"S1"}), frozenset()]))),
        participants=tuple(firms),
        requests=tuple(
            request(
                name,
                random.choice("HG"),
                random.choice("ABC"),
                weight=random.choice([1, 1, 3]),
                is_mandatory=random.random() < 0.2,
                length=random.choice([1, 1, 1, 2]),
                people=p if random.random() < 0.4 else frozenset(),
            )
            for name in "abcde"
        ),
    )


def timetables(event: Problem, seed: int) -> Iterator[tuple[Meeting, ...]]:
    """The fullest one and two others."""
    every = list(brute.all_valid(event))
    yield max(every, key=len)
    yield from Random(seed).choices(every, k=2)


@pytest.mark.parametrize("kind", [*KINDS, "crowded"])
def test_whatever_is_said_of_a_random_event_is_true(kind: str) -> None:
    for seed in range(30 if kind == "crowded" else 5):
        event = crowded(seed) if kind == "crowded" else tiny(kind, seed)
        for placed in timetables(event, seed):
            claims = Claims(event, placed)
            reasons = explain(event, placed, remedies=False)
            assert [fault for reason in reasons for fault in claims.broken(reason)] == []


def test_whoever_sits_at_the_only_table_is_in_the_way() -> None:
    facts = Facts(problem(slots=slots(1), tables=tables(1), participants=four, requests=apart))
    standing, (_, left_out) = Standing(facts, at("a:S1:T1")), apart

    assert [one.id for one in standing.rivals(left_out, standing.obstacles(left_out))] == ["a"]
