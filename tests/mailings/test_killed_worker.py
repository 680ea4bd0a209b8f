"""Workers are killed in the middle of a mailing: every letter arrives, and what comes twice has one identity."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, update

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.jobs import worker
from eventops.mail import rules
from eventops.mail.models import Letter, LetterState
from eventops.mailings import audience, service
from eventops.mailings.models import MailingKind
from tests.conftest import dispose, sign_in_to
from tests.mail.post_office import PostOffice
from tests.mailings.arrange import make_readers, plan

READERS = 12


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice()
    yield made
    made.close()


@contextmanager
def letter_worker(app) -> Iterator[int]:
    """A worker process of its own, as a copy of this one: it shares the database and nothing else."""
    dispose(app)
    process = os.fork()
    if process == 0:
        try:
            lanes = app.extensions["worker_lanes"]
            app.extensions["worker_lanes"] = {name: lanes[name] for name in ("letters", "mailings")}
            worker.run(app, stopping=threading.Event())
        finally:
            os._exit(1)
    try:
        yield process
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def until(condition) -> None:
    deadline, pause = time.monotonic() + 60, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.02)


def send_to_all(app) -> int:
    sign_in_to(app, Role.EVENT_MANAGER)
    with app.app_context(), transaction() as session:
        event, _made = make_readers(session, READERS)
        session.execute(update(Letter).values(state=LetterState.CANCELLED))
        mailing = service.draft(session, plan(), event_id=event.id, actor_id=1, now=clock.now())
        seen = service.seen(
            audience.selection(session, event, plan().audience, kind=MailingKind.NOTICE, now=clock.now())
        )
        service.send(session, mailing_id=mailing.id, seen_readers=seen, actor_id=1, now=clock.now())
        return mailing.id


def forget_leases(app) -> None:
    """As if the time of the dead worker's hold had passed."""
    with app.app_context(), transaction() as session:
        session.execute(
            update(Letter).where(Letter.lease_until.is_not(None)).values(lease_until=clock.now() - rules.LEASE)
        )


def states(app) -> dict[str, int]:
    with app.app_context():
        query = select(Letter.state, func.count()).where(Letter.mailing_id.is_not(None)).group_by(Letter.state)
        return {row[0]: row[1] for row in db.session.execute(query)}


def test_nothing_is_lost_and_nothing_is_sent_twice_under_two_names(app, office):
    app.config |= {"MAIL_URL": office.url().replace("timeout=1", "timeout=20"), "MAIL_PER_MINUTE": 60_000}
    send_to_all(app)

    office.may_answer.clear()
    with letter_worker(app):  # killed after the dot, before the answer
        until(lambda: len(office.arrived) == 1)
    assert states(app)[LetterState.SENDING] == 1
    forget_leases(app)

    with letter_worker(app) as process:  # killed after the answer, before the mark
        until(lambda: len(office.arrived) == 2)
        with app.app_context(), transaction() as session:
            session.scalars(select(Letter).with_for_update()).all()  # nobody marks anything meanwhile
            office.may_answer.set()
            until(lambda: "QUIT" in office.phases)
            os.kill(process, signal.SIGKILL)
    assert states(app)[LetterState.SENDING] == 1
    forget_leases(app)

    with letter_worker(app):
        until(lambda: states(app).get(LetterState.SENT) == READERS)

    arrived = Counter(office.ids())
    assert (len(arrived), sorted(arrived.values())[-2:]) == (READERS, [1, 3])
    assert {message["To"].addresses[0].addr_spec for message in office.arrived} == {
        f"reader{index}@example.jp" for index in range(READERS)
    }
