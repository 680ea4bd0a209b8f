"""Who holds a job: one worker at a time, for as long as its lease, and nobody after that stores anything."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops.database import db, transaction
from eventops.jobs import queries, service
from eventops.jobs.models import Job, JobState
from eventops.jobs.service import LEASE, AlreadyRunning, LeaseLost
from tests.conftest import NOW
from tests.jobs.racing import race

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def job(session) -> Job:
    made = service.enqueue(session, kind="count", subject_id=7, payload={"to": 3}, now=NOW)
    session.commit()
    return made


def claim(session, job, worker="first", now=NOW):
    won = service.claim(session, job_id=job.id, worker=worker, now=now)
    session.commit()
    session.refresh(job)
    return won


def test_a_claimed_job_is_held_until_its_lease_ends(session, job):
    assert claim(session, job, "first")
    assert (job.state, job.worker, job.attempts, job.lease_until) == (JobState.RUNNING, "first", 1, NOW + LEASE)
    assert not claim(session, job, "second", NOW + LEASE)
    assert queries.next_due_id(session, now=NOW + LEASE) is None
    after = NOW + LEASE + SECOND
    assert queries.next_due_id(session, now=after) == job.id
    assert claim(session, job, "second", after)
    assert (job.worker, job.attempts) == ("second", 2)


def test_a_report_keeps_the_lease_and_the_progress(session, job):
    claim(session, job)
    later = NOW + LEASE
    assert not service.report(session, job_id=job.id, worker="first", now=later, progress={"done": 2})
    session.refresh(job)
    assert (job.lease_until, job.progress) == (later + LEASE, {"done": 2})
    service.report(session, job_id=job.id, worker="first", now=later, progress=None)
    session.refresh(job)
    assert job.progress == {"done": 2}


def test_whoever_lost_the_lease_stores_nothing_more(session, job):
    claim(session, job, "first")
    claim(session, job, "second", NOW + LEASE + SECOND)
    with pytest.raises(LeaseLost):
        service.report(session, job_id=job.id, worker="first", now=NOW, progress={"done": 99})
    with pytest.raises(LeaseLost):
        service.finish(session, job_id=job.id, worker="first", state=JobState.DONE, now=NOW)
    session.refresh(job)
    assert (job.state, job.worker, job.progress) == (JobState.RUNNING, "second", {})


def test_a_finished_job_is_nobodys(session, job):
    claim(session, job)
    service.finish(session, job_id=job.id, worker="first", state=JobState.DONE, now=NOW)
    session.commit()
    assert not claim(session, job, "second", NOW + 10 * LEASE)
    assert queries.next_due_id(session, now=NOW + 10 * LEASE) is None
    assert (job.state, job.finished_at, job.lease_until) == (JobState.DONE, NOW, None)


def test_stopping_a_waiting_job_ends_it_and_a_running_one_hears_of_it(session, job):
    service.request_stop(session, job_id=job.id, now=NOW)
    session.refresh(job)
    assert (job.state, job.finished_at) == (JobState.STOPPED, NOW)
    running = service.enqueue(session, kind="count", subject_id=7, now=NOW)
    claim(session, running)
    service.request_stop(session, job_id=running.id, now=NOW)
    session.refresh(running)
    assert running.state == JobState.RUNNING
    assert service.report(session, job_id=running.id, worker="first", now=NOW, progress=None)


def test_jobs_come_in_the_order_they_are_due_and_not_before(session, job):
    early = service.enqueue(session, kind="count", subject_id=1, now=NOW - SECOND)
    service.enqueue(session, kind="count", subject_id=2, now=NOW + LEASE)
    assert queries.next_due_id(session, now=NOW - 2 * SECOND) is None
    assert queries.next_due_id(session, now=NOW) == early.id


def test_one_job_of_a_kind_per_subject_is_open(session, job):
    with pytest.raises(AlreadyRunning):
        service.enqueue(session, kind="count", subject_id=7, now=NOW)
    service.enqueue(session, kind="other", subject_id=7, now=NOW)
    service.enqueue(session, kind="count", subject_id=8, now=NOW)
    service.request_stop(session, job_id=job.id, now=NOW)
    again = service.enqueue(session, kind="count", subject_id=7, now=NOW)
    assert queries.latest(session, kind="count", subject_id=7).id == again.id


@pytest.mark.both_databases
def test_of_many_workers_one_wins_the_claim(app):
    with app.app_context(), transaction() as session:
        job_id = service.enqueue(session, kind="count", subject_id=7, now=NOW).id

    def claim_it(number: int) -> bool:
        with transaction() as session:
            return service.claim(session, job_id=job_id, worker=f"worker {number}", now=NOW)

    won = race(app, 12, claim_it)
    assert won.count(True) == 1
    with app.app_context():
        job = db.session.get(Job, job_id)
        assert (job.worker, job.attempts) == (f"worker {won.index(True)}", 1)


@pytest.mark.both_databases
def test_of_many_who_press_the_button_at_once_one_starts_the_job(app):
    def press(_number: int) -> bool:
        try:
            with transaction() as session:
                service.enqueue(session, kind="count", subject_id=7, now=NOW)
        except AlreadyRunning:
            return False
        return True

    assert race(app, 12, press).count(True) == 1
    with app.app_context():
        assert db.session.scalars(select(Job.state)).all() == [JobState.QUEUED]
