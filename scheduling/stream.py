"""The engine as a child process: a problem comes in on standard input, progress and the solution go out as lines.

`python -m scheduling.stream` reads one JSON line `{"problem": "…", "seconds": 60, "workers": 2, "seed": 1}` (the
problem as text in the format of `format.py`; "comfort_seconds" and "hint", a list of meetings to start from, may stand
beside) and writes JSON lines: `{"progress": …}`, at most two a second, `{"kept": [[request, slot, table], …]}` for the
best so far (see `engine.rescued`), `{"explaining": true}` when the search is over, then `{"solution": …,
"reasons": […], "contradictions": […]}`, or `{"faults": [{"path": …, "code": …, "value": …}, …]}` for a problem that
cannot be used. Any further line on its input makes it end with the best it has; the end of its input ends it at once,
so that it never outlives the program that started it.
"""

import json
import os
import sys
import threading
import time
from dataclasses import asdict
from typing import TextIO

from scheduling import format as problem_format
from scheduling.contradictions import contradictions
from scheduling.engine import solve
from scheduling.explain import explain
from scheduling.faults import BadProblem
from scheduling.problem import Problem
from scheduling.solution import Meeting, Outcome, Progress, Solution

PROGRESS_SECONDS = 0.5
KEPT_SECONDS = 3.0
EXPLAIN_SECONDS = 10.0
BAD_INPUT = 2


class _Wire:
    """The two pipes, and whether the other side wants an end."""

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self.source, self.sink = source, sink
        self.stopping = threading.Event()
        self.told_at = self.kept_at = 0.0
        self.kept_number = 0

    def listen(self) -> None:
        """Wait for lines: the first asks for an end, the end of them ends the process."""
        while self.source.readline():
            self.stopping.set()
        os._exit(0)

    def say(self, **message: object) -> None:
        """Write one line."""
        self.sink.write(json.dumps(message, ensure_ascii=False) + "\n")
        self.sink.flush()

    def progress(self, progress: Progress) -> None:
        """Write it, unless one was written less than PROGRESS_SECONDS ago."""
        if time.monotonic() - self.told_at >= PROGRESS_SECONDS:
            self.told_at = time.monotonic()
            self.say(progress=asdict(progress))

    def keep(self, meetings: tuple[Meeting, ...]) -> None:
        """Hand out the best so far: at once where it holds more meetings, otherwise now and then."""
        if len(meetings) > self.kept_number or time.monotonic() - self.kept_at >= KEPT_SECONDS:
            self.kept_at, self.kept_number = time.monotonic(), len(meetings)
            self.say(kept=[(one.request_id, one.slot_id, one.table_id) for one in meetings])


def main() -> int:
    """Do one conversation; 2 for a problem that cannot be used."""
    wire = _Wire(sys.stdin, sys.stdout)
    asked = json.loads(wire.source.readline())
    threading.Thread(target=wire.listen, daemon=True).start()
    try:
        problem = problem_format.read(asked["problem"])
    except BadProblem as error:
        wire.say(faults=[asdict(fault) for fault in error.faults])
        return BAD_INPUT
    solution = solve(
        problem,
        seconds=asked["seconds"],
        workers=asked["workers"],
        seed=asked["seed"],
        comfort_seconds=asked.get("comfort_seconds"),
        on_progress=wire.progress,
        should_stop=wire.stopping.is_set,
        hint=[Meeting(**one) for one in asked.get("hint", ())],
        on_kept=wire.keep,
    )
    wire.kept_at = 0.0
    wire.keep(solution.meetings)
    wire.say(explaining=True)
    wire.say(
        solution=asdict(solution),
        reasons=_reasons(problem, solution),
        contradictions=_contradictions(problem, solution),
    )
    return 0


def _reasons(problem: Problem, solution: Solution) -> list[object]:
    return [asdict(reason) for reason in explain(problem, solution.meetings, seconds=EXPLAIN_SECONDS)]


def _contradictions(problem: Problem, solution: Solution) -> list[object]:
    """Looked for only where promised requests are known to exclude each other."""
    if solution.outcome is not Outcome.INFEASIBLE:
        return []
    return [asdict(one) for one in contradictions(problem)]


if __name__ == "__main__":
    sys.exit(main())
