"""The door over HTTP: who may, what a scan answers, what a faulty request changes, plain forms, walk-ins, counters."""

import pytest
from sqlalchemy import event as sql_events
from sqlalchemy import func, select

from eventops.accounts.models import Role
from eventops.checkin import figures
from eventops.checkin.models import Scan, ScanMethod
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.events.models import Fee, Mode, PriceCategory
from eventops.mail.models import Letter
from eventops.registration.models import Attendee, PaymentMethod, PlaceState, Registration, Source
from tests.checkin.arrange import code_of, make_attendee, make_door, scan
from tests.conftest import sign_in_to
from tests.factories import make_organisation

TAKAHASHI = ("高橋", "一郎", "タカハシ", "イチロウ")
TAKAGI = ("高木", "花子", "タカギ", "ハナコ")
SATO = ("佐藤", "次郎", "サトウ", "ジロウ")


@pytest.fixture
def door(app):
    """The event's id, its parts' ids and the code of 高橋 一郎, who has applied for both parts."""
    with app.app_context(), transaction() as session:
        event = make_door(session)
        person = make_attendee(session, event, TAKAHASHI, phone_tail="1140")
        return event.id, [part.id for part in event.parts], code_of(person)


@pytest.fixture
def desk(sign_in, door):
    """A client at the desk 受付2 of the first part."""
    client = sign_in(Role.RECEPTION)
    answer = client.post(f"/staff/events/{door[0]}/reception/desk", data={"station": "受付2", "part": door[1][0]})
    assert answer.status_code == 302
    return client


def url(door, rest=""):
    return f"/staff/events/{door[0]}/reception{rest}"


def send(client, door, **body):
    fields = {"nonce": "device-1-0001", "part": door[1][0], "method": "camera", "code": door[2]}
    return client.post(url(door, "/scans"), json=fields | body)


def scans(app):
    with app.app_context():
        return db.session.scalars(select(Scan).order_by(Scan.id)).all()


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


PAGES = ("", "/live", "/scan", "/count", "/walk-in")


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_the_reception(sign_in, client, door, page):
    assert sign_in(Role.READ_ONLY).get(url(door, page)).status_code == 403
    assert client.get(url(door, page)).status_code == 302


@pytest.mark.parametrize("act", ["/scans", "/scan", "/desk", "/search", "/walk-in", "/scans/1/undo", "/scans/1/fee"])
def test_acts_are_for_the_reception(app, sign_in, client, door, act):
    fields = {"nonce": "device-1-0001", "part": door[1][0], "method": "keyboard", "code": door[2], "station": "受付9"}
    assert sign_in(Role.READ_ONLY).post(url(door, act), data=fields).status_code == 403
    assert client.post(url(door, act), data=fields).status_code == 302
    assert scans(app) == []


