"""The home page, and the ways in which an event begins."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event

from eventops.accounts.models import Role
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.events import providers, service
from eventops.events.models import Eligibility, EventState, Mode, PartKind
from eventops.events.providers import Figure
from eventops.events.rules import PlaceCount
from tests.events import arrange
from tests.events.arrange import errors_of, warnings_in
from tests.events.plans import LECTURE, NEW_YEAR, NOW, PARTY


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
    assert "次の作業 申込締切 2027年1月15日(金)" in page


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


def test_a_new_exchange_begins_with_its_meetings(app, manager):
    manager.post(
        "/staff/events/new", data={"title": "マッチング会", "kind": "technology_exchange", "held_on": "2027-02-10"}
    )
    (part,) = arrange.plan(app, 1).parts
    assert (part.kind, part.eligibility) == (PartKind.CLOSED_MATCHING, Eligibility.INVITED)
    assert manager.get("/staff/events/1/matching").status_code == 200


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
    assert set(errors_of(response)) == {"copy-source", "copy-held_on"}


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
