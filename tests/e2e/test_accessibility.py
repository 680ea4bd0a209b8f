"""Public pages as people without a mouse and with a screen reader have them: by keyboard alone, judged by axe-core."""

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from eventops.database import transaction
from tests.e2e.conftest import PHONE
from tests.factories import make_organisation
from tests.registration.arrange import make_new_year

pytestmark = pytest.mark.browser
FARTHEST = 150  # presses of the tab key; nobody would go on
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
HAS_FOCUS = """([selector, text]) => {
  const one = document.activeElement;
  return one.matches(selector) && one.textContent.includes(text);
}"""
IS_MARKED = "() => { const one = getComputedStyle(document.activeElement); return one.outlineStyle + one.boxShadow; }"


def faults(page: Page) -> list[str]:
    """What axe-core finds, each with the element that it is about."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url} {one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def tab_to(page: Page, selector: str, text: str = "") -> None:
    """Press the tab key until the element has the focus, and shows that it has."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate(HAS_FOCUS, [selector, text]):
            assert page.evaluate(IS_MARKED) != "nonenone", f"{selector} does not show its focus"
            return
    raise AssertionError(f"{selector} {text} cannot be reached by keyboard")


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        tab_to(page, f"[name='{name}']")
        page.keyboard.insert_text(text)


def choose(page: Page, name: str, value: str) -> None:
    """A tab leads into a group of choices, arrows go through it."""
    tab_to(page, f"[name='{name}']")
    page.keyboard.press("Space")
    while not page.evaluate(HAS_FOCUS, [f"[value='{value}']", ""]):
        page.keyboard.press("ArrowDown")
    assert page.locator(f"[name='{name}'][value='{value}']").is_checked()


def press(page: Page, selector: str, text: str, then: str) -> None:
    tab_to(page, selector, text)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(then))


def test_the_form_is_filled_in_by_keyboard_alone_and_its_pages_are_sound(app: Flask, chromium, visit) -> None:
    today = dt.datetime.now(dt.UTC)
    with app.app_context(), transaction() as session:
        make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", member=True)
        held_on = (today + dt.timedelta(days=30)).date()
        event = make_new_year(session, held_on=held_on, applications_close_at=today + dt.timedelta(days=20))
        parts = [part.id for part in event.parts]
    page = visit(chromium, viewport=PHONE).new_page()
    page.goto("/e/newyear/")
    found = faults(page)
    press(page, "a", "申し込む", "/apply$")
    found += faults(page)
    press(page, "button:not([tabindex])", "確認画面へ進む", "/apply$")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    found += faults(page)

    page.goto("/e/newyear/apply")
    fill(page, organisation_name="株式会社青空精密", organisation_kana="アオゾラセイミツ")
    choose(page, "claim", "member")
    person = {"family_name": "青空", "given_name": "一", "family_kana": "アオゾラ", "given_kana": "ハジメ"}
    fill(page, **{f"attendees-0-{name}": text for name, text in person.items()})
    for part in parts:
        choose(page, f"attendees-0-part_{part}", "onsite")
    choose(page, "if_full", "wait")
    mail = "hajime@aozora.example.jp"
    fill(page, email=mail, email_again=mail, phone="00-1234-5678")
    choose(page, "payment_method", "cash_on_day")
    tab_to(page, "[name=privacy]")
    page.keyboard.press("Space")
    press(page, "button", "確認画面へ進む", "/apply$")
    expect(page.locator("main")).to_contain_text("この内容で申し込む")
    found += faults(page)
    press(page, "button", "この内容で申し込む", "/thanks$")
    found += faults(page)
    page.goto(page.url.removesuffix("/thanks"))
    expect(page.locator(".ticket")).to_have_count(1)

    assert found + faults(page) == []


def test_pages_of_the_demonstration_are_sound(demonstration: Flask, chromium, visit) -> None:
    page = visit(chromium).new_page()
    found = []
    for path in ("/", "/calendar", "/e/m08/", "/e/m08/needs", "/e/m08/apply", "/staff/sign-in"):
        answer = page.goto(path)
        assert answer.status == 200, path
        found += faults(page)
    page.get_by_role("link", name="English").first.click()
    found += faults(page)

    assert found == []
