"""The calendar of all events, its feeds, texts for the newsletter, changes that guests are told, types of staff."""

import datetime as dt
import re
from dataclasses import replace

import icalendar
import pytest

from eventops.accounts.models import Role
from eventops.clock import tokyo
from eventops.events.models import EventState
from tests.events import arrange
from tests.events.plans import LECTURE, NOW, PARTY

TWO_DAYS = (LECTURE, replace(PARTY, day=dt.date(2027, 1, 29), title="第2回 実習"))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("eventops.clock.now", lambda: NOW)


def entries(response):
    assert response.status_code == 200
    calendar = icalendar.Calendar.from_ical(response.data)
    return [(str(one["uid"]), str(one["summary"]), one.decoded("dtstart")) for one in calendar.walk("VEVENT")]


def test_guests_see_announced_events_on_every_day_and_follow_them(app, client):
    shown = arrange.add(app, state=EventState.PUBLISHED, slug="course", code="C1", title="二日の講座", parts=TWO_DAYS)
    arrange.add(app, slug="draft", code="D1", title="まだ秘密の行事")

    page = client.get("/calendar?month=2027-01").text
    feed = entries(client.get("/calendar.ics"))

    assert len(re.findall(r'<li><a href="/e/course/"', page)) == 2
    assert "成人の日" in page
    assert "まだ秘密" not in page
    assert "この月に行事はありません" in client.get("/calendar?month=2027-03").text
    assert feed == [
        (f"event-{shown}@localhost", "二日の講座", tokyo(dt.date(2027, 1, 22), dt.time(17))),
        (f"event-{shown}-20270129@localhost", "二日の講座", tokyo(dt.date(2027, 1, 29), dt.time(19))),
    ]


def test_the_feed_of_staff_has_drafts_and_opens_by_its_secret_alone(app, client, sign_in):
    arrange.add(app, title="準備中の行事")
    onlooker = sign_in(Role.READ_ONLY)
    address = re.search(r'value="http://localhost(/calendar/[^"]+\.ics)"', onlooker.get("/staff/calendar").text)[1]

    assert [title for _uid, title, _at in entries(client.get(address))] == ["【下書き】準備中の行事"]
    assert client.get(address.replace(".ics", "x.ics")).status_code == 404
    assert onlooker.post("/staff/calendar/renew").status_code == 302
    assert client.get(address).status_code == 404


def test_text_for_the_newsletter_says_all_that_a_reader_needs(app, sign_in):
    lecture = replace(LECTURE, programme="17:10 基調講演 / 山田太郎", place="2Fホール")
    event_id = arrange.add(app, state=EventState.PUBLISHED, parts=(lecture, PARTY))
    manager = sign_in(Role.EVENT_MANAGER)

    text = manager.get(f"/staff/events/{event_id}/announcement").text.partition('id="announcement"')[2]
    block = text.partition(">")[2].partition("</textarea>")[0]

    assert block.splitlines() == [
        "■ 令和9年新春講演会・賀詞交歓会",
        "日時    : 令和9年1月22日(金) 17:00〜20:30(予定)",
        "会場    : オープンイノベーションフィールド多摩 八王子館 八王子市明神町3-5-1",
        "　第1部 新春講演会　17:00〜18:50(予定)　2Fホール",
        "　　17:10 基調講演(山田太郎)",
        "　第2部 賀詞交歓会　19:00〜20:30",
        "主催    : 首都圏産業活性化協会",
        "対象    : どなたでも",
        "参加費  : 会場 会員 3,000円 / 一般 5,000円(税込)、オンライン 会員 無料 / 一般 無料(税込)",
        "申込締切: 令和9年1月15日(金) 17:00",
        "お申込み: http://localhost/e/newyear-2027/",
        "",
        "※予定は変更になる可能性があります。",
    ]
    assert block.splitlines()[0] in manager.get("/staff/announcements").text


def notices(page):
    found = re.findall(r"<li>([^<]*): <del>(.*?)</del> → <strong>(.*?)</strong></li>", page.text)
    return [(name, before, after) for name, before, after in found]


def test_guests_are_told_what_changed_since_the_announcement(app, client, sign_in):
    event_id = arrange.add(app)
    manager = sign_in(Role.EVENT_MANAGER)
    arrange.edit(app, manager, event_id, venue_name="前の会場")
    manager.post(f"/staff/events/{event_id}/to/published")
    assert notices(client.get("/e/newyear-2027/")) == []

    later = NOW + dt.timedelta(1)
    app.extensions.setdefault("nothing", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eventops.clock.now", lambda: later)
        saved = arrange.edit(
            app, manager, event_id, venue_name="新しい会場", summary="文だけの変更", parts__0__starts="17:30"
        )
    assert saved.status_code == 302, arrange.errors_of(saved)

    assert notices(client.get("/e/newyear-2027/")) == [
        ("会場名", "前の会場", "新しい会場"),
        ("第1部 新春講演会 開始", "17:00", "17:30"),
    ]


def test_staff_add_types_and_use_them(app, client, sign_in):
    manager = sign_in(Role.EVENT_MANAGER)

    added = manager.post("/staff/event-types", data={"name": "若手の会", "name_en": "Young", "kind": "social"})
    again = manager.post("/staff/event-types", data={"name": "若手の会", "kind": "social"})
    taken = manager.post("/staff/event-types", data={"name": "ゴルフコンペ", "kind": "golf"})
    made = manager.post(
        "/staff/events/new", data={"title": "若手の会 春", "kind": "social#若手の会", "held_on": "2027-04-09"}
    )

    assert (added.status_code, again.status_code, taken.status_code) == (302, 422, 422)
    assert "種類「若手の会」はもうあります" in again.text
    event_id = int(made.headers["Location"].split("/")[3])
    assert (arrange.plan(app, event_id).type_name, arrange.plan(app, event_id).code) == ("若手の会", "B2704")
    assert "若手の会" in manager.get("/staff/calendar?month=2027-04").text
    manager.post("/staff/event-types/1", data={"name": "若手交流会", "retired": "y"})
    assert "social#若手交流会" not in manager.get("/staff/events/new").text
    assert "social#若手交流会" in manager.get(f"/staff/events/{event_id}/edit").text
