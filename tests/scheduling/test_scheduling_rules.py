"""Each hard rule, in the checker and in the model: silent on an innocent timetable, deaf to no broken one.

The cases are the table of contents: a rule that none of them breaks fails its test.
"""

from dataclasses import dataclass, replace

import pytest

from scheduling.check import ALONE_TABLE_RULES, ALONE_TIME_RULES, RULES, Rule, check
from scheduling.cpsat.hard import HARD, HardRule
from scheduling.cpsat.seating import SEAT_RULES
from scheduling.engine import solve
from scheduling.facts import Facts
from scheduling.problem import PairKind, PairRule, Person, Problem, Request, Room, Subjects, Table
from scheduling.timetable import Ground, Timetable
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.fixed_model import SeatRule, allows


@dataclass(frozen=True)
class Case:
    """A problem, a timetable that breaks one rule, one that keeps it, and how many requests can be placed."""

    code: str
    problem: Problem
    broken: str
    kept: str
    placed: int


def two_hosts(**fields: object) -> Problem:
    return problem(
        participants=(host("H"), host("G"), guest("A"), guest("B")),
        requests=(request("a", "H", "A"), request("b", "G", "B")),
        **fields,
    )


def pair(kind: PairKind, first: str, second: str, subjects: Subjects = Subjects.PARTICIPANTS) -> tuple[PairRule, ...]:
    return (PairRule("P", kind, first, second, subjects),)


long_a = (request("a", "H", "A", length=2), request("b", "H", "B"))
wants_late = (request("a", "H", "A", blocks=frozenset({"late"})), request("b", "H", "B", slots=frozenset({"S1"})))
visitor = frozenset({"engineer"})
attended: tuple[Request, ...] = (request("a", "H", "A", people=visitor), request("b", "G", "B", people=visitor))
three_guests = (host("H"), guest("A"), guest("B"), guest("C"))
three = (request("a", "H", "A"), request("b", "H", "B"), request("c", "H", "C"))
online = (Table("T1", "R", 1), Table("T2", "R", 2, features=frozenset({"online"})))
rooms = (Table("T1", "R", 1), Table("T2", "R", 2), Table("T3", "Q", 1), Table("T4", "R", 4))

