"""A company of four from the public form to the receipt: 14,000 yen in cash at the door, tax 1,272, one deputy."""

import datetime as dt
import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.billing.models import Document, Payment
from eventops.database import db, transaction
from eventops.registration import tickets
from eventops.registration.models import Attendee
from eventops.registration.tickets import TicketRef
from tests.billing.arrange import T_NUMBER, make_organiser
from tests.e2e.conftest import PHONE
from tests.factories import make_organisation
from tests.printing.paper import joined, words
from tests.registration.arrange import NAMES, make_new_year

pytestmark = pytest.mark.browser
SLOW = 20_000


@pytest.fixture
def event_id(app: Flask) -> int:
    """The new-year event of next month, open for applications, with a member company in the directory."""
    today = dt.datetime.now(dt.UTC)
    with app.app_context(), transaction() as session:
        make_organiser(session)
        make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", member=True)
        held_on = (today + dt.timedelta(days=30)).date()
        return make_new_year(session, held_on=held_on, applications_close_at=today + dt.timedelta(days=20)).id


def apply_for_four(page: Page) -> None:
    """Three of the company, and one who does not belong to it."""
    page.goto("/e/newyear/apply")
    page.locator("[name=organisation_name]").fill("株式会社青空精密")
    page.locator("[name=organisation_kana]").fill("アオゾラセイミツ")
    page.get_by_label("会員", exact=True).check()
    for index, person in enumerate(NAMES):
        if index:
            page.get_by_role("button", name="参加者を追加").click()
        for field, text in zip(("family_name", "given_name", "family_kana", "given_kana"), person, strict=True):
            page.locator(f"[name=attendees-{index}-{field}]").fill(text)
        for choice in page.locator(f"[name^=attendees-{index}-part_][value=onsite]").all():
            choice.check()
    page.locator("[data-row]").nth(3).locator("summary").click()
    page.locator("[name=attendees-3-is_outside]").check()
    for name in ("email", "email_again"):
        page.locator(f"[name={name}]").fill("soumu@aozora.example.jp")
    page.locator("[name=phone]").fill("00-1234-5678")
    page.locator("[name=if_full][value=wait]").check()
    page.locator("[name=payment_method][value=cash_on_day]").check()
    if page.locator("[name=receipt_name]").count():
        page.locator("[name=receipt_name]").fill("株式会社青空精密 本社")
    page.get_by_label("個人情報の取り扱いに同意する").check()
    page.get_by_role("button", name="確認画面へ進む").last.click()
    expect(page.locator("main")).to_contain_text("14,000円")
    page.get_by_role("button", name="この内容で申し込む").click()
    expect(page).to_have_url(re.compile(r"/thanks$"))


def codes(app: Flask) -> list[str]:
    with app.app_context():
        people = db.session.scalars(select(Attendee).order_by(Attendee.position)).all()
        return [tickets.issue(TicketRef(one.id, one.ticket_issue), key=app.config["TICKET_KEY"]) for one in people]


def a_deputy_comes(page: Page) -> None:
    page.get_by_role("link", name="代理の方に変更").nth(1).click()
    for field, text in zip(
        ("family_name", "given_name", "family_kana", "given_kana"), ("代", "理子", "シロ", "リコ"), strict=True
    ):
        page.locator(f"[name={field}]").fill(text)
    page.locator("main form button").last.click()
    expect(page.locator(".ticket").nth(1)).to_contain_text("代 理子")
    expect(page.locator(".ticket").nth(1)).to_contain_text("0001-2")


def open_station(page: Page, event_id: int) -> None:
    page.goto(f"/staff/events/{event_id}/reception/scan")
    page.check("text=第1部 新春講演会")
    page.fill("#station", "受付1")
    page.click("text=受付を始める")
    expect(page.locator("[data-camera-button]")).to_be_visible()


def scan(page: Page, code: str, tone: str, said: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    shown = page.locator(f"[data-verdict].verdict-{tone}")
    expect(shown).to_be_visible(timeout=SLOW)
    expect(shown).to_contain_text(said)


def test_a_company_of_four_pays_at_the_door_and_takes_its_receipt(app, event_id, chromium, visit):
    guest = visit(chromium, viewport=PHONE).new_page()
    apply_for_four(guest)
    guest.goto(guest.url.removesuffix("/thanks"))
    expect(guest.locator(".ticket")).to_have_count(4)
    my_page, before = guest.url, codes(app)
    a_deputy_comes(guest)

    desk = visit(chromium, role=Role.RECEPTION).new_page()
    open_station(desk, event_id)
    scan(desk, before[1], "invalid", "古い参加証です")
    desk.keyboard.press("Escape")
    for code, amount in zip(codes(app), ("3,000円", "3,000円", "3,000円", "5,000円"), strict=True):
        scan(desk, code, "attention", f"参加費 {amount} をお受け取りください。")
        desk.get_by_role("button", name="参加費を受け取った").last.click()
        expect(desk.locator("[data-last-word]")).to_have_text("受付OK", timeout=SLOW)
        desk.keyboard.press("Escape")
    desk.goto(f"/staff/events/{event_id}/money/closing")
    expect(desk.locator(".figure-value")).to_have_text("14,000円")

    guest.goto(my_page)
    guest.get_by_role("link", name="領収書・お支払い").click()
    guest.get_by_label("宛名").fill("株式会社青空精密 本社")
    with guest.expect_download() as download:
        guest.get_by_role("button", name="領収書を発行する（14,000円）").click()
    text = joined(words(download.value.path().read_bytes())[0])
    for said in (
        "領収書",
        "株式会社青空精密本社御中",
        "参加費(会員)3,000円39,000円",
        "参加費(一般)5,000円15,000円",
        "10%対象14,000円",
        "うち消費税額等1,272円",
        f"登録番号{T_NUMBER}",
    ):
        assert said in text
    with app.app_context():
        assert db.session.scalars(select(Document.tax_yen)).all() == [1272]
        assert sorted(db.session.scalars(select(Payment.yen))) == [3000, 3000, 3000, 5000]
