"""The company's answers: by its link, and by the Excel sheet that goes out and comes back; all of it or nothing."""

import io
from collections.abc import Callable

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.meetings.applying import recommending
from eventops.meetings.hosting import answering, asking, links
from eventops.meetings.models import Application, Exclusion, Need
from eventops.meetings.wishes import screening
from eventops.meetings.wishes.service import Act
from tests.factories import NOW, make_organisation
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need

COMPANIES = ("株式会社青", "株式会社赤", "株式会社黄")
Table = list[list[object]]


@pytest.fixture
def need_id(app: Flask) -> int:
    """A need with three applications that wait, and another need with one."""
    with app.app_context(), transaction() as session:
        found = make_round(session)
        need = make_need(session, found, "N01")
        for place, name in enumerate(COMPANIES):
            company = make_organisation(session, name, "アオ")
            text = f"{name}は切削を行います。\n二行目です。"
            apply(session, need, f"A00{place}", company, proposal_title="穴あけ", proposal_text=text)
        other = make_need(session, found, "N02")
        apply(session, other, "A009", make_organisation(session, "株式会社緑", "ミドリ"))
        return need.id


def link(app: Flask, need_id: int, rest: str = "/applications") -> str:
    with app.app_context():
        return f"/n/{links.token_of(db.session.get_one(Need, need_id))}{rest}"


def answers(app: Flask) -> list[tuple[str | None, str]]:
    with app.app_context():
        found = db.session.scalars(select(Application).where(Application.code != "A009").order_by(Application.code))
        return [(one.rating, one.screening_comment) for one in found]


def typed(app: Flask, *said: tuple[str, str]) -> dict[str, str]:
    """The page's form, as it was opened just now."""
    form: dict[str, str] = {}
    with app.app_context():
        for one, (rating, comment) in zip(
            db.session.scalars(select(Application).order_by(Application.code)), said, strict=False
        ):
            form |= {f"rating-{one.id}": rating, f"comment-{one.id}": comment, f"seen-{one.id}": answering.stamp(one)}
    return form


def sheet(client: FlaskClient, app: Flask, need_id: int) -> Table:
    data = client.get(link(app, need_id, "/applications.xlsx")).data
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def send(client: FlaskClient, app: Flask, need_id: int, table: Table) -> tuple[int, str]:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        made = book.add_worksheet()
        for line, row in enumerate(table):
            made.write_row(line, 0, row)
    target.seek(0)
    answer = client.post(link(app, need_id, "/applications.xlsx"), data={"file": (target, "選考表.xlsx")})
    return answer.status_code, answer.text


def answered(table: Table, *said: tuple[str, str]) -> Table:
    rating, comment = table[0].index("評価"), table[0].index("コメント")
    for row, (letter, words) in zip(table[1:], said, strict=False):
        row[rating], row[comment] = letter, words
    return table


def test_answers_by_link_are_stored_and_counted(app: Flask, client: FlaskClient, need_id: int) -> None:
    form = typed(app, ("A", "ぜひ"), ("declined", "既存の取引先"), ("", ""))

    answer = client.post(link(app, need_id), data=form, follow_redirects=True)

    assert "変更 2件" in answer.text
    assert answers(app) == [("A", "ぜひ"), ("declined", "既存の取引先"), (None, "")]


def test_declining_needs_a_reason_and_then_nothing_is_stored(app: Flask, client: FlaskClient, need_id: int) -> None:
    answer = client.post(link(app, need_id), data=typed(app, ("A", ""), ("declined", "")))

    assert (answer.status_code, "見送りの理由を書いてください。" in answer.text) == (422, True)
    assert answers(app) == [(None, "")] * 3


