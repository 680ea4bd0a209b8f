"""The public pages: needs that may be seen, and a company's application from the form to the letter."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.database import db, transaction
from eventops.directory.models import Organisation, Person
from eventops.events.models import Event, EventState
from eventops.mail.models import Letter
from eventops.meetings.models import Application, Need, NeedState
from tests.factories import make_organisation, make_person
from tests.meetings.sheets import make_round
from tests.meetings.test_service import make_need

TYPED = {
    "company": "㈱青空精密",
    "company_kana": "アオゾラセイミツ",
    "family_name": "山田",
    "given_name": "太郎",
    "family_kana": "やまだ",
    "given_kana": "タロウ",
    "email": "taro@aozora.example.jp",
    "phone": "００-1234-5678",
    "proposal_title": "放電以外の穴あけ",
    "proposal_text": "φ0.3mmの実績があります。",
    "priority": "１",
    "no_secrets": "y",
}


@pytest.fixture
def need_id(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        found = make_round(session)
        make_need(session, found, "N02").state = NeedState.DRAFT
        return make_need(session, found, "N01").id


def test_open_needs_are_public_and_drafts_are_not(client: FlaskClient, need_id: int) -> None:
    page = client.get("/e/m08/needs").text

    assert ("N01 に応募する" in page, "N02" in page) == (True, False)
    assert client.get("/e/m08/needs/N02/apply").status_code == 404
    assert client.get("/e/m08/needs/N99/apply").status_code == 404


def test_needs_of_an_event_that_is_a_draft_are_nobody_s_business(app: Flask, client: FlaskClient, need_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.scalars(select(Event)).one().state = EventState.DRAFT

    assert client.get("/e/m08/needs").status_code == 404
    assert client.get("/e/m08/needs/N01/apply").status_code == 404


def test_a_company_applies_and_reads_a_letter(app: Flask, client: FlaskClient, need_id: int) -> None:
    answer = client.post("/e/m08/needs/N01/apply", data=TYPED)

    assert answer.status_code == 302
    assert "A001" in client.get(answer.headers["Location"]).text
    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        letter = db.session.scalars(select(Letter)).one()
        person = db.session.get_one(Person, application.person_id)
        assert (application.code, application.need_id, application.priority) == ("A001", need_id, 1)
        assert (person.full_kana, person.phone) == ("ヤマダ タロウ", "00-1234-5678")
        assert (letter.to_email, "A001" in letter.body, "放電以外の穴あけ" in letter.body) == (
            "taro@aozora.example.jp",
            True,
            True,
        )


def test_a_known_company_and_person_are_recognised_and_left_as_they_are(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    with app.app_context(), transaction() as session:
        company = make_organisation(session, "株式会社青空精密", "アオゾラセイミツ")
        person = make_person(session, company, email="Taro@aozora.example.jp")
        company_id, person_id = company.id, person.id

    client.post("/e/m08/needs/N01/apply", data={**TYPED, "given_name": "花子"})

    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        assert (application.organisation_id, application.person_id) == (company_id, person_id)
        assert db.session.get_one(Person, person_id).given_name == "太郎"


def test_a_name_that_leaves_doubt_makes_a_company_of_its_own(app: Flask, client: FlaskClient, need_id: int) -> None:
    with app.app_context(), transaction() as session:
        known_id = make_organisation(session, "青空精密株式会社", "アオゾラセイミツ").id

    client.post("/e/m08/needs/N01/apply", data=TYPED)

    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        assert application.organisation_id != known_id
        assert db.session.get_one(Organisation, application.organisation_id).name == "㈱青空精密"


def test_nothing_typed_is_lost_when_the_promise_is_missing(app: Flask, client: FlaskClient, need_id: int) -> None:
    answer = client.post("/e/m08/needs/N01/apply", data={**TYPED, "no_secrets": "", "email": "taro"})

    assert answer.status_code == 422
    assert "秘密情報が含まれていないことをご確認ください。" in answer.text
    assert "メールアドレスを確認してください。" in answer.text
    assert "φ0.3mmの実績があります。" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Application)).all() == []


def test_after_the_closing_hour_nothing_is_taken(app: Flask, client: FlaskClient, need_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Need, need_id).entries_close_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

    answer = client.post("/e/m08/needs/N01/apply", data=TYPED)

    assert answer.status_code == 409
    assert "応募の受付は終了しました" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Application)).all() == []
