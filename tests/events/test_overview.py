"""An event's overview, preview and moves, and who may do them."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from eventops import clock
from eventops.accounts import audit
from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.events import providers
from eventops.events.checklist import StepCode, StepReport
from eventops.events.models import EventState, Mode
from eventops.events.rules import PlaceCount
from tests.events import arrange
from tests.events.arrange import warnings_in
from tests.events.plans import FRIDAY, LECTURE, NOW, PARTY


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
    assert len(found) == 16
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
    assert "申し込んだ92名の参加がなくなります。" in page
    assert "押したあとは、元に戻せません。" in page


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


def test_the_history_tells_of_the_event_and_not_of_every_application(app, manager):
    event_id = arrange.add(app)
    with app.app_context(), transaction() as session:
        for action, subject in (("registered", "registration"), ("round_changed", "matching_round")):
            audit.record(session, actor_id=None, action=action, subject=(subject, 1), event_id=event_id, now=NOW)
    page = manager.get(f"/staff/events/{event_id}/").text
    assert re.findall(r"</time> <strong>(.*?)</strong>", page)[1:] == ["行事を作った"]
    assert page.count("</time> <strong>") == 2


def test_who_saves_a_change_is_led_to_telling_it(app, manager, monkeypatch):
    event_id = arrange.add(app, state=EventState.PUBLISHED, held_on=clock.today())
    assert "申込者が知らない変更" not in manager.get(f"/staff/events/{event_id}/").text
    monkeypatch.setattr(providers.registry, "untold_changes", lambda _session, event: 2 if event.id == event_id else 0)
    page = manager.get(f"/staff/events/{event_id}/").text
    assert "申込者が知らない変更が2か所あります。" in page
    assert f'href="/staff/events/{event_id}/mailings"' in page


@pytest.mark.parametrize(
    ("role", "days_to_go", "is_led"),
    [(Role.EVENT_MANAGER, 0, True), (Role.EVENT_MANAGER, -1, False), (Role.RECEPTION, 0, False)],
)
def test_nobody_is_led_to_telling_who_may_not_or_when_all_is_over(app, sign_in, monkeypatch, role, days_to_go, is_led):
    held_on = clock.today() + dt.timedelta(days=days_to_go)
    event_id = arrange.add(app, held_on=held_on)
    monkeypatch.setattr(providers.registry, "untold_changes", lambda _session, _event: 2)
    page = sign_in(role).get(f"/staff/events/{event_id}/").text
    assert ("申込者が知らない変更" in page) is is_led
