"""What can be done with jobs. Claims are compare-and-set, so that two workers never hold one job."""

import datetime as dt
from typing import Any, cast

from sqlalchemy import CursorResult, Update, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventops.errors import DomainError
from eventops.jobs import queries
from eventops.jobs.models import Job, JobState

LEASE = dt.timedelta(seconds=20)
MAX_ATTEMPTS = 5


class LeaseLost(DomainError):
    """Another worker took the job over; whatever this one still does must not be stored."""

    code = "lease_lost"


class AlreadyRunning(DomainError):
    """One job of this kind about this subject is under way."""

    code = "already_running"


def enqueue(
    session: Session,
    *,
    kind: str,
    subject_id: int,
    now: dt.datetime,
    payload: dict[str, Any] | None = None,
    created_by_id: int | None = None,
) -> Job:
    """Add a job, unless one of its kind about its subject is open."""
    if queries.is_open(queries.latest(session, kind=kind, subject_id=subject_id)):
        raise AlreadyRunning
    job = Job(
        kind=kind,
        subject_id=subject_id,
        payload=payload or {},
        due_at=now,
        created_at=now,
        created_by_id=created_by_id,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError as error:  # another transaction was faster between the look and the row
        raise AlreadyRunning from error
    return job


def claim(session: Session, *, job_id: int, worker: str, now: dt.datetime) -> bool:
    """Take a waiting or orphaned job; False when another worker was faster."""
    free = or_(Job.state == JobState.QUEUED, Job.lease_until < now)
    return _changed(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state.in_((JobState.QUEUED, JobState.RUNNING)), free)
        .values(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=now + LEASE,
            attempts=Job.attempts + 1,
            started_at=now,
        ),
    )


def is_hopeless(job: Job) -> bool:
    """Whether the job took every worker with it that tried it so far; one more would only be the next."""
    return job.attempts > MAX_ATTEMPTS


def report(session: Session, *, job_id: int, worker: str, now: dt.datetime, progress: dict[str, Any] | None) -> bool:
    """Keep the lease, store the progress; True when somebody asked to stop."""
    values: dict[str, Any] = {"lease_until": now + LEASE}
    if progress is not None:
        values["progress"] = progress
    if not _changed(session, _held(job_id, worker).values(**values)):
        raise LeaseLost
    job = session.get(Job, job_id)
    return job is not None and job.stop_requested


def finish(
    session: Session, *, job_id: int, worker: str, state: JobState, now: dt.datetime, error: str | None = None
) -> None:
    """End a job that this worker holds."""
    values = {"state": state, "finished_at": now, "error": error, "lease_until": None}
    if not _changed(session, _held(job_id, worker).values(**values)):
        raise LeaseLost


def request_stop(session: Session, *, job_id: int, now: dt.datetime) -> None:
    """Ask a running job to end with what it has; a waiting one ends at once."""
    waiting = update(Job).where(Job.id == job_id, Job.state == JobState.QUEUED)
    if not _changed(session, waiting.values(state=JobState.STOPPED, finished_at=now, stop_requested=True)):
        session.execute(update(Job).where(Job.id == job_id).values(stop_requested=True))


def _held(job_id: int, worker: str) -> Update:
    return update(Job).where(Job.id == job_id, Job.worker == worker, Job.state == JobState.RUNNING)


def _changed(session: Session, statement: Update) -> bool:
    options = {"synchronize_session": "fetch"}
    return cast("CursorResult[Any]", session.execute(statement, execution_options=options)).rowcount == 1
