"""Remedies: each brings exactly what it says, and carrying one out never forbids what was allowed before."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from scheduling import format as documents
from scheduling import remedies
from scheduling.__main__ import main
from scheduling.changes import CHANGES, Change, changed
from scheduling.cpsat.most import deciding_bands
from scheduling.engine import solve
from scheduling.explain import explain
from scheduling.facts import Facts
from scheduling.faults import faults
from scheduling.problem import DEFAULT_GOALS, Goal, GoalName, PairKind, PairRule, Person, Problem, Room, Table
from scheduling.remedies import applied
from scheduling.solution import Meeting, Reason, Remedy, Tried
from scheduling.words import sentence
from tests.scheduling import brute
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.random_problems import KINDS, tiny

H, A, B = host(), guest("A"), guest("B")
both = (request("a", "H", "A"), request("b", "H", "B"))
four = (host("H"), host("G"), guest("A"), guest("B"))
apart = (request("a", "H", "A"), request("b", "G", "B"))
p = frozenset({"p"})
online = frozenset({"online"})
later = slots()[1].start
narrow = problem(slots=slots(1), tables=tables(1), participants=four, requests=apart)
CASES: list[tuple[Remedy, Problem, str]] = [
    (Remedy("solve_again", (), (), 1), problem(), "b:S1:T1"),
    (
        Remedy("release_lock", ("b",), (), 1),
        problem(
            slots=slots(2),
            participants=(H, guest("A", unavailable=frozenset({"S2"})), B),
            requests=(both[0], replace(both[1], lock_slot="S1")),
        ),
        "b:S1:T1",
    ),
    (
        Remedy("more_slots", ("a",), ("S2",), 1),
        problem(
            slots=slots(2), requests=(request("a", "H", "A", slots=frozenset({"S1"})), replace(both[1], lock_slot="S1"))
        ),
        "b:S1:T1",
    ),
    (
        Remedy("more_slots", ("a",), ("S3", "S4"), 1),
        problem(
            slots=slots(4, pause_after=2),
            participants=(host(unavailable=frozenset({"S1", "S2"})), A),
            requests=(request("a", "H", "A", blocks=frozenset({"early"})),),
        ),
        "",
    ),
    (
        Remedy("arrive_earlier", ("H",), ("S1",), 1),
        problem(slots=slots(2), participants=(host(arrives=later), A, B)),
        "b:S2:T1",
    ),
    (
        Remedy("arrive_earlier", ("H",), ("S1", "S2"), 1),
        problem(
            slots=slots(3),
            participants=(host(arrives=slots()[2].start), A),
            requests=(request("a", "H", "A", length=3),),
        ),
        "",
    ),
    (
        Remedy("leave_later", ("H",), ("S2",), 1),
        problem(slots=slots(2), participants=(host(leaves=slots()[0].end), A, B)),
        "b:S1:T1",
    ),
    (
        Remedy("be_available", ("H",), ("S2",), 1),
        problem(slots=slots(2), participants=(host(unavailable=frozenset({"S2"})), A, B)),
        "b:S1:T1",
    ),
    (
        Remedy("be_available", ("H",), ("S2",), 1),
        problem(slots=slots(2), participants=(host(capacity_at={"S2": 0}), A, B)),
        "b:S1:T1",
    ),
    (
        Remedy("person_available", ("p",), ("S2",), 1),
        problem(slots=slots(2), people=(Person("p", frozenset({"S2"})),), participants=(host(people=p), A, B)),
        "b:S1:T1",
    ),
    (
        Remedy("other_person", ("p", "H"), (), 1),
        problem(slots=slots(1), participants=(host(people=p), host("G", people=p), A, B), requests=apart),
        "b:S1:T1",
    ),
    (
        Remedy("other_person_at", ("p", "a"), (), 1),
        problem(slots=slots(1), participants=four, requests=tuple(replace(one, people=p) for one in apart)),
        "b:S1:T1",
    ),
    (Remedy("higher_maximum", ("H",), (), 1), problem(participants=(host(max_meetings=1), A, B)), "b:S1:T1"),
    (
        Remedy("higher_maximum", ("A", "H"), (), 1),
        problem(
            participants=(host(max_meetings=1), host("G"), guest("A", max_meetings=1), B),
            requests=(*both, request("c", "G", "A")),
        ),
        "b:S1:T1 c:S2:T1",
    ),
    (Remedy("longer_run", ("H",), (), 1), problem(slots=slots(2), participants=(host(max_run=1), A, B)), "b:S1:T1"),
    (Remedy("shorter_way", ("H",), (), 1), problem(slots=slots(2), participants=(host(transition=1), A, B)), "b:S1:T1"),
    (
        Remedy("relax_rule", ("P", "pair_back_to_back", "A", "B"), (), 1),
        problem(slots=slots(2), pair_rules=(PairRule("P", PairKind.NOT_BACK_TO_BACK, "A", "B"),)),
        "b:S1:T1",
    ),
    (
        Remedy("wider_difference", (), (), 1),
        problem(
            slots=slots(3),
            participants=(host(unavailable=frozenset({"S2"})), host("G"), A, B),
            requests=(request("c", "H", "A"), request("a", "H", "A"), request("b", "G", "B")),
            max_idle_difference=0,
        ),
        "c:S1:T1 b:S1:T2",
    ),
    (
        Remedy("shorter", ("a",), (), 1),
        problem(slots=slots(2), requests=(request("a", "H", "A", length=2), both[1])),
        "b:S1:T1",
    ),
    (
        Remedy("any_table", ("H",), (), 1),
        problem(slots=slots(1), participants=(host(capacity=2, home_tables=frozenset({"T1"})), A, B)),
        "b:S1:T1",
    ),
    (
        Remedy("open_table", ("T2",), ("S1",), 1),
        replace(narrow, tables=(Table("T1"), Table("T2", open_slots=frozenset()))),
        "b:S1:T1",
    ),
    (
        Remedy("add_feature", ("T2", "online"), (), 1),
        problem(
            slots=slots(1),
            tables=(Table("T1", features=online), Table("T2")),
            participants=(host("H", features=online), host("G", features=online), A, B),
            requests=apart,
        ),
        "b:S1:T1",
    ),
    (Remedy("new_table", (), (), 1), narrow, "b:S1:T1"),
    (Remedy("new_table", (), (), 1), replace(narrow, rooms=(Room("R"), Room("+1"))), "b:S1:T1"),
    (Remedy("second_table", ("H",), ("S1",), 1), problem(slots=slots(1)), "b:S1:T1"),
    (Remedy("one_more_slot", (), ("S1",), 1), problem(slots=slots(1)), "b:S1:T1"),
    (
        Remedy("second_table_for_all", ("G", "H"), (), 2),
        problem(
            slots=slots(1),
            participants=(host("H"), host("G"), *(guest(name) for name in "ABCD")),
            requests=(*both, request("c", "G", "C"), request("d", "G", "D")),
        ),
        "b:S1:T1 c:S1:T2",
    ),
]
NAMES = [case[0].code for case in CASES]


def reasons(event: Problem, placed: str) -> tuple[Reason, ...]:
    return explain(event, at(placed), seconds=60)


@pytest.mark.parametrize(("remedy", "event", "placed"), CASES, ids=NAMES)
def test_a_remedy_is_found_with_its_gain(remedy: Remedy, event: Problem, placed: str) -> None:
    reason = reasons(event, placed)[0]

    assert remedy in reason.remedies
    assert [one.gain for one in reason.remedies] == sorted((one.gain for one in reason.remedies), reverse=True)
    assert reason.tried is Tried.ALL


@pytest.mark.parametrize(("remedy", "event", "placed"), CASES, ids=NAMES)
def test_the_engine_places_as_many_more_when_it_is_carried_out(remedy: Remedy, event: Problem, placed: str) -> None:
    before = len(at(placed)) if remedy.code == "solve_again" else solve(event, seconds=60, workers=1).placed
    after = applied(event, remedy)

    assert faults(after) == ()
    assert solve(after, seconds=60, workers=1).placed == before + remedy.gain == brute.most_placed(after)


def test_every_remedy_there_is_has_a_case() -> None:
    assert set(NAMES) == set(CHANGES)


@pytest.mark.parametrize("code", ["second_table", "release_lock", "add_feature"])
def test_a_remedy_for_another_event_is_refused(code: str) -> None:
    with pytest.raises(KeyError):
        applied(problem(), Remedy(code, ("nobody",), (), 1))


def test_what_has_no_limit_stays_without_one() -> None:
    event = problem(people=(Person("q", frozenset({"S1"})), Person("p")))

    for change in (
        Change("higher_maximum", ("H",)),
        Change("wider_difference"),
        Change("open_table", ("T1",), ("S1",)),
        Change("longer_run", ("H",)),
        Change("person_available", ("p",), ("S1",)),
        Change("relax_rule", ("P",)),
    ):
        assert changed(event, change) == event


def test_equal_gains_stand_in_the_order_of_what_they_cost() -> None:
    found = reasons(problem(slots=slots(2), participants=(host(arrives=later), A, B)), "b:S2:T1")[0].remedies

    assert [one.code for one in found] == ["arrive_earlier", "second_table", "one_more_slot"]


def test_the_remedy_that_asks_for_fewer_slots_is_enough() -> None:
    event = problem(slots=slots(3, pause_after=2), requests=tuple(request(name, "H", name) for name in "AB"))
    full = replace(event, participants=(host(unavailable=frozenset({"S1", "S3"})), A, B))

    found = {(one.code, one.slot_ids) for one in reasons(full, "B:S2:T1")[0].remedies if one.code == "second_table"}

    assert found == {("second_table", ("S2",))}


def test_a_remedy_stands_with_the_requests_that_it_is_about() -> None:
    event = problem(
        slots=slots(1),
        tables=tables(4),
        participants=(host("H"), host("G"), *(guest(name) for name in "ABCD")),
        requests=(*both, request("c", "G", "C"), request("d", "G", "D")),
    )

    found = {one.request_id: one.remedies for one in reasons(event, "b:S1:T1 c:S1:T2")}

    assert {one.subjects for one in found["a"] if one.code == "second_table"} == {("H",)}
    assert {one.subjects for one in found["d"] if one.code == "second_table"} == {("G",)}
    assert [one.code for one in found["a"] if one.code in ("one_more_slot", "new_table")] == ["one_more_slot"]


def test_an_event_too_large_to_try_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remedies, "MOST_CHOICES", 1)

    reason = reasons(problem(slots=slots(1)), "b:S1:T1")[0]

    assert (reason.remedies, reason.tried) == ((), Tried.TOO_LARGE)
    assert sentence(reason.tried) == "規模が大きいため、解決策は計算していません。"


def test_the_command_says_when_there_may_be_more_remedies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remedies, "MOST_CHOICES", 1)
    (tmp_path / "event.json").write_text(documents.write(problem(slots=slots(1))))
    (tmp_path / "timetable.json").write_text('{"meetings": [{"request_id": "b", "slot_id": "S1", "table_id": "T1"}]}')

    assert main(["explain", str(tmp_path / "event.json"), str(tmp_path / "timetable.json")]) == 0
    assert capsys.readouterr().out == (
        "a: H has 2 requests for 1 places (S1): 1 cannot be placed.\n"
        "The event is too large to try remedies out; none were computed.\n"
    )


def test_without_time_nothing_is_claimed() -> None:
    (reason,) = explain(problem(slots=slots(1)), at("b:S1:T1"), seconds=-1)

    assert (reason.remedies, reason.tried) == ((), Tried.SOME)


def test_tables_that_only_the_exact_model_can_share_out_are_counted() -> None:
    """Two tables are free for two slots each, but never one of them for the two slots of the third meeting."""
    event = problem(
        slots=slots(3),
        tables=(Table("T1", open_slots=frozenset({"S1", "S2"})), Table("T2", open_slots=frozenset({"S2", "S3"}))),
        participants=(host("H"), host("G"), host("F"), A, B, guest("C")),
        requests=(
            request("a", "H", "A", length=2),
            request("b", "G", "B", length=2),
            request("c", "F", "C", length=2),
        ),
    )

    (reason,) = reasons(event, "a:S1:T1 b:S2:T2")

    assert {one.code: one.gain for one in reason.remedies} == {"new_table": 1}


def test_neighbours_that_must_not_sit_side_by_side_limit_what_a_remedy_brings() -> None:
    event = problem(
        slots=slots(1),
        tables=tables(2),
        participants=four,
        requests=apart,
        pair_rules=(PairRule("P", PairKind.NOT_ADJACENT_TABLES, "H", "G"),),
    )

    (reason,) = reasons(event, "b:S1:T1")

    assert {one.code: one.gain for one in reason.remedies} == {"relax_rule": 1, "new_table": 1, "one_more_slot": 1}


@pytest.mark.parametrize(
    ("weights", "bands"),
    [((1, 1, 1), []), ((10, 11, 12), []), ((1, 1, 5), [20]), ((0, 1, 1), [20])],
)
def test_weight_is_looked_at_only_where_the_number_does_not_decide(weights: tuple[int, ...], bands: list[int]) -> None:
    event = problem(requests=tuple(request(str(number), "H", "A", weight=number) for number in weights))

    assert [band.number for band in deciding_bands(event)] == bands


def test_goals_before_weight_decide_first() -> None:
    promised = problem(requests=(replace(both[0], is_mandatory=True), both[1]))
    published = replace(promised, previous=(Meeting("a", "S1", "T1"),))

    assert [band.number for band in deciding_bands(promised)] == [10]
    assert [band.number for band in deciding_bands(published)] == [10, 12, 14]
    assert deciding_bands(replace(promised, goals=DEFAULT_GOALS[:1])) == []
    assert [band.number for band in deciding_bands(replace(promised, goals=(Goal(GoalName.WEIGHT_UNPLACED, 5),)))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_never_forbids_what_was_allowed(kind: str) -> None:
    for seed in range(3):
        event = tiny(kind, seed)
        placed = Random(seed).choice(list(brute.all_valid(event)))
        unplaced = [one for one in event.requests if one.id not in {meeting.request_id for meeting in placed}]
        for change in remedies.candidates(Facts(event), unplaced):
            after = changed(event, change)
            assert brute.is_valid(after, placed), change
            assert faults(after) == (), change


@pytest.mark.parametrize("kind", KINDS)
def test_what_remedies_bring_is_what_trying_everything_finds(kind: str) -> None:
    for seed in range(100, 102):
        event = tiny(kind, seed)
        placed = Random(seed).choice(list(brute.all_valid(event)))
        base = brute.most_placed(event)
        for remedy in {one for reason in explain(event, placed, seconds=60) for one in reason.remedies}:
            before = len(placed) if remedy.code == "solve_again" else base
            assert brute.most_placed(applied(event, remedy)) == before + remedy.gain, remedy
