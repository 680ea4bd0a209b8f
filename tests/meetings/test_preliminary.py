"""A timetable that may still change is told as preliminary; once it is settled everybody hears so."""

import pytest
from flask import Flask
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.mail.models import Letter
from eventops.meetings.models import Application
from eventops.meetings.timetable import calendars, publication, queries
from eventops.meetings.timetable.letters import token_of
from eventops.meetings.timetable.models import ParticipantPage, Timetable
from eventops.printing.meetings import version_word
from tests.conftest import sign_in_to
from tests.factories import NOW, make_person
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import Tiny, make_tiny

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    """Two meetings on the board; the guests can be written to."""
    with app.app_context(), transaction() as session:
        found = make_tiny(session)
        for application in session.scalars(select(Application)).all():
            guest = session.get_one(Organisation, application.organisation_id)
            person = make_person(session, guest, email=f"g{guest.id}@guest.example")
            application.person_id = person.id
        place_by_hand(session, found.round_id, 2)
        return found


def publish(app: Flask, tiny: Tiny, *, preliminary: bool | None) -> Timetable:
    with app.test_request_context(), transaction() as session:
        known = publication.candidate(session, tiny.round_id).revision
        return publication.publish(
            session, round_id=tiny.round_id, revision=known, actor_id=None, now=NOW, preliminary=preliminary
        )


def letters(app: Flask, kind: str = "timetable") -> list[Letter]:
    with app.app_context():
        return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def test_what_was_preliminary_says_so_until_everybody_hears_that_it_is_final(app: Flask, tiny: Tiny) -> None:
    publish(app, tiny, preliminary=True)
    assert [one.subject.count("面談時間割(予定)のお知らせ") for one in letters(app)] == [1, 1]
    assert all("この時間割は予定です" in one.body for one in letters(app))
    with app.test_request_context():
        told = queries.published(db.session(), tiny.round_id)
        page = db.session.scalars(select(ParticipantPage)).first()
        assert (version_word(told, 1), calendars.status_of(told)) == ("第1版(予定)", "TENTATIVE")
        assert "第1版(予定)" in app.test_client().get(f"/m/{token_of(page)}").text
        assert "面談(予定): " in calendars.calendar(db.session(), told, page.organisation_id).decode()

    publish(app, tiny, preliminary=False)
    final = letters(app)[2:]
    assert [one.subject.count("面談時間割の確定のお知らせ") for one in final] == [1, 1]
    assert all("変わったところはありません" in one.body and "予定です" not in one.body for one in final)
    with pytest.raises(publication.NothingChanged):
        publish(app, tiny, preliminary=True)  # what was final stays final


def test_staff_choose_and_may_send_the_letter_to_themselves_first(app: Flask, tiny: Tiny) -> None:
    client = sign_in_to(app, Role.EVENT_MANAGER)
    page = client.get(f"{tiny.board}/publish?as=preliminary").text
    assert "予定として2名に送信" in page
    assert client.post(f"{tiny.board}/publish/trial?as=preliminary").status_code == 302
    [trial] = letters(app, "test")
    assert not trial.to_email.startswith("g")
    assert trial.subject.startswith("【試し送り】")
    assert "(予定)" in trial.subject

    with app.app_context():
        revision = queries.draft_of(db.session(), tiny.round_id).revision
    chosen = f"{tiny.board}/publish?as=preliminary"
    form = {"revision": revision, "as": "preliminary"}
    client.post(chosen, data=form)
    assert client.post(chosen, data=form).location.endswith("/publish?as=preliminary")  # a second press
    assert len(letters(app)) == 2
    assert "第1版を予定として知らせてあります" in client.get(f"{tiny.board}/publish?as=preliminary").text
    assert "確定して2名に送信" in client.get(f"{tiny.board}/publish").text


def test_what_goes_out_as_final_is_not_said_to_be_preliminary(app: Flask, tiny: Tiny) -> None:
    client = sign_in_to(app, Role.EVENT_MANAGER)
    with app.app_context():
        revision = queries.draft_of(db.session(), tiny.round_id).revision
    form = {"revision": revision, "as": "final"}
    page = client.post(f"{tiny.board}/publish?as=preliminary", data=form, follow_redirects=True).text
    assert "第1版を確定しました" in page
    assert "予定として知らせました" not in page


def test_a_trial_that_nobody_would_get_is_not_said_to_be_sent(app: Flask, tiny: Tiny) -> None:
    with app.app_context(), transaction() as session:
        for application in session.scalars(select(Application)).all():
            application.person_id = None
    client = sign_in_to(app, Role.EVENT_MANAGER)
    page = client.post(f"{tiny.board}/publish/trial?as=preliminary", follow_redirects=True).text
    assert "試し送りをしませんでした" in page
    assert letters(app, "test") == []
