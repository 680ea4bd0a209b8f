"""The command line as people meet it: files and pipes, options, exit codes, sentences; never a traceback."""

import io
import json
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scheduling import format as documents
from scheduling.__main__ import COMMANDS, main
from scheduling.check import check
from scheduling.commands import files, running
from scheduling.faults import BadProblem
from scheduling.problem import Participant, Problem
from tests.scheduling import kistec
from tests.scheduling.builders import guest, host, problem, request, slots, tables

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "scheduling" / "example.json")
Capture = pytest.CaptureFixture[str]
MEETING = {"request_id": "a", "slot_id": "S1", "table_id": "T1"}


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A problem that is solved at once."""
    path = tmp_path / "small.json"
    path.write_text(documents.write(problem()), encoding="utf-8")
    return str(path)


@pytest.fixture
def timetable(tmp_path: Path) -> str:
    """One of its two meetings."""
    path = tmp_path / "timetable.json"
    path.write_text(json.dumps({"meetings": [MEETING]}))
    return str(path)


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scheduling", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, **options)


def stream(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data))


def test_help_lists_every_command_and_each_command_helps_itself(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for name, what in COMMANDS.items():
        assert f"  {name:<9}{what}\n" in text
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: scheduling {name}")


@pytest.mark.parametrize("words", [[], ["dance"], ["\x1b[2J"]])
def test_without_a_command_it_says_which_there_are(words: list[str], capsys: Capture) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert (captured.out, "\x1b" in captured.err) == ("", False)
    assert all(name in captured.err for name in COMMANDS)


def test_the_arguments_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(sys, "argv", ["scheduling", "--help"])
    assert main() == 0


@pytest.mark.parametrize("words", [["--help"], ["solve", "--help"], ["check", EXAMPLE, "-"]])
def test_nothing_heavy_is_loaded_for_help_and_checking(words: list[str]) -> None:
    code = (
        "import io, sys; from scheduling.__main__ import main\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b'{\"meetings\": []}'))\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "print({'ortools', 'numpy', 'numba', 'pandas', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.endswith("set()\n")


def test_help_of_everything_does_without_dataclasses_and_argparse() -> None:
    code = (
        "import sys; from scheduling.__main__ import main; main(['--help'])\n"
        "print({'argparse', 'dataclasses'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.endswith("set()\n")


def test_a_problem_goes_through_a_pipe_and_comes_out_as_a_timetable(small: str) -> None:
    done = run("solve", "-", "--time", "20", "--workers", "1", "--quiet", input=Path(small).read_text(encoding="utf-8"))
    assert (done.returncode, done.stderr) == (0, "")
    assert check(problem(), documents.read_meetings(done.stdout)) == ()
    assert json.loads(done.stdout)["outcome"] == "optimal"


def test_the_result_goes_into_a_file_and_starts_the_next_run(small: str, tmp_path: Path, capsys: Capture) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"

    assert main(["solve", small, "--time", "20", "--workers", "1", "--output", str(first)]) == 0
    hinted = json.loads(first.read_text(encoding="utf-8"))
    hinted["meetings"].append({**MEETING, "request_id": "withdrawn since"})
    first.write_text(json.dumps(hinted))
    assert main(["solve", small, "--hint", str(first), "--time", "20", "--workers", "1", "--output", str(second)]) == 0

    assert len(json.loads(second.read_text(encoding="utf-8"))["meetings"]) == 2
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.json", "second.json", "small.json"]


def test_mandatory_requests_that_contradict_each_other_end_with_1_and_are_named(
    tmp_path: Path, capsys: Capture
) -> None:
    event = problem(
        slots=slots(1),
        participants=(host(), guest("A"), guest("B")),
        requests=(request("a", "H", "A", is_mandatory=True), request("b", "H", "B", is_mandatory=True)),
    )
    path = tmp_path / "event.json"
    path.write_text(documents.write(event), encoding="utf-8")

    assert main(["solve", str(path), "--time", "20", "--workers", "1", "--quiet"]) == 1
    out = capsys.readouterr().out
    [contradiction] = json.loads(out)["contradictions"]
    assert len(json.loads(out)["meetings"]) == 1
    assert contradiction["is_irreducible"]

    solved = tmp_path / "solved.json"
    solved.write_text(out, encoding="utf-8")
    assert main(["explain", str(path), str(solved)]) == 0
    lines = capsys.readouterr().out.splitlines()
    [unplaced] = {"a", "b"} - {one["request_id"] for one in json.loads(out)["meetings"]}
    assert [line.startswith(f"{unplaced}: ") for line in lines[:2]] == [False, True]


def test_check_and_explain_answer_in_sentences_and_in_json(small: str, tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"meetings": [MEETING, MEETING]}))

    assert main(["check", small, str(broken), "--language", "ja"]) == 1
    assert "aが2回以上入っています。" in capsys.readouterr().out
    assert main(["check", small, str(broken), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert {one["code"] for one in said["violations"]} >= {"request_twice", "table_twice"}
    assert said["bills"][0]["goal"] == "mandatory_unplaced"
    assert main(["explain", small, str(broken), "--no-remedies"]) == 0
    assert capsys.readouterr().out.startswith("b: It could be placed")
    assert main(["explain", small, str(broken), "--no-remedies", "--json"]) == 0
    assert [one["request_id"] for one in json.loads(capsys.readouterr().out)["reasons"]] == ["b"]


def test_remedies_are_said_below_their_reason(capsys: Capture, tmp_path: Path) -> None:
    empty = tmp_path / "timetable.json"
    empty.write_text('{"meetings": []}')

    assert main(["explain", EXAMPLE, str(empty), "--time", "20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("a: ")
    assert any(line.startswith("    ") for line in lines)


@pytest.mark.parametrize(
    ("option", "value"),
    [("time", one) for one in ("nan", "-1", "0", "inf", "1e9", "soon", "")]
    + [("workers", one) for one in ("0", "-2", "1.5", "two", "257", "９")]
    + [("seed", one) for one in ("-1", "x", "9" * 30, str(2**31))]
    + [("memory", one) for one in ("0", "-1", "1e3")],
)
def test_values_without_sense_are_refused_with_a_sentence(option: str, value: str, small: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["solve", small, f"--{option}", value])
    assert caught.value.code == 2
    assert f"argument --{option}: {value!a} is not a " in capsys.readouterr().err


def test_files_that_cannot_be_read_are_named(small: str, tmp_path: Path, capsys: Capture, timetable: str) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes('{"é": 1}'.encode("latin-1"))
    wrong = [
        ["solve", str(tmp_path / "nowhere.json")],
        ["solve", str(tmp_path)],
        ["check", small, str(latin)],
        ["check", "\0", timetable],
        ["solve", small, "--hint", small],
        ["solve", str(latin), "--language", "ja"],
    ]
    assert [main(words) for words in wrong] == [2] * len(wrong)
    assert capsys.readouterr().err.splitlines() == [
        "nowhere.json: there is no such file.",
        f"{tmp_path.name}: is a folder.",
        "latin.json: is not UTF-8 (at byte 2).",
        "\\u0000: cannot be read (embedded null byte).",
        "small.json: meetings: is required.",
        "latin.json: UTF-8ではありません(2バイト目)。",
    ]


def test_a_mark_at_the_beginning_of_a_file_is_no_fault(small: str, timetable: str) -> None:
    marked = Path(small).with_name("marked.json")
    marked.write_text(Path(small).read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert main(["check", str(marked), timetable]) == 0


def test_every_fault_of_a_problem_is_named_with_the_file(tmp_path: Path, capsys: Capture) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"slots": [], "tables": [{"id": "T1"}, {"id": "T1"}], "participants": 3, "requests": []}')

    assert main(["solve", str(bad)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "bad.json: participants: should be of type list.",
        "bad.json: slots: is empty.",
        "bad.json: tables[1].id: T1 occurs twice.",
    ]


def test_what_comes_in_by_pipe_may_be_anything(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for data, said in ((b"", "not readable as JSON"), (b"\xff", "is not UTF-8"), (b"[]", "should be of type object")):
        monkeypatch.setattr(sys, "stdin", stream(data))
        assert main(["solve", "-"]) == 2
        assert capsys.readouterr().err.startswith(f"standard input: {said}")
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["solve", "-"]) == 2


def test_a_file_beyond_all_measure_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, small: str) -> None:
    monkeypatch.setattr(files, "LONGEST_BYTES", 10)
    with pytest.raises(BadProblem) as caught:
        files.problem(small)
    assert [(one.path, one.code, one.value) for one in caught.value.faults] == [("small.json", "too_long", "11")]


@pytest.mark.parametrize("name", ["missing/out.json", "."])
def test_a_place_that_cannot_be_written_is_refused_before_the_search(
    name: str, small: str, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["solve", small, "--time", "600", "--output", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.endswith(": cannot be written.\n")


def test_a_disk_that_fills_up_meanwhile_is_told(tmp_path: Path) -> None:
    out = files.Output(str(tmp_path / "out.json"))
    (tmp_path / "out.json").mkdir()
    with pytest.raises(BadProblem) as caught:
        out.write("{}")
    assert [one.code for one in caught.value.faults] == ["not_writable"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_standard_output_may_be_full_or_closed(small: str, timetable: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling", "convert", small],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, b"standard output: cannot be written.\n")
    for command in (f"convert {small}", f"check {small} {timetable}"):
        shell = f"{sys.executable} -m scheduling {command} >&-"
        done = subprocess.run(shell, shell=True, stderr=subprocess.PIPE, cwd=ROOT, check=False)  # noqa: S602
        assert (done.returncode, done.stderr) == (2, b"standard output: cannot be written.\n")


def test_nobody_reading_the_output_is_no_reason_to_complain(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.write_text(documents.write(kistec.build()), encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "scheduling", "convert", str(large)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(("path", "code"), [("/dev/full", 2), ("pipe", 1)])
def test_what_cannot_be_written_is_not_tried_again(
    path: str, code: int, small: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") if path == "pipe" else Path(path).open("w") as screen:
        monkeypatch.setattr(sys, "stdout", screen)
        assert main(["convert", small]) == code
        screen.write("this goes nowhere, and closing does not complain")
    monkeypatch.undo()
    if path != "pipe":
        os.close(writing)
    assert capsys.readouterr().err == ("" if path == "pipe" else "standard output: cannot be written.\n")


def test_the_module_is_a_program(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(sys, "argv", ["scheduling", "--help"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(ROOT / "scheduling" / "__main__.py"), run_name="__main__")
    assert (caught.value.code, "usage" in capsys.readouterr().out) == (0, True)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (MemoryError(), 1, "There is not enough memory for this.\n"),
        (BrokenPipeError(), 1, ""),
    ],
)
def test_ends_that_nobody_planned(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(_name: str) -> None:
        raise error

    monkeypatch.setattr(files, "problem", fail)
    assert running.run("check", ["a", "b"]) == code
    assert capsys.readouterr().err == said


def too_much_to_prove() -> Problem:
    """More requests than there are places, and guests who come and go."""
    random = Random(5)
    slot_ids = [slot.id for slot in slots(10)]
    hosts = [host(f"H{number}") for number in range(12)]
    guests = [guest(f"G{number}", unavailable=frozenset(random.sample(slot_ids, 3))) for number in range(40)]
    pairs = random.sample([(one.id, other.id) for one in hosts for other in guests], 140)
    return problem(
        slots=slots(10),
        tables=tables(11),
        participants=(*hosts, *guests),
        requests=tuple(request(f"r{number}", *pair, weight=random.randint(1, 9)) for number, pair in enumerate(pairs)),
    )


def test_ctrl_c_ends_the_search_with_the_best_so_far(tmp_path: Path) -> None:
    event = too_much_to_prove()
    path = tmp_path / "event.json"
    path.write_text(documents.write(event), encoding="utf-8")
    command = [sys.executable, "-m", "scheduling", "solve", str(path), "--time", "600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline().startswith("placed ")
        process.send_signal(signal.SIGINT)
        out, told = process.stdout.read(), process.stderr.read()
        assert process.wait(timeout=60) == 0
    solution = json.loads(out)
    assert "Stopping with the best so far" in told
    assert (solution["outcome"], bool(solution["meetings"])) == ("stopped", True)
    assert check(event, documents.read_meetings(out)) == ()


@pytest.mark.parametrize("participants", [(), (host(min_meetings=1), guest("A"))])
def test_an_event_in_which_nobody_asks_for_anything_has_an_empty_timetable(
    participants: tuple[Participant, ...], tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "event.json"
    path.write_text(documents.write(problem(participants=participants, requests=())), encoding="utf-8")

    assert main(["solve", str(path), "--time", "60", "--quiet"]) == 0
    solution = json.loads(capsys.readouterr().out)
    assert (solution["outcome"], solution["meetings"], solution["reasons"]) == ("optimal", [], [])