CASES = [
    Case("request_twice", problem(), "a:S1:T1 a:S2:T1", "a:S1:T1 b:S2:T1", 2),
    Case(
        "unequal_waiting",
        problem(
            participants=(host("H", capacity=2), guest("A"), guest("B")),
            requests=(request("a", "H", "A"), request("b", "H", "A"), request("c", "H", "B")),
            max_idle_difference=0,
        ),
        "a:S1:T1 b:S3:T1 c:S2:T1",
        "a:S1:T1 b:S2:T1 c:S3:T1",
        3,
    ),
    Case("does_not_fit", problem(slots=slots(4, pause_after=2), requests=long_a), "a:S2:T1", "a:S3:T1 b:S1:T1", 2),
    Case("slot_not_wanted", problem(slots=slots(4, pause_after=2), requests=wants_late), "a:S1:T1", "a:S3:T1", 2),
    Case(
        "participant_unavailable",
        problem(participants=(host(), guest("A", unavailable=frozenset({"S1", "S2", "S3", "S4"})), guest("B"))),
        "a:S1:T1",
        "b:S1:T1",
        1,
    ),
    Case(
        "participant_unavailable",
        problem(participants=(host(arrives=slots()[1].start, leaves=slots()[2].end), guest("A"), guest("B"))),
        "a:S1:T1 b:S2:T1",
        "a:S2:T1 b:S3:T1",
        2,
    ),
    Case(
        "participant_unavailable",
        problem(participants=(host(capacity_at={"S1": 0}), guest("A"), guest("B"))),
        "a:S1:T1 b:S2:T1",
        "a:S2:T1 b:S3:T1",
        2,
    ),
    Case("participant_full", problem(slots=slots(1)), "a:S1:T1 b:S1:T2", "a:S1:T1", 1),
    Case(
        "participant_full",
        problem(
            slots=slots(2),
            tables=tables(3),
            participants=(host(capacity=1, capacity_at={"S2": 2}), guest("A"), guest("B"), guest("C")),
            requests=three,
        ),
        "a:S1:T1 b:S1:T2 c:S2:T1",
        "a:S1:T1 b:S2:T2 c:S2:T1",
        3,
    ),
    Case(
        "no_transition",
        problem(slots=slots(2), participants=(host(transition=1), guest("A"), guest("B"))),
        "a:S1:T1 b:S2:T1",
        "a:S1:T1",
        1,
    ),
    Case("person_twice", two_hosts(slots=slots(1)), "", "a:S1:T1 b:S1:T2", 2),
    Case(
        "person_twice",
        replace(two_hosts(slots=slots(1)), requests=attended),
        "a:S1:T1 b:S1:T2",
        "a:S1:T1",
        1,
    ),
    Case(
        "person_unavailable",
        replace(
            two_hosts(slots=slots(2)), requests=attended, people=(Person("engineer", unavailable=frozenset({"S1"})),)
        ),
        "a:S1:T1 b:S2:T1",
        "a:S2:T1",
        1,
    ),
    Case(
        "too_many_meetings",
        problem(participants=(host(max_meetings=1), guest("A"), guest("B"))),
        "a:S1:T1 b:S2:T1",
        "a:S1:T1",
        1,
    ),
    Case(
        "no_rest",
        problem(slots=slots(3), participants=(host(max_run=2), *three_guests[1:]), requests=three),
        "a:S1:T1 b:S2:T1 c:S3:T1",
        "a:S1:T1 b:S3:T1",
        2,
    ),
    Case("table_twice", two_hosts(slots=slots(1), tables=tables(1)), "a:S1:T1 b:S1:T1", "a:S1:T1", 1),
    Case(
        "table_closed",
        problem(slots=slots(2), tables=(Table("T1", open_slots=frozenset({"S2"})),)),
        "a:S1:T1",
        "a:S2:T1",
        1,
    ),
    Case(
        "table_lacks_feature",
        replace(
            two_hosts(slots=slots(1), tables=online),
            participants=(
                host("H", features=frozenset({"online"})),
                host("G", features=frozenset({"online"})),
                guest("A"),
                guest("B"),
            ),
        ),
        "a:S1:T1",
        "a:S1:T2",
        1,
    ),
    Case(
        "not_home_table",
        problem(slots=slots(2), participants=(host(home_tables=frozenset({"T2"})), guest("A"), guest("B"))),
        "a:S1:T1",
        "a:S1:T2 b:S2:T2",
        2,
    ),
    Case(
        "lock_broken",
        problem(requests=(request("a", "H", "A", lock_slot="S3", lock_table="T2"), request("b", "H", "B"))),
        "a:S3:T1",
        "a:S3:T2 b:S2:T1",
        2,
    ),
    Case(
        "frozen_moved",
        problem(previous=at("a:S4:T2 b:S2:T1"), frozen=frozenset({"a"})),
        "a:S4:T1 b:S2:T1",
        "a:S4:T2 b:S2:T1",
        2,
    ),
    Case(
        "pair_together",
        two_hosts(slots=slots(1), pair_rules=pair(PairKind.NOT_TOGETHER, "A", "B")),
        "a:S1:T1 b:S1:T2",
        "a:S1:T1",
        1,
    ),
    Case(
        "pair_back_to_back",
        problem(slots=slots(2), pair_rules=pair(PairKind.NOT_BACK_TO_BACK, "A", "B")),
        "a:S1:T1 b:S2:T1",
        "a:S1:T1",
        1,
    ),
    Case(
        "pair_order",
        problem(slots=slots(2), pair_rules=pair(PairKind.BEFORE, "b", "a", Subjects.REQUESTS)),
        "a:S1:T1 b:S2:T1",
        "a:S2:T1 b:S1:T1",
        2,
    ),
    Case(
        "pair_adjacent",
        two_hosts(slots=slots(1), tables=rooms, pair_rules=pair(PairKind.NOT_ADJACENT_TABLES, "H", "G")),
        "a:S1:T1 b:S1:T2",
        "a:S1:T1 b:S1:T3",
        2,
    ),
    Case(
        "pair_adjacent",
        two_hosts(slots=slots(1), pair_rules=pair(PairKind.NOT_ADJACENT_TABLES, "A", "B")),
        "a:S1:T1 b:S1:T2",
        "a:S1:T1",
        1,
    ),
    Case(
        "pair_same_room",
        two_hosts(
            slots=slots(1),
            tables=rooms,
            rooms=(Room("R"), Room("Q")),
            pair_rules=pair(PairKind.NOT_SAME_ROOM, "H", "G"),
        ),
        "a:S1:T1 b:S1:T4",
        "a:S1:T1 b:S1:T3",
        2,
    ),
]


