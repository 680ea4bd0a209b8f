"""Making the timetable: a job that gives the round to the solver's own process and stores what comes back."""

import datetime as dt
import json
import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import transaction
from eventops.errors import DomainError
from eventops.jobs import service as jobs
from eventops.jobs.models import Job, JobState
from eventops.jobs.worker import Lease
from eventops.meetings import queries as round_queries
from eventops.meetings.timetable import drafts, naming, problems, queries
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.models import MAKING, Timetable
from scheduling import format as problem_format
from scheduling.check import check
from scheduling.engine import rescued
from scheduling.faults import BadProblem, Fault, faults
from scheduling.problem import Problem
from scheduling.solution import Meeting

log = logging.getLogger(__name__)

WORKERS = 1
"""One repeats itself: the same seed gives the same timetable, also while others keep the computer busy."""
COMFORT_SECONDS = 8.0
"""Once who meets and who waits is settled, so much is spent on free tables of hosts and the like."""
LISTEN_SECONDS = 0.5
OVERRUN_SECONDS = 120.0
"""What building the model, a slow machine and the reasons may take on top; then the child is given up."""
PATIENCE_SECONDS = 45.0
"""After so much of it the child is asked to stop; one that is asked may take as long again, and is then given up."""
_ROOT = Path(__file__).resolve().parents[3]


class NoSlots(DomainError):
    """A round without slots, tables or requests cannot be scheduled; `missing` says which."""

    code = "nothing_to_schedule"


class LocksBroken(DomainError):
    """Locked meetings that the facts no longer allow where they lie; no timetable keeps them."""

    code = "locks_broken"


class DayHasBegun(DomainError):
    """Meetings have begun: from now on the timetable is changed on the page of the day, where they stay."""

    code = "day_has_begun"


class BadFacts(DomainError):
    """Facts of the round that cannot be used as they stand; `faults` names each of them."""

    code = "bad_facts"

    def __init__(self, problem: Problem, found: Sequence[Fault]) -> None:
        super().__init__()
        self.problem, self.faults = problem, tuple(found)


class SolverFailed(Exception):
    """The solver's process ended without an answer, or not at all."""


def request_timetable(
    session: Session,
    *,
    round_id: int,
    actor_id: int | None,
    now: dt.datetime,
    payload: dict[str, Any] | None = None,
) -> Job:
    """Queue the making of a timetable, unless the round has nothing to make one of.

    With `from_present` in the payload the solver starts from the draft as it lies; without, afresh.
    """
    if queries.day_has_begun(session, round_id, now):
        raise DayHasBegun
    refuse_unsolvable(problems.build(session, round_id))
    drafts.draft_for_round(session, round_id=round_id, now=now)
    return jobs.enqueue(session, kind=MAKING, subject_id=round_id, payload=payload, created_by_id=actor_id, now=now)


def refuse_unsolvable(problem: Problem) -> None:
    """Raise `NoSlots`, `LocksBroken` or `BadFacts` for what the solver could not even begin with."""
    for missing, found in (("slots", problem.slots), ("tables", problem.tables), ("requests", problem.requests)):
        if not found:
            raise NoSlots(missing=missing)
    wrong = faults(problem)
    if any(fault.code == "lock_not_allowed" for fault in wrong):
        raise LocksBroken
    if wrong:
        raise BadFacts(problem, wrong)


def make_timetable(round_id: int, payload: dict[str, Any], lease: Lease) -> None:
    """The job's handler. The solver runs outside any transaction; its result and the job's end are one."""
    with transaction() as session:
        matching_round = round_queries.whole_round(session, round_id)
        seconds, seed = matching_round.solve_seconds, matching_round.seed
        problem = problems.build(session, round_id)
        present = _present(session, round_id, problem)
    question = {
        "problem": problem_format.write(problem),
        "seconds": seconds,
        "comfort_seconds": COMFORT_SECONDS,
        "workers": WORKERS,
        "seed": seed,
        "hint": [asdict(one) for one in present] if payload.get("from_present") else [],
    }
    try:
        answer = _converse(question, lease)
    except BadProblem as error:
        _tell_faults(error, round_id, problem, lease)
        raise
    meetings = tuple(Meeting(**one) for one in answer["solution"]["meetings"])
    if check(problem, meetings):
        raise SolverFailed("the solver's timetable breaks hard rules")
    told = {"result": _result(problem, present, meetings), "cut_short": answer.get("cut_short", "")}
    lease.report({**answer["progress"], "ending": True, **told})
    _store(round_id, problem, meetings, answer, lease)