def test_a_stranger_s_script_is_told_to_sign_in(client, door):
    answer = client.post(url(door, "/scans"), json={}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (401, "401")


def test_a_scan_needs_the_token(make_app, door):
    strict = make_app(WTF_CSRF_ENABLED=True)
    answer = send(sign_in_to(strict, Role.RECEPTION), door)
    assert (answer.status_code, answer.json["error"]) == (400, "csrf")
    assert scans(strict) == []


def test_the_desk_is_chosen_once(sign_in, door):
    client = sign_in(Role.RECEPTION)
    assert "受付を始める" in client.get(url(door, f"/scan?part={door[1][1]}")).text

    assert client.post(url(door, "/desk"), data={"station": " ", "part": door[1][1]}).status_code == 422
    client.post(url(door, "/desk"), data={"station": "受付3", "part": door[1][1]})
    page = client.get(url(door, "/scan")).text

    assert "<h1>第2部 交流会</h1>" in page
    assert "受付3</a>" in page


def test_without_scripts_a_form_shows_the_verdict_on_the_page(app, desk, door):
    fields = {"nonce": "form-nonce-1", "part": door[1][0], "method": "keyboard", "code": door[2]}
    page = desk.post(url(door, "/scan"), data=fields, follow_redirects=True).text

    assert '<p class="verdict-word" data-verdict-word>受付OK</p>' in page
    assert '<p class="verdict-name" data-verdict-name>高橋 一郎</p>' in page
    assert [scan.method for scan in scans(app)] == [ScanMethod.KEYBOARD]


def test_before_the_day_the_page_says_practice(desk, door):
    assert "開催日（2027年1月15日(金)）の前なので、練習です。" in desk.get(url(door, "/scan")).text


def found(page):
    return [part.split("</b>")[0] for part in page.split("<li>\n  <div><b>")[1:]]


@pytest.fixture
def crowd(app, door):
    with app.app_context(), transaction() as session:
        event = session.get_one(Registration, 1).event
        make_attendee(session, event, TAKAGI, company="株式会社海辺工業", company_kana="ウミベコウギョウ")
        make_attendee(session, event, SATO, phone_tail="9921", company="高尾電子株式会社", company_kana="タカオデンシ")
        other = make_door(session, slug="other")
        make_attendee(session, other, ("高井", "遠", "タカイ", "トオシ"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("タカ", ["高木 花子", "高橋 一郎", "佐藤 次郎"]),
        ("たか", ["高木 花子", "高橋 一郎", "佐藤 次郎"]),
        ("ﾀｶｷ", ["高木 花子"]),
        ("高", ["佐藤 次郎", "高木 花子", "高橋 一郎"]),
        ("高橋 一郎", ["高橋 一郎"]),
        ("高橋一郎", ["高橋 一郎"]),
        ("海辺", ["高木 花子"]),
        ("9921", ["佐藤 次郎"]),
        ("０４２−６３１−１１４０", ["高橋 一郎"]),
        ("0002-1", ["高木 花子"]),
        ("%", []),
        ("ン", ["佐藤 次郎"]),
        ("ワタナベ", []),
    ],
)
def test_people_are_found_by_reading_company_telephone_and_number(desk, door, crowd, text, names):
    part = desk.post(url(door, "/search"), data={"q": text}, headers={"HX-Request": "true"}).text
    page = desk.post(url(door, "/search"), data={"q": text}).text
    assert found(part) == found(page) == names
    assert "<h1>" in page
    assert "<h1>" not in part


def test_somebody_found_is_let_in_and_shown_as_in(app, desk, door, crowd):
    fields = {"nonce": "form-nonce-1", "part": door[1][0], "method": "search", "attendee": 1}
    desk.post(url(door, "/scan"), data=fields)

    page = desk.post(url(door, "/search"), data={"q": "タカハシ"}).text

    assert "受付済 " in page
    assert [(scan.attendee_id, scan.method) for scan in scans(app)] == [(1, ScanMethod.SEARCH)]


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


WALK_IN = {
    "company": "株式会社川向製作所",
    "name": "鈴木　三郎",
    "name_kana": "すずき さぶろう",
    "claim": "general",
    "contact": "090-1234-5678",
    "nonce": "0123456789abcdef0123456789ab",
}


def walk_in(desk, door, **values):
    return desk.post(url(door, "/walk-in"), data=WALK_IN | {"parts": [door[1][0]]} | values)


def test_a_walk_in_is_registered_and_in_with_five_fields(app, desk, door):
    with app.app_context(), transaction() as session:
        session.add(Fee(event_id=door[0], part_id=None, category=PriceCategory.GENERAL, mode=Mode.ONSITE, yen=5000))

    answer = walk_in(desk, door)
    page = desk.get(answer.location).text

    assert '<p class="verdict-name" data-verdict-name>鈴木 三郎</p>' in page
    assert "参加費 5,000円 をお受け取りください。" in page
    with app.app_context():
        made = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
        person = made.attendees[0]
        assert (made.source, made.organisation_name, made.phone) == (
            Source.WALK_IN,
            "株式会社川向製作所",
            "090-1234-5678",
        )
        assert (person.full_kana, person.phone_tail) == ("スズキ サブロウ", "5678")
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
    assert [(scan.verdict, scan.method, scan.station) for scan in scans(app)] == [
        (Verdict.UNPAID, ScanMethod.WALK_IN, "受付2")
    ]


def test_a_walk_in_sent_twice_is_one_person(app, desk, door):
    first, second = walk_in(desk, door), walk_in(desk, door)
    assert first.location == second.location
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 2
    assert len(scans(app)) == 1


def test_a_walk_in_of_a_known_company_gets_its_reading_and_a_letter_when_there_is_an_address(app, desk, door):
    with app.app_context(), transaction() as session:
        make_organisation(session, "株式会社川向製作所", "カワムコウセイサクショ")

    walk_in(desk, door, contact="saburo@kawamuko.example.jp")

    with app.app_context():
        made = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
        assert (made.organisation_kana, made.price_category) == ("カワムコウセイサクショ", "member")
        assert made.payment_method == PaymentMethod.NONE
        assert db.session.scalars(select(Letter.to_email)).all() == ["saburo@kawamuko.example.jp"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("company", "", "会社・団体名を入力してください。"),
        ("name", "", "氏名を入力してください。"),
        ("name_kana", "鈴木", "フリガナはカタカナかひらがなで入力してください。"),
        ("contact", "あとで", "電話番号かメールアドレスの形で入力してください。空欄でもかまいません。"),
        ("parts", [], "参加する部を選んでください。"),
    ],
)
def test_a_faulty_walk_in_keeps_what_was_typed(app, desk, door, field, value, words):
    answer = walk_in(desk, door, **{field: value})
    assert answer.status_code == 422
    assert answer.text.count(words) == 2
    assert (field == "contact") or 'value="090-1234-5678"' in answer.text
    assert scans(app) == []


