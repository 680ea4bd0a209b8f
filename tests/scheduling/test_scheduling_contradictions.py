"""Contradictions: true, with nothing in them that could be left out, and found whenever there is one."""

from dataclasses import replace
from itertools import combinations

import pytest

from scheduling import contradictions as module
from scheduling.clauses import clauses_of, without
from scheduling.contradictions import contradictions, irreducible, narrowed
from scheduling.cpsat.together import OutOfTime, fewest_hits, fits
from scheduling.facts import Facts
from scheduling.problem import PairKind, PairRule, Person, Problem, Request, Subjects, Table
from scheduling.score import is_promised
from scheduling.solution import Clause, Contradiction, Meeting
from scheduling.words import sentence
from tests.scheduling import brute
from tests.scheduling.builders import guest, host, problem, request, slots, tables
from tests.scheduling.random_problems import KINDS, tiny

never = frozenset({"S1", "S2", "S3", "S4"})
online = frozenset({"online"})
H, A, B = host(), guest("A"), guest("B")
four = (host("H"), host("G"), guest("A"), guest("B"))
p = frozenset({"p"})


def must(name: str, *participants: str, **fields: object) -> Request:
    return request(name, *participants, is_mandatory=True, **fields)


BOTH = (must("a", "H", "A"), must("b", "H", "B"))
APART = (must("a", "H", "A"), must("b", "G", "B"))
M = tuple(Clause("must_be_placed", (name,)) for name in "ab")
ONE_TABLE = Clause("tables", (), (), (("tables", 1),))
CASES: list[tuple[str, Problem, set[Clause]]] = [
    ("room", problem(slots=slots(1)), {*M, Clause("room", ("H",), (), (("capacity", 1),))}),
    (
        "room_varies",
        problem(
            slots=slots(2),
            participants=(host(capacity_at={"S1": 2}), A, B, guest("C"), guest("D")),
            tables=tables(4),
            requests=tuple(must(name, "H", name) for name in "ABCD"),
        ),
        {
            *(Clause("must_be_placed", (name,)) for name in "ABCD"),
            Clause("room_varies", ("H",), (), (("least", 1), ("most", 2))),
        },
    ),
    (
        "absent",
        problem(participants=(H, guest("A", unavailable=never), B)),
        {M[0], Clause("absent", ("A",), ("S1", "S2", "S3", "S4"))},
    ),
    (
        "two absences",
        problem(
            participants=(
                host(unavailable=frozenset({"S1", "S2"})),
                guest("A", arrives=slots()[0].start, leaves=slots()[1].end),
                B,
            )
        ),
        {M[0], Clause("absent", ("H",), ("S1", "S2")), Clause("absent", ("A",), ("S3", "S4"))},
    ),
    (
        "maximum",
        problem(participants=(host(max_meetings=1), A, B)),
        {*M, Clause("maximum", ("H",), (), (("maximum", 1),))},
    ),
    (
        "rest",
        problem(slots=slots(2), participants=(host(max_run=1), A, B)),
        {*M, Clause("rest", ("H",), (), (("maximum", 1),)), Clause("room", ("H",), (), (("capacity", 1),))},
    ),
    (
        "way",
        problem(slots=slots(2), participants=(host(transition=1), A, B)),
        {*M, Clause("way", ("H",), (), (("length", 1),)), Clause("room", ("H",), (), (("capacity", 1),))},
    ),
    (
        "home",
        problem(participants=(host(home_tables=frozenset({"T1"})), guest("A", home_tables=frozenset({"T2"})), B)),
        {M[0], Clause("home", ("H", "T1")), Clause("home", ("A", "T2"))},
    ),
    (
        "needs",
        problem(participants=(host(features=online), A, B), requests=BOTH[:1]),
        {M[0], Clause("needs", ("H", "online")), Clause("tables", (), (), (("tables", 2),))},
    ),
    (
        "needs_at",
        problem(requests=(must("a", "H", "A", features=online),)),
        {M[0], Clause("needs_at", ("a", "online")), Clause("tables", (), (), (("tables", 2),))},
    ),
    ("tables", problem(slots=slots(1), tables=tables(1), participants=four, requests=APART), {*M, ONE_TABLE}),
    (
        "closed",
        problem(tables=(Table("T1", open_slots=frozenset()),), requests=BOTH[:1]),
        {M[0], ONE_TABLE, Clause("closed", ("T1",), ("S1", "S2", "S3", "S4"))},
    ),
    (
        "person_once",
        problem(slots=slots(1), participants=four, requests=tuple(replace(one, people=p) for one in APART)),
        {*M, Clause("person_once", ("p",))},
    ),
    (
        "person_absent",
        problem(people=(Person("p", never),), requests=(must("a", "H", "A", people=p),)),
        {M[0], Clause("person_absent", ("p",), ("S1", "S2", "S3", "S4"))},
    ),
    (
        "wanted",
        problem(
            participants=(H, guest("A", unavailable=frozenset({"S1", "S3"})), B),
            requests=(must("a", "H", "A", slots=frozenset({"S1"})),),
        ),
        {M[0], Clause("wanted", ("a",), ("S1",)), Clause("absent", ("A",), ("S1",))},
    ),
    (
        "length",
        problem(slots=slots(1), requests=(must("a", "H", "A", length=2),)),
        {M[0], Clause("length", ("a",), (), (("length", 2),))},
    ),
    *(
        (
            f"pair_{name}",
            problem(
                slots=slots(number),
                tables=tables(2),
                participants=four,
                requests=requests,
                pair_rules=(
                    PairRule("P", kind, *pair, Subjects.REQUESTS if kind is PairKind.BEFORE else Subjects.PARTICIPANTS),
                ),
            ),
            {*M, Clause(f"pair_{name}", ("P", *pair)), *others},
        )
        for name, kind, number, requests, pair, others in [
            ("together", PairKind.NOT_TOGETHER, 1, APART, ("A", "B"), ()),
            (
                "back_to_back",
                PairKind.NOT_BACK_TO_BACK,
                2,
                BOTH,
                ("A", "B"),
                (Clause("room", ("H",), (), (("capacity", 1),)),),
            ),
            ("order", PairKind.BEFORE, 1, APART, ("a", "b"), ()),
            (
                "adjacent",
                PairKind.NOT_ADJACENT_TABLES,
                1,
                APART,
                ("H", "G"),
                (Clause("tables", (), (), (("tables", 2),)),),
            ),
            ("same_room", PairKind.NOT_SAME_ROOM, 1, APART, ("H", "G"), (Clause("tables", (), (), (("tables", 2),)),)),
        ]
    ),
    (
        "pinned",
        problem(requests=tuple(replace(one, is_mandatory=False, lock_slot="S2") for one in BOTH)),
        {
            Clause("pinned", ("a",), ("S2",)),
            Clause("pinned", ("b",), ("S2",)),
            Clause("room", ("H",), (), (("capacity", 1),)),
        },
    ),
    (
        "pinned to a table",
        problem(
            participants=(host(home_tables=frozenset({"T1"})), A, B),
            requests=(request("a", "H", "A", lock_table="T2"),),
        ),
        {Clause("pinned", ("a", "T2")), Clause("home", ("H", "T1"))},
    ),
    (
        "begun",
        problem(
            participants=(H, guest("A", unavailable=frozenset({"S1", "S2"})), B),
            requests=(request("a", "H", "A"),),
            previous=(Meeting("a", "S1", "T1"),),
            frozen=frozenset({"a"}),
        ),
        {Clause("begun", ("a", "T1"), ("S1",)), Clause("absent", ("A",), ("S1",))},
    ),
    (
        "equal_waiting",
        problem(
            slots=slots(3),
            participants=(host(unavailable=frozenset({"S2"})), A, B),
            requests=(must("a", "H", "A"), must("b", "H", "A")),
            max_idle_difference=0,
        ),
        {
            *M,
            Clause("absent", ("H",), ("S2",)),
            Clause("room", ("H",), (), (("capacity", 1),)),
            Clause("equal_waiting", (), (), (("limit", 0),)),
        },
    ),
]


