"""After the meetings in a browser: both companies answer on a phone, the desk opens a case and moves it on."""

import datetime as dt

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.cases.models import Case, Stage
from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.meetings.models import Application, Slot
from tests.cases.arrange import link, publish_all
from tests.e2e.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def held(demonstration: Flask) -> tuple[int, int, list[str]]:
    """Event and meeting with the two companies' pages; the day has passed."""
    with demonstration.app_context(), transaction() as session:
        event_id = session.scalars(select(Event.id).where(Event.code == "M08")).one()
        application = session.get_one(Application, publish_all(session, event_id)[0])
        back = max(slot.ends_at for slot in session.scalars(select(Slot))) - dt.datetime.now(dt.UTC)
        for slot in session.scalars(select(Slot)):
            slot.starts_at, slot.ends_at = slot.starts_at - back, slot.ends_at - back
        sides = (application.need.organisation_id, application.organisation_id)
        return event_id, application.id, [link(session, one) for one in sides]


def answer(page: Page, url: str, application_id: int) -> None:
    """Three taps and a sentence."""
    page.goto(url)
    page.get_by_role("link", name="面談の記録・アンケート").click()
    page.locator(f"a[href$='/records/{application_id}']").click()
    for word in ("4 良い", "続けたい", "希望する"):
        page.get_by_label(word, exact=True).check()
    page.get_by_label("一言（任意）").fill("次は試作品を見たい")
    page.get_by_role("button", name="記録を送る").click()
    expect(page.get_by_text("記録をお預かりしました")).to_be_visible()


def test_from_two_phones_to_a_case_on_its_way(demonstration, held, visit, chromium):
    event_id, application_id, pages = held
    phone = visit(chromium, viewport=PHONE).new_page()
    for url in pages:
        answer(phone, url, application_id)
    expect(phone.get_by_text("双方が2回目を希望しています")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    desk = visit(chromium, role=Role.EVENT_MANAGER).new_page()
    desk.goto(f"/staff/events/{event_id}/")
    desk.get_by_role("link", name="記録", exact=True).click()
    expect(desk.get_by_text("2回目へ")).to_have_count(1)
    desk.locator(f"a[href$='new?application={application_id}']").click()
    desk.get_by_label("主担当").select_option(index=1)
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_role("alert")).to_contain_text("副担当を1名以上選んでください")
    desk.locator("[name=deputy_ids]").nth(1).check()
    desk.get_by_role("button", name="保存").click()
    desk.get_by_label("次の段階").select_option(label="連携成立")
    desk.get_by_label("根拠・理由").fill("共同開発契約")
    desk.get_by_role("button", name="段階を記録する").click()
    expect(desk.locator(".happened")).to_contain_text("共同開発契約")
    with demonstration.app_context():
        stages = select(Case.stage).where(Case.application_id == application_id)
        assert db.session.scalars(stages).all() == [Stage.COLLABORATING]
