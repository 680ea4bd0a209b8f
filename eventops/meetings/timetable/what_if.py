"""What if there were more tables, fewer slots, companies away: computed beside the timetable, changing nothing.

The change is tried out in a savepoint that is rolled back; taking it over writes exactly what was tried out, as long as
timetable and facts still read the same.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from eventops.accounts import audit
from eventops.database import transaction
from eventops.errors import NotFound, Stale
from eventops.jobs import queries as jobs
from eventops.jobs import service as job_service
from eventops.jobs.models import Job, JobState
from eventops.jobs.worker import Lease
from eventops.meetings import queries as round_queries
from eventops.meetings.timetable import comparison, drafts, edits, problems, queries, remembering, solving
from eventops.meetings.timetable.comparison import Place, Places
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.edits import Edit, Kind
from eventops.meetings.timetable.models import Timetable
from eventops.meetings.timetable.supposing import Case, Wish, base_of, case_of, named, wishes_in
from scheduling import format as problem_format
from scheduling.check import check
from scheduling.problem import GoalName, Problem
from scheduling.solution import Meeting, Outcome

WHAT_IF = "what_if"
"""The kind of the jobs that compute one."""
SECONDS = 20
"""Somebody waits for it and may ask again with the next idea."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A computed draft. `places` are None while it is not there yet; `is_current`: it may still be taken over.

    `reasons` are the run's for who stays out, `wanted` all who wish to meet, where the job kept them, `tables` the
    numbers of tables by reference, `is_full`: none could place more, `is_cut_short`: the run ended before it was done.
    """

    job_id: int
    state: str
    at: dt.datetime
    wishes: tuple[Wish, ...]
    places: Places | None
    values: tuple[Mapping[str, int], Mapping[str, int]]
    reasons: Sequence[Mapping[str, Any]]
    wanted: frozenset[int] | None
    tables: Mapping[str, int]
    is_full: bool
    is_cut_short: bool
    is_current: bool
    is_taken: bool
    is_taken_back: bool

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


def ask(session: Session, *, round_id: int, wishes: Sequence[Wish], actor_id: int, now: dt.datetime) -> Job:
    """Queue the computing of all of it at once; raises `NotFound` for a row of another round, and what
    `solving.refuse_unsolvable` does for a round that cannot be scheduled as it stands or as it is supposed to be."""
    if queries.day_has_begun(session, round_id, now):
        raise solving.DayHasBegun
    solving.refuse_unsolvable(problems.build(session, round_id))
    solving.refuse_unsolvable(case_of(session, round_id, wishes).problem)
    payload = {"wishes": [named(session, one).to_json() for one in wishes]}
    return job_service.enqueue(
        session, kind=WHAT_IF, subject_id=round_id, payload=payload, created_by_id=actor_id, now=now
    )


def compute(round_id: int, payload: dict[str, Any], lease: Lease) -> None:
    """The job's handler: nothing is written but what the job itself keeps."""
    with transaction() as session:
        case = case_of(session, round_id, wishes_in(payload))
        seconds, seed = min(SECONDS, case.seconds), case.seed
    question = {
        "problem": problem_format.write(case.problem),
        "seconds": seconds,
        "comfort_seconds": solving.COMFORT_SECONDS,
        "workers": solving.WORKERS,
        "seed": seed,
        "hint": [asdict(one) for one in problems.known(case.problem, case.present)],
    }
    answer = solving.answer_to(question, lease)
    lease.report({**answer["progress"], "ending": True, "what_if": _found(case, answer)})


def _found(case: Case, answer: Mapping[str, Any]) -> dict[str, Any]:
    locked = {one.id for one in case.problem.requests if one.lock_slot}
    meetings = tuple(Meeting(**one) for one in answer["solution"]["meetings"])
    if check(case.problem, meetings):
        raise solving.SolverFailed("the supposed timetable breaks hard rules")
    return {
        "said": solving.said_by(answer),
        "cut_short": answer.get("cut_short", ""),
        "wanted": [problems.row_id(one.id) for one in case.problem.requests],
        "tables": case.tables,
        "base": case.base,
        "edits": [one.to_json() for one in case.done],
        "values": [case.values, comparison.values_of(case.problem, meetings)],
        "meetings": [
            {
                **asdict(one),
                "starts_at": case.slots[one.slot_id],
                "number": case.tables[one.table_id],
                "is_locked": one.request_id in locked,
            }
            for one in meetings
        ],
    }


def recent(session: Session, round_id: int, problem: Problem) -> Sequence[WhatIf]:
    """The latest, newest first; `problem` is the round as it stands."""
    base = base_of(session, round_id, problem)
    found = jobs.newest(session, kind=WHAT_IF, subject_id=round_id, number=SHOWN)
    return [_read(one, base) for one in found]


def one(session: Session, problem: Problem, *, round_id: int, job_id: int) -> WhatIf:
    """`problem` is the round as it stands."""
    base = base_of(session, round_id, problem)
    return _read(job_of(session, round_id, job_id), base)


def job_of(session: Session, round_id: int, job_id: int) -> Job:
    """The job that computes it, for who only asks how far it is."""
    job = session.get(Job, job_id)
    if job is None or (job.kind, job.subject_id) != (WHAT_IF, round_id):
        raise NotFound
    return job


