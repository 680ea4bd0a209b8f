"""The public form: from filling in to the page of thanks, and every refusal with what was typed kept."""

import datetime as dt
import html
import re

import pytest
from sqlalchemy import select

from eventops.database import transaction
from eventops.events.models import Eligibility, Event, EventState
from eventops.mail.models import Letter
from eventops.registration.models import Attendee, Place, Registration
from tests.factories import make_event, make_organisation, make_part
from tests.registration.arrange import make_new_year

OPEN_END = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)


def arrange(app, make=make_new_year, **values):
    with app.app_context(), transaction() as session:
        event = make(session, held_on=dt.date(2036, 1, 15), applications_close_at=OPEN_END, **values)
        return event.slug, [part.id for part in event.parts]


def filled(parts, *, rows=1, **changes):
    """What a browser sends for one applicant with `rows` attendees who come to all parts."""
    data = {
        "organisation_name": "株式会社海辺工業",
        "organisation_kana": "カブシキガイシャうみべこうぎょう",
        "claim": "general",
        "email": "Ｓｏｕｍｕ＠umibe.example.jp",
        "email_again": "soumu@umibe.example.jp",
        "phone": "００ー１２３４−５６７８",
        "if_full": "online_and_wait",
        "payment_method": "bank_transfer",
        "privacy": "y",
    }
    for row in range(rows):
        names = {"family_name": "山田", "given_name": f"太郎{row}", "family_kana": "やまだ", "given_kana": "ﾀﾛｳ"}
        data |= {f"attendees-{row}-{name}": value for name, value in names.items()}
    data |= {f"attendees-0-part_{part}": "onsite" for part in parts}
    return {name: value for name, value in (data | changes).items() if value is not None}


def hidden_of(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def apply(client, slug, data):
    """Both steps: the confirmation page, and sending what stands on it."""
    page = client.post(f"/e/{slug}/apply", data=data)
    assert page.status_code == 200, page.text
    assert "お申込み内容の確認" in page.text
    return client.post(f"/e/{slug}/apply", data=hidden_of(page) | {"step": "send"})


def rows(app, model):
    with app.app_context(), transaction() as session:
        return session.scalars(select(model).order_by(model.id)).all()


def test_an_application_goes_from_the_form_over_the_confirmation_to_the_thanks(app, client):
    slug, parts = arrange(app)
    assert client.get(f"/e/{slug}/apply").status_code == 200
    sent = apply(client, slug, filled(parts, rows=2))
    assert sent.status_code == 302
    thanks = client.get(sent.headers["Location"])
    assert "お申込みを受け付けました" in thanks.text
    assert "0001" in thanks.text
    (made,) = rows(app, Registration)
    assert (made.organisation_kana, made.email, made.phone, made.total_yen) == (
        "ウミベコウギョウ",
        "soumu@umibe.example.jp",
        "00-1234-5678",
        10_000,
    )
    assert (made.applicant_name, made.applicant_kana) == ("山田 太郎0", "ヤマダ タロウ")
    assert [person.full_name for person in rows(app, Attendee)] == ["山田 太郎0", "山田 太郎1"]
    assert [place.state for place in rows(app, Place)] == ["confirmed"] * 4
    assert [letter.to_email for letter in rows(app, Letter)] == ["soumu@umibe.example.jp"]


def test_nothing_is_written_before_the_confirmation_is_sent(app, client):
    slug, parts = arrange(app)
    page = client.post(f"/e/{slug}/apply", data=filled(parts))
    assert "まだ送信されていません" in page.text
    assert "5,000円" in page.text
    assert rows(app, Registration) == []


def test_pressing_twice_registers_once(app, client):
    slug, parts = arrange(app)
    page = client.post(f"/e/{slug}/apply", data=filled(parts))
    data = hidden_of(page) | {"step": "send"}
    first, second = (client.post(f"/e/{slug}/apply", data=data) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows(app, Registration)) == 1


def test_going_back_from_the_confirmation_keeps_everything(app, client):
    slug, parts = arrange(app)
    page = client.post(f"/e/{slug}/apply", data=filled(parts, rows=2, message="質問<です>"))
    back = client.post(f"/e/{slug}/apply", data=hidden_of(page) | {"step": "edit"})
    assert back.status_code == 200
    for kept in ("株式会社海辺工業", "太郎1", "質問&lt;です&gt;"):
        assert kept in back.text
    (chosen,) = re.findall(r'<input checked [^>]*name="if_full"[^>]*>', back.text)
    assert 'value="online_and_wait"' in chosen


def test_attendees_are_added_and_removed_without_scripts(app, client):
    slug, parts = arrange(app)
    data = filled(parts, rows=1)
    more = client.post(f"/e/{slug}/apply", data=data | {"add_row": "attendees"})
    assert (more.status_code, more.text.count("data-row-title")) == (200, 2)
    assert "太郎0" in more.text
    data = filled(parts, rows=3)
    fewer = client.post(f"/e/{slug}/apply", data=data | {"remove_row": "attendees-1"})
    assert fewer.text.count("data-row-title") == 2
    assert ("太郎0" in fewer.text, "太郎1" in fewer.text, "太郎2" in fewer.text) == (True, False, True)
    least = client.post(f"/e/{slug}/apply", data=filled(parts) | {"remove_row": "attendees-0"})
    assert least.text.count("data-row-title") == 1
    most = client.post(f"/e/{slug}/apply", data=filled(parts, rows=10) | {"add_row": "attendees"})
    assert most.text.count("data-row-title") == 10


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"organisation_name": " "}, "入力してください。"),
        ({"organisation_kana": "海辺"}, "フリガナはカタカナで入力してください。"),
        ({"attendees-0-family_kana": "山田"}, "フリガナはカタカナで入力してください。"),
        ({"attendees-0-family_name": ""}, "入力してください。"),
        ({"claim": None}, "選んでください。"),
        ({"claim": "king"}, "表示されている中から選んでください。"),
        ({"email": "soumu"}, "メールアドレスの形になっていません。"),
        ({"email_again": "other@umibe.example.jp"}, "上のメールアドレスと一致しません。"),
        ({"phone": "12"}, "電話番号は市外局番から"),
        ({"if_full": None}, "満席だった場合の希望を選んでください。"),
        ({"payment_method": None}, "お支払い方法を選んでください。"),
        ({"privacy": None}, "チェックを入れてください。"),
        ({"applicant_name": "総務 花"}, "入力してください。"),
        ({"reference": "http://spam.example"}, "自動送信と判定されました。"),
        ({"attendees-0-dietary_need": "あ" * 201}, "200文字までにしてください。"),
    ],
)
def test_wrong_input_is_answered_beside_the_field_and_nothing_typed_is_lost(app, client, changes, message):
    slug, parts = arrange(app)
    page = client.post(f"/e/{slug}/apply", data=filled(parts, message="駐車場はありますか", **changes))
    assert page.status_code == 422
    assert message in page.text
    assert re.search("入力内容を[12]か所ご確認ください", page.text)
    assert "駐車場はありますか" in page.text
    assert rows(app, Registration) == []