def mandated(event: Problem) -> Problem:
    """The builders' own two requests made mandatory where a case has not chosen others."""
    plain = all(not is_promised(event, one) for one in event.requests)
    return replace(event, requests=tuple(replace(one, is_mandatory=True) for one in event.requests)) if plain else event


@pytest.mark.parametrize(("name", "event", "clauses"), CASES, ids=[case[0] for case in CASES])
def test_the_contradiction_names_what_excludes_each_other_and_nothing_else(
    name: str, event: Problem, clauses: set[Clause]
) -> None:
    found = contradictions(mandated(event), seconds=60)

    assert [set(one.clauses) for one in found] == [clauses]
    assert all(one.is_irreducible and one.has_fewest_requests for one in found)
    assert untrue(mandated(event), found) == []
    assert "?" not in sentence(found[0]) + sentence(found[0], language="en")


PROMISES = ("must_be_placed", "pinned", "begun")


def about(contradiction: Contradiction) -> set[str]:
    return {one.subjects[0] for one in contradiction.clauses if one.code in PROMISES}


def untrue(event: Problem, found: tuple[Contradiction, ...]) -> list[str]:
    """What brute force finds wrong with what was said about the event."""
    promised = [one.id for one in event.requests if is_promised(event, one)]
    held = {frozenset(one.request_id for one in some) for some in brute.all_valid(event)}
    faults = [] if bool(found) != any(set(promised) <= some for some in held) else ["none is found, or one too many"]
    left = list(promised)
    for one in found:
        fewer = len(about(one)) - 1
        if not about(one) <= set(left):
            faults.append("a request stands in two of them")
        if not all(any(set(some) <= more for more in held) for some in combinations(left, fewer)):
            faults.append(f"{about(one)}: fewer would do")
        left = [name for name in left if name not in about(one)]
        faults += _untrue_clauses(event, one)
    if not any(set(left) <= some for some in held):
        faults.append("there are more")
    return faults


