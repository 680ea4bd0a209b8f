"""Reads about jobs."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from eventops.jobs.models import Job, JobState


def next_due_id(session: Session, *, now: dt.datetime) -> int | None:
    """The oldest job that waits, or whose worker's lease has run out."""
    waiting = and_(Job.state == JobState.QUEUED, Job.due_at <= now)
    orphaned = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    return session.scalar(select(Job.id).where(or_(waiting, orphaned)).order_by(Job.due_at, Job.id).limit(1))


def latest(session: Session, *, kind: str, subject_id: int) -> Job | None:
    """The newest job of a kind about a subject."""
    return next(iter(newest(session, kind=kind, subject_id=subject_id, number=1)), None)


def newest(session: Session, *, kind: str, subject_id: int, number: int) -> Sequence[Job]:
    """The newest jobs of a kind about a subject, the latest first."""
    wanted = select(Job).where(Job.kind == kind, Job.subject_id == subject_id)
    return session.scalars(wanted.order_by(Job.id.desc()).limit(number)).all()


def is_open(job: Job | None) -> bool:
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)
