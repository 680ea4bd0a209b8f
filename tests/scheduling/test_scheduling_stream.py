"""The conversation of the engine's process, held in this one."""

import io
import json
import os
import runpy
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from scheduling import format as documents
from scheduling import stream
from scheduling.check import check
from scheduling.engine import rescued, solve
from scheduling.solution import Meeting, Progress
from tests.scheduling.builders import problem, slots

Capture = pytest.CaptureFixture[str]


class Asker:
    """Who asks: writes lines, and is waited for when they end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.over = threading.Event()
        reading, writing = os.pipe()
        self.source, self.lines = os.fdopen(reading), os.fdopen(writing, "w")
        monkeypatch.setattr(sys, "stdin", self.source)
        monkeypatch.setattr(os, "_exit", lambda _code: self.over.set())

    def ask(self, problem_text: str, **more: Any) -> int:
        asked = {"problem": problem_text, "seconds": 20, "workers": 1, "seed": 1, **more}
        self.lines.write(json.dumps(asked) + "\n")
        self.lines.flush()
        return stream.main()

    def leave(self) -> None:
        self.lines.close()
        assert self.over.wait(10)
        self.source.close()


@pytest.fixture
def asker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asker]:
    one = Asker(monkeypatch)
    yield one
    one.leave()


def said(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_problem_comes_back_as_a_solution_with_reasons(asker: Asker, capsys: Capture) -> None:
    hint = [{"request_id": "a", "slot_id": "S1", "table_id": "T1"}]

    assert asker.ask(documents.write(problem()), hint=hint, comfort_seconds=5) == 0

    *before, kept, explaining, last = said(capsys)
    assert {key for one in before for key in one} <= {"progress", "kept"}
    assert kept["kept"] == [list(one.values()) for one in last["solution"]["meetings"]]
    assert explaining == {"explaining": True}
    meetings = [Meeting(**one) for one in last["solution"]["meetings"]]
    assert (len(meetings), check(problem(), meetings), last["reasons"]) == (2, (), [])


def test_promises_that_exclude_each_other_are_named(asker: Asker, capsys: Capture) -> None:
    promised = tuple(replace(one, is_mandatory=True) for one in problem().requests)

    assert asker.ask(documents.write(problem(slots=slots(1), requests=promised))) == 0

    last = said(capsys)[-1]
    assert (last["solution"]["outcome"], len(last["contradictions"])) == ("infeasible", 1)


def test_a_problem_that_cannot_be_used_comes_back_as_faults(asker: Asker, capsys: Capture) -> None:
    assert asker.ask("[") == 2
    [answer] = said(capsys)
    assert [(one["path"], one["code"]) for one in answer["faults"]] == [("", "not_json")]


def test_any_further_line_asks_for_an_end_and_the_end_of_all_lines_ends_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    wire = stream._Wire(io.StringIO("stop\n"), sys.stdout)
    wire.listen()
    assert (wire.stopping.is_set(), ended) == (True, [0])


def test_progress_is_told_at_most_twice_a_second(capsys: Capture) -> None:
    wire = stream._Wire(io.StringIO(), sys.stdout)
    for placed in (1, 2):
        wire.progress(Progress(0.0, placed, 2, 0, 2, "", 0, None))
    assert [one["progress"]["placed"] for one in said(capsys)] == [1]


def test_the_module_is_a_program(asker: Asker, capsys: Capture) -> None:
    asker.lines.write('{"problem": "", "seconds": 1, "workers": 1, "seed": 1}\n')
    asker.lines.flush()
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(stream.__file__, run_name="__main__")
    assert (caught.value.code, list(said(capsys)[0])) == (2, ["faults"])


def test_the_best_so_far_is_handed_out_at_once_when_it_holds_more_and_otherwise_now_and_then(capsys: Capture) -> None:
    wire = stream._Wire(sys.stdin, sys.stdout)
    first, second = Meeting("a", "S1", "T1"), Meeting("b", "S2", "T1")
    for meetings in ((first,), (second,), (first, second)):
        wire.keep(meetings)
    wire.kept_at -= stream.KEPT_SECONDS
    wire.keep((second,))
    assert [len(one["kept"]) for one in said(capsys)] == [1, 2, 1]


def test_what_was_handed_out_is_seated_and_checked_and_called_what_it_is() -> None:
    asked = problem()
    crowded = tuple(Meeting(one.id, asked.slots[0].id, "T1") for one in asked.requests)
    unknown = Meeting("a", "S99", "T1")
    found = rescued(asked, (*crowded, unknown), seconds=3.0, seed=7, workers=2)
    assert (found.outcome, check(asked, found.meetings)) == ("cut_short", ())
    assert (found.seconds, found.seed, len(found.meetings)) == (3.0, 7, 1)
    whole = solve(asked, seconds=5)
    again = rescued(asked, whole.meetings, seconds=3.0, seed=7, workers=2)
    assert (len(again.meetings), {one.is_proven for one in again.bills if one.value}) == (len(whole.meetings), set())
