"""The worker: lanes that each look for due work and do it, until they are told to stop."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from eventops import clock
from eventops.database import db, transaction
from eventops.jobs import queries, service
from eventops.jobs.models import Job, JobState

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.3

Lane = Callable[[str], bool]
"""One step of one kind of work for the named worker: True when it found something to do."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A handler's hold on its job."""

    job_id: int
    worker: str

    def report(self, progress: dict[str, Any] | None = None) -> bool:
        """Say that the work goes on; True when it should end with what it has. Raises `LeaseLost`."""
        with transaction() as session:
            return service.report(session, job_id=self.job_id, worker=self.worker, now=clock.now(), progress=progress)


Handler = Callable[[int, dict[str, Any], Lease], None]
"""Does one job: subject id, payload, lease. Ends it itself where its result and its end must be one transaction."""


def register_handler(app: Flask, kind: str, handler: Handler) -> None:
    app.extensions.setdefault("job_handlers", {})[kind] = handler


def register_lane(app: Flask, name: str, lane: Lane) -> None:
    app.extensions.setdefault("worker_lanes", {})[name] = lane


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(3)}"


def run_next_job(app: Flask, worker: str) -> bool:
    """Claim and do one due job."""
    with app.app_context():
        job_id = queries.next_due_id(db.session(), now=clock.now())
        if job_id is None:
            return False
        with transaction() as session:
            if not service.claim(session, job_id=job_id, worker=worker, now=clock.now()):
                return True
            job = session.get_one(Job, job_id)
            if service.is_hopeless(job):
                log.error("job %s of kind %s is given up: its workers died", job_id, job.kind)
                service.finish(
                    session, job_id=job_id, worker=worker, state=JobState.FAILED, error="gave_up", now=clock.now()
                )
                return True
            kind, subject_id, payload = job.kind, job.subject_id, dict(job.payload)
        _do(app, kind, subject_id, payload, Lease(job_id, worker))
    return True


def _do(app: Flask, kind: str, subject_id: int, payload: dict[str, Any], lease: Lease) -> None:
    try:
        app.extensions["job_handlers"][kind](subject_id, payload, lease)
        _end(lease, JobState.DONE, None)
    except service.LeaseLost:
        log.warning("job %s was taken over by another worker", lease.job_id)
    except Exception as error:
        log.exception("job %s of kind %s failed", lease.job_id, kind)
        _end(lease, JobState.FAILED, type(error).__name__)


def _end(lease: Lease, state: JobState, error: str | None) -> None:
    with transaction() as session:
        job = session.get(Job, lease.job_id)
        if job is not None and job.state == JobState.RUNNING and job.worker == lease.worker:
            service.finish(session, job_id=lease.job_id, worker=lease.worker, state=state, now=clock.now(), error=error)


def run(app: Flask, *, stopping: threading.Event) -> None:
    """Run all lanes, each in a thread of its own, so that a long job does not hold up the letters."""
    name = worker_name()
    lanes: dict[str, Lane] = app.extensions.get("worker_lanes", {})
    threads = [
        threading.Thread(target=_follow, args=(lane, f"{name}-{title}", stopping), name=title, daemon=True)
        for title, lane in lanes.items()
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    for thread in threads:
        thread.join(timeout=5)


def _follow(lane: Lane, worker: str, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            if lane(worker):
                continue
        except Exception:
            log.exception("lane %s stumbled; it goes on", worker)
        stopping.wait(PAUSE_SECONDS)
