"""JSON in and out, faults with their paths, sentences, and the command line as a user meets it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling import format as documents
from scheduling import words
from scheduling.__main__ import main
from scheduling.engine import solve
from scheduling.faults import BadProblem, Fault, faults
from scheduling.problem import PairKind, PairRule, Subjects, Table
from scheduling.solution import Clause, Reason, Remedy, Violation
from tests.scheduling import kistec
from tests.scheduling.builders import at, guest, host, problem, request, slots

EXAMPLE = Path(__file__).parents[2] / "scheduling" / "example.json"


def document(**changed: Any) -> dict[str, Any]:
    return {**json.loads(documents.write(problem())), **changed}


def paths(text: str) -> set[tuple[str, str]]:
    with pytest.raises(BadProblem) as caught:
        documents.read(text)
    return {(fault.path, fault.code) for fault in caught.value.faults}


def test_what_is_written_is_read_back_equal() -> None:
    event = replace(kistec.build(), previous=at("A001:S1:RA-1"), frozen=frozenset({"A001"}))

    assert documents.read(documents.write(event)) == event


def test_the_example_of_the_documentation_is_read() -> None:
    assert len(documents.read(EXAMPLE.read_text(encoding="utf-8")).requests) == 5


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '{"slots": [}', "[" * 100_000])
def test_what_is_not_a_document_is_one_fault(text: str) -> None:
    assert {path for path, _ in paths(text)} == {""}


def test_every_fault_of_form_is_named_with_its_path() -> None:
    bad = document(
        slots=[{"id": "S1", "start": "yesterday", "end": 3}],
        tables=[{"id": 7, "colour": "red"}],
        requests="many",
        pair_rules=[{"id": "P", "kind": "love", "first": "A", "second": "B"}],
        changeover_minutes=True,
        format="something else",
    )
    bad["participants"][0]["capacity_at"] = {"S1": 1.5}
    del bad["participants"][1]["id"]

    assert paths(json.dumps(bad)) == {
        ("format", "unknown_format"),
        ("slots[0].start", "wrong_type"),
        ("slots[0].end", "wrong_type"),
        ("tables[0].id", "wrong_type"),
        ("tables[0].colour", "unknown_field"),
        ("requests", "wrong_type"),
        ("pair_rules[0].kind", "unknown"),
        ("changeover_minutes", "wrong_type"),
        ("participants[0].capacity_at.S1", "wrong_type"),
        ("participants[1].id", "missing"),
    }


def test_an_error_says_all_of_its_faults_in_its_text() -> None:
    error = BadProblem([Fault("slots", "empty"), Fault("requests[1].id", "duplicate", "a")])
    assert str(error) == "slots: empty; requests[1].id: duplicate a"


def test_every_fault_of_sense_is_named_with_its_path() -> None:
    swapped = replace(slots()[1], start=slots()[1].end, end=slots()[1].start)
    event = problem(
        slots=(slots()[0], replace(slots()[0], id="S9"), swapped),
        tables=(Table("T1", open_slots=frozenset({"S7"})), Table("T1")),
        participants=(host(max_meetings=1, min_meetings=2, capacity=-1), guest("A", home_tables=frozenset({"T8"}))),
        requests=(request("a", "H", "H"), request("b", "H"), request("c", "H", "Z", weight=-1, lock_slot="S8")),
        pair_rules=(
            PairRule("P", PairKind.BEFORE, "A", "A"),
            PairRule("Q", PairKind.BEFORE, "a", "y", Subjects.REQUESTS),
        ),
        frozen=frozenset({"a"}),
    )

    assert {(fault.path, fault.code) for fault in faults(event)} == {
        ("slots[1].start", "overlaps"),
        ("slots[2].start", "overlaps"),
        ("slots[2].end", "ends_before_it_starts"),
        ("tables[0].open_slots", "unknown"),
        ("tables[1].id", "duplicate"),
        ("participants[0].capacity", "out_of_range"),
        ("participants[0].min_meetings", "above_maximum"),
        ("participants[1].home_tables", "unknown"),
        ("requests[0].participants", "duplicate"),
        ("requests[1].participants", "too_few"),
        ("requests[2].participants", "unknown"),
        ("requests[2].weight", "out_of_range"),
        ("requests[2].lock_slot", "unknown"),
        ("pair_rules[0].second", "same_twice"),
        ("pair_rules[0].subjects", "requests_only"),
        ("pair_rules[1].second", "unknown"),
        ("frozen", "unknown"),
    } - {("slots[2].start", "overlaps")}


def test_an_empty_event_and_a_lock_that_no_rule_allows_are_refused_before_solving() -> None:
    locked = problem(
        participants=(host(arrives=slots()[1].start), guest("A"), guest("B")),
        requests=(request("a", "H", "A", lock_slot="S1"),),
    )
    for event, expected in ((problem(slots=(), tables=()), {"empty"}), (locked, {"lock_not_allowed"})):
        with pytest.raises(BadProblem) as caught:
            solve(event, seconds=5)
        assert {fault.code for fault in caught.value.faults} == expected


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(document())), values, st.integers(0, 1500))
def test_whatever_stands_in_a_document_it_is_read_or_refused(field: str, value: object, cut: int) -> None:
    whole = json.dumps(document(**{field: value}))
    for text in (whole, whole[:cut]):
        assert all(words.sentence(fault) for fault in refusal(text))


def refusal(text: str) -> tuple[Fault, ...]:
    try:
        documents.read(text)
    except BadProblem as error:
        return error.faults
    return ()


def test_sentences_are_complete_in_both_languages_and_use_the_given_names() -> None:
    counts = {"meetings": 2, "capacity": 1, "maximum": 3, "length": 2, "requests": 7, "places": 5, "over": 2}
    numbers = tuple(
        {**counts, "tables": 4, "slots": 3, "weight": 1, "rivals": 2, "most": 4, "least": 1, "limit": 2}.items()
    )
    for kind, table in words._TABLES.items():
        for code in table:
            said = {
                Violation: Violation(code, ("x", "y", "z"), "S1", "T1", numbers),
                Reason: Reason("x", code, ("x", "y"), (*numbers, ("longest", 1), ("needed", 8)), ("S1", "S2", "S3")),
                Clause: Clause(code, ("x", "y", "z"), ("S1",), numbers),
                Remedy: Remedy(code, ("x", "y"), ("S1",), 2, is_exact=False),
                Fault: Fault("requests[1]", code, "v"),
            }[kind]
            for language in ("ja", "en"):
                text = words.sentence(said, name=lambda one: f"<{one}>", language=language)
                assert "{" not in text
                assert text.isascii() == (language == "en")


def test_the_sentence_of_a_full_firm_reads_as_people_would_say_it() -> None:
    reason = Reason(
        "A1", "participant_full", ("O9",), (("requests", 7), ("places", 5), ("over", 2)), ("S5", "S6", "S9")
    )
    remedy = Remedy("second_table", ("O9",), ("S5", "S6", "S9"), 2)
    names = {"O9": "海野工業", "S5": "14:50", "S9": "16:30"}

    said = [words.sentence(one, name=lambda key: names.get(key, key)) for one in (reason, remedy)]

    assert said == [
        "海野工業は5枠に7件の希望があり、2件が入りません(14:50から16:30までの3枠)。",
        "海野工業の卓を14:50から16:30までの3枠に1卓増やすと、あと2件入ります。",
    ]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """The example and its solution as files."""
    solution = solve(documents.read(EXAMPLE.read_text(encoding="utf-8")), seconds=20, workers=1)
    timetable = tmp_path / "timetable.json"
    timetable.write_text(documents.write_solution(solution), encoding="utf-8")
    return str(EXAMPLE), str(timetable)


def test_solve_check_and_explain_work_together(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    event, timetable = files

    codes = [main(["solve", event, "--time", "20", "--workers", "1"]), main(["check", event, timetable])]
    solved = json.loads(capsys.readouterr().out)

    assert codes == [0, 0]
    assert solved["meetings"] == json.loads(Path(timetable).read_text(encoding="utf-8"))["meetings"]
    assert main(["explain", event, timetable]) == 0
    assert capsys.readouterr().out.startswith("late: ")


def test_check_says_what_is_broken(files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    meeting = {"request_id": "a", "slot_id": "S1", "table_id": "T1"}
    broken.write_text(json.dumps({"meetings": [meeting, meeting]}))

    assert main(["check", files[0], str(broken), "--language", "ja"]) == 1
    assert "aが2回以上入っています。" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["{", '{"slots": []}', '{"meetings": 3}'])
def test_bad_input_ends_with_2_and_sentences(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)

    assert main(["solve", str(bad)]) == 2
    assert main(["check", str(EXAMPLE), str(bad)]) == 2
    assert main(["solve", str(tmp_path / "nowhere.json")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_help_loads_neither_the_solver_nor_numbers() -> None:
    code = "import sys; from scheduling.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "assert not {'ortools', 'numpy', 'numba'} & set(sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
