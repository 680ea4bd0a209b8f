"""Reasons and remedies: the right code, true numbers, and remedies that bring what they say."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from scheduling.engine import solve
from scheduling.explain import explain
from scheduling.facts import Facts
from scheduling.problem import PairKind, PairRule, Problem
from scheduling.remedies import changes
from scheduling.words import sentence
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.test_scheduling_optimum import events, every_timetable

never = frozenset({"S1", "S2", "S3", "S4"})
CASES = {
    "feature_missing": (problem(participants=(host(features=frozenset({"online"})), guest("A"), guest("B"))), ""),
    "no_common_slot": (problem(participants=(host(), guest("A", unavailable=never), guest("B"))), "b:S1:T1"),
    "maximum_reached": (problem(participants=(host(max_meetings=1), guest("A"), guest("B"))), "b:S1:T1"),
    "participant_full": (problem(slots=slots(1)), "b:S1:T1"),
    "could_be_placed": (problem(), "b:S1:T1"),
    "tables_full": (
        problem(
            slots=slots(1),
            tables=tables(1),
            participants=(host("H"), host("G"), guest("A"), guest("B")),
            requests=(request("a", "H", "A"), request("b", "G", "B")),
        ),
        "b:S1:T1",
    ),
    "rules_forbid": (
        problem(slots=slots(2), pair_rules=(PairRule("P", PairKind.NOT_BACK_TO_BACK, "A", "B"),)),
        "b:S1:T1",
    ),
    "lost_to_heavier": (
        problem(
            slots=slots(2),
            requests=(request("a", "H", "A", length=2), request("b", "H", "B", weight=5)),
        ),
        "b:S1:T1",
    ),
    "no_common_slot_left": (
        problem(slots=slots(2), requests=(request("a", "H", "A", length=2), request("b", "H", "B"))),
        "b:S1:T1",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_the_reason_is_the_one_that_holds(code: str) -> None:
    event, placed = CASES[code]

    reasons = {one.request_id: one.code for one in explain(event, at(placed), remedies=False)}

    assert reasons["a"] == code


def test_a_forbidding_rule_is_named_in_words() -> None:
    event, placed = CASES["rules_forbid"]

    said = sentence(explain(event, at(placed), remedies=False)[0])

    assert said == "双方が空いている枠では、必ず守る決まり(前後の枠を避ける組)に反します。"


def test_nothing_is_explained_when_everything_has_its_place() -> None:
    assert explain(problem(), at("a:S1:T1 b:S2:T1")) == ()


@pytest.mark.parametrize(
    ("event", "placed", "remedy"),
    [
        (problem(slots=slots(1)), "b:S1:T1", ("second_table", ("H",), ("S1",), 1)),
        (
            problem(
                slots=slots(2), participants=(host(arrives=slots()[1].start), guest("A"), guest("B")), tables=tables(1)
            ),
            "b:S2:T1",
            ("arrive_earlier", ("H",), ("S1",), 1),
        ),
        (
            problem(slots=slots(2), participants=(host(leaves=slots()[0].end), guest("A"), guest("B"))),
            "b:S1:T1",
            ("leave_later", ("H",), ("S2",), 1),
        ),
        (
            problem(slots=slots(2), participants=(host(unavailable=frozenset({"S2"})), guest("A"), guest("B"))),
            "b:S1:T1",
            ("be_available", ("H",), ("S2",), 1),
        ),
        (
            problem(participants=(host(max_meetings=1), guest("A"), guest("B"))),
            "b:S1:T1",
            ("higher_maximum", ("H",), (), 1),
        ),
        (CASES["tables_full"][0], "b:S1:T1", ("new_table", (), (), 1)),
        (problem(slots=slots(1)), "b:S1:T1", ("one_more_slot", (), ("S1",), 1)),
        (problem(), "b:S1:T1", ("solve_again", (), (), 1)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_remedy_is_found_with_its_gain(event: Problem, placed: str, remedy: tuple[object, ...]) -> None:
    reason = next(one for one in explain(event, at(placed), seconds=30) if one.request_id == "a")

    assert remedy in {(one.code, one.subjects, one.slot_ids, one.gain) for one in reason.remedies}
    assert [one.gain for one in reason.remedies] == sorted((one.gain for one in reason.remedies), reverse=True)


@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(events())
def test_what_is_said_to_be_unplaceable_is_and_remedies_gain_what_they_say(event: Problem) -> None:
    plain = replace(event, goals=event.goals[:4], pair_rules=())
    plain = replace(plain, requests=tuple(replace(one, weight=1, is_mandatory=False) for one in plain.requests))
    solution = solve(plain, seconds=30, workers=1)
    best = most(plain)
    assert solution.placed == best

    for reason in explain(plain, solution.meetings, seconds=30):
        if reason.code in ("feature_missing", "no_common_slot"):
            assert not any(one.request_id == reason.request_id for some in every_timetable(plain) for one in some)
        assert reason.code != "could_be_placed"
        concerned = dict.fromkeys(reason.subjects, 1)
        known = {one.id for one in plain.participants}
        tried = changes(
            plain, [Facts(plain).ground.requests[reason.request_id]], {k: 1 for k in concerned if k in known}
        )
        for remedy in reason.remedies:
            for change in tried:
                if change.key == (remedy.code, remedy.subjects, remedy.slot_ids):
                    assert solve(change.problem, seconds=30, workers=1).placed == best + remedy.gain


def most(event: Problem) -> int:
    return max(len(some) for some in every_timetable(event))
