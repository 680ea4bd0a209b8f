"""The pages about money: staff's lists and acts, the payer's own page, and who may open them."""

import datetime as dt
import io

import pytest
from sqlalchemy import event as sql_events
from sqlalchemy import func, select

from eventops.accounts.models import AuditEntry, Role
from eventops.billing import queries
from eventops.billing.models import BankLine, CashClosing, Document, DocumentFile, Payment, PaymentKind
from eventops.database import db, transaction
from eventops.demo.files import rows
from eventops.mail.models import Letter
from eventops.registration.models import PaymentMethod, Registration
from eventops.registration.writing import addresses
from tests.billing.arrange import FOUR, T_NUMBER, make_group, make_organiser, pay
from tests.billing.bank_files import statement
from tests.billing.test_bank import DAY, NAME
from tests.factories import make_organisation
from tests.printing.paper import joined, words

WISH = {"party": "海辺", "honorific": "", "split": "whole"}


@pytest.fixture
def group(app):
    """The ids of an event and of an application of four, and the address of its private page."""
    with app.app_context(), transaction() as session:
        make_organiser(session)
        registration = make_group(session, receipt_name="海辺グループ本社")
        return registration.event_id, registration.id, f"/r/{addresses.token(registration)}"


@pytest.fixture
def staff(sign_in):
    return sign_in(Role.EVENT_MANAGER)


def ledger(group):
    return f"/staff/registrations/{group[1]}/money"


def look(app, query):
    with app.app_context():
        return db.session.scalars(query).all()


def paid_yen(app, group):
    with app.app_context():
        return queries.paid_yen(db.session(), group[1])


def record(staff, group, **values):
    fields = {"kind": "bank_transfer", "yen": "14,000円", "received_on": "2026-12-01", "attendee": "0", "once": "a"}
    return staff.post(f"{ledger(group)}/payments", data=fields | values)


def test_money_is_recorded_once_however_often_the_button_is_pressed(app, staff, group):
    for _ in range(2):
        assert record(staff, group).status_code == 302
    assert paid_yen(app, group) == FOUR
    page = staff.get(ledger(group)).text
    assert "入金済" in page
    assert "領収書を発行（14,000円分）" in page


@pytest.mark.parametrize("values", [{"yen": "0"}, {"yen": "たくさん"}, {"received_on": "13月"}, {"attendee": "999"}])
def test_what_cannot_be_recorded_comes_back_as_it_was_typed(app, staff, group, values):
    page = record(staff, group, note="覚え書き", **values)
    assert page.status_code == 422
    assert "覚え書き" in page.text
    assert paid_yen(app, group) == 0


def test_a_correction_wants_a_reason(app, staff, group):
    record(staff, group)
    (entry,) = look(app, select(Payment))
    url = f"/staff/payments/{entry.id}/correct"
    assert staff.get(url).status_code == 200
    assert staff.post(url, data={"reason": " "}).status_code == 422
    assert staff.post(url, data={"reason": "別の申込でした"}).status_code == 302
    assert paid_yen(app, group) == 0
    assert staff.post(url, data={"reason": "もう一度"}).status_code == 409


def test_a_refund_beyond_what_is_too_much_is_refused_beside_its_field(app, staff, group):
    record(staff, group, yen="15000")
    fields = {"received_on": "2026-12-02", "means": "bank", "once": "r"}
    refused = staff.post(f"{ledger(group)}/refunds", data=fields | {"yen": "1001"})
    assert refused.status_code == 422
    assert "（1,000円）まで" in refused.text
    assert staff.post(f"{ledger(group)}/refunds", data=fields | {"yen": "1000"}).status_code == 302
    assert paid_yen(app, group) == FOUR


def test_the_payer_takes_the_invoice_at_once_and_the_receipt_when_paid(app, client, group):
    url = group[2]
    assert "お支払い・請求書" in client.get(url).text
    page = client.get(f"{url}/payments").text
    assert ("NEWYEAR-0001" in page, "領収書を発行する" in page) == (True, False)
    wish = {"party": "株式会社海辺工業", "honorific": "", "split": "whole"}
    assert client.post(f"{url}/documents/receipt", data=wish).status_code == 422

    invoice = client.post(f"{url}/documents/invoice", data=wish, follow_redirects=True)
    assert (invoice.mimetype, invoice.data[:5]) == ("application/pdf", b"%PDF-")
    assert "請求書" in joined(words(invoice.data)[0])

    with app.app_context(), transaction() as session:
        pay(session, session.get(Registration, group[1]), FOUR)
    receipt = client.post(f"{url}/documents/receipt", data=wish, follow_redirects=True)
    text = joined(words(receipt.data)[0])
    for said in ("領収書", "株式会社海辺工業御中", "うち消費税額等1,272円", f"登録番号{T_NUMBER}"):
        assert said in text


