"""Arithmetic before any search, and how a run behaves while it runs."""

import datetime as dt
import json
from pathlib import Path

import pytest

from scheduling import capacity
from scheduling.__main__ import main
from scheduling.engine import solve
from scheduling.solution import Bill, Outcome, Progress
from scheduling.words import arithmetic
from tests.scheduling import kistec
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables


def clock(text: str) -> dt.datetime:
    return kistec.at(text)


def test_the_slots_of_the_demonstration_event_come_out_of_its_window() -> None:
    made = capacity.slots(
        clock("13:00"),
        clock("16:50"),
        minutes=20,
        changeover=5,
        breaks=[(clock("14:35"), clock("14:50"))],
        block_names=("前半", "後半"),
    )

    assert made == kistec.slots()


def test_a_window_that_is_too_short_has_no_slot_and_a_slot_needs_a_length() -> None:
    assert capacity.slots(clock("13:00"), clock("13:10"), minutes=20, changeover=5) == ()
    with pytest.raises(ValueError, match="positive length"):
        capacity.slots(clock("13:00"), clock("14:00"), minutes=0, changeover=5)


def test_tables_needed_and_advised_for_150_meetings_in_nine_slots() -> None:
    assert capacity.tables_needed(150, 9) == 17
    assert capacity.tables_advised(150, 9) == (19, 20)
    assert (capacity.tables_needed(5, 0), capacity.tables_advised(5, 0)) == (0, (0, 0))


@pytest.mark.parametrize(
    ("meetings", "slots", "advised"),
    [(700, 10, (77, 84)), (0, 3, (0, 0)), (1, 1, (2, 2)), (3 * 10**18, 10, (33 * 10**16, 36 * 10**16))],
)
def test_tables_advised_are_rounded_in_whole_numbers(meetings: int, slots: int, advised: tuple[int, int]) -> None:
    assert capacity.tables_advised(meetings, slots) == advised


def test_what_is_known_before_anything_is_placed() -> None:
    event = problem(
        slots=slots(2),
        tables=tables(1),
        participants=(host(max_meetings=1), guest("A"), guest("B"), guest("C", unavailable=frozenset({"S1", "S2"}))),
        requests=(
            request("a", "H", "A"),
            request("b", "H", "B"),
            request("c", "H", "C"),
            request("d", "A", "B", length=2),
        ),
    )

    known = capacity.before(event)

    assert (known.requests, known.needed, known.table_places) == (4, 5, 2)
    assert (known.tables_needed, known.tables_advised) == (3, (3, 3))
    assert [(one.request_id, one.code, one.among) for one in known.reasons] == [
        ("c", "never_there", ()),
        ("a", "maximum_reached", ("a", "b")),
        ("a", "participant_full", ("a", "d")),
        ("a", "tables_short", ("a", "b", "d")),
        ("b", "participant_full", ("b", "d")),
    ]
    assert arithmetic(known, language="en") == (
        "4 requests, 2 slots, 1 tables. At least 3 tables are needed, 3 advised (5 table slots wanted, 2 open)."
    )


def test_places_and_wishes_of_each_participant() -> None:
    event = problem(
        slots=slots(3),
        participants=(host(capacity_at={"S1": 2, "S2": 0}), guest("A", max_meetings=1), guest("B")),
        requests=(request("a", "H", "A"), request("b", "H", "B"), request("c", "H", "A")),
    )

    assert capacity.places(event) == {"H": 3, "A": 1, "B": 3}
    assert capacity.wanted(event) == {"H": 3, "A": 2, "B": 1}
    assert capacity.overbooked(event) == (("A", 2, 1),)
    assert capacity.table_places(event) == 6


def test_an_event_is_reckoned_up_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    example = str(Path(capacity.__file__).parent / "example.json")

    assert main(["explain", example, "--language", "ja"]) == 0
    assert main(["explain", example, "--json"]) == 0

    first, second, document = capsys.readouterr().out.split("\n", 2)
    assert first == "希望5件・3枠・2卓です。卓は2卓以上必要で、2卓をお勧めします(必要な延べ5に対し、使える延べ6)。"
    assert second == "late: 希望の枠(S1)にはbit・choがそろいません。"
    assert json.loads(document)["tables_advised"] == [2, 2]


def test_progress_is_told_and_the_bound_never_below_what_is_placed() -> None:
    event = kistec.with_slots(kistec.build(), 7)
    heard: list[Progress] = []

    solution = solve(event, seconds=60, comfort_seconds=1, on_progress=heard.append)

    assert heard
    assert heard[-1].placed == solution.placed
    assert all(one.placed <= one.bound <= one.wanted == 150 for one in heard)


def test_a_stopped_run_keeps_the_best_so_far() -> None:
    solution = solve(kistec.build(), seconds=60, should_stop=lambda: True)

    assert solution.outcome is Outcome.STOPPED
    assert solution.seconds < 30


def test_what_the_caller_raises_comes_back_to_the_caller() -> None:
    def fail(progress: Progress) -> None:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        solve(kistec.with_slots(kistec.build(), 7), seconds=60, on_progress=fail)


def test_contradicting_mandatory_requests_are_told_and_the_rest_is_placed() -> None:
    event = problem(
        slots=slots(1),
        tables=tables(3),
        participants=(host(), host("G"), guest("A"), guest("B"), guest("C")),
        requests=(
            request("a", "H", "A", is_mandatory=True),
            request("b", "H", "B", is_mandatory=True),
            request("c", "G", "C"),
        ),
    )

    solution = solve(event, seconds=20, workers=1)

    assert solution.outcome is Outcome.INFEASIBLE
    assert solution.placed == 2


def test_a_hint_is_kept_where_it_is_as_good_and_cleaned_where_it_is_broken() -> None:
    event = problem()

    kept = solve(event, seconds=20, workers=1, hint=at("a:S3:T2 b:S4:T2"))
    cleaned = solve(event, seconds=20, workers=1, hint=at("a:S3:T2 b:S3:T2"))

    assert {(one.request_id, one.slot_id) for one in kept.meetings} == {("a", "S3"), ("b", "S4")}
    assert cleaned.placed == 2


def test_a_bill_knows_its_gap() -> None:
    assert (Bill("g", 1, 1, 5, 3).gap, Bill("g", 1, 1, 5).gap, Bill("g", 1, 1, 5, 5).is_proven) == (2, None, True)
