"""Staff's pages of texts and mailings, tried as staff use them."""

import re

import pytest
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.events import queries as event_queries
from eventops.mail.models import Letter, LetterText
from eventops.mailings import writing
from eventops.mailings.models import Mailing
from eventops.registration import service as registrations
from eventops.registration.models import Registration
from eventops.registration.writing import addresses
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.mailings.arrange import make_readers
from tests.registration.arrange import application, entrant

FILTER = {"show": "active", "part": "", "mode": "", "category": "", "pay": "", "tag": "", "ids": ""}
MAILING = FILTER | {
    "kind": "notice",
    "subject": "駐車場のご案内",
    "body": "{氏名} 様\n",
    "subject_en": "",
    "body_en": "",
}
TEXT = {"step": "save", "language": "ja", "subject": "受付({行事名})", "body": "{氏名} 様\n{お申込み内容}\n"}


@pytest.fixture
def event_id(app):
    with app.app_context(), transaction() as session:
        return make_readers(session, 3)[0].id


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.EVENT_MANAGER)


def visible(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_staff_word_a_letter_for_one_event_and_go_back(app, manager, event_id):
    address = f"/staff/events/{event_id}/letters/texts/registration_received"
    page = manager.get(address).text
    assert "このたびはお申込みいただき" in page
    assert "■ 山田 太郎 様(参加証番号 0001-1)" in page
    wrong = manager.post(address, data=TEXT | {"body": "{氏名} 様\n{お申し込み内容}\n"})
    assert wrong.status_code == 422
    assert "2行目: 「{お申し込み内容}」という差込はありません。「{お申込み内容}」のことですか。" in wrong.text
    assert "{氏名} 様\r\n{お申し込み内容}" in wrong.text.replace("\n", "\r\n")
    assert manager.post(address, data=TEXT).status_code == 302
    with app.app_context(), transaction() as session:
        event = event_queries.event(session, event_id)
        made = registrations.register(session, application(event, entrant(event)), now=NOW)
        letter = session.scalars(select(Letter).where(Letter.subject_id == made.id)).one()
        assert letter.subject == "受付(令和9年新春講演会・賀詞交歓会)"
        assert letter.body.startswith("総務 花 様\n■ 山田 太郎 様")
    manager.post(address, data={"step": "reset", "language": "ja"})
    with app.app_context():
        assert db.session.scalars(select(LetterText)).all() == []


def test_the_text_for_all_events_stands_behind_the_event_s_own(app, manager, event_id):
    assert manager.post("/staff/letters/texts/reminder_week", data=TEXT | {"subject": "全体"}).status_code == 302
    address = f"/staff/events/{event_id}/letters/texts/reminder_week"
    assert 'value="全体"' in manager.get(address).text
    manager.post(address, data=TEXT | {"subject": "この行事"})
    assert 'value="この行事"' in manager.get(address).text
    assert 'value="全体"' in manager.get("/staff/letters/texts/reminder_week").text


def test_a_text_is_tried_with_the_data_of_a_chosen_reader_and_goes_to_oneself_alone(app, manager, event_id):
    address = f"/staff/events/{event_id}/letters/texts/registration_received"
    with app.app_context():
        wanted = db.session.scalars(select(Letter.subject_id).order_by(Letter.id.desc())).first()
    looked = manager.post(address, data=TEXT | {"step": "look", "reader": wanted})
    assert "■ 高橋 一郎 様(参加証番号 0003-1)" in looked.text
    manager.post(address, data=TEXT | {"step": "test", "reader": wanted})
    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "test")).one()
        assert letter.to_email.endswith("@secretariat.example.jp")
        assert letter.subject == "【試し送り】受付(令和9年新春講演会・賀詞交歓会)"
        assert "■ 高橋 一郎 様" in letter.body
        assert (letter.subject_kind, letter.subject_id, letter.is_bulk) == ("", None, False)


