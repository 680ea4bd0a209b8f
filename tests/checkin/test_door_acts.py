"""What an enrolled station does beside scanning: cash, walk-ins with a badge, substitutes, numbers looked up."""

import pytest
from sqlalchemy import select

from eventops.billing.models import Payment
from eventops.checkin.models import Scan, Station
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.events.models import Mode
from eventops.printing.models import BadgePrint
from eventops.registration.models import Attendee, PaymentMethod, Registration, Source
from tests.checkin.arrange import code_of
from tests.checkin.requests import scans, send, url
from tests.checkin.test_overruling import number_of
from tests.checkin.test_stations import enrol, item, keyed, sync
from tests.conftest import Role, sign_in_to

NONCE = "ab" * 14
WALK_IN = {
    "nonce": NONCE,
    "company": "株式会社川向製作所",
    "name": "鈴木　三郎",
    "name_kana": "すずき さぶろう",
    "claim": "general",
    "contact": "090-1234-5678",
}
SUBSTITUTE = {"nonce": NONCE, "name": "高橋 二郎", "name_kana": "たかはし じろう", "job_title": "課長", "attendee": 1}


@pytest.fixture
def station(app, desk, door):
    return enrol(app, desk, door)


@pytest.fixture
def ask(app, station, door):
    def post(act, by=None, **values):
        body = {"part": door[1][0], **values}
        return app.test_client().post(f"/door/ja/{act}", json=body, headers=keyed(by or station))

    return post


def owe(app, yen):
    with app.app_context(), transaction() as session:
        person = session.get_one(Attendee, 1)
        person.fee_yen, person.registration.payment_method = yen, PaymentMethod.CASH_ON_DAY
        person.registration.total_yen = yen


def payments(app):
    with app.app_context():
        return [(one.yen, one.station) for one in db.session.scalars(select(Payment))]


def test_cash_is_taken_once_for_the_station_s_own_looks(app, desk, door, station, ask):
    owe(app, 3000)
    told = sync(app, station, item(door)).json["results"][0]["answer"]
    assert (told["verdict"], told["owes"]) == ("unpaid", True)

    said = [ask("fee", of=told["nonce"]).json["answer"] for _ in range(2)]

    assert [(one["word"], one["owes"]) for one in said] == [("受付OK", False)] * 2
    assert payments(app) == [(3000, "受付3")]
    other = enrol(app, desk, door, "受付4")
    assert "answer" not in ask("fee", by=other, of=told["nonce"]).json
    assert ask("fee", of="x").status_code == 422


def test_a_walk_in_comes_in_and_gets_a_badge_once(app, door, station, ask):
    told = ask("walk-in", **WALK_IN, parts=[str(door[1][0])]).json["answer"]
    again = ask("walk-in", **WALK_IN, parts=[str(door[1][0])]).json["answer"]

    assert (told["word"], told["name"], told["org"]) == ("受付OK", "鈴木 三郎", "株式会社川向製作所 〔一般〕")
    assert again["scan"] == told["scan"]
    [scan] = scans(app)
    assert (scan.station, scan.method, scan.station_id) == ("受付3", "walk_in", 1)

    first = ask("badge", of=told["nonce"])
    assert (first.mimetype, first.headers["Cache-Control"]) == ("application/pdf", "no-store")
    second = ask("badge", of=told["nonce"]).json
    assert (second["was_printed"], second["refused"][:14]) == (True, "この方の名札は印刷済みです。")
    assert ask("badge", of=told["nonce"], again=True).data.startswith(b"%PDF")
    with app.app_context():
        assert db.session.scalars(select(BadgePrint.attendee_id)).all() == [2, 2]


def test_a_badge_is_for_whom_this_station_let_in_and_nobody_else(app, desk, door, station, ask):
    mine = sync(app, station, item(door)).json["results"][0]["answer"]["nonce"]
    at_the_desk = send(desk, door, code=door[2]).json["nonce"]
    undone = {"kind": "undo", "nonce": "device-3-0009", "of": mine}

    assert "refused" in ask("badge", by=enrol(app, desk, door, "受付4"), of=mine).json
    assert "refused" in ask("badge", of=at_the_desk).json
    sync(app, station, undone)
    assert "refused" in ask("badge", of=mine).json


def test_a_full_part_takes_one_more_with_the_number_of_somebody_in_charge(app, door, station, ask):
    with app.app_context(), transaction() as session:
        pools = session.get_one(Registration, 1).event.parts[0].pools
        next(pool for pool in pools if pool.mode == Mode.ONSITE).capacity = 1
    number = number_of(sign_in_to(app, Role.EVENT_MANAGER), door)
    wish = WALK_IN | {"parts": [str(door[1][0])], "go_ahead": "y"}

    full = ask("walk-in", **wish).json
    assert full["asks_code"]
    assert full["errors"]["parts"][0].startswith("「第1部 講演」（定員1名）は満席のため、登録していません。")
    assert full["errors"]["parts"][1].startswith("責任者の了承を得たら、責任者の番号（6桁）を入力して")
    assert ask("walk-in", **wish, code="000000").json["refused"].startswith("責任者の番号が違います。")
    assert ask("walk-in", **wish, code=number).json["answer"]["word"] == "受付OK"
    with app.app_context():
        assert db.session.scalars(select(Registration.source)).all()[-1] == Source.WALK_IN