BREAKABLE = [case for case in CASES if case.broken]


def broken_by(rule: Rule, event: Problem, meetings: str) -> set[str]:
    return {one.code for one in rule(Timetable(Ground(event), at(meetings)))}


def name(rule: object) -> str:
    return str(getattr(rule, "__name__", rule))


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_a_rule_of_the_checker_catches_what_breaks_it_and_nothing_else(rule: Rule) -> None:
    caught = [case for case in BREAKABLE if broken_by(rule, case.problem, case.broken)]

    assert caught
    for case in caught:
        assert broken_by(rule, case.problem, case.broken) == {case.code}
        assert broken_by(rule, case.problem, case.kept) == set()
        assert broken_by(rule, case.problem, "") == set()
        assert [other for other in RULES if broken_by(other, case.problem, case.broken)] == [rule]


@pytest.mark.parametrize("rule", [*HARD, *SEAT_RULES], ids=name)
def test_a_rule_of_the_model_alone_stops_what_breaks_it_and_nothing_else(rule: HardRule | SeatRule) -> None:
    possible = [case for case in BREAKABLE if allows(case.problem, at(case.broken), None)]
    stopped = [case for case in possible if not allows(case.problem, at(case.broken), rule)]

    assert stopped
    for case in stopped:
        assert allows(case.problem, at(case.kept), rule)
        assert allows(case.problem, (), rule)


def test_what_one_meeting_breaks_alone_is_no_choice_at_all() -> None:
    """Those rules need no function in the model: the facts leave such starts and tables out."""
    alone = [
        case
        for case in BREAKABLE
        if any(broken_by(rule, case.problem, case.broken) for rule in (*ALONE_TIME_RULES, *ALONE_TABLE_RULES))
    ]

    assert {case.code for case in alone} >= {"does_not_fit", "lock_broken", "frozen_moved", "table_closed"}
    for case in alone:
        facts = Facts(case.problem)
        choices = [
            meeting.table_id in facts.open_tables(facts.ground.requests[meeting.request_id], (start,))
            for meeting in at(case.broken)
            for start in [facts.timeline.position[meeting.slot_id]]
            if start in facts.starts[meeting.request_id]
        ]
        assert len(choices) < len(at(case.broken)) or not all(choices)


@pytest.mark.parametrize("case", BREAKABLE, ids=lambda case: case.code)
def test_the_checker_names_the_broken_rule_and_no_other(case: Case) -> None:
    assert {one.code for one in check(case.problem, at(case.broken))} == {case.code}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_checker_is_content_where_the_rule_is_kept(case: Case) -> None:
    assert check(case.problem, ()) == ()
    assert check(case.problem, at(case.kept)) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_engine_keeps_the_rule_and_places_what_it_allows(case: Case) -> None:
    solution = solve(case.problem, seconds=20, workers=1)

    assert check(case.problem, solution.meetings) == ()
    assert solution.placed == case.placed


def test_a_break_separates_competitors_only_when_it_is_long() -> None:
    rule = pair(PairKind.NOT_BACK_TO_BACK, "A", "B")
    meetings = at("a:S1:T1 b:S2:T1")
    coffee = problem(slots=slots(2, pause_after=1), pair_rules=rule)
    lunch = problem(slots=slots(2, pause_after=1, pause_minutes=60), pair_rules=rule)

    assert [one.code for one in check(coffee, meetings)] == ["pair_back_to_back"]
    assert check(lunch, meetings) == ()


def test_a_break_is_a_rest() -> None:
    event = problem(slots=slots(3, pause_after=2), participants=(host(max_run=2), *three_guests[1:]), requests=three)

    assert check(event, at("a:S1:T1 b:S2:T1 c:S3:T1")) == ()


def test_hosts_sit_at_their_tables_even_while_they_do_not_meet() -> None:
    event = two_hosts(pair_rules=pair(PairKind.NOT_ADJACENT_TABLES, "H", "G"))

    assert [one.code for one in check(event, at("a:S1:T1 b:S4:T2"))] == ["pair_adjacent"]


def test_unknown_ids_are_named() -> None:
    assert [one.code for one in check(problem(), at("z:S1:T1 a:S9:T1 b:S1:T9"))] == ["unknown"] * 3