def _read(job: Job, base: Mapping[str, Any]) -> WhatIf:
    found = job.progress.get("what_if") if job.state == JobState.DONE else None
    taken = job.payload.get("taken")
    before, after = found["values"] if found else ({}, {})
    return WhatIf(
        job_id=job.id,
        state=job.state,
        at=job.created_at,
        wishes=wishes_in(job.payload),
        places=_places(found["meetings"]) if found else None,
        values=(before, after),
        reasons=found["said"]["quality"]["reasons"] if found and "said" in found else (),
        wanted=frozenset(found["wanted"]) if found and "wanted" in found else None,
        tables=found.get("tables", {}) if found else {},
        is_full=_is_full(found) if found else False,
        is_cut_short=found is not None and _is_cut_short(found),
        is_current=found is not None and taken is None and found["base"] == base,
        is_taken=taken is not None,
        is_taken_back=bool(taken and taken.get("taken_back")),
    )


def _is_full(found: Mapping[str, Any]) -> bool:
    """Whether the run proved that no timetable places more."""
    bills = found["said"]["quality"]["bills"] if "said" in found else ()
    return any(one["goal"] == GoalName.WEIGHT_UNPLACED and one["value"] == one["bound"] for one in bills)


def _is_cut_short(found: Mapping[str, Any]) -> bool:
    """Also those that were kept before this was said beside them."""
    return bool(found.get("cut_short")) or ("said" in found and found["said"]["outcome"] == Outcome.CUT_SHORT)


def _places(meetings: Sequence[Mapping[str, Any]]) -> Places:
    return {
        problems.row_id(one["request_id"]): Place(dt.datetime.fromisoformat(one["starts_at"]), one["number"])
        for one in meetings
    }


def take_over(
    session: Session, *, round_id: int, job_id: int, actor_id: int, now: dt.datetime, reason: str = ""
) -> Timetable:
    """Change the facts as supposed and lay the draft as computed; `Stale` when either reads otherwise by now."""
    if queries.day_has_begun(session, round_id, now):
        raise solving.DayHasBegun
    draft = drafts.draft_for_round(session, round_id=round_id, now=now)
    drafts.refuse_running(session, round_id)
    if not one(session, problems.build(session, round_id), round_id=round_id, job_id=job_id).is_current:
        raise Stale
    job, said = job_of(session, round_id, job_id), remembering.remember(draft)
    found = job.progress["what_if"]
    supposed = [Edit.from_json(each) for each in found["edits"]]
    done = edits.carry_out(session, [_as_new(each) for each in supposed])
    fresh = {
        problems.table_ref(old.row_id or 0): problems.table_ref(new.row_id or 0)
        for old, new in zip(supposed, done, strict=True)
        if old.kind is Kind.TABLE
    }
    layout = {problems.row_id(each["request_id"]): _spot(each, fresh) for each in found["meetings"]}
    drafts.replace_all(session, draft, layout=layout, actor_id=actor_id, now=now, reason=reason[: drafts.MOST_REASON])
    problem = problems.build(session, round_id)
    if check(problem, problems.placed(draft.meetings)):
        raise Stale
    if "said" in found:
        solving.say(draft, problem, _renamed(found["said"], fresh), job_id=job_id, now=now)
    kept = {"edits": [each.to_json() for each in done], "revision": draft.revision, "said": said}
    _note(session, job, {**job.payload, "taken": kept}, "what_if_taken", round_id, actor_id, now)
    return draft


def _as_new(edit: Edit) -> Edit:
    return replace(edit, row_id=None) if edit.before is None else edit


def _renamed(said: Any, fresh: Mapping[str, str]) -> Any:
    """What was said about tables that were only thought of, said about those that stand there now."""
    if isinstance(said, dict):
        return {name: _renamed(one, fresh) for name, one in said.items()}
    if isinstance(said, list):
        return [_renamed(one, fresh) for one in said]
    return fresh.get(said, said) if isinstance(said, str) else said


def _spot(stored: Mapping[str, Any], fresh: Mapping[str, str]) -> Spot:
    table = fresh.get(stored["table_id"], stored["table_id"])
    return Spot(problems.row_id(stored["slot_id"]), problems.row_id(table), stored["is_locked"])


def take_back(session: Session, *, round_id: int, job_id: int, actor_id: int, now: dt.datetime) -> bool:
    """Put the facts back, and the timetable too unless somebody worked on it since; False when it was left as it is."""
    draft = drafts.draft_for_round(session, round_id=round_id, now=now)
    if queries.day_has_begun(session, round_id, now):
        raise solving.DayHasBegun
    job = job_of(session, round_id, job_id)
    taken = job.payload.get("taken")
    if taken is None or taken.get("taken_back"):
        raise Stale
    drafts.refuse_running(session, round_id)
    is_untouched = draft.revision == taken["revision"]
    is_laid_back = is_untouched and drafts.undo_these(session, draft, ["made"], actor_id=actor_id, now=now)
    edits.take_back(session, round_id, [Edit.from_json(each) for each in taken["edits"]])
    if is_laid_back and "said" in taken:
        remembering.say_again(session, draft, taken["said"])
    kept = {**job.payload, "taken": {**taken, "taken_back": True}}
    _note(session, job, kept, "what_if_taken_back", round_id, actor_id, now)
    return is_laid_back


def _note(
    session: Session, job: Job, payload: dict[str, Any], action: str, round_id: int, actor_id: int, now: dt.datetime
) -> None:
    job.payload = payload
    flag_modified(job, "payload")
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("matching_round", round_id),
        now=now,
        event_id=round_queries.whole_round(session, round_id).event_id,
        after={"wishes": [one.to_json() for one in wishes_in(payload)]},
    )