def test_the_name_on_the_receipt_is_the_one_that_was_wished_for(client, group):
    assert 'value="海辺グループ本社"' in client.get(f"{group[2]}/payments").text


def test_the_same_file_is_handed_out_again(app, client, group):
    wish = WISH
    first = client.post(f"{group[2]}/documents/invoice", data=wish, follow_redirects=True).data
    again = client.post(f"{group[2]}/documents/invoice", data=wish, follow_redirects=True).data
    assert first == again
    assert look(app, select(func.count()).select_from(DocumentFile)) == [1]


def test_one_receipt_for_each_person_on_request(app, client, group):
    with app.app_context(), transaction() as session:
        pay(session, session.get(Registration, group[1]), FOUR)
    wish = WISH | {"split": "person"}
    page = client.post(f"{group[2]}/documents/receipt", data=wish, follow_redirects=True).text
    assert [f"2026-R0000{number}" in page for number in (1, 2, 3, 4, 5)] == [True] * 4 + [False]


def test_a_document_of_somebody_else_is_not_found(app, client, group):
    client.post(f"{group[2]}/documents/invoice", data=WISH)
    with app.app_context(), transaction() as session:
        other = make_group(session, session.get(Registration, group[1]).event)
        theirs = f"/r/{addresses.token(other)}"
    (document,) = look(app, select(Document))
    assert client.get(f"{group[2]}/documents/{document.id}.pdf").status_code == 200
    assert client.get(f"{theirs}/documents/{document.id}.pdf").status_code == 404
    assert client.get(f"{group[2]}x/documents/{document.id}.pdf").status_code == 404
    assert client.get(f"/staff/documents/{document.id}.pdf").status_code == 302


def test_the_guest_does_not_write_what_the_money_was_for(app, client, group):
    wish = WISH | {"proviso": "飲食代として"}
    client.post(f"{group[2]}/documents/invoice", data=wish)
    assert look(app, select(Document.proviso)) == ["令和9年新春講演会・賀詞交歓会 参加費として"]


def test_staff_issue_reissue_and_take_back(app, staff, group):
    record(staff, group)
    wish = {"party": "海辺グループ", "honorific": "御中", "proviso": "研修費として", "split": "whole"}
    assert staff.post(f"{ledger(group)}/documents/receipt", data=wish).status_code == 302
    assert staff.post(f"{ledger(group)}/documents/receipt", data=wish).status_code == 422
    (receipt,) = look(app, select(Document))
    for _ in range(2):
        staff.post(f"/staff/documents/{receipt.id}/reissue")
    second = staff.get(f"/staff/documents/{receipt.id}.pdf?copy=2").data
    assert "再発行(2回目)" in joined(words(second)[0])
    assert staff.get(f"/staff/documents/{receipt.id}.pdf?copy=3").status_code == 404

    url = f"/staff/documents/{receipt.id}/take-back"
    assert staff.get(url).status_code == 200
    assert staff.post(url, data={"reason": "宛名の訂正"}).status_code == 422
    with app.app_context():
        people = [person.id for person in db.session.get(Registration, group[1]).attendees]
    assert staff.post(url, data={"reason": "宛名の訂正", "people": people}).status_code == 302
    (_, taking) = look(app, select(Document).order_by(Document.id))
    assert (taking.counters_id, taking.total_yen, taking.reason) == (receipt.id, FOUR, "宛名の訂正")
    actions = look(app, select(AuditEntry.action).where(AuditEntry.action.like("document%")).order_by(AuditEntry.id))
    assert actions == ["document_issued", "document_reissued", "document_reissued", "document_taken_back"]


def test_the_register_is_searched_by_day_amount_and_party(app, staff, client, group):
    client.post(f"{group[2]}/documents/invoice", data=WISH | {"party": "海辺グループ"})
    for query, shown in (
        ("", True),
        ("?party=海辺ｸﾞﾙｰﾌﾟ", True),
        ("?party=ウミベ", True),
        ("?party=山手", False),
        ("?least_yen=14000&most_yen=14000", True),
        ("?least_yen=14001", False),
        ("?until=2020-01-01", False),
        ("?kind=receipt", False),
        ("?kind=invoice&since=2026-01-01", True),
    ):
        page = staff.get(f"/staff/documents{query}")
        assert (page.status_code, "2026-S00001" in page.text) == (200, shown), query
        assert ("2026-S00001" in staff.get(f"/staff/documents.csv{query}").text) is shown
    (file,) = look(app, select(DocumentFile))
    assert file.sha256 in staff.get("/staff/documents.csv").text
    assert staff.get("/staff/documents?since=昨日").status_code == 422


