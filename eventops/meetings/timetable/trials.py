"""A remedy applied: the facts changed, the timetable made again from where it lies, and all of it taken back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound, Stale
from eventops.jobs import queries as jobs
from eventops.jobs.models import Job, JobState
from eventops.meetings import queries as round_queries
from eventops.meetings.timetable import advice, drafts, edits, planning, problems, queries, remembering, solving
from eventops.meetings.timetable.edits import Edit
from eventops.meetings.timetable.models import MAKING, Timetable
from eventops.meetings.timetable.plans import Line, Plan, Rows, What
from scheduling.problem import Problem
from scheduling.solution import Remedy

SHOWN = 10
"""Older trials than this many runs ago are only in the audit trail."""


class RemedyGone(DomainError):
    """A remedy that was computed for other facts, or that only people can bring about."""

    code = "remedy_gone"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A remedy before it is applied: what it would change, and how the timetable stands now."""

    remedy: Remedy
    plan: Plan
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """A remedy that was applied, as the job of its run keeps it; `result` is None until the run has brought one."""

    job_id: int
    state: str
    at: dt.datetime
    remedy: Remedy
    lines: tuple[Line, ...]
    agree: tuple[str, ...]
    is_agreed: bool
    before: Mapping[str, int]
    result: Mapping[str, int] | None
    is_taken_back: bool

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def gained(self) -> int | None:
        return None if self.result is None else self.result["placed"] - self.before["placed"]


def propose(session: Session, *, round_id: int, key: str, room_id: int | None = None) -> Proposal:
    """What the named remedy would do, for a page; raises `RemedyGone`."""
    timetable = queries.draft_of(session, round_id) or queries.published(session, round_id)
    return _propose(session, timetable, problems.build(session, round_id), round_id, key, room_id)


def _propose(
    session: Session, timetable: Timetable | None, problem: Problem, round_id: int, key: str, room_id: int | None
) -> Proposal:
    remedy = advice.advice_on(timetable, problem).remedy(key)
    plan = planning.plan(Rows(session, problem, round_id, room_id), remedy) if remedy else None
    if timetable is None or remedy is None or plan is None:
        raise RemedyGone
    placed = problems.known(problem, problems.placed(timetable.meetings))
    return Proposal(remedy, plan, problems.figures(problem, placed))


def start(
    session: Session,
    *,
    round_id: int,
    key: str,
    room_id: int | None,
    is_agreed: bool,
    actor_id: int,
    now: dt.datetime,
) -> Job:
    """Change the facts as the remedy says and queue the run that starts from the present timetable."""
    draft = drafts.draft_for_round(session, round_id=round_id, now=now)
    drafts.refuse_running(session, round_id)
    proposal = _propose(session, draft, problems.build(session, round_id), round_id, key, room_id)
    plan, before = proposal.plan, remembering.remember(draft)
    if plan.unlock is not None:
        drafts.set_lock(
            session,
            round_id=round_id,
            application_id=plan.unlock,
            locked=False,
            revision=draft.revision,
            actor_id=actor_id,
            now=now,
        )
    done = edits.carry_out(session, plan.edits)
    trial = {
        "remedy": asdict(proposal.remedy),
        "lines": [asdict(line) for line in plan.lines],
        "edits": [edit.to_json() for edit in done],
        "agree": plan.agree,
        "is_agreed": is_agreed,
        "unlock": plan.unlock,
        "before": dict(proposal.figures),
        "timetable": before,
    }
    _record(session, "remedy_applied", round_id, actor_id, now, done)
    payload = {"from_present": True, "trial": trial}
    return solving.request_timetable(session, round_id=round_id, actor_id=actor_id, now=now, payload=payload)