def test_a_part_left_open_or_nothing_chosen_is_asked_for(app, client):
    slug, parts = arrange(app)
    open_part = client.post(f"/e/{slug}/apply", data=filled(parts[:1]))
    assert (open_part.status_code, "どちらかを選んでください。" in open_part.text) == (422, True)
    nothing = filled(parts) | {f"attendees-0-part_{part}": "none" for part in parts}
    page = client.post(f"/e/{slug}/apply", data=nothing)
    assert (page.status_code, "参加する区分を1つ以上選んでください。" in page.text) == (422, True)
    made_up = client.post(f"/e/{slug}/apply", data=filled(parts) | {f"attendees-0-part_{parts[0]}": "moon"})
    assert (made_up.status_code, "表示されている中から選んでください。" in made_up.text) == (422, True)


def test_others_may_choose_other_parts_than_the_first(app, client):
    slug, parts = arrange(app)
    other = {f"attendees-1-part_{parts[0]}": "online", f"attendees-1-part_{parts[1]}": "none"}
    apply(client, slug, filled(parts, rows=2) | other)
    assert [(place.part_id, place.mode) for place in rows(app, Place)] == [
        (parts[0], "onsite"),
        (parts[1], "onsite"),
        (parts[0], "online"),
    ]


def test_somebody_who_does_not_come_may_apply(app, client):
    slug, parts = arrange(app)
    apply(client, slug, filled(parts, applicant_name="総務 花", applicant_kana="そうむ はな"))
    (made,) = rows(app, Registration)
    assert (made.applicant_name, made.applicant_kana) == ("総務 花", "ソウム ハナ")


def test_a_full_event_is_refused_in_words_where_waiting_was_not_wished(app, client):
    slug, parts = arrange(app, venue=0, online=0, party=0)
    page = client.post(f"/e/{slug}/apply", data=filled(parts, if_full="withdraw"))
    assert page.status_code == 422
    assert "満席のため、お申込みいただけません。" in page.text
    assert "会場(満席)" in page.text
    assert "太郎0" in page.text


