"""Last year's new-year event becomes this year's: copied, dated wrongly and taken back, then made public."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db
from eventops.events.models import Event

pytestmark = pytest.mark.browser
SAID = (
    "令和9年1月22日(金) 17:00〜20:30(予定)",
    "第1部 講演会(講演題目(仮))",
    "17:00〜18:50(予定)",
    "19:00〜20:30(予定)",
    "会場 定員100名 空きありオンライン 定員100名 空きあり",
    "JR八王子駅 徒歩10分、京王八王子駅 徒歩5分",
    "会場3,000円5,000円",
)


@pytest.fixture
def last_year(demonstration: Flask) -> str:
    with demonstration.app_context():
        return db.session.scalars(select(Event.title).where(Event.code == "N08")).one()


def copy_to(page: Page, title: str, day: str) -> None:
    page.goto("/staff/")
    page.get_by_text("過去の行事").click()
    page.locator("li", has_text=title).get_by_role("link", name="コピーして作る").click()
    page.locator("#copy-held_on").fill(day)
    page.get_by_role("button", name="コピーして下書きを作る").click()


def date_it(page: Page, day: str) -> None:
    page.locator("[name=held_on]").fill(day)
    page.get_by_role("button", name="保存").click()


def test_last_years_event_is_copied_corrected_and_made_public(app: Flask, last_year: str, chromium, visit) -> None:
    staff, guest = visit(chromium, role=Role.EVENT_MANAGER).new_page(), visit(chromium).new_page()
    copy_to(staff, last_year, "2027-01-22")
    slug = staff.get_by_label("公開URLの名前").input_value()
    expect(staff.locator("[name=title]")).to_have_value("令和9年新春講演会・賀詞交歓会")
    date_it(staff, "2027-01-23")
    expect(staff.locator("main")).to_contain_text("開催日 2027年1月23日(土) は休日です(土曜日)")
    staff.wait_for_load_state()
    staff.get_by_role("button", name="元に戻す").click()
    staff.get_by_role("dialog").get_by_role("button", name="元に戻す").click()
    expect(staff.locator("main")).to_contain_text("2027年1月22日(金)")
    expect(staff.locator("main")).not_to_contain_text("休日です")
    assert guest.goto(f"/e/{slug}/").status == 404

    staff.get_by_role("link", name="公開へ進む").first.click()
    staff.get_by_role("button", name="公開する").click()
    expect(staff.get_by_role("link", name="募集ページ", exact=True)).to_be_visible()

    assert guest.goto(f"/e/{slug}/").status == 200
    for said in SAID:
        expect(guest.locator("main")).to_contain_text(said)
