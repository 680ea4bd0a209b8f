"""Whatever stands in a document, a sheet or an instance: it is read, or refused with sentences; never anything else."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling import format as documents
from scheduling import published, sheets, words
from scheduling.cells import File
from scheduling.check import check
from scheduling.faults import BadProblem, Fault, faults
from scheduling.problem import Problem
from scheduling.score import score
from tests.scheduling.builders import at, problem
from tests.scheduling.damage import texts
from tests.scheduling.event_files import DZN, FOLDER

SMALL = json.loads(documents.write(problem(previous=at("a:S1:T1"), frozen=frozenset({"a"}))))
DOCUMENTS = {"small": SMALL, "smaller": {**SMALL, "previous": [], "frozen": []}}
WITHOUT_CONTROL = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
quickly = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def outcome(read: Callable[[], Problem]) -> Problem | tuple[Fault, ...]:
    """The problem, or the faults, of which there is at least one and each can be said."""
    try:
        return read()
    except BadProblem as error:
        found = error.faults
    assert found
    for fault in found[:100]:
        assert fault.code in words._FAULTS
        for language in ("ja", "en"):
            assert WITHOUT_CONTROL.fullmatch(words.sentence(fault, language=language))
    return found


@settings(quickly, max_examples=250)
@given(texts(st.sampled_from(sorted(DOCUMENTS)).map(DOCUMENTS.__getitem__)))
def test_a_damaged_document_is_read_or_refused(text: str) -> None:
    found = outcome(lambda: documents.read(text))
    if isinstance(found, Problem):
        assert faults(found) == ()
        assert documents.read(documents.write(found)) == found
        assert isinstance(check(found, found.previous), tuple)
        assert len(score(found, found.previous)) == len(found.goals)


@settings(quickly, max_examples=150)
@given(texts(st.just({"meetings": json.loads(json.dumps(SMALL["previous"])) * 3})))
def test_a_damaged_timetable_is_read_or_refused(text: str) -> None:
    def checked() -> Problem:
        event = problem()
        assert isinstance(check(event, documents.read_meetings(text)), tuple)
        return event

    outcome(checked)


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        thrown_in = draw(st.text(max_size=4) | st.sampled_from(['"', ",", "\n", "-1", "{}", "|", "×", "=", "\x00"]))
        text = text[:start] + thrown_in + text[end:]
    return text


@settings(quickly, max_examples=200)
@given(edited(DZN))
def test_a_damaged_instance_is_read_or_refused(text: str) -> None:
    outcome(lambda: published.read(text))


@settings(quickly, max_examples=300)
@given(st.data(), st.sampled_from(sorted(FOLDER)), st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
def test_a_damaged_sheet_is_read_or_refused(data: st.DataObject, name: str, encoding: str) -> None:
    text = data.draw(edited(FOLDER[name]))
    whole = {one: File(f"{one}.csv", content.encode()) for one, content in FOLDER.items()}
    damaged = {**whole, name: File(f"{name}.csv", text.encode(encoding, errors="replace"))}
    outcome(lambda: sheets.read(damaged, sheets.Settings()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"slots": [{"id": "\\ud800"}]}', {("slots[0].id", "not_text")}),
        ('{"requests": [{"weight": NaN}]}', {("requests[0].weight", "not_a_number")}),
        ('{"changeover_minutes": -Infinity}', {("changeover_minutes", "not_a_number")}),
        (f'{{"changeover_minutes": {"9" * 5000}}}', {("changeover_minutes", "out_of_range")}),
        ('{"tables": [{"id": "T", "id": "U", "id": "V"}]}', {("tables[0].id", "duplicate_field")}),
        ('{"format": "b2b-meetings/9", "format": 1}', {("format", "duplicate_field"), ("format", "unknown_format")}),
        (
            '{"participants": [{"capacity_at": {"S1": 1, "S1": 2}}]}',
            {("participants[0].capacity_at.S1", "duplicate_field")},
        ),
        ('{"participants": [{"capacity_at": []}]}', {("participants[0].capacity_at", "wrong_type")}),
        ('{"a\\u001b[2J": 1}', {("a\\u001b[2J", "unknown_field")}),
    ],
)
def test_oddities_are_named_with_their_path(text: str, expected: set[tuple[str, str]]) -> None:
    found = outcome(lambda: documents.read(text))
    assert isinstance(found, tuple)
    assert expected <= {(fault.path, fault.code) for fault in found}


def changed(**fields: Any) -> str:
    return json.dumps({**SMALL, **fields})


def test_faults_of_form_and_of_sense_are_told_together_and_nothing_is_said_twice() -> None:
    requests = [{**SMALL["requests"][0], "weight": "much"}, {**SMALL["requests"][1], "participants": ["H", "Z"]}]
    slots = [*SMALL["slots"], {**SMALL["slots"][0], "id": "again"}]

    found = outcome(lambda: documents.read(changed(requests=requests, slots=slots, frozen=["b"])))

    assert {(one.path, one.code, one.value) for one in found} == {  # type: ignore[union-attr]
        ("requests[0].weight", "wrong_type", "int"),
        ("requests[1].participants", "unknown", "Z"),
        ("slots[4].start", "overlaps", "S4 / again"),
        ("frozen", "unknown", "b"),
    }


def test_nothing_is_said_about_what_hangs_on_a_place_that_cannot_be_read() -> None:
    tables = [{**SMALL["tables"][0], "id": 7}, *SMALL["tables"][1:]]

    found = outcome(lambda: documents.read(changed(tables=tables)))

    assert found == (Fault("tables[0].id", "wrong_type", "str"),)


def test_too_much_is_refused_before_anything_is_made_of_it() -> None:
    request = json.dumps({"id": "r", "weight": 1})
    million = changed(requests=[]).replace('"requests": []', f'"requests": [{",".join([request] * 1_000_000)}]')

    found = outcome(lambda: documents.read(million))

    assert found == (Fault("requests", "too_many", "1000000"),)


@pytest.mark.parametrize("text", ["[" * 11_000_000, '{"a": "' + "x" * 100_000_000 + '"}'])
def test_what_is_too_large_is_not_even_taken_apart(text: str) -> None:
    found = outcome(lambda: documents.read(text))
    assert [one.code for one in found] in (["too_many_values"], ["too_long"])  # type: ignore[union-attr]


def test_so_many_faults_are_named_and_no_more() -> None:
    found = outcome(lambda: documents.read(changed(requests=[{"id": 1}] * 20_000)))
    also = outcome(lambda: documents.read(changed(requests=[{"id": "same", "participants": ["H", "Z"]}] * 20_000)))
    for one in (found, also):
        assert isinstance(one, tuple)
        assert (len(one), one[-1]) == (10_001, Fault("", "more_faults", "10000"))


def test_weights_that_no_engine_could_add_up_exactly_are_refused() -> None:
    requests = [{**one, "weight": 10**9} for one in SMALL["requests"]]
    goals = [{"name": "weight_unplaced", "band": 20, "weight": 10**9}]

    found = outcome(lambda: documents.read(changed(requests=requests, goals=goals)))

    assert found == (Fault("requests", "too_heavy", "2000000000000000000"),)


def test_times_without_a_zone_and_capacities_out_of_range_are_named_one_by_one() -> None:
    naive = "2027-01-15T13:00:00"
    slots = [{"id": "N", "start": naive, "end": naive}, *SMALL["slots"]]
    participants = [{"id": "H", "arrives": naive, "capacity_at": {"S1": -1, "S2": 1}}, *SMALL["participants"][1:]]

    found = outcome(lambda: documents.read(changed(slots=slots, participants=participants)))

    assert {(one.path, one.code) for one in found} == {  # type: ignore[union-attr]
        ("slots[0]", "without_time_zone"),
        ("participants[0].arrives", "without_time_zone"),
        ("participants[0].capacity_at.S1", "out_of_range"),
    }


def test_problems_made_in_python_have_the_same_bounds() -> None:
    goals = problem().goals * 7
    assert {(one.path, one.code) for one in faults(problem(goals=goals))} >= {("goals", "too_many")}
