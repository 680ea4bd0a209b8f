"""The day in a real Chromium: trains are late, a company does not come, one click settles it and tells the changed."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db
from eventops.events.models import Event
from eventops.meetings.day import answering
from tests.e2e.conftest import DESK, PHONE
from tests.meetings.day.published import at, ids, publish, solved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LONG = 60_000
LATE = [f"O00{number}" for number in range(31, 38)]


@pytest.fixture
def url(demonstration: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of the day of the demonstration, published, at half past one."""
    answering.warm_up()
    publish(demonstration, solved(demonstration))
    now = at(demonstration, "13:30")
    monkeypatch.setattr(clock, "now", lambda: now)
    with demonstration.app_context():
        event_id = db.session.scalars(select(Event.id).where(Event.code == "M08")).one()
    return f"/staff/events/{event_id}/day"


def say(page: Page, app: Flask, *codes: str) -> None:
    for organisation_id in ids(app, *codes):
        page.locator(f'input[name="companies"][value="{organisation_id}"]').check()


def test_trains_are_late_and_one_click_settles_it(app: Flask, chromium, visit, url: str) -> None:
    page: Page = visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    expect(page.get_by_role("heading", name="まだ来ていない企業")).to_be_visible()

    page.get_by_role("link", name="遅刻").first.click()
    say(page, app, *LATE)
    page.get_by_role("button", name="案を作る").click()
    expect(page.locator(".error-summary")).to_contain_text("到着の予定")
    page.get_by_label("到着の予定").fill("14:50")
    page.get_by_label("理由・連絡の内容").fill("電車の遅れ")
    page.get_by_role("button", name="案を作る").click()
    page.get_by_role("link", name="ほかにも起きたことを加える").click(timeout=LONG)
    say(page, app, "O0003")
    page.get_by_role("button", name="案を作る").click()

    expect(page.get_by_role("heading", name=re.compile("フリー面談の候補"))).to_be_visible(timeout=LONG)
    assert page.locator(".day-grid .is-gone").count() > 0
    colleague: Page = visit(chromium, role=Role.EVENT_MANAGER, viewport=PHONE).new_page()
    colleague.goto(page.url)
    assert colleague.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_role("button", name=re.compile(r"この案で確定し、\d+名に知らせる")).click()
    expect(page.get_by_text("第2版とし")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name=re.compile("刷り直す紙"))).to_be_visible()
    colleague.get_by_role("button", name=re.compile("この案で確定し")).click()
    expect(colleague.get_by_text("この案は、ほかの人がもう決めています。")).to_be_visible(timeout=LONG)

    page.goto(url)
    expect(page.get_by_text("理由: 電車の遅れ")).to_be_visible()
    page.goto(f"{url}/hall")
    expect(page.locator("[data-hall-state]")).to_have_text("面談中")
    expect(page.locator("[data-hall-next]")).to_have_text("次の面談 13:50〜14:10")
    assert complaints == []
