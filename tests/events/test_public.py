"""What guests see of events, and what they do not."""

import datetime as dt
import re
from dataclasses import replace

import icalendar
import pytest

from eventops.accounts.models import Role
from eventops.clock import tokyo
from eventops.database import transaction
from eventops.events import providers, queries, service
from eventops.events.models import Eligibility, EventState, HostRole, Mode, PriceCategory
from eventops.events.plan import FeePlan, HostPlan
from eventops.events.providers import PublicLink
from eventops.events.rules import PlaceCount
from tests.events import arrange
from tests.events.plans import LECTURE, NEW_YEAR, NOW, PARTY

PAGE = "/e/newyear-2027/"


def text_of(response):
    """The words of the page's main part, one space between them."""
    main = response.text[response.text.index("<main") : response.text.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture(autouse=True)
def administrator(sign_in):
    """Without anybody on the staff, the first page is the one that makes an administrator."""
    sign_in(Role.ADMINISTRATOR)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}calendar.ics", "/e/nobody/"])
def test_a_draft_does_not_exist_for_guests(app, client, path):
    arrange.add(app)
    assert client.get(path).status_code == 404
    assert "新春講演会" not in client.get("/").text


def test_an_event_cancelled_as_a_draft_never_existed(app, client):
    arrange.add(app, state=EventState.CANCELLED)
    assert client.get(PAGE).status_code == 404
    assert "新春講演会" not in client.get("/").text


def test_the_page_says_when_where_for_whom_and_how_much(app, client):
    hosts = (HostPlan(HostRole.CO_HOST, "架空連携機構"), HostPlan(HostRole.HOST, "架空協会"))
    party = replace(PARTY, eligibility=Eligibility.MEMBERS_ONLY, planned_by="営業分科会", place="2Fホール")
    arrange.add(
        app,
        state=EventState.PUBLISHED,
        is_provisional=True,
        summary="年の初めの集まりです。",
        things_to_bring="名刺2枚",
        contact="042-000-0000",
        hosts=hosts,
        parts=(LECTURE, party),
    )
    page = text_of(client.get(PAGE))
    for words in (
        "令和9年新春講演会・賀詞交歓会(仮)",
        "日時 令和9年1月22日(金) 17:00〜20:30(予定)",
        "オープンイノベーションフィールド多摩 八王子館 八王子市明神町3-5-1",
        "申込締切 令和9年1月15日(金) 17:00 申込受付中",
        "主催 架空協会 共催 架空連携機構",
        "第1部 新春講演会 17:00〜18:50(予定) 「ものづくりの次の10年」(仮)",
        "会場 定員100名 空きあり オンライン 定員100名 空きあり",
        "第2部 賀詞交歓会 19:00〜20:30 2Fホール 対象: 会員のみ 企画: 営業分科会",
        "会場が定員になり次第、オンラインでのご参加をお願いする場合がございます。",
        "1人あたり(税込) 会員 一般 会場 3,000円 5,000円 オンライン 無料 無料",
        "令和9年1月19日(火) 17:00まで無料でキャンセルできます。",
        "JR八王子駅 徒歩10分",
        "名刺2枚",
        "042-000-0000",
        "申し込む",
    ):
        assert words in page


def test_typed_markup_stays_text(app, client):
    arrange.add(app, state=EventState.PUBLISHED, title="<script>alert(1)</script>", access="<b>太字</b>\n2行目")
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;太字&lt;/b&gt;<br>2行目" in page


def test_the_page_in_english(app, client):
    arrange.add(app, state=EventState.PUBLISHED)
    japanese = client.get(PAGE).text
    assert ("JR八王子駅 徒歩10分" in japanese, "Hachioji" in japanese) == (True, False)
    page = client.get(f"{PAGE}?lang=en").text
    assert "New Year Lecture and Reception 2027" in page
    assert "Fri 22 January 2027, 17:00–20:30" in page
    assert "¥3,000" in page
    for english in ("TAMA Association", "The next ten years of manufacturing", "Ten minutes on foot from JR Hachioji"):
        assert english in page
    assert "期限後は参加費を頂戴します。" in page
    assert "Used for the event alone." in client.get(f"{PAGE}apply").text


def test_a_free_event_says_so(app, client):
    arrange.add(app, state=EventState.PUBLISHED, fees=())
    page = text_of(client.get(PAGE))
    assert "参加費 無料" in page
    assert "税込" not in page