def test_an_answer_that_somebody_changed_meanwhile_is_not_overwritten(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    form = typed(app, ("A", ""), ("B", ""))
    with app.app_context(), transaction() as session:
        session.scalars(select(Application).where(Application.code == "A000")).one().rating = "C"

    answer = client.post(link(app, need_id), data=form)

    assert (answer.status_code, "ほかの方が先に回答しました" in answer.text) == (409, True)
    assert [rating for rating, _ in answers(app)] == ["C", None, None]


def test_another_need_s_application_cannot_be_answered(app: Flask, client: FlaskClient, need_id: int) -> None:
    with app.app_context():
        other = db.session.scalars(select(Application).where(Application.code == "A009")).one().id

    client.post(link(app, need_id), data={f"rating-{other}": "A", f"comment-{other}": "", f"seen-{other}": "x"})

    with app.app_context():
        assert db.session.get_one(Application, other).rating is None


def test_whom_the_company_does_not_want_to_meet_is_not_asked_about(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    with app.app_context(), transaction() as session:
        unwanted = session.scalars(select(Application).where(Application.code == "A001")).one()
        session.add(Exclusion(need_id=need_id, organisation_id=unwanted.organisation_id, reason="親会社"))

    page = client.get(link(app, need_id)).text

    assert [name in page for name in COMPANIES] == [True, False, True]
    assert "親会社" not in page


def test_recommendations_are_shown_with_their_reason_on_page_and_sheet(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    with app.app_context(), transaction() as session:
        one = session.scalars(select(Application).where(Application.code == "A000")).one()
        act = Act(one.round_id, None, NOW)
        recommending.recommend(
            session, act, application_id=one.id, recommender="椎名浩司", reason="現場を見て確かめました"
        )

    assert "現場を見て確かめました" in client.get(link(app, need_id)).text
    assert "椎名浩司: 現場を見て確かめました" in str(sheet(client, app, need_id)[1])


def test_the_sheet_goes_out_and_comes_back(app: Flask, client: FlaskClient, need_id: int) -> None:
    table = answered(sheet(client, app, need_id), ("Ａ", "ぜひ"), ("見送り", "既存の取引先"), ("", ""))

    status, _page = send(client, app, need_id, table)

    assert status == 302
    assert answers(app) == [("A", "ぜひ"), ("declined", "既存の取引先"), (None, "")]
    again, _page = send(client, app, need_id, sheet(client, app, need_id))
    assert (again, answers(app)[0]) == (302, ("A", "ぜひ"))


def test_rows_in_another_order_and_missing_rows_do_no_harm(app: Flask, client: FlaskClient, need_id: int) -> None:
    table = answered(sheet(client, app, need_id), ("A", ""), ("B", ""), ("C", ""))

    status, _page = send(client, app, need_id, [table[0], table[3], table[1]])

    assert (status, [rating for rating, _ in answers(app)]) == (302, ["A", None, "C"])


def test_every_bad_cell_is_named_and_nothing_is_changed(app: Flask, client: FlaskClient, need_id: int) -> None:
    table = answered(sheet(client, app, need_id), ("D", ""), ("見送り", ""), ("A", ""))
    table[3][table[0].index("提案の題名")] = "別の題名"
    table.append([*table[1][:-1], "forged"])

    status, page = send(client, app, need_id, table)

    assert status == 422
    for sentence in (
        "2行目「評価」: A・B・C・見送り のどれかを書いてください(「D」)。",
        "3行目「コメント」: 「見送り」には、この列の値が必要です。",
        "4行目「提案の題名」: 書き換えられています(「別の題名」)。",
        "5行目「照合」: この表の行ではありません。",
    ):
        assert sentence in page
    assert answers(app) == [(None, "")] * 3


def test_a_stale_sheet_is_refused(app: Flask, client: FlaskClient, need_id: int) -> None:
    table = answered(sheet(client, app, need_id), ("A", ""), ("B", ""), ("C", ""))
    with app.app_context(), transaction() as session:
        first, second, third = session.scalars(
            select(Application).where(Application.need_id == need_id).order_by(Application.code)
        )
        first.rating, second.proposal_text, third.state = "B", "書き直しました", "withdrawn"

    status, page = send(client, app, need_id, table)

    assert status == 422
    assert [f"{line}行目「照合」: 表を書き出したあとに" in page for line in (3, 4)] == [True, True]
    assert [rating for rating, _ in answers(app)] == ["B", None, None]


def test_a_stale_answer_is_named_by_its_line(app: Flask, client: FlaskClient, need_id: int) -> None:
    table = answered(sheet(client, app, need_id), ("A", ""))
    with app.app_context(), transaction() as session:
        session.scalars(select(Application).where(Application.code == "A000")).one().rating = "B"

    status, page = send(client, app, need_id, table)

    assert (status, "2行目「評価」: 表を書き出したあとに" in page) == (422, True)
    assert answers(app)[0] == ("B", "")


def test_another_need_s_sheet_is_foreign(app: Flask, client: FlaskClient, need_id: int) -> None:
    with app.app_context():
        other = db.session.scalars(select(Need.id).where(Need.code == "N02")).one()

    status, page = send(client, app, need_id, answered(sheet(client, app, other), ("A", "")))

    assert (status, "2行目「照合」: この表の行ではありません。" in page) == (422, True)


def test_staff_bring_back_the_sheet_that_came_by_mail(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    with app.app_context():
        event_id = db.session.get_one(Need, need_id).round.event_id
    address = f"/staff/events/{event_id}/matching/needs/{need_id}/screening/sheet"
    data = client.get(link(app, need_id, "/applications.xlsx")).data

    answer = sign_in(Role.EVENT_MANAGER).post(address, data={"file": (io.BytesIO(data), "選考表.xlsx")})

    assert answer.status_code == 302
    assert sign_in(Role.READ_ONLY).get(address).status_code == 403


def test_whom_a_company_does_not_meet_is_kept_with_the_kind_and_for_managers_alone(
    app: Flask, sign_in: Callable[[Role], FlaskClient], need_id: int
) -> None:
    with app.app_context():
        event_id = db.session.get_one(Need, need_id).round.event_id
    here = f"/staff/events/{event_id}/matching"
    form = {"need_id": need_id, "organisation": "株式会社青", "kind": "supplier", "reason": "年間契約"}

    assert sign_in(Role.EVENT_MANAGER).post(f"{here}/exclusions/new", data=form).status_code == 302

    with app.app_context():
        assert db.session.scalars(select(Exclusion.reason)).one() == "既存取引先: 年間契約"
    assert sign_in(Role.READ_ONLY).get(f"{here}/pairs").status_code == 403
    assert "年間契約" not in sign_in(Role.READ_ONLY).get(f"{here}/requests").text


@pytest.mark.parametrize("heading", ["評価", "コメント"])
def test_a_sheet_without_the_answers_column_wipes_nothing(
    app: Flask, client: FlaskClient, need_id: int, heading: str
) -> None:
    client.post(link(app, need_id), data=typed(app, ("A", "ぜひ"), ("B", ""), ("C", "")))
    table = sheet(client, app, need_id)
    gone = table[0].index(heading)

    status, page = send(client, app, need_id, [[*row[:gone], *row[gone + 1 :]] for row in table])

    assert (status, f"1行目「{heading}」: この列がありません。" in page) == (422, True)
    assert answers(app) == [("A", "ぜひ"), ("B", ""), ("C", "")]


def test_an_answer_to_a_proposal_that_was_rewritten_is_not_stored(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    form = typed(app, ("A", ""), ("", ""))
    with app.app_context(), transaction() as session:
        session.scalars(select(Application).where(Application.code == "A000")).one().proposal_text = "別の提案"

    answer = client.post(link(app, need_id), data=form)

    assert (answer.status_code, "ご提案が書き直されました" in answer.text, "別の提案" in answer.text) == (
        409,
        True,
        True,
    )
    assert answers(app) == [(None, "")] * 3


def test_what_somebody_answered_meanwhile_stands_beside_the_own_choice(
    app: Flask, client: FlaskClient, need_id: int
) -> None:
    form = typed(app, ("B", ""))
    client.post(link(app, need_id), data=typed(app, ("declined", "納期が合わない")))

    page = client.post(link(app, need_id), data=form).text

    assert "いまの回答: <strong>見送り</strong> 納期が合わない" in page


def test_the_order_of_wishes_does_not_make_a_sheet_stale(app: Flask, client: FlaskClient, need_id: int) -> None:
    table = answered(sheet(client, app, need_id), ("A", ""), ("B", ""), ("C", ""))
    with app.app_context(), transaction() as session:
        session.scalars(select(Application).where(Application.code == "A000")).one().priority = 3

    assert send(client, app, need_id, table)[0] == 302


def test_those_the_company_never_sees_are_not_waited_for(app: Flask, need_id: int) -> None:
    with app.app_context(), transaction() as session:
        first, second, third = session.scalars(
            select(Application).where(Application.need_id == need_id).order_by(Application.code)
        )
        apply(session, first.need, "A010", first.organisation)
        session.add(Exclusion(need_id=need_id, organisation_id=second.organisation_id, reason="親会社"))
        first.rating = third.rating = "A"
        round_id = first.round_id

    with app.app_context():
        count = screening.summary(db.session(), round_id)[need_id]
        assert (count.applications, count.waiting) == (4, 0)
        asked = asking.whom(db.session(), round_id, asking.Request.SCREEN)
        assert [one.code for one in asked.without_address] == ["N02"]