def test_what_is_wrong_with_a_walk_in_is_said_by_field(ask, door):
    said = ask("walk-in", **WALK_IN | {"name_kana": "鈴木"}, parts=[]).json
    assert said["errors"] == {
        "name_kana": ["フリガナはカタカナかひらがなで入力してください。"],
        "parts": ["参加する部を選んでください。"],
    }


def test_a_substitute_comes_in_and_the_old_ticket_is_dead(app, door, station, ask):
    with app.app_context(), transaction() as session:
        session.get_one(Attendee, 1).desk_note = "車いすの方"
    told = [ask("substitute", **SUBSTITUTE).json["answer"] for _ in range(2)]

    assert [(one["word"], one["name"]) for one in told] == [("受付OK", "高橋 二郎")] * 2
    assert len(scans(app)) == 1
    with app.app_context():
        person = db.session.get_one(Attendee, 1)
        assert (person.full_kana, person.job_title, person.desk_note, person.ticket_issue) == (
            "タカハシ ジロウ",
            "課長",
            "",
            2,
        )
        new = code_of(person)
    old, fresh = sync(app, station, item(door, 1), item(door, 2, code=new)).json["results"]
    assert (old["answer"]["verdict"], fresh["answer"]["verdict"]) == ("replaced", "already_in")


def test_a_form_sent_for_one_person_changes_no_other(app, crowd, station, ask):
    ask("substitute", **SUBSTITUTE)
    said = ask("substitute", **SUBSTITUTE | {"attendee": 3}).json

    assert said["refused"].startswith("この入力は別の方の代理として登録済みのため、変えていません。")
    with app.app_context():
        assert db.session.get_one(Attendee, 3).full_name == "佐藤 次郎"


def test_the_history_names_the_device_at_which_nobody_was_signed_in(app, door, station, ask, sign_in):
    ask("walk-in", **WALK_IN, parts=[str(door[1][0])])
    ask("substitute", **SUBSTITUTE | {"nonce": "cd" * 14})
    manager = sign_in(Role.EVENT_MANAGER)

    assert "<strong>受付の端末（受付3）</strong>" in manager.get("/staff/registrations/1").text
    assert "<strong>受付の端末</strong>" in manager.get("/staff/registrations/2").text
    page = manager.get(f"/staff/events/{door[0]}/history?action=registration_made").text
    assert '<td class="narrow">受付の端末</td>' in page


def test_who_has_come_is_nobody_else_from_then_on(app, desk, door, station, ask):
    sync(app, station, item(door, part=door[1][1]))
    words = "この方はすでに受付済みのため、代理の方に変えられません。"

    assert ask("substitute", **SUBSTITUTE).json["refused"].startswith(words)
    page = desk.post(url(door, "/people/1/substitute"), data=SUBSTITUTE)
    assert (page.status_code, words in page.text) == (409, True)
    with app.app_context():
        assert db.session.get_one(Attendee, 1).full_name == "高橋 一郎"


def test_the_desk_of_somebody_signed_in_takes_substitutes_too(app, desk, door):
    found = desk.post(url(door, f"/search?part={door[1][0]}"), data={"q": "タカ"}, headers={"HX-Request": "1"}).text
    assert url(door, "/people/1/substitute") in found
    assert "氏名を入力してください。" in desk.post(url(door, "/people/1/substitute"), data={"nonce": NONCE}).text

    done = desk.post(url(door, "/people/1/substitute"), data=SUBSTITUTE)

    assert "高橋 二郎" in desk.get(done.location).text
    assert [scan.verdict for scan in scans(app)] == [Verdict.ADMIT]
    assert desk.post(url(door, "/people/9/substitute"), data=SUBSTITUTE).status_code == 404


def test_numbers_are_looked_up_at_the_server_and_slowed_down(make_app, door, crowd, station, ask):
    assert ask("people", q="９９２１").json["people"] == [
        {"attendee": 3, "name": "佐藤 次郎", "kana": "サトウ ジロウ", "org": "高尾電子株式会社"}
    ]
    assert ask("people", q="タカ").json["people"] == []
    limited = make_app(RATELIMIT_ENABLED=True).test_client()
    asked = [limited.post("/door/ja/people", json={"q": f"{n:04d}"}, headers=keyed(station)) for n in range(21)]
    assert [answer.status_code for answer in asked] == [200] * 20 + [429]


def test_what_a_station_writes_and_prints_is_slowed_down(make_app, door, station):
    limited = make_app(RATELIMIT_ENABLED=True).test_client()

    def codes(act, number):
        body = {"part": door[1][0], "of": "device-3-0001"}
        asked = [limited.post(f"/door/ja/{act}", json=body, headers=keyed(station)) for _ in range(number)]
        return [answer.status_code for answer in asked]

    assert codes("walk-in", 6) + codes("substitute", 7) == [200] * 12 + [429]
    assert codes("fee", 20) + codes("badge", 21) == [200] * 40 + [429]


def test_a_revoked_station_does_none_of_it(app, desk, door, station, ask):
    desk.post(url(door, "/stations/1/revoke"))
    acts = {
        "people": {"q": "1140"},
        "fee": {"of": "device-3-0001"},
        "walk-in": WALK_IN | {"parts": [door[1][0]]},
        "substitute": SUBSTITUTE,
        "badge": {"of": "device-3-0001"},
    }
    assert {act: ask(act, **values).status_code for act, values in acts.items()} == dict.fromkeys(acts, 401)
    with app.app_context():
        assert db.session.scalars(select(Scan)).all() == []
        assert db.session.get_one(Station, 1).revoked_at is not None
