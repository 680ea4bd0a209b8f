"""A scan over HTTP: what it answers, what a faulty one changes, plain forms, taking back, taking the fee."""

import pytest

from eventops.checkin.models import ScanMethod
from eventops.checkin.rules import Verdict
from eventops.database import transaction
from eventops.registration.models import Attendee, PaymentMethod
from tests.checkin.arrange import make_door
from tests.checkin.requests import scans, send, url


def test_a_scan_answers_with_the_verdict_in_words(app, desk, door):
    answer = send(desk, door).json

    assert (answer["tone"], answer["word"], answer["name"]) == ("ok", "受付OK", "高橋 一郎")
    assert answer["kana"] == "タカハシ イチロウ"
    assert answer["org"] == "株式会社青空精密 〔一般〕"
    assert answer["lines"] == []
    assert answer["small"] == ["第1部 講演：会場で参加", "第2部 交流会：会場で参加"]
    assert [(scan.station, scan.method, scan.verdict) for scan in scans(app)] == [("受付2", "camera", "admit")]


def test_the_second_scan_says_when_and_where(desk, door):
    first = send(desk, door).json
    answer = send(desk, door, nonce="device-1-0002").json

    assert (answer["tone"], answer["word"]) == ("already", "受付済")
    assert answer["lines"] == [f"{first['at']}に「受付2」で受付済みです。"]


def test_the_same_nonce_gives_the_same_answer_and_one_row(app, desk, door):
    assert send(desk, door).json == send(desk, door).json
    assert len(scans(app)) == 1


def test_an_unknown_code_is_a_verdict_and_not_an_error(app, desk, door):
    answer = send(desk, door, code="HTTPS://EXAMPLE.JP/")
    assert (answer.status_code, answer.json["tone"], answer.json["word"]) == (200, "invalid", "無効")
    assert answer.json["lines"] == ["この受付の参加証ではありません。氏名で検索してください。"]
    assert [scan.verdict for scan in scans(app)] == [Verdict.UNKNOWN_CODE]


@pytest.mark.parametrize(
    "body",
    [
        {"nonce": ""},
        {"nonce": "x" * 41},
        {"nonce": 7},
        {"part": "one"},
        {"part": None},
        {"part": 2**40},
        {"code": ""},
        {"code": ["E"]},
        {"code": "E" * 301},
        {"method": "walk_in"},
        {"code": "", "attendee": "-1"},
    ],
)
def test_a_faulty_scan_is_refused_in_words_and_changes_nothing(app, desk, door, body):
    answer = send(desk, door, **body)
    assert answer.status_code == 422
    assert answer.json["message"].startswith("読み取りの内容を受け取れませんでした。")
    assert scans(app) == []


def test_a_body_that_is_no_json_object_is_refused(app, desk, door):
    assert desk.post(url(door, "/scans"), data="[]", content_type="application/json").status_code == 422
    assert scans(app) == []


def test_a_part_of_another_event_is_not_found(app, desk, door):
    with app.app_context(), transaction() as session:
        other = make_door(session, slug="other").parts[0].id
    assert send(desk, door, part=other).status_code == 404
    assert scans(app) == []


def test_without_scripts_a_form_shows_the_verdict_on_the_page(app, desk, door):
    fields = {"nonce": "form-nonce-1", "part": door[1][0], "method": "keyboard", "code": door[2]}
    page = desk.post(url(door, "/scan"), data=fields, follow_redirects=True).text

    assert '<p class="verdict-word" data-verdict-word>受付OK</p>' in page
    assert '<p class="verdict-name" data-verdict-name>高橋 一郎</p>' in page
    assert [scan.method for scan in scans(app)] == [ScanMethod.KEYBOARD]


def test_before_the_day_the_page_says_practice(desk, door):
    assert "開催日（2027年1月15日(金)）の前なので、練習です。" in desk.get(url(door, "/scan")).text


def test_undoing_over_http_lets_the_person_in_again(app, desk, door):
    first = send(desk, door).json["scan"]
    undone = desk.post(url(door, f"/scans/{first}/undo"), headers={"Accept": "application/json"}).json
    assert (undone["word"], undone["can_undo"]) == ("取り消し", False)
    assert desk.post(url(door, f"/scans/{first}/undo")).status_code == 303
    assert desk.post(url(door, f"/scans/{first}/undo"), data={"back": "monitor"}).location.endswith(
        f"/reception?part={door[1][0]}"
    )
    assert send(desk, door, nonce="device-1-0002").json["tone"] == "ok"
    assert desk.post(url(door, "/scans/4711/undo")).status_code == 404


def test_the_fee_is_asked_for_and_taken(app, desk, door):
    with app.app_context(), transaction() as session:
        person = session.get_one(Attendee, 1)
        person.fee_yen, person.registration.payment_method = 3000, PaymentMethod.CASH_ON_DAY

    answer = send(desk, door).json
    assert (answer["tone"], answer["word"], answer["owes"]) == ("attention", "要確認", True)
    assert answer["lines"] == ["参加費 3,000円 をお受け取りください。"]

    paid = desk.post(url(door, f"/scans/{answer['scan']}/fee"), headers={"Accept": "application/json"}).json
    assert (paid["tone"], paid["word"], paid["owes"], paid["lines"]) == ("ok", "受付OK", False, [])


def test_an_unseen_transfer_is_said_differently(app, desk, door):
    with app.app_context(), transaction() as session:
        session.get_one(Attendee, 1).fee_yen = 5000
    assert send(desk, door).json["lines"] == ["銀行振込 5,000円 の入金が未確認です。"]
