"""What happens on the day, as changes of a problem: what each changes, what it leaves alone, what it refuses."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduling import disturbances
from scheduling.faults import BadProblem, Fault
from scheduling.problem import PairKind, PairRule, Problem, Request, Subjects
from tests.scheduling import builders
from tests.scheduling.builders import at, guest, host, request

PUBLISHED = builders.problem(previous=at("a:S1:T1 b:S3:T2"))


def slots_of(problem: Problem, request_id: str) -> frozenset[str] | None:
    return next(one.slots for one in problem.requests if one.id == request_id)


def away(problem: Problem, participant: str) -> frozenset[str]:
    return next(one.unavailable for one in problem.participants if one.id == participant)


def pins(problem: Problem, request_id: str) -> tuple[str | None, str | None]:
    return next((one.lock_slot, one.lock_table) for one in problem.requests if one.id == request_id)


def test_what_has_begun_is_frozen_and_the_rest_kept_out_of_the_past() -> None:
    begun = disturbances.begun(PUBLISHED, "S2")

    assert begun.frozen == {"a"}
    assert (slots_of(begun, "a"), slots_of(begun, "b")) == (None, frozenset({"S3", "S4"}))


def test_a_moment_freezes_what_starts_at_or_before_it() -> None:
    slots = PUBLISHED.slots

    assert disturbances.begun(PUBLISHED, slots[0].start).frozen == {"a"}
    assert disturbances.begun(PUBLISHED, slots[2].start).frozen == {"a", "b"}
    assert disturbances.begun(PUBLISHED, slots[0].start - (slots[0].end - slots[0].start)).frozen == frozenset()


def test_wanted_slots_stay_wanted_as_far_as_they_are_to_come() -> None:
    choosy = replace(
        PUBLISHED, requests=(request("a", "H", "A"), request("b", "H", "B", slots=frozenset({"S1", "S3"})))
    )

    assert slots_of(disturbances.begun(choosy, "S1"), "b") == {"S3"}


def test_a_published_request_that_is_gone_is_not_frozen() -> None:
    fewer = replace(PUBLISHED, requests=PUBLISHED.requests[1:])

    assert disturbances.begun(fewer, "S4").frozen == {"b"}


def test_who_is_absent_is_there_in_no_slot_or_only_before_one() -> None:
    assert away(disturbances.absent(PUBLISHED, "A"), "A") == {"S1", "S2", "S3", "S4"}
    assert away(disturbances.absent(PUBLISHED, "A", "S3"), "A") == {"S3", "S4"}
    assert away(disturbances.absent(PUBLISHED, "A"), "B") == frozenset()


def test_who_is_late_is_there_from_the_slot_on() -> None:
    assert away(disturbances.late(PUBLISHED, "A", "S3"), "A") == {"S1", "S2"}


def test_who_has_met_somebody_was_there() -> None:
    begun = disturbances.begun(PUBLISHED, "S2")

    assert away(disturbances.absent(begun, "H"), "H") == {"S2", "S3", "S4"}
    assert away(disturbances.late(begun, "A", "S4"), "A") == {"S2", "S3"}


def test_a_lost_table_is_closed_but_not_below_those_who_sit_there() -> None:
    long = replace(PUBLISHED, requests=(request("a", "H", "A", length=2), request("b", "H", "B")))
    begun = disturbances.begun(long, "S1")

    assert disturbances.table_lost(PUBLISHED, "T1").tables[0].open_slots == frozenset()
    assert disturbances.table_lost(PUBLISHED, "T1", "S3").tables[0].open_slots == {"S1", "S2"}
    assert disturbances.table_lost(begun, "T1").tables[0].open_slots == {"S1", "S2"}
    closed = replace(PUBLISHED, tables=(replace(PUBLISHED.tables[0], open_slots=frozenset({"S2", "S4"})),))
    assert disturbances.table_lost(closed, "T1", "S3").tables[0].open_slots == {"S2"}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda event: disturbances.absent(event, "A"), {"a": (None, None), "b": ("S3", "T2")}),
        (lambda event: disturbances.late(event, "A", "S2"), {"a": (None, None), "b": ("S3", "T2")}),
        (lambda event: disturbances.absent(event, "H", "S2"), {"a": ("S1", "T1"), "b": (None, None)}),
        (lambda event: disturbances.table_lost(event, "T2", "S2"), {"a": ("S1", "T1"), "b": (None, None)}),
        (lambda event: disturbances.table_lost(event, "T2", "S4"), {"a": ("S1", "T1"), "b": ("S3", "T2")}),
    ],
)
def test_pins_that_hold_nothing_any_more_are_lifted(
    change: Callable[[Problem], Problem], left: dict[str, tuple[str | None, str | None]]
) -> None:
    pinned = replace(
        PUBLISHED,
        requests=(
            request("a", "H", "A", lock_slot="S1", lock_table="T1"),
            request("b", "H", "B", lock_slot="S3", lock_table="T2"),
        ),
    )

    changed = change(pinned)

    assert {one: pins(changed, one) for one in left} == left


def test_an_added_request_is_looked_at_before_it_is_taken_in() -> None:
    added = disturbances.added(PUBLISHED, Request("c", ("A", "B")))

    assert [one.id for one in added.requests] == ["a", "b", "c"]
    with pytest.raises(BadProblem) as refused:
        disturbances.added(PUBLISHED, Request("a", ("A", "X")))
    assert {(one.path, one.code) for one in refused.value.faults} == {
        ("requests[2].id", "duplicate"),
        ("requests[2].participants", "unknown"),
    }


def test_a_withdrawn_request_takes_its_rules_with_it() -> None:
    rules = (
        PairRule("P", PairKind.BEFORE, "a", "b", Subjects.REQUESTS),
        PairRule("Q", PairKind.NOT_TOGETHER, "A", "B"),
    )

    changed = disturbances.withdrawn(replace(PUBLISHED, pair_rules=rules), "a")

    assert [one.id for one in changed.requests] == ["b"]
    assert changed.pair_rules == rules[1:]
    assert changed.previous == PUBLISHED.previous


def test_a_swap_by_hand_pins_each_where_the_other_was() -> None:
    swapped = disturbances.swapped(PUBLISHED, "a", "b")

    assert (pins(swapped, "a"), pins(swapped, "b")) == (("S3", "T2"), ("S1", "T1"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda event: disturbances.begun(event, "S9"), Fault("slots", "unknown", "S9")),
        (lambda event: disturbances.absent(event, "X"), Fault("participants", "unknown", "X")),
        (lambda event: disturbances.absent(event, "A", "S9"), Fault("slots", "unknown", "S9")),
        (lambda event: disturbances.late(event, "A", "S9"), Fault("slots", "unknown", "S9")),
        (lambda event: disturbances.late(event, "X", "S1"), Fault("participants", "unknown", "X")),
        (lambda event: disturbances.table_lost(event, "T9"), Fault("tables", "unknown", "T9")),
        (lambda event: disturbances.withdrawn(event, "x"), Fault("requests", "unknown", "x")),
        (lambda event: disturbances.swapped(event, "a", "x"), Fault("requests", "unknown", "x")),
        (lambda event: disturbances.swapped(event, "a", "c"), Fault("previous", "unknown", "c")),
        (lambda event: disturbances.withdrawn(disturbances.begun(event, "S1"), "a"), Fault("frozen", "has_begun", "a")),
        (
            lambda event: disturbances.swapped(disturbances.begun(event, "S1"), "b", "a"),
            Fault("frozen", "has_begun", "a"),
        ),
    ],
)
def test_what_is_not_known_or_has_begun_is_refused(change: Callable[[Problem], Problem], fault: Fault) -> None:
    event = builders.problem(
        participants=(host(), guest("A"), guest("B"), guest("C")),
        requests=(*PUBLISHED.requests, request("c", "H", "C")),
        previous=PUBLISHED.previous,
    )

    with pytest.raises(BadProblem) as refused:
        change(event)

    assert refused.value.faults == (fault,)
