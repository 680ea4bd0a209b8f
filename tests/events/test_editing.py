"""The editing page: every refusal beside its field, rows without scripts, two people at once, taking back."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from eventops.database import transaction
from eventops.events import notices, providers, queries
from eventops.events.english import said
from eventops.events.models import EventState, Mode
from eventops.events.rules import PlaceCount
from tests.events import arrange
from tests.events.arrange import edit, errors_of, warnings_in
from tests.events.plans import FRIDAY, NEW_YEAR, NOW


def test_saving_goes_through_unchanged(app, manager):
    event_id = arrange.add(app)
    plan = arrange.plan(app, event_id)
    response = manager.post(
        f"/staff/events/{event_id}/edit", data=arrange.typed(plan, seen_at=arrange.seen_at(app, event_id))
    )
    assert response.headers["Location"] == f"/staff/events/{event_id}/"
    assert arrange.plan(app, event_id) == plan


REFUSED = [
    ({"title": ""}, "title", "入力してください。"),
    ({"title": "長" * 161}, "title", "160文字までにしてください。"),
    ({"held_on": ""}, "held_on", "入力してください。"),
    ({"held_on": "1027-01-22"}, "held_on", "2000年から2100年までの日付にしてください。"),
    ({"edition": "0"}, "edition", "1から999までの数字にしてください。"),
    ({"edition": "八"}, "edition", "数字で入力してください。"),
    ({"slug": "New Year"}, "slug", "半角の英小文字・数字・ハイフンだけで入力してください。"),
    ({"code": "ｎ09"}, "code", "半角の英大文字・数字・ハイフンだけで入力してください。"),
    ({"slug": "taken"}, "slug", "公開URLの名前「taken」は別の行事が使っています。"),
    ({"code": "TAKEN"}, "code", "行事コード「TAKEN」は別の行事が使っています。"),
    ({"online_url": "zoom"}, "online_url", "https:// で始まるURLを入力してください。"),
    ({"online_url": "javascript:alert(1)"}, "online_url", "https:// で始まるURLを入力してください。"),
    ({"applications_close_at": ""}, "applications_close_at", "入力してください。"),
    (
        {"applications_close_at": "明日"},
        "applications_close_at",
        "日時を読み取れません。2027-01-15 17:00 の形で入力してください。",
    ),
    (
        {"applications_open_at": "2027-01-15T17:00"},
        "applications_open_at",
        "申込開始は申込締切より前にしてください。",
    ),
    ({"group_size_max": "11"}, "group_size_max", "1から10までの数字にしてください。"),
    ({"onsite_member_yen": ""}, "onsite_member_yen", "会員の金額も入力してください(無料は0)。"),
    ({"online_member_yen": "0"}, "online_general_yen", "一般の金額も入力してください(無料は0)。"),
    ({"onsite_general_yen": "-1"}, "onsite_general_yen", "0円から10,000,000円までにしてください。"),
    ({"parts__0__title": ""}, "parts-0-title", "入力してください。"),
    ({"parts__1__starts": ""}, "parts-1-starts", "入力してください。"),
    ({"parts__1__starts": "25:00"}, "parts-1-starts", "時刻を読み取れません。17:00 の形で入力してください。"),
    ({"parts__1__ends": "19:00"}, "parts-1-ends", "終了は開始より後にしてください。"),
    ({"parts__1__onsite": None}, "parts-1-onsite", "会場かオンラインの少なくとも一方を選んでください。"),
    ({"parts__0__onsite_reserved": "101"}, "parts-0-onsite_reserved", "取置は定員以下にしてください。"),
    ({"parts__0__onsite_capacity": "-1"}, "parts-0-onsite_capacity", "0から100,000までの数字にしてください。"),
]


@pytest.mark.parametrize(("changed", "field", "sentence"), REFUSED)
def test_every_refusal_stands_beside_its_field_and_nothing_is_saved_or_lost(app, manager, changed, field, sentence):
    arrange.add(app, slug="taken", code="TAKEN")
    event_id = arrange.add(app)
    before = arrange.plan(app, event_id)
    response = edit(app, manager, event_id, summary="書きかけの文", **changed)
    assert response.status_code == 422
    assert errors_of(response)[field] == sentence
    assert "か所ご確認ください" in response.text
    assert "書きかけの文" in response.text
    assert arrange.plan(app, event_id) == before


def test_what_people_type_is_read_generously(app, manager):
    event_id = arrange.add(app)
    response = edit(
        app,
        manager,
        event_id,
        edition="９",
        held_on="2027/01/29",
        onsite_member_yen="３,０００円",
        parts__0__starts="1630",
        parts__0__onsite_capacity=" １２０名",
        title=" 令和9年新春講演会 ",
    )
    assert response.status_code == 302
    plan = arrange.plan(app, event_id)
    assert (plan.edition, plan.held_on, plan.title) == (9, dt.date(2027, 1, 29), "令和9年新春講演会")
    assert plan.fees == NEW_YEAR.fees
    assert (plan.parts[0].starts, plan.parts[0].pools[0].capacity) == (dt.time(16, 30), 120)


def test_rows_are_added_and_removed_without_scripts(app, manager):
    event_id = arrange.add(app)
    added = edit(app, manager, event_id, add_row="parts", title="書きかけ")
    assert (added.status_code, added.text.count("data-row-title>部 ")) == (200, 3)
    assert 'value="書きかけ"' in added.text
    assert errors_of(added) == {}
    removed = edit(app, manager, event_id, remove_row="parts-0")
    assert 'value="第1部 新春講演会"' not in removed.text
    assert 'name="parts-0-title" required type="text" value="第2部 賀詞交歓会"' in removed.text
    hosts = edit(app, manager, event_id, add_row="hosts")
    assert hosts.text.count("data-row-title>団体 ") == 2
    assert arrange.plan(app, event_id).parts[0].title == "第1部 新春講演会"


@pytest.mark.parametrize("row", ["parts-9", "title-0", "parts-", "x"])
def test_a_made_up_row_changes_nothing(app, manager, row):
    event_id = arrange.add(app)
    assert edit(app, manager, event_id, remove_row=row).text.count("data-row-title>部 ") == 2


def test_hosts_without_a_name_fall_out(app, manager):
    event_id = arrange.add(app)
    fields = {"hosts-1-role": "co_host", "hosts-1-name": "KISTEC", "hosts-2-role": "patron", "hosts-2-name": " "}
    assert edit(app, manager, event_id, **fields).status_code == 302
    assert [host.name for host in arrange.plan(app, event_id).hosts] == ["首都圏産業活性化協会", "KISTEC"]


def test_a_part_in_use_is_named_and_everything_typed_stays(app, manager, monkeypatch):
    event_id = arrange.add(app)
    party = arrange.plan(app, event_id).parts[1].id
    counts = {(party, Mode.ONSITE): PlaceCount(confirmed=1, ever=1)}
    monkeypatch.setitem(providers.registry.places, "registration", lambda _session, _ids: counts)
    data = arrange.typed(arrange.plan(app, event_id), seen_at=arrange.seen_at(app, event_id), summary="書きかけ")
    without = {name: value for name, value in data.items() if not name.startswith("parts-1")}
    response = manager.post(f"/staff/events/{event_id}/edit", data=without)
    assert response.status_code == 422
    assert "「第2部 賀詞交歓会」には申込か面談の準備があるため、削除できません。" in response.text
    assert "書きかけ" in response.text
    online = edit(app, manager, event_id, parts__1__onsite=None, parts__1__online="y")
    assert errors_of(online) == {"parts-1-onsite": "「第2部 賀詞交歓会」のこの参加方法には申込があるため、外せません。"}
    assert len(arrange.plan(app, event_id).parts) == 2


def test_somebody_else_saved_first(app, manager, monkeypatch):
    event_id = arrange.add(app)
    seen = arrange.seen_at(app, event_id)
    monkeypatch.setattr("eventops.clock.now", lambda: NOW + dt.timedelta(minutes=5))
    assert edit(app, manager, event_id, summary="ほかの人の文").status_code == 302
    mine = edit(app, manager, event_id, summary="わたしの文", seen_at=seen)
    assert mine.status_code == 422
    assert "ほかの人が10:05に保存しました。もう一度「保存」を押すと、この画面の内容に置き換わります。" in mine.text
    assert "わたしの文" in mine.text
    assert arrange.plan(app, event_id).summary == "ほかの人の文"
    token = re.search(r'name="seen_at" type="hidden" value="([^"]+)"', mine.text)[1]
    assert edit(app, manager, event_id, summary="わたしの文", seen_at=token.replace("&#43;", "+")).status_code == 302
    assert arrange.plan(app, event_id).summary == "わたしの文"


def test_names_are_fixed_after_publishing(app, manager):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    assert 'name="slug"' not in manager.get(f"/staff/events/{event_id}/edit").text
    assert edit(app, manager, event_id, slug="elsewhere", code="ELSE", summary="新しい文").status_code == 302
    plan = arrange.plan(app, event_id)
    assert (plan.slug, plan.code, plan.summary) == ("newyear-2027", "N09", "新しい文")


def test_the_mistaken_saturday_is_warned_of_and_taken_back(app, manager):
    event_id = arrange.add(app)
    assert edit(app, manager, event_id, held_on="2027-01-23").status_code == 302
    page = manager.get(f"/staff/events/{event_id}/")
    assert warnings_in(page)[0] == "開催日 2027年1月23日(土) は休日です(土曜日)。日付をご確認ください。"
    entry = re.search(r'name="entry" value="(\d+)"', page.text)[1]
    manager.post(f"/staff/events/{event_id}/restore", data={"entry": entry})
    assert arrange.plan(app, event_id).held_on == FRIDAY
    assert "休日です" not in manager.get(f"/staff/events/{event_id}/").text
    assert manager.post(f"/staff/events/{event_id}/restore", data={"entry": "x"}).status_code == 404


def test_guests_read_that_the_day_has_moved(app, manager, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    monkeypatch.setattr("eventops.clock.now", lambda: NOW + dt.timedelta(minutes=5))
    assert edit(app, manager, event_id, held_on="2027-01-29").status_code == 302
    with app.app_context(), transaction() as session:
        event = queries.event(session, event_id)
        told = [notice.changes for notice in notices.since(session, event, NOW)]
        assert (len(told), event.sequence) == (1, 1)
        assert any("1月29日" in str(change) for change in told[0])


def test_dates_of_a_draft_follow_its_day_unless_they_were_typed_in_the_same_form(app, manager):
    event_id = arrange.add(app, slug="newyear-20270122")
    response = edit(app, manager, event_id, held_on="2028-01-22", free_cancellation_until="2028-01-10T12:00")
    saved, page = arrange.plan(app, event_id), manager.get(response.headers["Location"]).text
    assert (saved.applications_close_at.date().isoformat(), saved.slug) == ("2028-01-15", "newyear-20280122")
    assert saved.free_cancellation_until.date().isoformat() == "2028-01-10"
    assert "開催日に合わせて、申込締切を+365日動かしました。 公開URLの名前を「newyear-20280122」に変えました。" in page
    assert "2028年1月15日" in page


def test_dates_that_guests_have_read_stay_when_the_day_moves(app, manager):
    event_id = arrange.add(app, state=EventState.PUBLISHED, slug="newyear-20270122")
    edit(app, manager, event_id, held_on="2027-01-29")
    saved = arrange.plan(app, event_id)
    assert (saved.applications_close_at, saved.slug) == (NEW_YEAR.applications_close_at, "newyear-20270122")


def test_english_that_stays_behind_its_japanese_is_named(app, manager):
    spoken = {"english-venue_name": "North Hall", "english-access": "Walk.", "parts-0-english-place": "Room 1"}
    event_id = arrange.add(app)
    arrange.edit(app, manager, event_id, **spoken)
    changed = {"venue_name": "南館", "access": "バス", "english-access": "By bus.", "parts-0-place": "2号室"}
    arrange.edit(app, manager, event_id, **spoken | changed)
    page = manager.get(f"/staff/events/{event_id}/").text
    assert re.findall("英語の文は前のままです: (.*?)。", page) == ["会場名、第1部 新春講演会 場所"]


def test_what_is_said_no_more_in_japanese_is_said_no_more_in_english():
    plan = replace(NEW_YEAR, access="", venue_name="南館", english={"access": "Walk.", "venue_name": "South Hall"})
    assert [said(plan, name, "en") for name in ("access", "venue_name")] == ["", "South Hall"]
