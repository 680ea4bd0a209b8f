"""A worker process is killed in the middle of a job; another one finishes it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from eventops import ROOT, clock
from eventops.database import db, transaction
from eventops.jobs import queries, service
from eventops.jobs.models import Job, JobState


@contextmanager
def counting_worker(tmp_path, database_url) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.jobs.counting_worker", str(tmp_path), database_url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def said(process: subprocess.Popen[str], *, until: int) -> list[int]:
    numbers: list[int] = []
    assert process.stdout is not None
    for line in process.stdout:
        numbers.append(int(line))
        if numbers[-1] == until:
            break
    return numbers


@pytest.mark.both_databases
def test_another_worker_goes_on_where_the_killed_one_stopped(app, database_url, tmp_path):
    with app.app_context(), transaction() as session:
        payload = {"to": 6, "hold_at": 4}
        job_id = service.enqueue(session, kind="count", subject_id=7, payload=payload, now=clock.now()).id

    with counting_worker(tmp_path, database_url) as first:
        assert said(first, until=4) == [1, 2, 3, 4]
        first.send_signal(signal.SIGKILL)
        assert first.wait(timeout=10) == -signal.SIGKILL

    with app.app_context():
        job = db.session.get_one(Job, job_id)
        assert (job.state, job.progress, job.attempts) == (JobState.RUNNING, {"done": 4}, 1)
        assert queries.next_due_id(db.session(), now=job.lease_until) is None
    with app.app_context(), transaction() as session:
        session.get_one(Job, job_id).lease_until = clock.now() - service.LEASE  # as if the time had passed

    with counting_worker(tmp_path, database_url) as second:
        assert said(second, until=6) == [5, 6]
        second.terminate()
        assert second.wait(timeout=10) == 0
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        assert (job.state, job.progress, job.attempts) == (JobState.DONE, {"done": 6}, 2)