def test_the_list_filters_sums_and_takes_as_many_queries_for_thirty_as_for_one(app, staff, group):
    url = f"/staff/events/{group[0]}/money"

    def counted():
        seen = []
        with app.app_context():
            engine = db.engine
        listener = lambda *call: seen.append(call[2])  # noqa: E731
        sql_events.listen(engine, "before_cursor_execute", listener)
        page = staff.get(url)
        sql_events.remove(engine, "before_cursor_execute", listener)
        return page, len(seen)

    first, queries_for_one = counted()
    assert "14,000円" in first.text
    with app.app_context(), transaction() as session:
        event = session.get(Registration, group[1]).event
        for number in range(29):
            made = make_group(session, event, people=1, organisation_name=f"株式会社第{number}")
            if number < 3:
                pay(session, made, 5000 + 100 * (number - 1))
    page, queries_for_thirty = counted()
    assert queries_for_thirty == queries_for_one
    assert "30件" in page.text
    shown = {
        show: staff.get(f"{url}?show={show}").text.count('class="first"') for show in ("partly", "overpaid", "paid")
    }
    assert shown == {"partly": 1, "overpaid": 1, "paid": 1}
    found = staff.post("/staff/search", data={"q": "第7", "back": url}, follow_redirects=True)
    assert found.text.count('class="first"') == 1


def test_the_terms_are_kept_and_proposed_to_the_next_event(app, staff, group):
    url = f"/staff/events/{group[0]}/money/terms"
    sent = {"due_on": "2026-12-20", "transfer_to": "架空銀行 普通 0000001", "proviso": "会費として"}
    assert staff.post(url, data=sent).status_code == 302
    page = staff.get(url).text
    assert [value in page for value in ("2026-12-20", "架空銀行 普通 0000001", "会費として")] == [True] * 3
    assert staff.post(url, data=sent | {"due_on": "いつか"}).status_code == 422


def test_reminders_show_whom_they_reach_and_are_sent_once(app, staff, group):
    with app.app_context(), transaction() as session:
        event = session.get(Registration, group[1]).event
        silent = make_group(session, event, people=1, email="", organisation_name="宛先なし商店")
        done = make_group(session, event, people=1, organisation_name="入金済商事")
        pay(session, done, 5000)
        ids = [group[1], silent.id, done.id]
    url = f"/staff/events/{group[0]}/money/reminders"
    page = staff.get(f"{url}?show=unpaid").text
    assert ("送る相手 1件" in page, "宛先なし商店" in page, "入金済商事" in page) == (True, True, False)
    assert "お支払い額 14,000円" in page

    for _ in range(2):
        assert staff.post(url, data={"batch": "b1", "registration": ids}).status_code == 302
    (letter,) = look(app, select(Letter).where(Letter.kind == "payment_reminder"))
    assert letter.subject_id == group[1]
    assert staff.post(url, data={"batch": "b2", "registration": ids[1:]}).status_code == 422


def test_the_list_that_is_shown_is_taken_away_and_the_history_says_so(app, staff, group):
    with app.app_context(), transaction() as session:
        pay(session, make_group(session, session.get(Registration, group[1]).event, people=1), 5000)
    url = f"/staff/events/{group[0]}/money/export"
    head, *rows = (
        staff.post(f"{url}?show=unpaid", data={"form": "csv"}).text.replace('"', "").lstrip("\ufeff").splitlines()
    )
    assert head == "番号,会社・団体,申込者,方法,参加費,入金,残り,状態,期限,お願い"
    assert rows == ["0001,株式会社海辺工業,総務 花,銀行振込,14000,0,14000,未入金,2026-12-05,"]
    assert look(app, select(AuditEntry.action).where(AuditEntry.action == "money_exported")) == ["money_exported"]


def test_a_statement_is_read_in_and_a_line_booked_by_one_press(app, staff, group):
    def send(data):
        file = {"file": (io.BytesIO(data), "meisai.csv")}
        return staff.post("/staff/bank", data=file, content_type="multipart/form-data")

    data = statement((DAY, NAME, FOUR - 440), (DAY, "ﾈﾝｶｲﾋ", 50_000))
    assert send(data).status_code == 302
    again = send(data)
    assert (again.status_code, "取込済みです" in again.text) == (422, True)
    assert send(b"a,b\r\n1,2\r\n").status_code == 422

    page = staff.get("/staff/bank").text
    assert "会社名の読みと法人格が一致、振込手数料 440円を差し引いた額" in page
    piece = f"{group[1]}:13560:440:14000"
    assert f'value="{piece}"' in page
    first, second = look(app, select(BankLine).order_by(BankLine.id))
    staff.post(f"/staff/bank/{first.id}/book", data={"piece": piece})
    assert paid_yen(app, group) == FOUR
    staff.post(f"/staff/bank/{first.id}/book", data={"piece": piece})
    assert paid_yen(app, group) == FOUR

    staff.post(f"/staff/bank/{second.id}/ignore", data={"reason": ""})
    assert [line.state for line in look(app, select(BankLine).order_by(BankLine.id))] == ["booked", "open"]
    staff.post(f"/staff/bank/{second.id}/ignore", data={"reason": "年会費"})
    staff.post(f"/staff/bank/{first.id}/reopen", data={})
    assert [line.state for line in look(app, select(BankLine).order_by(BankLine.id))] == ["open", "ignored"]
    assert paid_yen(app, group) == 0
    assert "年会費" in staff.get("/staff/bank?state=ignored").text


