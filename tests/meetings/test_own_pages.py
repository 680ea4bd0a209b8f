"""Entry sheets: files, people, times, order of wishes, withdrawing by the applicant's link; and who may read them."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.directory.models import Person
from eventops.meetings.applying import own, papers
from eventops.meetings.hosting import links
from eventops.meetings.models import Application, LimitKind, Need, NeedState, ParticipantLimit, ProposalFile
from tests.factories import HELD_ON
from tests.meetings.sheets import make_round
from tests.meetings.test_hosts import entry
from tests.meetings.test_service import make_need

PDF = b"%PDF-1.7 a drawing that may be shown"
SHEET = {
    "companions-0-family_name": "鈴木",
    "companions-0-given_name": "花子",
    "companions-0-family_kana": "スズキ",
    "companions-0-given_kana": "ハナコ",
    "companions-0-job_title": "工場長",
    "arrives_from": "14:50",
    "leaves_by": "16:00",
    "introducer": "架空商工会議所",
    "tags": "切削、研磨",
}


@pytest.fixture
def event_id(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        found = make_round(session)
        for code in ("N01", "N02"):
            make_need(session, found, code).state = NeedState.OPEN
        return found.event_id


def apply(client: FlaskClient, code: str = "N01", **values: object) -> None:
    answer = client.post(f"/e/m08/needs/{code}/apply", data={**entry(), **values}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text


def drawing(name: str = "図面.pdf", data: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def application(app: Flask) -> Application:
    with app.app_context():
        return db.session.scalars(select(Application).order_by(Application.id)).first()


def page_of(app: Flask, rest: str = "", *, number: int = 0) -> str:
    with app.app_context():
        found = db.session.scalars(select(Application).order_by(Application.id)).all()[number]
        return f"/a/{own.token_of(found)}{rest}"


def file_id(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(ProposalFile.id)).one()


def test_the_sheet_is_kept_with_people_times_and_files(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client, **SHEET, file_1=drawing())

    made = application(app)
    assert (made.introducer, made.technology_tags, made.times_settled) == ("架空商工会議所", ["切削", "研磨"], False)
    assert made.arrives_from == tokyo(HELD_ON, dt.time(14, 50))
    with app.app_context():
        companion = db.session.get_one(Person, made.companion_ids[0])
        assert (companion.full_name, companion.job_title) == ("鈴木 花子", "工場長")
    got = client.get(page_of(app, f"/files/{file_id(app)}"))
    assert (got.data, got.mimetype, "attachment" in got.headers["Content-Disposition"]) == (
        PDF,
        "application/octet-stream",
        True,
    )


def test_a_file_that_is_none_of_those_taken_is_refused_and_the_text_stays(
    app: Flask, client: FlaskClient, event_id: int
) -> None:
    answer = client.post(
        "/e/m08/needs/N01/apply",
        data={**entry(), "file_1": drawing("図面.pdf", b"MZ a program"), "file_2": drawing("表.pdf")},
        content_type="multipart/form-data",
    )

    assert (answer.status_code, "実績があります。" in answer.text) == (422, True)
    assert "PDF、画像(JPEG・PNG)、Word・Excel・PowerPointのファイルを選んでください。" in answer.text
    assert "表.pdf" in answer.text


def test_files_are_read_by_the_addressed_company_and_staff_in_charge_alone(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    apply(client, file_1=drawing())
    apply(client, "N02", email="jiro@other.example.jp", company="株式会社ほか", company_kana="ホカ")
    number = file_id(app)
    with app.app_context():
        needs = db.session.scalars(select(Need).order_by(Need.code)).all()
        addressed, other = (f"/n/{links.token_of(need)}" for need in needs)
    staff = f"/staff/events/{event_id}/matching"

    assert client.get(f"{addressed}/files/{number}").data == PDF
    assert sign_in(Role.EVENT_MANAGER).get(f"{staff}/files/{number}").data == PDF
    assert client.get(f"{other}/files/{number}").status_code == 404
    assert client.get(page_of(app, f"/files/{number}", number=1)).status_code == 404
    for role in (Role.READ_ONLY, Role.RECEPTION, Role.COORDINATOR):
        someone = sign_in(role)
        assert someone.get(f"{staff}/files/{number}").status_code == 403
        assert someone.get(f"{staff}/applications/{application(app).id}").status_code == 403
        assert entry()["proposal_title"] not in rows(someone.get(f"{staff}/applications").text)
    assert client.get(f"{staff}/files/{number}").status_code == 302


def rows(page: str) -> str:
    return page.partition("<tbody>")[2]


def test_only_the_addressed_company_reads_the_proposal(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client)
    with app.app_context():
        needs = db.session.scalars(select(Need).order_by(Need.code)).all()
        addressed, other = (f"/n/{links.token_of(need)}/applications" for need in needs)

    assert ("実績があります。" in client.get(addressed).text, "実績があります。" in client.get(other).text) == (
        True,
        False,
    )


def test_the_applicant_corrects_and_drops_a_file(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client, file_1=drawing())
    changed = {"proposal_title": "直した題", "proposal_text": "直した文", "no_secrets": "y", "drop": file_id(app)}

    assert client.post(page_of(app, "/edit"), data=changed).status_code == 302

    made = application(app)
    assert (made.proposal_title, made.proposal_text) == ("直した題", "直した文")
    with app.app_context():
        assert db.session.scalars(select(ProposalFile)).all() == []
        assert papers.sweep(db.session(), before=dt.datetime.now(dt.UTC).timestamp() + 60) == 1


def test_what_the_company_has_answered_is_not_changed_any_more(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client)
    with app.app_context(), transaction() as session:
        session.scalars(select(Application)).one().rating = "A"

    client.post(page_of(app, "/edit"), data={"proposal_title": "x", "proposal_text": "x", "no_secrets": "y"})

    assert application(app).proposal_title == "穴あけ"


def test_the_order_of_wishes_is_the_applicant_s_own(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client, "N01", priority="1")
    apply(client, "N02", priority="2")
    first, second = application(app).id, application(app).id + 1

    client.post(page_of(app, "/order"), data={f"priority-{first}": "2", f"priority-{second}": "1"})
    with app.app_context():
        assert [db.session.get_one(Application, one).priority for one in (first, second)] == [2, 1]
    twice = client.post(page_of(app, "/order"), data={f"priority-{first}": "1", f"priority-{second}": "1"})
    assert (twice.status_code, "同じ順番が2つあります" in twice.text) == (422, True)


def test_somebody_else_s_application_is_not_among_the_wishes(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client, "N01", priority="1")
    apply(client, "N02", priority="2", email="jiro@aozora.example.jp", given_name="次郎")
    other = application(app).id + 1

    client.post(page_of(app, "/order"), data={f"priority-{other}": "7"})

    with app.app_context():
        assert db.session.get_one(Application, other).priority == 2


def test_withdrawing_by_link(app: Flask, client: FlaskClient, event_id: int) -> None:
    apply(client)

    assert client.post(page_of(app, "/withdraw")).status_code == 302

    assert application(app).state == "withdrawn"
    assert "辞退" in client.get(page_of(app)).text


def test_stated_times_become_limits_when_staff_take_them(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    apply(client, **SHEET)
    manager = sign_in(Role.EVENT_MANAGER)
    page = f"/staff/events/{event_id}/matching/limits"
    assert "応募の用紙にある時間の希望 1件" in manager.get(page).text

    chosen = {"application": application(app).id, "act": "take"}
    for _again in range(2):
        manager.post(f"{page}/stated", data=chosen)

    with app.app_context():
        limits = db.session.scalars(select(ParticipantLimit).order_by(ParticipantLimit.id)).all()
        assert [(one.kind, one.is_hard) for one in limits] == [
            (LimitKind.ARRIVES_FROM, True),
            (LimitKind.LEAVES_BY, True),
        ]
    assert "時間の希望" not in manager.get(page).text


def test_agencies_are_counted_however_they_are_written(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    apply(client, "N01", introducer="架空商工会議所")
    apply(client, "N02", introducer="架空 商工会議所")
    manager = sign_in(Role.EVENT_MANAGER)

    page = manager.get(f"/staff/events/{event_id}/matching/introducers").text

    assert page.count("この機関の一覧") == 1
    assert 'data-label="応募">2<' in page
    assert manager.get(f"/staff/events/{event_id}/matching/introducers.xlsx").status_code == 200
    one = manager.get(f"/staff/events/{event_id}/matching/introducers.xlsx?name=架空商工会議所")
    assert one.status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"arrives_from": "15:00", "leaves_by": "14:00"}, "退出は到着より後の時刻にしてください。"),
        ({"away_from": "15:00"}, "始まりと終わりの両方を入力してください。"),
        ({"companions-0-family_name": "鈴木"}, "入力してください。"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    app: Flask, client: FlaskClient, event_id: int, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/e/m08/needs/N01/apply", data={**entry(), **typed})

    assert (answer.status_code, said in answer.text) == (422, True)