def _tell_faults(error: BadProblem, round_id: int, problem: Problem, lease: Lease) -> None:
    """Leave what is wrong with the facts where the board finds it, with the names of this moment."""
    with transaction() as session:
        name = naming.names(session, round_queries.whole_round(session, round_id))
    lease.report({"faults": [asdict(naming.fault_named(fault, problem, name)) for fault in error.faults]})


def _present(session: Session, round_id: int, problem: Problem) -> tuple[Meeting, ...]:
    draft = queries.draft_of(session, round_id)
    return problems.known(problem, problems.placed(draft.meetings)) if draft is not None else ()


def _result(problem: Problem, before: Sequence[Meeting], after: Sequence[Meeting]) -> dict[str, int]:
    """What the run brought: how good it is, and how many meetings lie elsewhere or nowhere now."""
    old, new = ({one.request_id: one for one in meetings} for meetings in (before, after))
    kept = old.keys() & new.keys()
    moved = sum(old[one].slot_id != new[one].slot_id for one in kept)
    return {
        **problems.figures(problem, after),
        "moved": moved,
        "reseated": sum(old[one] != new[one] for one in kept) - moved,
        "lost": len(old) - len(kept),
    }


def _store(
    round_id: int, problem: Problem, meetings: tuple[Meeting, ...], answer: dict[str, Any], lease: Lease
) -> None:
    with transaction() as session:
        now = clock.now()
        draft = drafts.draft_for_round(session, round_id=round_id, now=now)
        is_current = problems.fingerprint(problems.build(session, round_id)) == problems.fingerprint(problem)
        if is_current:
            _keep(session, draft, problem, meetings, answer, lease)
        jobs.finish(
            session,
            job_id=lease.job_id,
            worker=lease.worker,
            state=JobState.DONE if is_current else JobState.FAILED,
            error=None if is_current else "stale",
            now=now,
        )


def _keep(
    session: Session,
    draft: Timetable,
    problem: Problem,
    meetings: tuple[Meeting, ...],
    answer: dict[str, Any],
    lease: Lease,
) -> None:
    locked = {problems.row_id(one.id) for one in problem.requests if one.lock_slot}
    layout = {
        problems.row_id(one.request_id): Spot(
            problems.row_id(one.slot_id), problems.row_id(one.table_id), problems.row_id(one.request_id) in locked
        )
        for one in meetings
    }
    job = session.get_one(Job, lease.job_id)
    drafts.replace_all(session, draft, layout=layout, actor_id=job.created_by_id, now=clock.now())
    say(draft, problem, said_by(answer), job_id=lease.job_id, now=clock.now())


