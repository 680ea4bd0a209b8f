"""`python -m scheduling replan`: what happened as options, the answer as JSON with sentences, exit codes."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from scheduling.__main__ import main
from scheduling.format import write
from scheduling.problem import Problem
from tests.scheduling import builders
from tests.scheduling.builders import at, guest, host, request

EVENT = builders.problem(
    participants=(host(), guest("A"), guest("B=2"), guest("C")),
    requests=(
        request("a", "H", "A"),
        request("b,1", "H", "B=2"),
        request("c", "H", "C", is_mandatory=True),
    ),
)
PUBLISHED = at("a:S1:T1 b,1:S2:T1 c:S3:T1")


class Desk:
    """An event and its timetable in files, and the answers to what happens."""

    def __init__(self, folder: Path, event: Problem = EVENT) -> None:
        self.problem, self.timetable = folder / "problem.json", folder / "timetable.json"
        self.answer = folder / "answer.json"
        self.problem.write_text(write(event), encoding="utf-8")
        meetings = [asdict(one) for one in PUBLISHED]
        self.timetable.write_text(json.dumps({"meetings": meetings}), encoding="utf-8")

    def replan(self, *options: str) -> int:
        files = [str(self.problem), str(self.timetable), "--output", str(self.answer), "--quiet"]
        return main(["replan", *files, "--workers", "1", *options])

    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.answer.read_text(encoding="utf-8")))

    def lies(self) -> dict[str, str]:
        return {one["request_id"]: one["slot_id"] for one in self.said()["solution"]["meetings"]}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_nothing_happened(desk: Desk) -> None:
    assert desk.replan() == 0

    assert desk.said()["sentences"] == ["Nothing changes."]
    assert desk.lies() == {"a": "S1", "b,1": "S2", "c": "S3"}


def test_everything_happens_at_once(desk: Desk) -> None:
    code = desk.replan("--begun-until", "S1", "--late", "B=2=S3", "--lost-table", "T1=S3", "--withdraw", "a")

    assert code == 2  # what has begun cannot be withdrawn
    assert desk.replan("--begun-until", "S1", "--late", "B=2=S3", "--lost-table", "T1=S3", "--language", "ja") == 0
    said = desk.said()
    assert desk.lies() == {"a": "S1", "b,1": "S3", "c": "S2"}
    assert [one["request_id"] for one in said["moved"]] == ["b,1", "c"]
    assert (said["disturbed"], said["people"]) == (["H", "B=2", "C"], 3)
    assert said["freed"] == []
    assert said["sentences"][0] == "変更2件、取消し0件、追加0件。3名に知らせます: H・B=2・C。"


def test_somebody_leaves_early_and_a_request_is_withdrawn(desk: Desk) -> None:
    assert desk.replan("--absent", "B=2=S2", "--absent", "A", "--withdraw", "b,1", "--lost-table", "T2") == 0

    assert desk.lies() == {"c": "S3"}
    assert [one["request_id"] for one in desk.said()["withdrawn"]] == ["b,1"]


def test_two_swapped_by_hand_stay_swapped(desk: Desk) -> None:
    assert desk.replan("--swap", "b,1,c") == 0

    assert desk.lies() == {"a": "S1", "b,1": "S3", "c": "S2"}


def test_a_promise_that_cannot_be_kept_is_no_success(desk: Desk) -> None:
    assert desk.replan("--absent", "C") == 1

    assert desk.said()["solution"]["outcome"] == "infeasible"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--absent", "X"], "participants: X is not known."),
        (["--absent", "A=S9"], "slots: S9 is not known."),
        (["--late", "A"], "--late A=SLOT: is required."),
        (["--swap", "a"], "--swap: a is not known."),
        (["--swap", "a,x"], "requests: x is not known."),
        (["--begun-until", "S1", "--withdraw", "a"], "frozen: a has begun already."),
    ],
)
def test_what_is_not_understood_is_named(
    desk: Desk, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.replan(*options) == 2

    assert capsys.readouterr().err.strip() == said
    assert not desk.answer.exists()
