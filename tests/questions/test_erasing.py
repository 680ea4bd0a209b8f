"""Notes about health are erased on time, with what was erased recorded and nothing of what it said."""

import datetime as dt
import json
import os

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.database import db, transaction
from eventops.questions import files
from eventops.questions.giving import Given
from eventops.questions.models import Answer, AnswerFile, Erasure
from eventops.questions.queries import asked
from eventops.registration import service
from eventops.registration.answers import erasing, routes
from eventops.registration.models import Attendee
from tests.factories import HELD_ON, NOW
from tests.questions.arrange import make_asking_event
from tests.registration.arrange import application, entrant

DUE = HELD_ON + dt.timedelta(30)


@pytest.fixture
def answered(app):
    """An event with one application that answered, with a note about food."""
    with app.app_context(), transaction() as session:
        event, _ids = make_asking_event(session)
        questions = {one.code: one for one in asked(session, event.id)}
        given = (
            Given(questions["transport"], ("bus",)),
            Given(questions["allergies"], ("egg", "milk")),
            Given(questions["birth"], ("1957-03-04",)),
        )
        one = service.register(session, application(event, entrant(event, answers=given)), now=NOW)
        one.attendees[0].dietary_need = "えびは食べられません"
        return event.id


def test_they_are_due_the_set_number_of_days_after_the_last_part(app, answered):
    with app.app_context(), transaction() as session:
        assert erasing.due(session, today=DUE - dt.timedelta(1)) == []
        assert erasing.due(session, today=DUE) == [answered]


def test_they_are_erased_with_a_record_of_what_and_how_many(app, answered):
    with app.app_context(), transaction() as session:
        assert erasing.erase(session, event_id=answered, now=NOW) == 3

        assert [row.values for row in session.scalars(select(Answer))] == [["bus"]]
        assert session.scalars(select(Attendee.dietary_need)).all() == [""]
        rows = session.scalars(select(Erasure).order_by(Erasure.id)).all()
        assert {row.subject: row.count for row in rows} == {"アレルギー": 1, "生年月日": 1, "食事の配慮": 1}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "sensitive_erased")).one()
        assert "えび" not in json.dumps(entry.after, ensure_ascii=False)
        assert erasing.due(session, today=DUE) == []
        assert erasing.erase(session, event_id=answered, now=NOW) == 0
        assert len(session.scalars(select(Erasure)).all()) == 3


def test_the_worker_erases_what_is_due_and_nothing_before(app, answered, sign_in, monkeypatch):
    moment = dt.datetime.combine(DUE, dt.time(), tzinfo=dt.UTC)
    monkeypatch.setattr("eventops.clock.now", lambda: moment - dt.timedelta(1))
    with app.app_context():
        routes.upkeep()
        assert len(db.session.scalars(select(Answer)).all()) == 3

    monkeypatch.setattr("eventops.clock.now", lambda: moment)
    lane = app.extensions["worker_lanes"]["upkeep"]

    assert lane("a worker") is False
    page = sign_in(Role.READ_ONLY).get(f"/staff/events/{answered}/answers").text
    assert "配慮が必要な情報は消去済みです" in page
    with app.app_context():
        assert len(db.session.scalars(select(Answer)).all()) == 1


def test_files_without_a_row_are_swept_after_a_day(app, answered):
    home = app.config["HOME"]
    with app.app_context(), transaction() as session:
        known = files.wait(home, "a.pdf", b"%PDF-")
        files.keep(home, known.stored)
        answer = session.scalars(select(Answer)).first()
        answer.file = AnswerFile(name=known.name, size=known.size, stored=known.stored)
        forgotten, waiting = files.wait(home, "b.pdf", b"%PDF-"), files.wait(home, "c.pdf", b"%PDF-")
        files.keep(home, forgotten.stored)
    young = {path.name for path in (home / "answers").rglob("*") if path.is_file()}
    with app.app_context():
        routes.upkeep()
    assert {path.name for path in (home / "answers").rglob("*") if path.is_file()} == young

    for path in (home / "answers").rglob("*"):
        os.utime(path, (0, 0))
    with app.app_context():
        routes.upkeep()

    assert {path.name for path in (home / "answers").rglob("*") if path.is_file()} == {known.stored}
    assert waiting.stored not in {known.stored, forgotten.stored}
