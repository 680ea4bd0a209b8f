"""How many requests can be placed at all: exact where that is said, never too many, by whichever way it is found."""

import time
from dataclasses import replace
from random import Random

import pytest

from scheduling import contradictions
from scheduling.cpsat import most, placing, together
from scheduling.cpsat.most import most_placed
from scheduling.explain import explain
from scheduling.facts import Facts
from scheduling.halls import MOST_KINDS, hall_sets
from scheduling.problem import PairKind, PairRule, Problem, Subjects
from scheduling.seating import seat
from scheduling.shortages import most_by_counting
from scheduling.solution import Tried
from tests.scheduling import brute, kistec
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables
from tests.scheduling.random_problems import KINDS, tiny

A_TRIANGLE = problem(
    slots=slots(2),
    tables=tables(3),
    participants=tuple(guest(name) for name in "ABC"),
    requests=(request("a", "A", "B"), request("b", "B", "C"), request("c", "C", "A")),
)
"""Of three meetings of three participants only two fit into two slots, which no count of one participant shows."""


def large() -> Facts:
    """The demonstration event with too few slots: too much for a hundredth of a second."""
    return Facts(kistec.with_slots(kistec.build(), 7))


@pytest.mark.parametrize("kind", KINDS)
def test_the_most_that_is_placed_is_what_trying_everything_finds(kind: str) -> None:
    for seed in range(200, 204):
        event = tiny(kind, seed)
        known = Random(seed).choice(list(brute.all_valid(event)))

        found = most_placed(Facts(event), known, seconds=60)

        assert found.is_exact
        assert found.placed == brute.most_placed(event)
        assert brute.is_valid(event, found.meetings)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("largest", [0, 40_000])