def said_by(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a run says about its timetable, as JSON."""
    solution = answer["solution"]
    return {
        "outcome": solution["outcome"],
        "seed": solution["seed"],
        "quality": {
            "bills": solution["bills"],
            "reasons": answer["reasons"],
            "contradictions": answer.get("contradictions", []),
            "wanted": solution["wanted"],
            "seconds": solution["seconds"],
            "is_repeatable": solution["is_repeatable"],
        },
    }


def say(draft: Timetable, problem: Problem, said: Mapping[str, Any], *, job_id: int, now: dt.datetime) -> None:
    """Keep what a run said with the draft that lies as it was made."""
    draft.problem, draft.fingerprint = problem_format.write(problem), problems.fingerprint(problem)
    draft.outcome, draft.seed, draft.made_at = said["outcome"], said["seed"], now
    draft.quality = {**said["quality"], "revision": draft.revision, "job_id": job_id}


def answer_to(question: dict[str, Any], lease: Lease) -> dict[str, Any]:
    """What the solver's process answers; raises `BadProblem` and `SolverFailed`."""
    return _converse(question, lease)


def _converse(question: dict[str, Any], lease: Lease) -> dict[str, Any]:
    """Ask the solver's process; where it does not answer, what it handed out on the way has to do."""
    talk = _Talk(question)
    try:
        return _talked(question, talk, lease)
    except SolverFailed as error:
        if not talk.kept:
            raise
        log.warning("a run was cut short: %s", error)
        return talk.rescued("ended" if talk.is_lost else "slow")


@dataclass(slots=True)
class _Talk:
    """What the child has said so far, and until when it is listened to."""

    question: dict[str, Any]
    began: float = field(default_factory=time.monotonic)
    progress: dict[str, Any] = field(default_factory=dict)
    kept: list[list[str]] = field(default_factory=list)
    is_told: bool = False
    is_lost: bool = False
    until: float = 0.0

    def __post_init__(self) -> None:
        self.until = self.began + self._allowed + OVERRUN_SECONDS

    @property
    def _allowed(self) -> float:
        return float(self.question["seconds"] + self.question["comfort_seconds"])

    @property
    def is_patience_over(self) -> bool:
        return time.monotonic() > self.began + self._allowed + PATIENCE_SECONDS

    def hear(self, message: Mapping[str, Any]) -> None:
        self.kept = message.get("kept", self.kept)
        is_explaining = message.get("explaining", False) or self.progress.get("explaining", False)
        self.progress = {**message.get("progress", self.progress), "explaining": is_explaining}

    def stop(self, process: "subprocess.Popen[str]") -> None:
        """Once; from then on the child has only so long to answer."""
        if not self.is_told:
            self.is_told = True
            self.until = min(self.until, time.monotonic() + PATIENCE_SECONDS)
            _tell(process, "stop")

    def rescued(self, why: str) -> dict[str, Any]:
        """An answer without reasons and proofs; the caller checks it as any other."""
        problem = problem_format.read(self.question["problem"])
        found = rescued(
            problem,
            [Meeting(*one) for one in self.kept],
            seconds=round(time.monotonic() - self.began, 3),
            seed=self.question["seed"],
            workers=self.question["workers"],
        )
        return {"solution": asdict(found), "reasons": [], "progress": self.progress, "cut_short": why}


def _talked(question: dict[str, Any], talk: _Talk, lease: Lease) -> dict[str, Any]:
    """Pass the child's progress on, and a wish to stop on to it, until it answers."""
    with _solver(question) as (process, lines):
        while time.monotonic() < talk.until:
            try:
                message = lines.get(timeout=LISTEN_SECONDS)
            except queue.Empty:
                message = {}
            if message is None:
                talk.is_lost = True
                raise SolverFailed(f"the solver ended with code {_code(process)}")
            if "solution" in message:
                return {**message, "progress": talk.progress}
            if "faults" in message:
                raise BadProblem([Fault(**fault) for fault in message["faults"]])
            talk.hear(message)
            if lease.report(talk.progress) or talk.is_patience_over:
                talk.stop(process)
        raise SolverFailed("the solver did not end in time")


def _code(process: "subprocess.Popen[str]") -> int | None:
    """None where it goes on working, but can be understood no more."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(LISTEN_SECONDS)
    return process.poll()


@contextmanager
def _solver(question: dict[str, Any]) -> Iterator[tuple[subprocess.Popen[str], "queue.Queue[dict[str, Any] | None]"]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "scheduling.stream"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=_ROOT,
    )
    lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
    try:
        _tell(process, json.dumps(question))
        threading.Thread(target=_listen, args=(process, lines), daemon=True).start()
        yield process, lines
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _listen(process: "subprocess.Popen[str]", lines: "queue.Queue[dict[str, Any] | None]") -> None:
    """Pass on what the child says, and its end: also when it says something that is no JSON, or its pipe is closed."""
    assert process.stdout is not None
    try:
        with suppress(ValueError):
            for line in process.stdout:
                lines.put(json.loads(line))
    finally:
        lines.put(None)


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it may just have ended; its last line is on the way
        process.stdin.write(line + "\n")
        process.stdin.flush()