def test_prices_of_one_part_stand_beside_its_name(app, client):
    prices = (FeePlan(PriceCategory.MEMBER, Mode.ONSITE, 0), FeePlan(PriceCategory.GENERAL, Mode.ONSITE, 2000))
    arrange.add(app, state=EventState.PUBLISHED, fees=(), parts=(LECTURE, replace(PARTY, fees=prices)))
    assert "会員 一般 第2部 賀詞交歓会 会場 無料 2,000円" in text_of(client.get(PAGE))


def test_room_in_words(app, client, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    lecture, party = (part.id for part in arrange.plan(app, event_id).parts)
    counts = {
        (lecture, Mode.ONSITE): PlaceCount(confirmed=85, waiting=2),
        (lecture, Mode.ONLINE): PlaceCount(confirmed=40),
        (party, Mode.ONSITE): PlaceCount(confirmed=92),
    }
    monkeypatch.setitem(providers.registry.places, "registration", lambda _session, _ids: counts)
    page = text_of(client.get(PAGE))
    assert "会場 定員100名 満席(キャンセル待ち可) オンライン 定員100名 空きあり" in page
    assert "会場 定員100名 残りわずか あと8名" in page
    full = {key: PlaceCount(confirmed=100) for key in counts}
    monkeypatch.setitem(providers.registry.places, "registration", lambda _session, _ids: full)
    assert "キャンセル待ちを申し込む" in text_of(client.get(PAGE))


@pytest.mark.parametrize(
    ("values", "state", "words"),
    [
        ({}, EventState.CLOSED, "申込の受付は終了しました。"),
        ({"applications_close_at": NOW}, EventState.PUBLISHED, "申込の受付は終了しました。"),
        (
            {"applications_open_at": tokyo(dt.date(2026, 12, 1), dt.time(9))},
            EventState.PUBLISHED,
            "申込開始 令和8年12月1日(火) 9:00",
        ),
    ],
)
def test_no_button_while_nothing_can_be_applied_for(app, client, values, state, words):
    arrange.add(app, state=state, **values)
    page = client.get(PAGE)
    assert words in text_of(page)
    assert "/e/newyear-2027/apply" not in page.text


def test_the_button_leads_to_the_form(app, client):
    arrange.add(app, state=EventState.PUBLISHED)
    assert 'href="/e/newyear-2027/apply"' in client.get(PAGE).text


def test_a_cancelled_event_says_so_at_its_address(app, client):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    with app.app_context(), transaction() as session:
        service.move(session, event_id=event_id, target=EventState.CANCELLED, actor_id=None, now=NOW)
    page = client.get(PAGE)
    assert "この行事は中止になりました。" in page.text
    assert "/apply" not in page.text
    assert "中止" in client.get("/").text


def test_pages_of_other_features_are_linked(app, client, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    links = {event_id: PublicLink("ニーズ一覧", "/e/newyear-2027/needs", "12件")}
    monkeypatch.setitem(providers.registry.public_links, "test", lambda _session, given: links.get(given))
    page = client.get(PAGE)
    assert 'href="/e/newyear-2027/needs"' in page.text
    assert "ニーズ一覧 12件" in text_of(page)


def test_the_list_has_the_nearest_first_and_the_past_apart(app, client):
    days = {"later": dt.date(2027, 2, 5), "sooner": dt.date(2026, 12, 4), "today": dt.date(2026, 11, 21)}
    for name, day in days.items():
        arrange.add(app, state=EventState.PUBLISHED, slug=name, code=name.upper(), title=f"行事 {name}", held_on=day)
    past = arrange.add(app, state=EventState.PUBLISHED, slug="past", code="PAST", title="行事 past")
    with app.app_context(), transaction() as session:
        queries.event(session, past).held_on = dt.date(2026, 11, 20)
    page = client.get("/").text
    order = [page.index(f"行事 {name}") for name in ("today", "sooner", "later", "past")]
    assert order == sorted(order)
    assert page.index("終了した行事") < page.index("行事 past")


def test_an_empty_list_says_what_comes(client):
    assert "募集中の行事はありません" in client.get("/").text


def test_the_calendar_entry(app, client):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    response = client.get(f"{PAGE}calendar.ics")
    assert response.mimetype == "text/calendar"
    entry = icalendar.Calendar.from_ical(response.data).walk("VEVENT")[0]
    assert entry["UID"] == f"event-{event_id}@localhost"
    assert entry["SUMMARY"] == NEW_YEAR.title
    assert entry["DTSTART"].dt == dt.datetime(2027, 1, 22, 8, 0, tzinfo=dt.UTC)
    assert entry["DTEND"].dt == dt.datetime(2027, 1, 22, 11, 30, tzinfo=dt.UTC)
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "TENTATIVE")
    assert entry["URL"] == "http://localhost/e/newyear-2027/"
