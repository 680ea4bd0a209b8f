"""Somebody who comes without having applied."""

import pytest
from sqlalchemy import func, select

from eventops.checkin.models import ScanMethod
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.events.models import Fee, Mode, PriceCategory
from eventops.mail.models import Letter
from eventops.registration.models import Attendee, PaymentMethod, PlaceState, Registration, Source
from tests.checkin.requests import scans, url
from tests.factories import make_organisation

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
        ("name", "鈴" * 41, "姓と名は、それぞれ40文字までで入力してください。"),
        ("name", "鈴木 " + "三" * 41, "姓と名は、それぞれ40文字までで入力してください。"),
        ("name_kana", "㌔" * 21, "姓と名は、それぞれ40文字までで入力してください。"),
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
