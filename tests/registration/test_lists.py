"""What staff do with the list of participants: searching, orders, columns, files, words on people, acts on many."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.checkin.models import Scan, ScanMethod
from eventops.checkin.rules import Verdict
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.events.models import Mode
from eventops.mail.models import Letter
from eventops.registration.counting import catering, charts
from eventops.registration.models import Attendee, Place, Registration
from eventops.spreadsheets.reading import read_table
from tests.registration.conftest import Counting
from tests.registration.test_staff import arrange, look, shown

LIST = "/staff/events/1/registrations"
Client = Callable[[Role], FlaskClient]


@pytest.fixture
def four(app: Flask) -> Flask:
    """Four companies of one person each; the second waits, the third has paid, the fourth has cancelled."""
    arrange(app, applications=4, venue=3, party=3)
    with app.app_context(), transaction() as session:
        paid = session.get_one(Attendee, 3)
        paid.paid_at, paid.paid_yen = tokyo(dt.date(2026, 11, 1), dt.time(9)), paid.fee_yen
    return app


def found(client: FlaskClient, text: str, query: str = "") -> str:
    """The page that a search leads to; what was typed is nowhere in its address."""
    answer = client.post("/staff/search", data={"q": text, "back": f"{LIST}?page=9{query}"})
    assert not text or text not in unquote(answer.headers["Location"])
    return answer.headers["Location"]


def test_searches_stay_out_of_addresses_and_meet_the_filters(four: Flask, sign_in: Client) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    first, second = found(staff, "海辺"), found(staff, "タケ", "&show=waiting")
    assert shown(staff.get(first)) == ["0001-1"]
    assert shown(staff.get(second)) == ["0004-1"]
    assert shown(staff.get(first)) == ["0001-1"]  # in another tab, as it was
    assert found(staff, "") == LIST
    assert shown(sign_in(Role.READ_ONLY).get(first)) == ["0002-1", "0001-1", "0003-1", "0004-1"]
    for elsewhere in ("https://example.com/staff/", "//example.com/staff/x", "/r/abc", ""):
        assert staff.post("/staff/search", data={"q": "x", "back": elsewhere}).headers["Location"] == "/staff/"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("sort=number", [1, 2, 3, 4]),
        ("sort=number&dir=desc", [4, 3, 2, 1]),
        ("sort=person", [4, 2, 3, 1]),
        ("sort=submitted", [1, 2, 3, 4]),
        ("sort=fee&dir=desc", [1, 2, 3, 4]),
        ("pay=paid", [3]),
        ("pay=cash_on_day", []),
        ("door=in", [2]),
        ("door=not_yet&sort=number", [1, 3, 4]),
        ("part=1&category=general&pay=bank_transfer&sort=number", [1, 2]),
        ("show=nonsense&part=x&pay=y&door=z&sort=q&page=-3&cols=w", [2, 1, 3, 4]),
        ("page=99", [2, 1, 3, 4]),
    ],
)
def test_orders_and_filters(four: Flask, sign_in: Client, query: str, numbers: list[int]) -> None:
    with four.app_context(), transaction() as session:
        for day, attendee_id in ((dt.date(2036, 1, 14), 1), (dt.date(2036, 1, 15), 2)):  # the first was practice
            session.add(
                Scan(
                    nonce=str(attendee_id),
                    event_id=1,
                    part_id=1,
                    attendee_id=attendee_id,
                    verdict=Verdict.ADMIT,
                    shown=Verdict.ADMIT,
                    method=ScanMethod.CAMERA,
                    scanned_at=tokyo(day, dt.time(17)),
                    received_at=tokyo(day, dt.time(17)),
                )
            )
    order = [f"{number:04d}-1" for number in numbers]
    assert sorted(shown(sign_in(Role.EVENT_MANAGER).get(f"{LIST}?{query}"))) == sorted(order)
    if "sort" in query and "fee" not in query:
        assert shown(sign_in(Role.EVENT_MANAGER).get(f"{LIST}?{query}")) == order


def exported(client: FlaskClient, query: str, form: str) -> list[list[str]]:
    answer = client.post(f"{LIST}/export?{query}", data={"form": form})
    if form == "xlsx":
        table = read_table(answer.data, filename="a.xlsx")
        return [list(table.headings), *([str(cell) for cell in row.cells] for row in table.rows)]
    text = answer.data.decode("utf-8-sig" if form == "csv" else "cp932")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-sjis"])
def test_a_file_has_exactly_the_columns_and_rows_that_are_shown(four: Flask, sign_in: Client, form: str) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    query = "show=active&sort=number&dir=desc&cols=number&cols=name&cols=places&cols=fee&pay=unpaid"
    assert exported(staff, query, form) == [
        ["氏名", "フリガナ", "印", "番号", "第1部 新春講演会", "第2部 懇親会", "参加費", "支払"],
        ["佐藤 花子", "サトウ ハナコ", "", "0002-1", "会場で参加", "会場で参加", "5000", "銀行振込"],
        ["山田 太郎", "ヤマダ タロウ", "", "0001-1", "会場で参加", "会場で参加", "5000", "銀行振込"],
    ]
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', staff.get(f"{LIST}?{query}").text)
    assert [head.strip() for head in heads if head.strip()] == ["氏名", "番号", "参加", "参加費"]
    with four.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "list_exported")).one()
        assert entry.after == {"rows": 2, "columns": ["name", "number", "places", "fee"], "form": form}


def test_what_is_said_about_health_leaves_only_with_those_in_charge(four: Flask, sign_in: Client) -> None:
    with four.app_context(), transaction() as session:
        session.get_one(Attendee, 1).dietary_need = "=えび"
    rows = exported(sign_in(Role.EVENT_MANAGER), "cols=needs&cols=number&sort=number", "csv")
    assert (rows[0], rows[1]) == (["番号", "配慮のご希望", "食事の配慮"], ["0001-1", "", "'=えび"])
    for role in (Role.RECEPTION, Role.READ_ONLY):
        assert sign_in(role).post(f"{LIST}/export", data={"form": "csv"}).status_code == 403
    assert "配慮・食事" not in sign_in(Role.READ_ONLY).get(f"{LIST}?cols=needs&cols=number").text


def test_words_and_marks_are_put_on_and_taken_off(four: Flask, sign_in: Client) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    staff.post(f"{LIST}/bulk", data={"act": "tag", "tag": " 役員  会 ", "ids": ["1", "3", "99", "x"]})
    staff.post(f"{LIST}/bulk", data={"act": "mark", "ids": ["3"]})
    page = staff.get(LIST).text
    assert ("役員 会（2）" in page, page.count('class="mark"')) == (True, 1)
    assert shown(staff.get(f"{LIST}?tag=役員 会")) == ["0001-1", "0003-1"]
    assert shown(staff.get(f"{LIST}?show=marked")) == ["0003-1"]
    staff.post(f"{LIST}/bulk?show=marked", data={"act": "untag", "tag": "役員 会", "everybody": "yes"})
    assert shown(staff.get(f"{LIST}?tag=役員 会")) == ["0001-1"]
    assert "+役員 会" in staff.get("/staff/registrations/1").text
    for wrong in ({"act": "tag", "tag": " ", "ids": ["1"]}, {"act": "mark"}, {"act": "nonsense", "ids": ["1"]}):
        assert staff.post(f"{LIST}/bulk", data=wrong).status_code == 302
    assert sign_in(Role.RECEPTION).post(f"{LIST}/bulk", data={"act": "mark", "ids": ["1"]}).status_code == 403


def test_many_are_given_one_category_after_a_look_at_what_they_have(four: Flask, sign_in: Client) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    with four.app_context(), transaction() as session:
        session.get_one(Attendee, 1).badge_category = "speaker"
        session.get_one(Attendee, 4).state = "cancelled"
    asked = staff.post(f"{LIST}/bulk", data={"act": "category", "ids": ["1", "2", "4", "99"]}).text
    assert ("選んだ2名の、いまの区分：登壇者 1、一般 1" in asked, "選んだうち2名は" in asked) == (True, True)
    address, both = f"{LIST}/bulk/category", {"joined": "1,2,4"}
    for wrong in (both, both | {"badge_category": "king"}):
        refused = staff.post(address, data=wrong)
        assert (refused.status_code, 'value="1,2,4"' in refused.text) == (422, True)
    assert (
        "1名の名札の区分を「登壇者」にしました。"
        in staff.post(address, data=both | {"badge_category": "speaker"}, follow_redirects=True).text
    )
    assert [one.badge_category for one in look(four, Attendee)] == ["speaker", "speaker", "general", "general"]
    assert "一般 → 登壇者" in staff.get("/staff/registrations/2").text
    assert sign_in(Role.RECEPTION).post(address, data=both).status_code == 403


@pytest.mark.parametrize(("tells", "letters"), [("yes", 3), ("no", 1)])
def test_many_are_cancelled_with_or_without_a_letter(four: Flask, sign_in: Client, tells: str, letters: int) -> None:
    staff, before = sign_in(Role.EVENT_MANAGER), len(look(four, Letter))
    asked = staff.post(f"{LIST}/bulk", data={"act": "cancel", "ids": ["1", "2"]}).text
    assert ("2名の取消" in asked, "取消のメールを送る（2件）" in asked, 'value="1,2"' in asked) == (True, True, True)
    staff.post(f"{LIST}/bulk/cancel", data={"joined": "1,2", "keeps_fee": "no", "tells": tells})
    states = [(person.state, person.fee_yen) for person in look(four, Attendee)]
    assert states == [("cancelled", 0), ("cancelled", 0), ("active", 5000), ("active", 5000)]
    assert len(look(four, Letter)) - before == letters  # who moved up is told in any case
    again = staff.post(f"{LIST}/bulk", data={"act": "cancel", "ids": ["1", "2"]}).text
    assert "選んだうち2名は取消済み" in again


def test_a_seat_is_given_out_of_turn_and_never_a_seat_too_many(app: Flask, sign_in: Client) -> None:
    arrange(app, applications=4, venue=2, party=2)
    staff = sign_in(Role.EVENT_MANAGER)
    with app.app_context(), transaction() as session:
        pools = [pool for part in session.get_one(Registration, 1).event.parts for pool in part.pools]
        for pool in (one for one in pools if one.mode == Mode.ONSITE):
            pool.capacity, pool.reserved = 3, 1
    none = staff.post(f"{LIST}/bulk", data={"act": "confirm", "ids": ["3", "4"]}).text
    assert ("取置の席も使う（1名を確定できます）" in none, "0名の参加を" in none) == (True, True)
    staff.post(f"{LIST}/bulk/confirm", data={"joined": "4", "uses_reserve": "yes"})
    states = [(place.attendee_id, place.state) for place in look(app, Place) if place.attendee_id > 2]
    assert states == [(3, "waiting"), (3, "waiting"), (4, "confirmed"), (4, "confirmed")]
    page = staff.post(f"{LIST}/bulk/confirm", data={"joined": "3"}, follow_redirects=True).text
    assert "1名は空きがないため" in page
    assert "お席をご用意" in look(app, Letter)[-1].subject
    assert "試験 event_manager" in staff.get("/staff/registrations/4").text


def test_letters_are_written_on_their_own_page(four: Flask, sign_in: Client) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    ticked = staff.post(f"{LIST}/bulk", data={"act": "letter", "ids": ["1", "3"]}).headers["Location"]
    shown_all = staff.post(f"{LIST}/bulk?show=waiting", data={"act": "letter", "everybody": "yes"}).headers["Location"]
    assert (unquote(ticked), shown_all) == (
        "/staff/events/1/mailings/new?ids=1,3",
        "/staff/events/1/mailings/new?show=waiting",
    )
    assert staff.get(ticked).status_code == 200


def test_figures_by_part_category_and_day_and_for_the_caterer(four: Flask, sign_in: Client) -> None:
    with four.app_context(), transaction() as session:
        session.get_one(Attendee, 1).dietary_need = "そば"
    pages = {role: sign_in(role).get(f"{LIST}/figures").text for role in (Role.EVENT_MANAGER, Role.READ_ONLY)}
    manager = pages[Role.EVENT_MANAGER]
    assert re.findall(r'<td class="num">(?:<b>)?(\d+)', manager.split("<tbody>")[1].split("</tbody>")[0]) == [
        "0", "3", "3", "1",
        "0", "0", "0", "0",
        "0", "3", "3", "1",
    ]  # fmt: skip
    assert ('role="img"' in manager, "2026年11月21日" in manager, "3<small>名分" in manager) == (True, True, True)
    assert ("そば" in manager, "そば" in pages[Role.READ_ONLY]) == (True, False)


def test_the_history_says_who_did_what(four: Flask, sign_in: Client) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    staff.post("/staff/registrations/1/price", data={"people": ["1"], "category": "member", "reason": "会員証を確認"})
    page = staff.get("/staff/events/1/history").text
    assert ("理由: 会員証を確認" in page, "試験 event_manager" in page, page.count("申し込んだ</td>")) == (
        True,
        True,
        4,
    )
    mine = staff.get("/staff/events/1/history?who=1&action=price_category_changed").text
    assert ("理由: 会員証を確認" in mine, "申し込んだ</td>" in mine) == (True, False)
    assert "申し込んだ</td>" in staff.get("/staff/events/1/history?who=guests").text
    assert sign_in(Role.READ_ONLY).get("/staff/events/1/history").status_code == 403


@pytest.mark.parametrize("query", ["", "?part=1&pay=unpaid&door=in&sort=person", "/figures"])
def test_pages_of_many_take_no_more_statements(app: Flask, sign_in: Client, statements: Counting, query: str) -> None:
    client, counts = sign_in(Role.READ_ONLY), []
    for size in (2, 24):
        event_id = arrange(app, slug=f"e{size}", code=f"E{size}", applications=size)
        client.get(f"/staff/events/{event_id}/registrations{query}")
        with statements() as sent:
            client.get(f"/staff/events/{event_id}/registrations{query}")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_portions_reports_and_those_who_are_likely_to_come() -> None:
    assert [catering.portions(heads) for heads in (88, 0, 1, 100)] == [71, 0, 1, 80]
    days = catering.reports(dt.date(2027, 1, 22), today=dt.date(2027, 1, 16))
    assert [(one.day.day, one.is_final, one.is_due, one.is_over) for one in days] == [
        (15, False, False, True),
        (19, True, True, False),
        (21, False, False, False),
    ]
    assert (
        catering.expected(88, held_before=100, came_before=90),
        catering.expected(88, held_before=0, came_before=0),
    ) == (79, None)


def test_columns_of_a_chart_fill_gaps_and_become_weeks() -> None:
    day = dt.date(2026, 11, 1)
    chart = charts.day_chart(
        {(day, "member"): 3, (day, "general"): 1, (day + dt.timedelta(2), "member"): 2}, ["member", "general"]
    )
    assert [(one.day.day, one.total, one.running) for one in chart.columns] == [(1, 4, 4), (2, 0, 4), (3, 2, 6)]
    assert [(bar.series, bar.value, bar.y, bar.height) for bar in chart.columns[0].bars] == [
        ("member", 3, 25.0, 75.0),
        ("general", 1, 0.0, 25.0),
    ]
    weeks = charts.day_chart({(day, "member"): 1, (day + dt.timedelta(100), "member"): 1}, ["member"])
    assert (weeks.by_week, len(weeks.columns), charts.day_chart({}, ["member"]).columns) == (True, 15, ())