def _untrue_clauses(event: Problem, one: Contradiction) -> list[str]:
    whole = narrowed(event, about(one))
    said = {(clause.code, clause.subjects): clause for clause in one.clauses}
    others = []
    for clause in clauses_of(Facts(whole), about(one)):
        known = said.pop((clause.code, clause.subjects), None)
        slots = () if known is None else known.slot_ids
        if known is None or slots != clause.slot_ids:
            others.append(replace(clause, slot_ids=tuple(slot for slot in clause.slot_ids if slot not in slots)))
    only = without(whole, others)
    faults = [f"{clause} is no fact of the event" for clause in said.values()]
    faults += ["it can all hold"] if _holds(only, about(one)) else []
    for clause in one.clauses:
        pieces = (
            [replace(clause, slot_ids=(slot,)) for slot in clause.slot_ids] if "absent" in clause.code else [clause]
        )
        faults += [
            f"without {piece} nothing changes"
            for piece in pieces
            if not _holds(without(whole, [*others, piece]), about(one))
        ]
    return faults


def _holds(event: Problem, names: set[str]) -> bool:
    """Whether brute force finds a timetable for those of them that are still promised."""
    wanted = {one.id for one in event.requests if one.id in names and is_promised(event, one)}
    if event.max_idle_difference is not None:
        return any(wanted <= {one.request_id for one in some} for some in brute.all_valid(event))
    return _together(brute.Event(narrowed(event, wanted)), ())


def _together(event: brute.Event, chosen: tuple[brute.Place, ...]) -> bool:
    if len(chosen) == len(event.requests):
        return True
    places = (one for one in event.choices[len(chosen)] if event.fits(one, chosen))
    return any(_together(event, (*chosen, one)) for one in places)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_said_of_a_random_event_is_true(kind: str) -> None:
    for seed in range(4):
        event = tiny(kind, seed)
        if kind not in ("mandatory", "locks", "frozen"):
            few = narrowed(event, [one.id for one in event.requests[:4]])
            event = replace(few, requests=tuple(replace(one, is_mandatory=True) for one in few.requests))
        found = contradictions(event, seconds=60)
        assert untrue(event, found) == []
        assert all(one.is_irreducible and one.has_fewest_requests for one in found)