@pytest.mark.parametrize("piece", ["", "1:2", "a:b:c:d"])
def test_a_booking_that_no_page_sends_is_refused(app, staff, group, piece):
    with app.app_context(), transaction() as session:
        pay(session, session.get(Registration, group[1]), 1)
    assert staff.post("/staff/bank/1/book", data={"piece": piece}).status_code == 422


def test_staff_find_the_application_by_hand(app, staff, group):
    data = {"file": (io.BytesIO(statement((DAY, "ﾌﾒｲﾅﾒｲｷﾞ", 777))), "m.csv")}
    staff.post("/staff/bank", data=data, content_type="multipart/form-data")
    (line,) = look(app, select(BankLine))
    assert "当てはまる未入金の申込が見つかりません" in staff.get("/staff/bank").text
    back = f"/staff/bank?line={line.id}"
    page = staff.post("/staff/search", data={"q": "うみべ", "back": back}, follow_redirects=True).text
    assert f'value="{group[1]}:777:0:14000"' in page


def test_the_four_bank_names_of_the_collected_variants_find_their_companies(demonstration, sign_in):
    staff = sign_in(Role.EVENT_MANAGER)
    variants = [row for row in rows("org_name_variants") if row["expectation"] == "bank"]
    names = {row["org_id"]: row["name"] for row in rows("organisations")}
    sent = statement(*((DAY, row["raw"], 2000) for row in variants))
    file = {"file": (io.BytesIO(sent), "m.csv")}
    staff.post("/staff/bank", data=file, content_type="multipart/form-data")
    page = staff.get("/staff/bank").text
    assert len(variants) == 4
    assert [names[row["expected_org_id"]] in page for row in variants] == [True] * 4


def test_the_directory_names_a_payer_who_owes_nothing(app, staff):
    with app.app_context(), transaction() as session:
        make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", code="O0500")
    file = {"file": (io.BytesIO(statement((DAY, "ｶ)ｱｵｿﾞﾗｾｲﾐﾂ", 50_000))), "m.csv")}
    staff.post("/staff/bank", data=file, content_type="multipart/form-data")
    assert "名簿では O0500 株式会社青空精密 の名義です" in staff.get("/staff/bank").text


def test_the_desk_closes_its_box(app, sign_in, group):
    with app.app_context(), transaction() as session:
        registration = session.get(Registration, group[1])
        pay(session, registration, 3000, kind=PaymentKind.CASH_ON_DAY, station="受付1", on=dt.date(2027, 1, 15))
    desk, url = sign_in(Role.RECEPTION), f"/staff/events/{group[0]}/money/closing"
    assert "3,000円" in desk.get(url).text
    sent = {"day": "2027-01-15", "station": "受付1", "counted_yen": "２,９００", "note": "両替"}
    assert desk.post(url, data=sent | {"counted_yen": ""}).status_code == 422
    assert desk.post(url, data=sent | {"day": "x"}).status_code == 404
    page = desk.post(url, data=sent, follow_redirects=True).text
    assert "差額は-100円" in page
    (closing,) = look(app, select(CashClosing))
    assert (closing.expected_yen, closing.counted_yen, closing.station) == (3000, 2900, "受付1")


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.READ_ONLY])
def test_money_is_not_for_everybody(sign_in, group, role):
    someone = sign_in(role)
    for url in (f"/staff/events/{group[0]}/money", ledger(group), "/staff/bank", "/staff/documents"):
        assert someone.get(url).status_code == 403


def test_pages_without_anything_say_so(sign_in, app):
    with app.app_context(), transaction() as session:
        event_id = make_group(session, people=1, payment_method=PaymentMethod.NONE).event_id
    staff = sign_in(Role.EVENT_MANAGER)
    assert "銀行の明細はまだありません" in staff.get("/staff/bank").text
    assert "書類はありません" in staff.get("/staff/documents").text
    assert "現金の入金はまだありません" in staff.get(f"/staff/events/{event_id}/money/closing").text