def test_the_seat_that_went_between_confirmation_and_sending_is_told(app, client):
    slug, parts = arrange(app, venue=1, online=0)
    page = client.post(f"/e/{slug}/apply", data=filled(parts, if_full="withdraw"))
    apply(client, slug, filled(parts, if_full="wait", email="a@example.jp", email_again="a@example.jp"))
    late = client.post(f"/e/{slug}/apply", data=hidden_of(page) | {"step": "send"})
    assert (late.status_code, "満席のため" in late.text, "太郎0" in late.text) == (422, True, True)


def test_a_probable_duplicate_is_warned_of_and_let_through(app, client):
    slug, parts = arrange(app)
    apply(client, slug, filled(parts))
    same_person = filled(parts, email="b@example.jp", email_again="b@example.jp")
    same_address = filled(parts, organisation_kana="ベツ") | {"attendees-0-family_kana": "ベツ"}
    different = filled(parts, organisation_kana="ベツ", email="c@example.jp", email_again="c@example.jp")
    warned = [client.post(f"/e/{slug}/apply", data=data).text for data in (same_person, same_address, different)]
    assert ["重複の可能性があります" in text for text in warned] == [True, True, False]
    assert apply(client, slug, same_person).status_code == 302


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"state": EventState.CLOSED}, "申込の受付は終了しました。"),
        ({"state": EventState.CANCELLED}, "この行事は中止になりました。"),
        ({"applications_open_at": dt.datetime(2035, 1, 1, tzinfo=dt.UTC)}, "申込の受付はまだ始まっていません。"),
    ],
)
def test_an_event_that_takes_no_applications_says_so(app, client, values, message):
    slug, parts = arrange(app, published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), **values)
    shown = client.get(f"/e/{slug}/apply")
    assert (shown.status_code, message in shown.text, "確認画面へ進む" in shown.text) == (200, True, False)
    sent = client.post(f"/e/{slug}/apply", data=filled(parts))
    assert (sent.status_code, message in sent.text, "太郎0" in sent.text) == (422, True, True)


def test_a_draft_does_not_exist(app, client):
    slug, _parts = arrange(app, state=EventState.DRAFT)
    assert client.get(f"/e/{slug}/apply").status_code == 404
    assert client.get("/e/nothing/apply").status_code == 404


def test_parts_for_members_are_refused_to_others_beside_the_part(app, client):
    slug, parts = arrange(app)
    with app.app_context(), transaction() as session:
        session.get(Event, 1).parts[1].eligibility = Eligibility.MEMBERS_ONLY
    page = client.post(f"/e/{slug}/apply", data=filled(parts))
    assert page.status_code == 422
    field = page.text[page.text.index(f'name="attendees-0-part_{parts[1]}"') :]
    assert "この参加区分は、お選びの会員区分では" in field[: field.index("</fieldset>")]
    assert apply(client, slug, filled(parts, claim="member")).status_code == 302


def test_parts_by_invitation_are_not_offered(app, client):
    slug, parts = arrange(app)
    with app.app_context(), transaction() as session:
        session.get(Event, 1).parts[0].eligibility = Eligibility.INVITED
    page = client.get(f"/e/{slug}/apply")
    assert (f"part_{parts[0]}" in page.text, f"part_{parts[1]}" in page.text) == (False, True)
    sent = client.post(f"/e/{slug}/apply", data=filled(parts))
    assert "新春講演会 <" not in sent.text


def test_an_event_without_fees_and_limits_asks_neither_for_payment_nor_for_overflow(app, client):
    def make(session, **values):
        event = make_event(session, slug="free", **values)
        make_part(session, event, title="講演", onsite=None)
        return event

    slug, parts = arrange(app, make)
    page = client.get(f"/e/{slug}/apply")
    assert "お支払い方法" not in page.text
    assert "満席の場合" not in page.text
    assert apply(client, slug, filled(parts, if_full=None, payment_method=None)).status_code == 302


def test_the_price_of_a_member_is_shown_before_sending(app, client):
    slug, parts = arrange(app)
    with app.app_context(), transaction() as session:
        make_organisation(session, "株式会社海辺工業")
    page = client.post(f"/e/{slug}/apply", data=filled(parts))
    assert ("3,000円" in page.text, "事務局で確認します" in page.text) == (True, False)


def test_a_claim_that_the_roll_does_not_know_is_said_to_be_checked(app, client):
    slug, parts = arrange(app)
    page = client.post(f"/e/{slug}/apply", data=filled(parts, claim="unknown"))
    assert ("5,000円" in page.text, "事務局で確認します" in page.text) == (True, True)


def test_the_form_answers_with_429_when_one_address_knocks_too_often(make_app):
    app = make_app(RATELIMIT_ENABLED=True)
    slug, _parts = arrange(app)
    client = app.test_client()
    codes = [client.post(f"/e/{slug}/apply", data={}).status_code for _time in range(31)]
    assert (set(codes[:30]), codes[30]) == ({422}, 429)
