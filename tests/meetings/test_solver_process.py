"""The conversation with the solver's own process: told to stop, left alone, or talking nonsense."""

import json
import queue
import subprocess
import sys

from eventops import ROOT
from eventops.meetings.timetable import solving
from scheduling import format as problem_format
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