def test_chains_and_counting_never_say_too_much(kind: str, largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a large event: chains lay in what they can, and with `largest` 0 no exact model helps."""
    monkeypatch.setattr(most, "WORTH_INSERTING", 0)
    monkeypatch.setattr(most, "MOST_CHOICES", largest)
    for seed in range(210, 213):
        event = tiny(kind, seed)

        found = most_placed(Facts(event), (), seconds=60)

        true = brute.most_placed(event)
        assert brute.is_valid(event, found.meetings)
        assert found.placed == true if found.is_exact else found.placed <= true
        assert most_by_counting(Facts(event), ()) >= true
        assert found.is_exact or largest == 0


def test_what_counting_settles_needs_no_model() -> None:
    event = problem(slots=slots(1))

    assert most_placed(Facts(event), at("b:S1:T1"), seconds=-1) == most.Most(at("b:S1:T1"), is_exact=True)
    assert most_by_counting(Facts(event), {"b"}) == 1
    assert most_by_counting(Facts(A_TRIANGLE), ()) == 3


def test_impossible_requests_and_groups_without_common_requests_are_counted_together() -> None:
    event = problem(
        slots=slots(1),
        tables=tables(4),
        participants=(
            host("H"),
            host("G"),
            *(guest(name) for name in "ABCD"),
            guest("E", unavailable=frozenset({"S1"})),
        ),
        requests=(
            *(request(name, "H", name) for name in "AB"),
            *(request(name, "G", name) for name in "CD"),
            request("E", "H", "E"),
        ),
    )

    assert most_by_counting(Facts(event), ()) == 2 == brute.most_placed(event)


def test_what_the_time_does_not_allow_is_not_said_to_be_exact() -> None:
    facts = large()

    found = most_placed(facts, (), seconds=0)

    assert (found.meetings, found.is_exact) == ((), False)
    with pytest.raises(together.OutOfTime):
        together.fits(facts.problem, [one.id for one in facts.problem.requests[:70]], time.monotonic() + 0.02)
    largest = together.Largest(facts.problem, list(facts.starts))
    with pytest.raises(together.OutOfTime):
        largest.around((), dict.fromkeys(facts.starts, 1), time.monotonic() + 0.02)
    with pytest.raises(together.OutOfTime):
        largest.around((), dict.fromkeys(facts.starts, 1), time.monotonic() - 1)


def test_tables_that_take_too_long_are_left_to_the_greedy_rule() -> None:
    facts = large()
    times = {one: starts[0] for one, starts in facts.starts.items() if starts}
    some = seat(facts, times)

    assert list(placing.seatings(facts, some, time.monotonic() - 1)) in ([], [placing.seated_simply(facts, some)])


def test_tables_too_many_for_the_model_leave_the_answer_open(monkeypatch: pytest.MonkeyPatch) -> None:
    event = problem(
        slots=slots(1),
        participants=(host("H"), host("G"), guest("A"), guest("B")),
        requests=(request("a", "H", "A"), request("b", "G", "B")),
        pair_rules=(PairRule("P", PairKind.NOT_ADJACENT_TABLES, "H", "G"),),
    )
    assert most_placed(Facts(event), at("a:S1:T1"), seconds=60).is_exact

    monkeypatch.setattr(placing, "MOST_SEATS", 0)

    assert most_placed(Facts(event), at("a:S1:T1"), seconds=60) == most.Most(at("a:S1:T1"), is_exact=False)


def test_without_a_proof_for_the_event_itself_no_change_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(most, "MOST_CHOICES", 0)

    (reason,) = explain(A_TRIANGLE, at("a:S1:T1 b:S2:T1"), seconds=60)

    assert (reason.remedies, reason.tried) == ((), Tried.SOME)


def test_fewer_requests_are_found_than_counting_names() -> None:
    """H has three requests for two slots; two others exclude each other by their order."""
    event = problem(
        slots=slots(2),
        tables=tables(9),
        participants=(host(), host("G", unavailable=frozenset({"S2"})), *(guest(name) for name in "ABCDE")),
        requests=tuple(
            replace(one, is_mandatory=True)
            for one in (
                *(request(name, "H", name) for name in "ABC"),
                request("d", "G", "D", slots=frozenset({"S1"})),
                request("e", "G", "E", slots=frozenset({"S1"})),
            )
        ),
        pair_rules=(PairRule("P", PairKind.BEFORE, "d", "e", Subjects.REQUESTS),),
    )
    search = contradictions._Search(event, time.monotonic() + 60)

    assert search._fewest(event, list("ABCde"), list("ABC")) == (("d", "e"), True)
    assert contradictions._Search(event, 0.0)._fewest(event, list("ABCde"), list("ABC")) == (("A", "B", "C"), False)


def test_a_group_without_members_cannot_be_hit() -> None:
    with pytest.raises(together.OutOfTime):
        together.fewest_hits([set()], 1e12)


def test_very_many_kinds_of_tables_are_counted_one_by_one_and_together() -> None:
    number = MOST_KINDS + 1
    event = problem(
        tables=tables(number + 1),
        participants=(
            guest("A"),
            *(host(f"H{n}", home_tables=frozenset({f"T{n}", f"T{n + 1}"})) for n in range(1, number + 1)),
        ),
        requests=tuple(request(str(n), f"H{n}", "A") for n in range(1, number + 1)),
    )

    found = {(len(one.requests), one.tables[0]) for one in hall_sets(Facts(event))}

    assert found == {(1, 2), (number, number + 1)}


def test_a_change_that_is_never_stricter_keeps_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    event: Problem = replace(A_TRIANGLE, max_idle_difference=1)

    assert most_placed(Facts(event), at("a:S1:T1 b:S2:T1"), seconds=60) == most.Most(
        at("a:S1:T1 b:S2:T1"), is_exact=True
    )


def test_laying_in_ends_as_soon_as_it_tells_of_as_many_as_counting_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(most, "WORTH_INSERTING", 0)
    monkeypatch.setattr("scheduling.annealing.TELL_EVERY", 0.0)

    found = most_placed(Facts(kistec.build()), (), seconds=30)

    assert (found.placed, found.is_exact) == (150, True)


def test_whether_all_fit_is_left_open_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    event = kistec.build()
    names = [one.id for one in event.requests]

    with pytest.raises(together.OutOfTime):
        together.fits(event, names, time.monotonic())
    monkeypatch.setattr("scheduling.cpsat.together._in_time", lambda _: time.monotonic())
    with pytest.raises(together.OutOfTime):
        together.fits(event, names, time.monotonic())
