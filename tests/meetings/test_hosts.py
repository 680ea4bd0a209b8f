"""A need between the secretariat and its company: asked, confirmed, opened; and the name that must not leak."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.database import db, transaction
from eventops.mail.models import Letter
from eventops.meetings.hosting import asking, links, rules
from eventops.meetings.hosting.rules import Confirmation
from eventops.meetings.models import Need, NeedAttendee, NeedState
from tests.factories import NOW, make_organisation, make_person
from tests.meetings.sheets import make_round
from tests.meetings.test_service import make_need

HOST = "株式会社ホシナミ計器"
TYPED = {
    "title": "微細な穴あけ",
    "description": "φ0.3mmの冷却穴を半分の時間であけたい。",
    "tags": "微細加工、レーザー加工",
    "stage": "試作",
    "excluded": "",
    "unit": "流量計事業部",
    "confirmed_by": "星 一郎",
}
ANONYMOUS = {**TYPED, "is_anonymous": "y", "public_name": "大手計測器メーカー"}


@pytest.fixture
def need_id(app: Flask) -> int:
    """A draft whose company has one person with an address."""
    with app.app_context(), transaction() as session:
        found = make_round(session)
        host = make_organisation(session, HOST, "ホシナミケイキ", code="O0004")
        need = make_need(session, found, "N04", host)
        person = make_person(session, host, email="hoshi@hoshinami.example.jp")
        need.attendees = [NeedAttendee(person_id=person.id)]
        need.state, need.unit = NeedState.DRAFT, "流量計事業部"
        return need.id


def link(app: Flask, need_id: int, rest: str = "") -> str:
    with app.app_context():
        return f"/n/{links.token_of(db.session.get_one(Need, need_id))}{rest}"


def need_of(app: Flask, need_id: int) -> Need:
    with app.app_context():
        return db.session.get_one(Need, need_id)


def desk(app: Flask, need_id: int, rest: str) -> str:
    with app.app_context():
        return f"/staff/events/{db.session.get_one(Need, need_id).round.event_id}/matching{rest}"


def test_the_company_gets_a_link_by_letter_and_nobody_twice_on_a_day(
    app: Flask, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    manager = sign_in(Role.EVENT_MANAGER)
    page = manager.get(desk(app, need_id, "/ask/confirm")).text
    assert ("1名に送信" in page, "hoshi@hoshinami.example.jp" in page) == (True, True)

    for _again in range(2):
        assert manager.post(desk(app, need_id, "/ask/confirm")).status_code == 302

    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert letter.to_email == "hoshi@hoshinami.example.jp"
        assert link(app, need_id) in letter.body
    assert need_of(app, need_id).state == NeedState.ASKED


def test_the_company_corrects_and_confirms_and_staff_open_what_is_confirmed(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    saved = client.post(link(app, need_id), data={**TYPED, "act": "save"})
    assert (saved.status_code, rules.confirmation(need_of(app, need_id))) == (302, Confirmation.NOT_ASKED)

    client.post(link(app, need_id), data={**TYPED, "act": "confirm"})

    need = need_of(app, need_id)
    assert (need.title, need.required_tags, need.confirmed_by) == (
        "微細な穴あけ",
        ["微細加工", "レーザー加工"],
        "星 一郎",
    )
    manager = sign_in(Role.EVENT_MANAGER)
    assert "確認済みの1件を公開する" in manager.get(desk(app, need_id, "/needs")).text
    assert client.get("/e/m08/needs").text.count("N04") == 0
    manager.post(desk(app, need_id, "/needs/open"))
    assert need_of(app, need_id).state == NeedState.OPEN
    assert HOST in client.get("/e/m08/needs").text


def test_another_wording_than_the_confirmed_one_is_not_confirmed(app: Flask, client: FlaskClient, need_id: int) -> None:
    client.post(link(app, need_id), data={**TYPED, "act": "confirm"})
    with app.app_context(), transaction() as session:
        session.get_one(Need, need_id).title = "別の題名"

    assert rules.confirmation(need_of(app, need_id)) is Confirmation.CHANGED


def test_what_is_public_is_no_longer_corrected_by_link(app: Flask, client: FlaskClient, need_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Need, need_id).state = NeedState.OPEN

    answer = client.post(link(app, need_id), data={**TYPED, "act": "confirm"})

    assert (answer.status_code, need_of(app, need_id).title) == (422, "穴あけ")


def test_a_replaced_link_is_refused(app: Flask, client: FlaskClient, sign_in, need_id: int) -> None:
    old = link(app, need_id)
    sign_in(Role.EVENT_MANAGER).post(desk(app, need_id, f"/needs/{need_id}/link"))

    assert (client.get(old).status_code, client.get(link(app, need_id)).status_code) == (404, 200)
    assert client.get("/n/tampered").status_code == 404


def test_the_name_of_an_anonymous_company_is_read_nowhere_in_public(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    client.post(link(app, need_id), data={**ANONYMOUS, "act": "confirm"})
    with app.app_context(), transaction() as session:
        session.get_one(Need, need_id).state = NeedState.OPEN

    pages = [client.get(address) for address in ("/e/m08/needs", "/e/m08/needs/N04/apply", "/e/m08/")]
    client.post("/e/m08/needs/N04/apply", data=entry())
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "application_received")).one()
    own_page = own_page_in(letter.body)
    pages += [client.get(own_page), client.get(f"{own_page}/edit"), client.post(f"{own_page}/order")]
    said = [page.text for page in pages] + [letter.subject, letter.body]
    said += [value for page in pages for pair in page.headers for value in pair]

    for secret in ("ホシナミ", "流量計事業部", "O0004", "hoshinami"):
        assert [text for text in said if secret in text] == []
    assert "大手計測器メーカー" in pages[0].text
    assert "大手計測器メーカー" in letter.body


def entry() -> dict[str, str]:
    return {
        "company": "㈱青空精密",
        "company_kana": "アオゾラセイミツ",
        "family_name": "山田",
        "given_name": "太郎",
        "family_kana": "ヤマダ",
        "given_kana": "タロウ",
        "email": "taro@aozora.example.jp",
        "proposal_title": "穴あけ",
        "proposal_text": "実績があります。",
        "no_secrets": "y",
    }


def own_page_in(body: str) -> str:
    return next(line for line in body.splitlines() if "/a/" in line).removeprefix("http://localhost")


def test_a_text_that_names_the_anonymous_company_is_refused_beside_the_field(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    told = {**ANONYMOUS, "description": "ﾎｼﾅﾐ計器の流量計に使う部品です。", "act": "confirm"}

    answer = client.post(link(app, need_id), data=told)

    assert (answer.status_code, "社名が入っています" in answer.text) == (422, True)
    with app.app_context(), transaction() as session:
        need = session.get_one(Need, need_id)
        need.is_anonymous, need.public_name, need.description = True, "大手", "ホシナミ計器の部品"
    manager = sign_in(Role.EVENT_MANAGER)
    moved = manager.post(desk(app, need_id, f"/needs/{need_id}/move"), data={"target": "open"})
    assert (moved.status_code, need_of(app, need_id).state) == (422, NeedState.DRAFT)


def test_anonymity_needs_a_name_to_be_called_by(app: Flask, client: FlaskClient, need_id: int) -> None:
    answer = client.post(link(app, need_id), data={**ANONYMOUS, "public_name": "", "act": "confirm"})

    assert (answer.status_code, "呼び名を入力してください" in answer.text) == (422, True)


def test_readers_ask_nobody_and_open_nothing(app: Flask, sign_in: Callable[[Role], FlaskClient], need_id: int) -> None:
    reader = sign_in(Role.READ_ONLY)

    refused = [
        reader.get(desk(app, need_id, "/ask/confirm")),
        reader.post(desk(app, need_id, "/ask/screen")),
        reader.post(desk(app, need_id, "/needs/open")),
        reader.post(desk(app, need_id, f"/needs/{need_id}/move"), data={"target": "open"}),
        reader.get(desk(app, need_id, f"/needs/{need_id}/screening.xlsx")),
    ]

    assert [answer.status_code for answer in refused] == [403] * 5


def test_a_page_opened_before_staff_changed_the_need_confirms_nothing(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    seen = rules.digest(need_of(app, need_id))
    with app.app_context(), transaction() as session:
        session.get_one(Need, need_id).description = "事務局が直した文"

    answer = client.post(link(app, need_id), data={**TYPED, "act": "confirm", "seen": seen})

    assert answer.status_code == 409
    assert [text in answer.text for text in ("事務局が直した文", TYPED["description"])] == [True, True]
    assert rules.confirmation(need_of(app, need_id)) is Confirmation.NOT_ASKED
    again = rules.digest(need_of(app, need_id))
    assert f'value="{again}"' in answer.text
    assert client.post(link(app, need_id), data={**TYPED, "act": "confirm", "seen": again}).status_code == 302


def staff_form(app: Flask, need_id: int, **values: str) -> dict[str, str]:
    need = need_of(app, need_id)
    form = {"code": "N04", "organisation": "O0004", "title": need.title, "tables": "2", "seen": rules.digest(need)}
    return {**form, **values}


def test_staff_do_not_put_back_what_the_company_has_corrected(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    manager, old = sign_in(Role.EVENT_MANAGER), staff_form(app, need_id)
    client.post(link(app, need_id), data={**ANONYMOUS, "act": "confirm"})

    answer = manager.post(desk(app, need_id, f"/needs/{need_id}"), data=old)

    need = need_of(app, need_id)
    assert (answer.status_code, TYPED["description"] in answer.text) == (409, True)
    assert (need.is_anonymous, need.tables, rules.confirmation(need)) == (True, 1, Confirmation.CONFIRMED)


def test_a_known_need_is_moved_and_not_saved_into_another_state(
    app: Flask, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    form = staff_form(app, need_id, state="open")

    answer = sign_in(Role.EVENT_MANAGER).post(desk(app, need_id, f"/needs/{need_id}"), data=form)

    assert (answer.status_code, need_of(app, need_id).state, need_of(app, need_id).tables) == (302, "draft", 2)


def test_what_the_company_typed_stays_on_the_page_when_the_need_was_opened_meanwhile(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Need, need_id).state = NeedState.OPEN

    page = client.post(link(app, need_id), data={**TYPED, "act": "confirm"}).text

    assert [text in page for text in (TYPED["description"], "このページでは直せません")] == [True, True]


def test_the_history_says_what_the_company_changed(app: Flask, client: FlaskClient, need_id: int) -> None:
    client.post(link(app, need_id), data={**TYPED, "act": "save"})

    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "need_corrected")).one()
        assert (entry.before["title"], entry.after["title"], "unit" in entry.after) == ("穴あけ", "微細な穴あけ", False)


def test_links_end_some_time_after_the_event(app: Flask, need_id: int) -> None:
    with app.app_context():
        event = db.session.get_one(Need, need_id).round.event
        last = event.held_on + dt.timedelta(days=links.LAST_DAYS)

        assert (links.is_old(event, last), links.is_old(event, last + dt.timedelta(days=1))) == (False, True)


def test_a_need_that_goes_to_another_company_leaves_its_links_behind(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    old = link(app, need_id)
    with app.app_context(), transaction() as session:
        make_organisation(session, "株式会社ほか", "ホカ", code="O0099")

    form = staff_form(app, need_id, organisation="O0099")
    assert sign_in(Role.EVENT_MANAGER).post(desk(app, need_id, f"/needs/{need_id}"), data=form).status_code == 302

    assert (client.get(old).status_code, client.get(link(app, need_id)).status_code) == (404, 200)


def test_opening_is_not_undone_by_asking(app: Flask, need_id: int) -> None:
    with app.app_context(), transaction() as session:
        need = session.get_one(Need, need_id)
        need.state = NeedState.OPEN
        session.flush()
        asking._wait(session, {need_id}, NOW)

    assert need_of(app, need_id).state == NeedState.OPEN
