"""The conversation with the solver's own process: told to stop, left alone, or talking nonsense."""

import json
import queue
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from eventops import ROOT, clock
from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.jobs import worker
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import solving
from scheduling import format as problem_format
from tests.conftest import sign_in_to
from tests.meetings.tiny import make, make_tiny, spots
from tests.scheduling.builders import problem


def child() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scheduling.stream"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def question(seconds: float = 5) -> str:
    return json.dumps({"problem": problem_format.write(problem()), "seconds": seconds, "workers": 1, "seed": 1}) + "\n"


def test_a_solver_that_is_told_to_stop_again_and_again_still_answers():
    with child() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question() + "stop\nstop\nstop\n")
        process.stdin.flush()
        said = [json.loads(line) for line in process.stdout]
        assert "solution" in said[-1]
        assert process.wait(timeout=20) == 0


def test_a_solver_ends_with_the_worker_that_asked_it():
    with child() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question(600).rstrip("\n")[:-1])  # the worker dies in the middle of its question
        process.stdin.close()
        process.stdin = None
        assert process.wait(timeout=20) != 0


def test_a_child_that_says_no_json_has_ended_for_those_who_listen():
    lines: queue.Queue[dict[str, object] | None] = queue.Queue()
    script = "print('{\"progress\": {}}'); print('Segmentation fault')"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        solving._listen(process, lines)
    assert [lines.get_nowait(), lines.get_nowait(), lines.empty()] == [{"progress": {}}, None, True]


def test_what_was_handed_out_is_kept_when_the_child_says_nonsense_and_goes_on(monkeypatch):
    script = 'print(\'{"kept": [["M1", "S1", "T1"]]}\'); print(\'oops\', flush=True); import time; time.sleep(60)'

    @contextmanager
    def nonsense(_question):
        lines: queue.Queue[dict[str, object] | None] = queue.Queue()
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
            solving._listen(process, lines)
            try:
                yield process, lines
            finally:
                process.kill()

    monkeypatch.setattr(solving, "_solver", nonsense)
    monkeypatch.setattr(solving._Talk, "rescued", lambda talk, why: {"kept": talk.kept, "cut_short": why})
    found = solving.answer_to({"seconds": 1, "comfort_seconds": 0}, SimpleNamespace(report=lambda _progress: False))
    assert found == {"kept": [["M1", "S1", "T1"]], "cut_short": "ended"}


def test_a_solver_names_what_is_wrong_with_its_problem():
    asked = {"problem": '{"slots": []}', "seconds": 5, "workers": 1, "seed": 1}
    with child() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        said = [json.loads(line) for line in process.stdout]
        assert process.wait(timeout=20) == 2
    missing = [{"path": one, "code": "missing", "value": one} for one in ("tables", "participants", "requests")]
    assert said == [{"faults": [*missing, {"path": "slots", "code": "empty", "value": ""}]}]


def test_what_a_run_finds_wrong_with_the_facts_is_told_on_the_board(demonstration):
    app = demonstration
    with app.app_context(), transaction() as session:
        matching_round = session.scalars(select(MatchingRound)).one()
        event_id = matching_round.event_id
        solving.request_timetable(session, round_id=matching_round.id, actor_id=1, now=clock.now())
        first, second = sorted(matching_round.slots, key=lambda one: one.starts_at)[:2]
        second.starts_at = first.starts_at
    assert worker.run_next_job(app, "worker")
    client = sign_in_to(app, Role.EVENT_MANAGER)

    page = client.get(f"/staff/events/{event_id}/timetable").get_data(as_text=True)
    assert "の時間が重なっています。" in page
    assert "時間割を作れませんでした" not in page


HANDS_OUT = """
import json, sys, time
asked = json.loads(sys.stdin.readline())
problem = json.loads(asked["problem"])
kept = [[one["id"], problem["slots"][place]["id"], problem["tables"][0]["id"]]
        for place, one in enumerate(problem["requests"][:2])]
print(json.dumps({"progress": {"seconds": 1, "placed": 2, "wanted": 5, "waiting": 0, "bound": 3}}), flush=True)
print(json.dumps({"kept": kept}), flush=True)
"""


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("time.sleep(600)", "コンピュータが混んでいて計算が時間内に終わらなかったため"),
        ("sys.exit(3)", "計算が途中で終わったため"),
    ],
)
def test_a_run_that_never_answers_leaves_the_last_timetable_that_it_handed_out(app, monkeypatch, then, told):
    """The child of a machine that is too busy says what it has, and then nothing more."""
    with app.app_context(), transaction() as session:
        tiny = make_tiny(session)
    begin = subprocess.Popen

    def slow(command, **how):
        return begin([sys.executable, "-c", HANDS_OUT + then], **how)

    monkeypatch.setattr(solving.subprocess, "Popen", slow)
    for name, seconds in (("OVERRUN_SECONDS", -34.0), ("COMFORT_SECONDS", 6.0), ("PATIENCE_SECONDS", -35.0)):
        monkeypatch.setattr(solving, name, seconds)
    make(app, tiny)
    assert len(spots(app, tiny)) == 2
    page = sign_in_to(app, Role.EVENT_MANAGER).get(tiny.board).text
    assert told in page
    assert page.count("途中まで: 証明なし") == 2