def test_requests_that_all_fit_contradict_nothing() -> None:
    assert contradictions(problem(requests=BOTH)) == ()
    assert contradictions(problem()) == ()


def test_contradictions_that_share_no_request_are_all_named() -> None:
    event = problem(
        slots=slots(1),
        tables=tables(4),
        participants=(host("H"), host("G"), *(guest(name) for name in "ABCD")),
        requests=(*BOTH, must("c", "G", "C"), must("d", "G", "D")),
    )

    assert [about(one) for one in contradictions(event, seconds=60)] == [{"a", "b"}, {"c", "d"}]


def test_the_fewest_requests_are_found_where_counting_sees_nothing() -> None:
    """Three that exclude each other only together, besides four of which any three still fit."""
    event = problem(
        slots=slots(2),
        tables=tables(9),
        participants=tuple(guest(name) for name in "ABCDEFG"),
        requests=(must("a", "A", "B"), must("b", "B", "C"), must("c", "C", "A"), must("d", "D", "E")),
    )

    (found,) = contradictions(event, seconds=60)

    assert about(found) == {"a", "b", "c"}
    assert {one.subjects[0] for one in found.clauses if one.code == "room"} == {"A", "B", "C"}


def test_without_time_nothing_is_claimed() -> None:
    assert contradictions(problem(slots=slots(1), requests=BOTH), seconds=-1) == ()


def test_what_is_not_finished_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests are known by counting; then the time is over."""
    event = problem(slots=slots(1), requests=BOTH)
    search = module._Search(event, deadline=0.0)

    found = search.contradiction(("a", "b"), has_fewest=False)

    assert (found.is_irreducible, found.has_fewest_requests) == (False, False)
    assert set(M) < set(found.clauses)


def test_an_event_too_large_for_the_model_is_only_counted_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHOICES", 0)
    hidden = problem(
        slots=slots(2),
        participants=tuple(guest(name) for name in "ABC"),
        tables=tables(3),
        requests=(must("a", "A", "B"), must("b", "B", "C"), must("c", "C", "A")),
    )

    assert contradictions(hidden) == ()
    assert [about(one) for one in contradictions(problem(slots=slots(1), requests=BOTH))] == [{"a", "b"}]


def test_tables_too_many_for_the_model_leave_the_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    event = CASES[[case[0] for case in CASES].index("pair_same_room")][1]
    monkeypatch.setattr("scheduling.cpsat.placing.MOST_SEATS", 0)

    with pytest.raises(OutOfTime):
        fits(event, ["a", "b"], deadline=float("inf"))


def test_the_first_parts_are_kept_rather() -> None:
    assert irreducible("abcdef", lambda some: "c" in some and "f" in some) == ["c", "f"]
    assert irreducible("abcdef", lambda some: len(some) >= 3) == ["a", "b", "c"]
    assert irreducible("abc", lambda some: True) == []


def test_hitting_sets_are_smallest() -> None:
    assert fewest_hits([], float("inf")) == ()
    assert fewest_hits([{"a", "b"}, {"b", "c"}], deadline=1e12) == ("b",)


def test_a_contradiction_in_words() -> None:
    (found,) = contradictions(problem(slots=slots(1), requests=BOTH), seconds=60)
    names = {"a": "海野工業との面談", "b": "山田製作所との面談", "H": "大手商事"}

    assert sentence(found, name=lambda key: names.get(key, key)) == (
        "次の3つは、すべてを同時には守れません: "
        "海野工業との面談は必ず入れる、山田製作所との面談は必ず入れる、大手商事は同時に1件まで。"
    )
    assert sentence(found, language="en") == (
        "These 3 cannot all hold: a has to be placed; b has to be placed; H holds at most 1 at a time."
    )
