"""Staff's pages: home, a new event, a copy, editing with every refusal, publishing, taking back, who may."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event

from eventops.accounts.models import Role
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.events import providers, service
from eventops.events.checklist import StepCode, StepReport
from eventops.events.models import EventState, Mode
from eventops.events.providers import Figure
from eventops.events.rules import PlaceCount
from tests.events import arrange
from tests.events.plans import FRIDAY, LECTURE, NEW_YEAR, NOW, PARTY


def errors_of(response):
    """The sentences beside the fields: id of the field and what is wrong with it."""
    found = re.findall(r'id="([\w-]+)-error">.*?<span>(.*?)</span>', response.text)
    return {name: sentence.strip() for name, sentence in found}


def warnings_in(response):
    return re.findall(r"<li>([^<]+?)(?: <a href=[^>]+>直す</a>)?</li>", response.text)


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.EVENT_MANAGER)


def test_home_of_an_empty_installation_offers_the_first_acts(sign_in):
    admin, manager, reader = (
        sign_in(role).get("/staff/").text for role in (Role.ADMINISTRATOR, Role.EVENT_MANAGER, Role.READ_ONLY)
    )
    assert "/staff/demonstration" in admin
    assert "/staff/demonstration" not in manager
    assert "最初の行事を作る" in manager
    assert "最初の行事を作る" not in reader
    assert "行事はまだありません" in reader


def test_the_demonstration_only_goes_into_an_empty_installation(app, sign_in):
    admin = sign_in(Role.ADMINISTRATOR)
    loaded = []
    app.extensions["demonstration"] = lambda session, *, now: loaded.append(now)
    assert admin.post("/staff/demonstration").status_code == 302
    arrange.add(app)
    assert admin.post("/staff/demonstration").status_code == 404
    assert loaded == [NOW]


def test_home_shows_the_next_step_and_the_seats(app, manager, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    lecture = arrange.plan(app, event_id).parts[0].id
    counts = {(lecture, Mode.ONSITE): PlaceCount(confirmed=92, waiting=3)}
    monkeypatch.setitem(providers.registry.places, "registration", lambda _session, _ids: counts)
    monkeypatch.setitem(
        providers.registry.figures, "test", lambda _session, ids: {ids[0]: [Figure("面談", 150, "件")]} if ids else {}
    )
    page = " ".join(re.sub(r"<[^>]+>", " ", manager.get("/staff/").text).split())
    assert "2027年1月22日(金) あと62日 公開中 令和9年新春講演会・賀詞交歓会" in page
    assert "会場 92 /100 (取置 15, 待ち 3)" in page
    assert "面談 150 件" in page
    assert "次の作業 申込締切 1月15日(金)" in page


def test_home_orders_by_day_and_folds_the_past(app, manager):
    arrange.add(app, title="行事 later", held_on=dt.date(2027, 2, 5))
    arrange.add(app, slug="sooner", code="S", title="行事 sooner", held_on=dt.date(2026, 12, 4))
    arrange.add(app, slug="past", code="P", title="行事 past", held_on=dt.date(2026, 3, 13))
    page = manager.get("/staff/").text
    assert page.index("行事 sooner") < page.index("行事 later") < page.index("過去の行事") < page.index("行事 past")


def test_thanks_of_a_past_event_stay_on_the_home_page_until_ticked(app, manager):
    event_id = arrange.add(app, held_on=dt.date(2026, 11, 19))
    with app.app_context(), transaction() as session:
        session.get_one(service.Event, event_id).state = EventState.CLOSED
    assert "終わった行事の残り作業" in manager.get("/staff/").text
    for step in ("badges", "thanks"):
        manager.post(f"/staff/events/{event_id}/steps/{step}", data={"done": "yes"})
    assert "終わった行事の残り作業" not in manager.get("/staff/").text


def test_a_new_event_from_nothing(app, manager):
    response = manager.post(
        "/staff/events/new", data={"title": "AI・DX分科会", "kind": "working_group", "held_on": "2027-02-10"}
    )
    assert response.headers["Location"] == "/staff/events/1/edit"
    plan = arrange.plan(app, 1)
    assert (plan.slug, plan.code, plan.applications_close_at) == (
        "group-20270210",
        "W2702",
        tokyo(dt.date(2027, 2, 3), dt.time(17)),
    )
    assert [part.title for part in plan.parts] == ["第1部"]
    assert arrange.state(app, 1) == EventState.DRAFT


def test_a_new_event_without_name_and_day_keeps_what_was_typed(manager):
    response = manager.post("/staff/events/new", data={"title": " ", "kind": "golf", "held_on": "2027-02-30"})
    assert response.status_code == 422
    assert errors_of(response) == {
        "title": "入力してください。",
        "held_on": "日付を読み取れません。2027-01-22 の形で入力してください。",
    }
    assert 'value="2027-02-30"' in response.text
    assert '<option selected value="golf">' in response.text


def test_last_times_event_is_copied_to_the_new_day(app, manager):
    last = arrange.add(
        app,
        slug="newyear-2026",
        code="N08",
        title="令和8年新春講演会・賀詞交歓会",
        edition=8,
        held_on=dt.date(2026, 1, 23),
        applications_close_at=tokyo(dt.date(2026, 1, 16), dt.time(17)),
        free_cancellation_until=tokyo(dt.date(2026, 1, 20), dt.time(17)),
    )
    response = manager.post("/staff/events/copy", data={"source": last, "held_on": "2027-01-22"})
    assert response.headers["Location"] == f"/staff/events/{last + 1}/edit"
    plan = arrange.plan(app, last + 1)
    assert replace(plan, title_en=NEW_YEAR.title_en, parts=()) == replace(NEW_YEAR, parts=())
    assert [replace(part, id=None) for part in plan.parts] == [LECTURE, PARTY]
    assert arrange.state(app, last + 1) == EventState.DRAFT
    assert "開催日" not in str(warnings_in(manager.get(f"/staff/events/{last + 1}/")))


def test_a_copy_needs_a_day_and_an_event(app, manager):
    arrange.add(app)
    response = manager.post("/staff/events/copy", data={"source": "99", "held_on": ""})
    assert response.status_code == 422
    assert set(errors_of(response)) == {"source", "held_on"}


def test_saving_goes_through_unchanged(app, manager):
    event_id = arrange.add(app)
    plan = arrange.plan(app, event_id)
    response = manager.post(
        f"/staff/events/{event_id}/edit", data=arrange.typed(plan, seen_at=arrange.seen_at(app, event_id))
    )
    assert response.headers["Location"] == f"/staff/events/{event_id}/"
    assert arrange.plan(app, event_id) == plan


def edit(app, client, event_id, **changed):
    fields = {"seen_at": arrange.seen_at(app, event_id)} | changed
    data = arrange.typed(arrange.plan(app, event_id), **fields)
    return client.post(f"/staff/events/{event_id}/edit", data=data)


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


def test_every_warning_has_words(app, manager):
    event_id = arrange.add(
        app,
        held_on=dt.date(2026, 11, 20),
        hosts=(),
        access="",
        venue_name="",
        cancellation_rule="",
        privacy_notice="",
        overflow_notice="",
        applications_close_at=NOW,
        parts=(LECTURE, replace(PARTY, starts=dt.time(18)), replace(PARTY, pools=(), day=FRIDAY)),
    )
    found = warnings_in(manager.get(f"/staff/events/{event_id}/"))
    assert len(found) == 15
    assert not [text for text in found if "{" in text]


def test_preview_is_the_public_page_with_a_note(app, sign_in):
    event_id = arrange.add(app)
    page = sign_in(Role.READ_ONLY).get(f"/staff/events/{event_id}/preview").text
    assert "下見です。" in page
    assert "令和9年1月22日(金) 17:00〜20:30" in page


def test_publishing_asks_first_and_says_what_becomes_visible(app, client, manager):
    event_id = arrange.add(app, hosts=())
    page = manager.get(f"/staff/events/{event_id}/to/published")
    assert "http://localhost/e/newyear-2027/" in page.text
    assert "いまから 令和9年1月15日(金) 17:00まで" in page.text
    assert "主催者がありません。" in page.text
    assert arrange.state(app, event_id) == EventState.DRAFT
    assert client.get("/e/newyear-2027/").status_code == 404
    manager.post(f"/staff/events/{event_id}/to/published")
    assert client.get("/e/newyear-2027/").status_code == 200


def test_an_event_that_lacks_the_needful_is_not_published(app, manager):
    event_id = arrange.add(app, parts=())
    page = manager.get(f"/staff/events/{event_id}/to/published").text
    assert "公開の前に必要" in page
    assert '<form method="post" action="/staff/events/1/to/published"' not in page
    assert manager.post(f"/staff/events/{event_id}/to/published").status_code == 422
    assert arrange.state(app, event_id) == EventState.DRAFT


def test_a_move_from_a_stale_page_is_refused_in_words(app, manager):
    event_id = arrange.add(app, state=EventState.CANCELLED)
    for target in ("published", "draft", "cancelled"):
        response = manager.post(f"/staff/events/{event_id}/to/{target}")
        assert response.status_code == 422
        assert "いまの状態からは、この操作はできません。" in response.text
    assert manager.get(f"/staff/events/{event_id}/to/elsewhere").status_code == 404


def test_cancelling_names_the_number_of_people(app, manager, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    lecture, party = (part.id for part in arrange.plan(app, event_id).parts)
    counts = {
        (lecture, Mode.ONSITE): PlaceCount(confirmed=80, ever=80),
        (lecture, Mode.ONLINE): PlaceCount(confirmed=11, waiting=1, ever=12),
        (party, Mode.ONSITE): PlaceCount(confirmed=70, ever=70),
    }
    monkeypatch.setitem(providers.registry.places, "registration", lambda _session, _ids: counts)
    page = manager.get(f"/staff/events/{event_id}/to/cancelled").text
    assert "申し込んだ92名への連絡は自動では送られません。" in page
    assert "この操作は取り消せません。" in page


def test_reports_of_features_stand_in_the_checklist(app, manager, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    reports = {event_id: {StepCode.BADGES: StepReport(True, "92枚 印刷済")}}
    monkeypatch.setitem(providers.registry.steps, "test", lambda _session, _ids, _now: reports)
    page = manager.get(f"/staff/events/{event_id}/").text
    assert "92枚 印刷済" in page
    assert f"/staff/events/{event_id}/steps/badges" not in page
    assert f"/staff/events/{event_id}/steps/thanks" in page


@pytest.mark.parametrize("step", ["day", "publish", "nonsense"])
def test_steps_that_cannot_be_ticked(app, manager, step):
    event_id = arrange.add(app)
    assert manager.post(f"/staff/events/{event_id}/steps/{step}", data={"done": "yes"}).status_code == 404


READING = ("", "preview")
ACTING = ("edit", "to/published")


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.READ_ONLY])
def test_those_who_only_look_see_no_acts(app, sign_in, role):
    event_id = arrange.add(app)
    client, base = sign_in(role), f"/staff/events/{event_id}/"
    assert [client.get(base + path).status_code for path in READING] == [200, 200]
    assert [client.get(base + path).status_code for path in ACTING] == [403, 403]
    posts = ("edit", "to/published", "restore", "steps/thanks")
    assert [client.post(base + path).status_code for path in posts] == [403] * 4
    page = client.get(base).text
    assert not re.search(r'(href|action)="/staff/events/\d+/(edit|to/|steps/|restore)', page)


def test_strangers_are_sent_to_sign_in(app, client):
    event_id = arrange.add(app)
    for path in ("/staff/", "/staff/events/new", f"/staff/events/{event_id}/", f"/staff/events/{event_id}/preview"):
        assert client.get(path).headers["Location"].startswith("/staff/sign-in")


def test_an_event_that_is_not_there(manager):
    for path in ("", "edit", "preview", "to/published"):
        assert manager.get(f"/staff/events/77/{path}").status_code == 404


def statements(app, client, path):
    """How many statements a page takes."""
    seen = []
    with app.app_context():
        engine = db.engine
    listen = lambda *_arguments: seen.append(1)  # noqa: E731
    sql_event.listen(engine, "before_cursor_execute", listen)
    assert client.get(path).status_code == 200
    sql_event.remove(engine, "before_cursor_execute", listen)
    return len(seen)


@pytest.mark.parametrize("path", ["/", "/staff/", "/staff/events/new"])
def test_one_event_and_thirty_take_the_same_number_of_statements(app, manager, path):
    arrange.add(app, state=EventState.PUBLISHED)
    one = statements(app, manager, path)
    for number in range(29):
        arrange.add(app, state=EventState.PUBLISHED, slug=f"e-{number}", code=f"E{number}")
    assert statements(app, manager, path) == one
