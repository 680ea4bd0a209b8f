"""The worker on a real database: every job once, failures recorded, a lane that stumbles goes on."""

import threading

import pytest
from sqlalchemy import select

from eventops import clock
from eventops.database import db, transaction
from eventops.jobs import service, worker
from eventops.jobs.models import Job, JobState
from tests.jobs.racing import race


def enqueue(app, subject_id=7, kind="count", **payload):
    with app.app_context(), transaction() as session:
        return service.enqueue(session, kind=kind, subject_id=subject_id, payload=payload, now=clock.now()).id


def job_of(app, job_id):
    with app.app_context():
        return db.session.get_one(Job, job_id)


def test_a_job_is_done_with_its_subject_and_payload(app):
    seen = []
    worker.register_handler(app, "count", lambda subject_id, payload, lease: seen.append((subject_id, payload)))
    job_id = enqueue(app, to=3)
    assert worker.run_next_job(app, "one")
    assert not worker.run_next_job(app, "one")
    assert seen == [(7, {"to": 3})]
    job = job_of(app, job_id)
    assert (job.state, job.attempts, job.worker, job.error) == (JobState.DONE, 1, "one", None)


def test_a_failure_is_recorded_by_its_kind_and_never_by_its_words(app, caplog):
    def fail(subject_id, payload, lease):
        raise LookupError("山田太郎 <taro@example.jp>")

    worker.register_handler(app, "count", fail)
    job_id = enqueue(app)
    assert worker.run_next_job(app, "one")
    job = job_of(app, job_id)
    assert (job.state, job.error) == (JobState.FAILED, "LookupError")
    assert f"job {job_id} of kind count failed" in caplog.text


def test_a_job_of_an_unknown_kind_fails_and_does_not_block_the_others(app):
    done = []
    worker.register_handler(app, "count", lambda subject_id, payload, lease: done.append(subject_id))
    unknown = enqueue(app, kind="from a newer version")
    enqueue(app)
    assert [worker.run_next_job(app, "one") for _ in range(3)] == [True, True, False]
    assert (job_of(app, unknown).state, done) == (JobState.FAILED, [7])


def test_a_handler_that_is_asked_to_stop_ends_with_what_it_has(app):
    def count(subject_id, payload, lease):
        with transaction() as session:
            service.request_stop(session, job_id=lease.job_id, now=clock.now())
        assert lease.report({"done": 1})
        with transaction() as session:
            service.finish(session, job_id=lease.job_id, worker=lease.worker, state=JobState.STOPPED, now=clock.now())

    worker.register_handler(app, "count", count)
    job_id = enqueue(app)
    worker.run_next_job(app, "one")
    job = job_of(app, job_id)
    assert (job.state, job.progress) == (JobState.STOPPED, {"done": 1})


def test_a_worker_whose_job_was_taken_over_leaves_it_to_the_other(app):
    def taken(subject_id, payload, lease):
        with transaction() as session:
            later = clock.now() + 2 * service.LEASE
            assert service.claim(session, job_id=lease.job_id, worker="two", now=later)
        lease.report({"done": 99})

    worker.register_handler(app, "count", taken)
    job_id = enqueue(app)
    worker.run_next_job(app, "one")
    job = job_of(app, job_id)
    assert (job.state, job.worker, job.progress) == (JobState.RUNNING, "two", {})


def test_a_job_that_takes_every_worker_with_it_is_given_up(app, caplog):
    done = []
    worker.register_handler(app, "count", lambda subject_id, payload, lease: done.append(subject_id))
    job_id = enqueue(app)
    long_ago = clock.now() - 2 * service.LEASE
    for number in range(service.MAX_ATTEMPTS):
        with app.app_context(), transaction() as session:
            session.get_one(Job, job_id).lease_until = long_ago
            assert service.claim(session, job_id=job_id, worker=f"dies {number}", now=clock.now())
    with app.app_context(), transaction() as session:
        session.get_one(Job, job_id).lease_until = long_ago

    assert [worker.run_next_job(app, "the next") for _ in range(2)] == [True, False]
    job = job_of(app, job_id)
    assert (job.state, job.error, done) == (JobState.FAILED, "gave_up", [])
    assert f"job {job_id} of kind count is given up" in caplog.text


@pytest.mark.both_databases
def test_many_workers_do_every_job_exactly_once(app):
    done, lock = [], threading.Lock()

    def count(subject_id, payload, lease):
        lease.report({"done": 1})
        with lock:
            done.append(subject_id)

    worker.register_handler(app, "count", count)
    for subject_id in range(20):
        enqueue(app, subject_id=subject_id)

    def work(number: int) -> int:
        steps = 0
        while worker.run_next_job(app, f"worker {number}"):
            steps += 1
        return steps

    race(app, 4, work)
    assert sorted(done) == list(range(20))
    with app.app_context():
        assert db.session.execute(select(Job.state, Job.attempts)).all() == [(JobState.DONE, 1)] * 20


def test_a_lane_that_stumbles_goes_on_and_the_worker_stops_when_told(app):
    stopping, calls = threading.Event(), []

    def stumble(name: str) -> bool:
        calls.append(name)
        if len(calls) == 3:
            stopping.set()
            return False
        if len(calls) == 1:
            raise RuntimeError("once")
        return True

    app.extensions["worker_lanes"] = {"stumbling": stumble}
    worker.run(app, stopping=stopping)
    assert len(calls) == 3
    assert {name.endswith("-stumbling") for name in calls} == {True}
