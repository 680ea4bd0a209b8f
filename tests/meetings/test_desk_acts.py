"""Acts through staff's pages: importing with a preview, screening, the frame, forms that keep what was typed."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.meetings.models import Application, CompetitorPair, Exclusion, MatchingRound, Need, ParticipantLimit
from tests.factories import make_organisation
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need

SHEET = "ニーズ番号,企業番号,題名,卓数\r\nN01,O0001,穴あけ,2\r\nN02,O0001,磨き,1\r\n"


@pytest.fixture
def event_id(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        make_organisation(session, code="O0001")
        make_organisation(session, "海山電機株式会社", "ウミヤマデンキ", code="O0002")
        return make_round(session).event_id


@pytest.fixture
def manager(sign_in: Callable[[Role], FlaskClient]) -> FlaskClient:
    return sign_in(Role.EVENT_MANAGER)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def upload(client: FlaskClient, event_id: int, text: str, *, filename: str = "needs.csv") -> tuple[int, str]:
    data = {"file": (io.BytesIO(text.encode()), filename)}
    answer = client.post(f"/staff/events/{event_id}/matching/import/needs", data=data)
    return answer.status_code, answer.text


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def waiting(app: Flask) -> list[Path]:
    return list((Path(app.config["HOME"]) / "uploads").glob("*"))


def test_a_preview_changes_nothing_and_the_confirmation_does(app: Flask, manager: FlaskClient, event_id: int) -> None:
    status, page = upload(manager, event_id, SHEET)
    assert (status, "2行を取り込む" in page, count(app, Need)) == (200, True, 0)

    answer = manager.post(f"/staff/events/{event_id}/matching/import/needs/confirm", data={"token": token_in(page)})

    assert answer.status_code == 302
    assert (count(app, Need), waiting(app)) == (2, [])
    again = manager.post(f"/staff/events/{event_id}/matching/import/needs/confirm", data={"token": token_in(page)})
    assert (again.status_code, "もう一度ファイルを選んでください" in again.text) == (422, True)


def test_a_faulty_file_is_told_and_not_kept(app: Flask, manager: FlaskClient, event_id: int) -> None:
    status, page = upload(manager, event_id, SHEET.replace("N02,O0001", "N02,O0099"))

    assert status == 422
    assert "3行目「企業番号」: 名簿にない団体です(「O0099」)。" in page
    assert ("取り込む</button>" in page, count(app, Need), waiting(app)) == (False, 0, [])


def test_a_file_that_became_wrong_between_preview_and_confirmation_is_refused(
    app: Flask, manager: FlaskClient, event_id: int
) -> None:
    _, page = upload(manager, event_id, SHEET)
    with app.app_context(), transaction() as session:
        session.execute(db.text("UPDATE organisation SET code = 'O0009' WHERE code = 'O0001'"))

    answer = manager.post(f"/staff/events/{event_id}/matching/import/needs/confirm", data={"token": token_in(page)})

    assert (answer.status_code, "名簿にない団体です" in answer.text, count(app, Need)) == (422, True, 0)


def test_nobody_confirms_another_user_s_file(app: Flask, sign_in: Callable[[Role], FlaskClient], event_id: int) -> None:
    _, page = upload(sign_in(Role.EVENT_MANAGER), event_id, SHEET)

    answer = sign_in(Role.ADMINISTRATOR).post(
        f"/staff/events/{event_id}/matching/import/needs/confirm", data={"token": token_in(page)}
    )

    assert (answer.status_code, count(app, Need)) == (422, 0)


def test_a_token_is_no_path(manager: FlaskClient, event_id: int) -> None:
    answer = manager.post(
        f"/staff/events/{event_id}/matching/import/needs/confirm", data={"token": "../../secrets.json"}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(("text", "filename"), [("%PDF-1.7", "needs.pdf"), ("<html>", "needs.csv")])
def test_what_is_no_table_is_refused_beside_the_field(
    app: Flask, manager: FlaskClient, event_id: int, text: str, filename: str
) -> None:
    status, page = upload(manager, event_id, text, filename=filename)

    assert (status, "表として読めないファイルです。" in page, count(app, Need)) == (422, True, 0)


def test_a_hundred_megabytes_get_a_clear_sentence(manager: FlaskClient, event_id: int) -> None:
    answer = manager.post(
        f"/staff/events/{event_id}/matching/import/needs",
        input_stream=io.BytesIO(b"x"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(100 * 1024 * 1024)},
    )

    assert (answer.status_code, "大きすぎます" in answer.text) == (413, True)


@pytest.mark.parametrize("kind", ["needs", "applications", "limits", "pairs", "slots", "rooms"])
def test_every_sheet_has_an_empty_file_and_a_page(manager: FlaskClient, event_id: int, kind: str) -> None:
    blank = manager.get(f"/staff/events/{event_id}/matching/import/{kind}/blank.xlsx")

    assert (blank.status_code, blank.data[:2]) == (200, b"PK")
    assert manager.get(f"/staff/events/{event_id}/matching/import/{kind}").status_code == 200


def test_a_sheet_that_does_not_exist(manager: FlaskClient, event_id: int) -> None:
    assert manager.get(f"/staff/events/{event_id}/matching/import/secrets").status_code == 404


FRAME = {
    "starts": "13:00",
    "ends": "16:50",
    "slot_minutes": "２０",
    "changeover_minutes": "5",
    "pauses-0-starts": "14:35",
    "pauses-0-ends": "14:50",
    "sme_max_meetings": "8",
    "solve_seconds": "60",
}


def test_the_arithmetic_follows_what_is_typed_and_stores_nothing(
    app: Flask, manager: FlaskClient, event_id: int
) -> None:
    address = f"/staff/events/{event_id}/matching/round/arithmetic"

    page = manager.get(address, query_string={**FRAME, "slot_minutes": "30"}).text

    assert ("S5" in page, "S6" in page) == (True, False)
    assert "正しく入力すると" in manager.get(address, query_string={**FRAME, "ends": "12:00"}).text
    with app.app_context():
        assert db.session.scalars(select(MatchingRound)).one().slot_minutes == 20


def test_a_new_length_lays_the_slots_out(app: Flask, manager: FlaskClient, event_id: int) -> None:
    answer = manager.post(f"/staff/events/{event_id}/matching/round", data={**FRAME, "slot_minutes": "30"})

    assert answer.status_code == 302
    with app.app_context():
        assert len(db.session.scalars(select(MatchingRound)).one().slots) == 5


def test_a_break_that_ends_before_it_begins_is_told_beside_it(manager: FlaskClient, event_id: int) -> None:
    answer = manager.post(f"/staff/events/{event_id}/matching/round", data={**FRAME, "pauses-0-ends": "14:00"})

    assert (answer.status_code, "終わりは始まりより後の時刻にしてください。" in answer.text) == (422, True)


def test_overlapping_slots_are_refused_in_words(app: Flask, manager: FlaskClient, event_id: int) -> None:
    rows = {"rows-0-code": "S1", "rows-0-starts": "13:00", "rows-0-ends": "13:20"}
    rows |= {"rows-1-code": "S2", "rows-1-starts": "13:10", "rows-1-ends": "13:30"}

    answer = manager.post(f"/staff/events/{event_id}/matching/round/slots", data=rows)

    assert answer.status_code == 422
    assert "枠 S2 が枠 S1 と重なっています。" in answer.text
    assert 'value="13:10"' in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(MatchingRound)).one().slots) == 9


def test_rooms_and_their_tables(app: Flask, manager: FlaskClient, event_id: int) -> None:
    address = f"/staff/events/{event_id}/matching/round"
    rows = {"rows-0-code": "RA", "rows-0-name": "研修室A", "rows-0-tables": "３", "rows-1-code": ""}

    assert manager.post(f"{address}/rooms", data=rows).status_code == 302
    with app.app_context():
        ids = [table.id for table in db.session.scalars(select(MatchingRound)).one().rooms[0].tables]
    manager.post(f"{address}/tables", data={"in_use": ids[:2], "online_ready": ids[1:2]})

    with app.app_context():
        tables = db.session.scalars(select(MatchingRound)).one().rooms[0].tables
        assert [(table.in_use, table.online_ready) for table in tables] == [
            (True, False),
            (True, True),
            (False, False),
        ]


def test_screening_saves_all_answers_of_a_need(app: Flask, manager: FlaskClient, event_id: int) -> None:
    with app.app_context(), transaction() as session:
        need = make_need(session, session.scalars(select(MatchingRound)).one())
        first = apply(session, need, "A001", make_organisation(session, "株式会社一", "イチ")).id
        second = apply(session, need, "A002", make_organisation(session, "株式会社二", "ニ")).id
        third = apply(session, need, "A003", make_organisation(session, "株式会社三", "サン")).id
        need_id = need.id

    address = f"/staff/events/{event_id}/matching/needs/{need_id}/screening"
    typed = {
        f"rating-{first}": "A",
        f"comment-{first}": "ぜひ",
        f"rating-{second}": "declined",
        f"rating-{third}": "Z",
    }
    assert manager.get(address).status_code == 200
    assert manager.post(address, data=typed).status_code == 302

    with app.app_context():
        rows = db.session.execute(select(Application.rating, Application.screening_comment).order_by(Application.id))
        assert [tuple(row) for row in rows] == [("A", "ぜひ"), ("declined", ""), (None, "")]
    page = manager.get(f"/staff/events/{event_id}/matching/screening").text
    assert "回答待ち" in page


NEED = {"code": "N01", "organisation": "O0001 株式会社青空精密", "title": "穴あけ", "tables": "2", "state": "open"}


def test_a_need_by_form(app: Flask, manager: FlaskClient, event_id: int) -> None:
    address = f"/staff/events/{event_id}/matching/needs"

    assert manager.post(f"{address}/new", data={**NEED, "tags": "切削、研磨"}).status_code == 302
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        assert (need.code, need.tables, need.required_tags) == ("N01", 2, ["切削", "研磨"])
        need_id = need.id
    taken = manager.post(f"{address}/new", data=NEED)
    assert (taken.status_code, "「N01」はもう使われています。" in taken.text) == (422, True)
    assert manager.post(f"{address}/{need_id}", data={**NEED, "title": "磨き"}).status_code == 302
    assert "磨き" in manager.get(f"{address}/{need_id}").text
    assert manager.post(f"{address}/{need_id}/delete").status_code == 302
    assert count(app, Need) == 0


def test_an_unknown_company_is_told_beside_its_box(app: Flask, manager: FlaskClient, event_id: int) -> None:
    answer = manager.post(
        f"/staff/events/{event_id}/matching/needs/new", data={**NEED, "organisation": "どこにもない会社"}
    )

    assert (answer.status_code, "名簿にない団体です" in answer.text, count(app, Need)) == (422, True, 0)
    assert "どこにもない会社" in answer.text


def test_applications_limits_pairs_and_exclusions_by_form(app: Flask, manager: FlaskClient, event_id: int) -> None:
    base = f"/staff/events/{event_id}/matching"
    with app.app_context(), transaction() as session:
        need_id = make_need(session, session.scalars(select(MatchingRound)).one()).id
    company, other = "O0001", "O0002"
    application = {"code": "A001", "need_id": need_id, "organisation": company, "state": "received", "rating": "B"}
    limit = {"organisation": company, "kind": "arrives_from", "time_from": "1450", "in_use": "y", "is_hard": "y"}
    pair = {"first": company, "second": other, "scope": "same_room", "need_id": 0}
    exclusion = {"need_id": need_id, "organisation": other, "kind": "supplier", "reason": "年間契約"}

    posts = [("applications", application), ("limits", limit), ("pairs", pair), ("exclusions", exclusion)]
    for page, typed in posts:
        answer = manager.post(f"{base}/{page}/new", data=typed)
        assert (page, answer.status_code) == (page, 302), answer.text

    models = (Application, ParticipantLimit, CompetitorPair, Exclusion)
    assert [count(app, model) for model in models] == [1, 1, 1, 1]
    without_time = manager.post(f"{base}/limits/new", data={**limit, "time_from": ""})
    assert (without_time.status_code, "この種類では入力が必要です。" in without_time.text) == (422, True)
    itself = manager.post(f"{base}/pairs/new", data={**pair, "second": company})
    assert (itself.status_code, "同じ団体どうしは組にできません。" in itself.text) == (422, True)
    for page in ("limits", "pairs", "exclusions"):
        assert manager.post(f"{base}/{page}/1/delete").status_code == 302
    assert [count(app, model) for model in models] == [1, 0, 0, 0]


def test_duplicates_are_merged_with_one_click(app: Flask, manager: FlaskClient, event_id: int) -> None:
    with app.app_context(), transaction() as session:
        need = make_need(session, session.scalars(select(MatchingRound)).one())
        company = make_organisation(session, "株式会社一", "イチ")
        ids = [apply(session, need, code, company, rating="A").id for code in ("A001", "A002")]
    base = f"/staff/events/{event_id}/matching/requests"
    assert "重複と思われる応募 1組" in manager.get(base).text

    manager.post(f"{base}/merge", data={"first": ids[0], "later": ids[1]})

    page = manager.get(base).text
    assert ("重複と思われる応募" in page, "A002" in page) == (False, False)


def test_readers_change_nothing(app: Flask, sign_in: Callable[[Role], FlaskClient], event_id: int) -> None:
    reader, base = sign_in(Role.READ_ONLY), f"/staff/events/{event_id}/matching"

    for page in ("needs/new", "round", "round/slots", "round/rooms", "round/tables", "requests/merge"):
        assert reader.post(f"{base}/{page}", data=NEED).status_code == 403
    assert upload(reader, event_id, SHEET)[0] == 403
    assert count(app, Need) == 0


def test_what_belongs_to_another_event_is_not_found(app: Flask, manager: FlaskClient, event_id: int) -> None:
    with app.app_context(), transaction() as session:
        other = make_round(session, slug="other")
        need = make_need(session, other)
        application_id = apply(session, need, "A001", make_organisation(session, "株式会社一", "イチ")).id
        need_id = need.id
    base = f"/staff/events/{event_id}/matching"

    assert manager.get(f"{base}/needs/{need_id}").status_code == 404
    assert manager.get(f"{base}/needs/{need_id}/screening").status_code == 404
    assert manager.get(f"{base}/applications/{application_id}").status_code == 404
    assert manager.post(f"{base}/applications/{application_id}/move", data={"target": "withdrawn"}).status_code == 404
    assert manager.get("/staff/events/999999/matching").status_code == 404