def test_a_full_part_takes_one_more_only_with_the_go_ahead(app, desk, door):
    with app.app_context(), transaction() as session:
        pools = session.get_one(Registration, 1).event.parts[0].pools
        next(pool for pool in pools if pool.mode == Mode.ONSITE).capacity = 1

    refused = walk_in(desk, door, parts=door[1])
    assert refused.status_code == 422
    assert "「第1部 講演」（定員1名）は満席のため、登録していません。" in refused.text
    assert "責任者の了承を得たので、定員を超えて受け付ける" in refused.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 1

    assert walk_in(desk, door, parts=door[1], go_ahead="y").status_code == 303
    with app.app_context():
        person = db.session.scalars(select(Attendee).order_by(Attendee.id.desc())).first()
        assert [place.state for place in person.places] == [PlaceState.CONFIRMED] * 2
    assert [scan.verdict for scan in scans(app)] == [Verdict.ADMIT]


def test_the_monitor_counts_parts_desks_and_who_is_missing(app, desk, door, crowd):
    send(desk, door)
    send(desk, door, nonce="device-1-0002")
    send(desk, door, nonce="device-1-0003", part=door[1][1])

    page = desk.get(url(door)).text

    assert page.count("<b>1</b> / 3名 <small>33%</small>") == 2
    assert '<th scope="row">受付2</th><td class="num">1</td><td class="num">1</td>' in page
    missing = page.split("未到着 <small>2名</small>")[1]
    assert [name in missing for name in ("高木 花子", "佐藤 次郎", "高橋 一郎", "高井 遠")] == [
        True,
        True,
        False,
        False,
    ]
    assert missing.index("高木 花子") < missing.index("佐藤 次郎")
    assert "受付済" in page


def test_a_ticket_of_another_event_shows_no_name_on_the_monitor(app, desk, door, crowd):
    with app.app_context():
        stranger = db.session.scalar(select(Attendee).where(Attendee.family_name == "高井"))
        code = code_of(stranger)
    assert send(desk, door, code=code).json["lines"] == [
        "「第8回TAMA技術連携交流会@KISTEC」の参加証です。この行事では使えません。"
    ]
    page = desk.get(url(door)).text
    assert "別の行事の参加証" in page
    assert "高井" not in page


def statements(app, act):
    seen = []
    with app.app_context():
        engine = db.engine

    def note(*call):
        seen.append(call[2])

    sql_events.listen(engine, "before_cursor_execute", note)
    act()
    sql_events.remove(engine, "before_cursor_execute", note)
    return len(seen)


def look_at_monitor(desk, door):
    return desk.get(url(door))


def search_for_ta(desk, door):
    return desk.post(url(door, "/search"), data={"q": "タ"})


@pytest.mark.parametrize("act", [look_at_monitor, search_for_ta])
def test_pages_take_the_same_number_of_statements_for_one_and_for_thirty(app, desk, door, act):
    act(desk, door)
    with_one = statements(app, lambda: act(desk, door))
    with app.app_context(), transaction() as session:
        event = session.get_one(Registration, 1).event
        codes = [code_of(make_attendee(session, event, ("田中", "誠", "タナカ", f"マコト{n}"))) for n in range(30)]
    for number, code in enumerate(codes[:20]):
        send(desk, door, code=code, nonce=f"device-2-{number:04d}")

    assert statements(app, lambda: act(desk, door)) == with_one


def test_the_figure_of_the_overview_counts_the_day_itself(app, door):
    with app.test_request_context(), transaction() as session:
        event = session.get_one(Registration, 1).event
        assert figures.of_events(session, [event.id]) == {}
        scan(session, event, door[2])
        scan(session, event, door[2], part=2)
        assert [(figure.label, figure.value) for figure in figures.of_events(session, [event.id])[event.id]] == [
            ("来場", 1)
        ]
        assert figures.parts_in_use(session, door[1]) == set(door[1])