def of_job(job: Job | None) -> Trial | None:
    """The trial that a run belongs to; None for a run that staff started as such."""
    kept = job.payload.get("trial") if job is not None else None
    if job is None or kept is None:
        return None
    return Trial(
        job_id=job.id,
        state=job.state,
        at=job.created_at,
        remedy=advice.remedy_from(kept["remedy"]),
        lines=tuple(_line(one) for one in kept["lines"]),
        agree=tuple(kept["agree"]),
        is_agreed=kept["is_agreed"],
        before=kept["before"],
        result=job.progress.get("result") if job.state == JobState.DONE else None,
        is_taken_back="taken_back_at" in kept,
    )


def _line(stored: Mapping[str, Any]) -> Line:
    return Line(**{**stored, "what": What(stored["what"]), "subjects": tuple(stored["subjects"])})


def trial(session: Session, *, round_id: int, job_id: int) -> Trial:
    found = of_job(_job(session, round_id, job_id))
    if found is None:
        raise NotFound
    return found


def recent(session: Session, round_id: int) -> Sequence[Trial]:
    """The trials among the latest runs, newest first."""
    runs = jobs.newest(session, kind=MAKING, subject_id=round_id, number=SHOWN)
    return [found for found in map(of_job, runs) if found is not None]


def _job(session: Session, round_id: int, job_id: int) -> Job:
    job = session.get(Job, job_id)
    if job is None or (job.kind, job.subject_id) != (MAKING, round_id):
        raise NotFound
    return job


def take_back(session: Session, *, round_id: int, job_id: int, actor_id: int, now: dt.datetime) -> bool:
    """Put the facts back, and the timetable too unless somebody worked on it since; False when it was left as it is.

    Raises `Stale` when it was taken back already, `ChangedSince` when somebody changed the same facts again.
    """
    draft = drafts.draft_for_round(session, round_id=round_id, now=now)
    job = _job(session, round_id, job_id)
    found = trial(session, round_id=round_id, job_id=job_id)
    if found.is_taken_back:
        raise Stale
    drafts.refuse_running(session, round_id)
    kept = job.payload["trial"]
    steps = _steps(draft, found, kept["unlock"])
    is_laid_back = steps is not None and drafts.undo_these(session, draft, steps, actor_id=actor_id, now=now)
    changes = [Edit.from_json(one) for one in kept["edits"]]
    edits.take_back(session, round_id, changes)
    if is_laid_back and found.result is not None:
        remembering.say_again(session, draft, kept["timetable"])
    job.payload = {**job.payload, "trial": {**kept, "taken_back_at": now.isoformat()}}
    _record(session, "remedy_taken_back", round_id, actor_id, now, changes)
    return is_laid_back


def agree(session: Session, *, round_id: int, job_id: int, actor_id: int, now: dt.datetime) -> None:
    """Those concerned have agreed by now."""
    queries.lock_round(session, round_id)
    trial(session, round_id=round_id, job_id=job_id)
    job = _job(session, round_id, job_id)
    job.payload = {**job.payload, "trial": {**job.payload["trial"], "is_agreed": True}}
    _record(session, "remedy_agreed", round_id, actor_id, now, ())


def without_agreement(session: Session, round_id: int) -> Sequence[Trial]:
    """Trials in force to which somebody still has to agree."""
    return [one for one in recent(session, round_id) if not (one.is_agreed or one.is_taken_back)]


def _steps(draft: Timetable, found: Trial, unlock: int | None) -> list[str] | None:
    """What of the draft's history belongs to the trial, newest first; None when the draft was changed since."""
    is_its_own = (draft.quality.get("job_id"), draft.quality.get("revision")) == (found.job_id, draft.revision)
    if found.result is not None and not is_its_own:
        return None
    return (["made"] if found.result is not None else []) + (["unlocked"] if unlock is not None else [])


def _record(
    session: Session, action: str, round_id: int, actor_id: int, now: dt.datetime, done: Sequence[Edit]
) -> None:
    event_id = round_queries.whole_round(session, round_id).event_id
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("matching_round", round_id),
        now=now,
        event_id=event_id,
        after={"edits": [edit.to_json() for edit in done]},
    )
