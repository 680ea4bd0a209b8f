"""A station in a real Chromium that loses the network in the middle of a morning, is reloaded, and comes back."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role
from eventops.checkin import stations
from eventops.checkin.models import Scan
from eventops.database import db, transaction
from tests.checkin.arrange import cancel, code_of, make_attendee, make_door
from tests.e2e.conftest import PHONE
from tests.e2e.test_scan import SLOW, expect_verdict, scanner_types

pytestmark = pytest.mark.browser

KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open('eventops-door');
  opening.onsuccess = () => {
    const asking = opening.result.transaction('state').objectStore('state').getAllKeys();
    asking.onsuccess = () => resolve(asking.result);
  };
})"""


@pytest.fixture
def codes(app):
    """Of 高橋 who comes, 高木 who comes, 佐藤 who cancelled."""
    with app.app_context(), transaction() as session:
        event = make_door(session)
        names = [
            ("高橋", "一郎", "タカハシ", "イチロウ"),
            ("高木", "花子", "タカギ", "ハナコ"),
            ("佐藤", "次郎", "サトウ", "ジロウ"),
        ]
        people = [make_attendee(session, event, name) for name in names]
        cancel(people[2])
        return [code_of(person) for person in people]


def late_ticket(app):
    with app.app_context(), transaction() as session:
        person = session.get_one(Scan, 1).attendee
        return code_of(make_attendee(session, person.registration.event, ("林", "新", "ハヤシ", "アラタ")))


def enrolled(chromium, visit):
    """The secretariat makes a code, the phone opens what the QR symbol says."""
    staff = visit(chromium, role=Role.EVENT_MANAGER).new_page()
    staff.goto("/staff/events/1/reception/stations")
    staff.fill("#name", "受付3")
    staff.click("text=登録コードを作る")
    context = visit(chromium, viewport=PHONE)
    page = context.new_page()
    page.goto(f"/D/{staff.inner_text('.enrol-code')}")
    page.click("text=この端末を登録する")
    expect(page.locator("[data-book]")).to_contain_text("3名", timeout=SLOW)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return context, page


def rows(app):
    with app.app_context():
        return [(scan.verdict, scan.shown) for scan in db.session.scalars(select(Scan).order_by(Scan.id))]


def test_a_station_goes_on_without_a_network_and_sends_later(app, codes, chromium, visit):
    context, page = enrolled(chromium, visit)
    scanner_types(page, codes[0])
    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    page.keyboard.press("Escape")
    late = late_ticket(app)

    context.set_offline(True)
    expect(page.locator("[data-net]")).to_have_text("通信なしで受付中", timeout=SLOW)
    scanner_types(page, codes[0])
    expect(expect_verdict(page, "already", "受付済", "高橋 一郎")).to_contain_text("「受付3」で受付済みです。")
    scanner_types(page, codes[1])
    expect_verdict(page, "ok", "受付OK", "高木 花子")
    scanner_types(page, codes[2])
    expect(expect_verdict(page, "invalid", "無効", "佐藤 次郎")).to_contain_text("この参加は取り消されています。")
    scanner_types(page, late)
    expect(expect_verdict(page, "attention", "要確認")).to_contain_text("この端末にはまだありません。")

    page.reload()
    expect(page.locator("[data-unsent]")).to_have_text("未送信 4件", timeout=SLOW)
    page.fill("#search", "たかぎ")
    expect(page.locator("[data-found]")).to_have_text(re.compile("高木 花子.*受付済"))
    assert rows(app) == [("admit", "admit")]

    context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_have_text("未送信 0件", timeout=SLOW)
    expect(page.locator("[data-net]")).to_have_text("通信中")
    page.locator("#search").blur()
    scanner_types(page, late)
    expect_verdict(page, "ok", "受付OK", "林 新")
    assert rows(app) == [
        ("admit", "admit"),
        ("already_in", "already_in"),
        ("admit", "admit"),
        ("cancelled", "cancelled"),
        ("not_on_device", "not_on_device"),
        ("admit", "admit"),
    ]

    page.keyboard.press("Escape")
    page.click("[data-take-back]")
    expect(page.locator("[data-last-word]")).to_have_text("取り消し")
    scanner_types(page, late)
    expect_verdict(page, "ok", "受付OK", "林 新")

    with app.app_context(), transaction() as session:
        stations.revoke(session, event_id=1, station_id=1, user_id=None, now=clock.now())
    scanner_types(page, codes[1])
    expect(expect_verdict(page, "attention", "使用停止")).to_contain_text("この端末は使えなくなりました。")
    expect(page.locator("[data-not-enrolled]")).to_be_visible()
    expect(page.locator("[data-net]")).to_have_text("使用停止")
    assert page.evaluate(KEPT) == ["former"]