def test_a_mailing_from_the_form_to_the_last_letter(app, manager, event_id):
    new = f"/staff/events/{event_id}/mailings/new"
    assert "いつもお世話になっております" in manager.get(new).text
    wrong = manager.post(new, data=MAILING | {"body": "{無い}", "part": "999"})
    assert (wrong.status_code, "という差込はありません" in wrong.text) == (422, True)
    address = manager.post(new, data=MAILING).headers["Location"]
    page = manager.get(address).text
    assert "送る 3 件 毎分60通で約1分" in visible(page)
    assert [email in page for email in ("reader0@", "reader1@", "reader2@")] == [True] * 3
    assert db_letters(app, "notice") == []
    manager.post(f"{address}/test", data={"reader": ""})
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    assert (
        manager.post(f"{address}/send", data={"seen": "0" * 16}, follow_redirects=True).text.count("3件に変わりました")
        == 1
    )
    for _twice in range(2):
        manager.post(f"{address}/send", data={"seen": seen[1]})
    while writing.write_next(app):
        pass
    assert db_letters(app, "notice") == [f"reader{number}@example.jp" for number in range(3)]
    assert "送っています 残り3通。" in visible(manager.get(address).text)
    assert "3通を止めました" in visible(manager.post(f"{address}/stop", follow_redirects=True).text)
    assert "駐車場のご案内" in manager.get(f"/staff/events/{event_id}/mailings").text


def db_letters(app, kind) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Letter.to_email).where(Letter.kind == kind).order_by(Letter.id)))


def test_a_draft_is_changed_and_forgotten(app, manager, event_id):
    address = manager.post(f"/staff/events/{event_id}/mailings/new", data=MAILING).headers["Location"]
    assert 'value="駐車場のご案内"' in manager.get(f"{address}/edit").text
    manager.post(f"{address}/edit", data=MAILING | {"subject": "直した件名", "show": "waiting"})
    page = manager.get(address).text
    assert "直した件名" in manager.get(f"/staff/events/{event_id}/mailings").text
    assert "送る相手がいません" in page
    manager.post(f"{address}/delete")
    with app.app_context():
        assert db.session.scalars(select(Mailing)).all() == []


def test_reading_staff_neither_write_nor_send(sign_in, event_id):
    reader = sign_in(Role.READ_ONLY)
    for address in (f"/staff/events/{event_id}/mailings", f"/staff/events/{event_id}/letters/texts"):
        assert reader.get(address).status_code == 403


def test_reminders_are_switched_off_and_on(app, manager, event_id):
    address = f"/staff/events/{event_id}/letters/texts"
    assert "送らないようにする" in manager.get(address).text
    manager.post(f"/staff/events/{event_id}/letters/texts/reminders/reminder_day", data={"paused": "yes"})
    assert visible(manager.get(address).text).count("送るようにする") == 1
    assert manager.post(f"/staff/events/{event_id}/letters/texts/reminders/thanks").status_code == 404


def test_the_guest_and_the_desk_see_whether_a_letter_went_out(app, client, manager, event_id):
    with app.app_context(), transaction() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id)).first()
        letter.state, letter.error = "failed", "RCPT 550 5.1.1"
        registration = session.get_one(Registration, letter.subject_id)
        token, subject = addresses.token(registration), letter.subject
    guest = visible(client.get(f"/r/{token}").text)
    assert f"{subject} 送信できませんでした" in guest
    desk = visible(manager.get(f"/staff/registrations/{registration.id}").text)
    assert "送信できませんでした" in desk
    assert "宛先のアドレスがありません" in desk


def test_every_kind_of_letter_is_looked_at_with_real_data_in_each_of_its_languages(demonstration):
    from eventops.events.models import Event
    from eventops.mail import kinds, placeholders

    manager = sign_in_to(demonstration, Role.EVENT_MANAGER)
    with demonstration.app_context():
        event_id = db.session.scalars(select(Event.id).where(Event.code == "M08")).one()
        wanted = [(kind.code, language) for kind in kinds.all_kinds() for language in kind.languages]
        texts = {one: kinds.kind(one[0]).own_text(one[1]) for one in wanted}
        known = {code: kinds.kind(code).known for code, _language in wanted}
    assert len(wanted) > 30
    flawed = {one: text for one, text in texts.items() if placeholders.flaws("\n".join(text), known[one[0]])}
    assert flawed == {}
    for code, language in wanted:
        page = manager.get(f"/staff/events/{event_id}/letters/texts/{code}?language={language}")
        assert (code, page.status_code) == (code, 200)
