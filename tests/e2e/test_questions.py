"""Questions in a browser: conditions open and close as people choose, for each person; a file waits over a mistake."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventops.database import db, transaction
from eventops.questions.models import Answer, AnswerFile
from tests.e2e.conftest import PHONE
from tests.questions.arrange import EXHIBITS, PANEL, STATION, TRANSPORT, make_asking_event
from tests.registration.arrange import NAMES

pytestmark = pytest.mark.browser


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    today = dt.datetime.now(dt.UTC)
    with app.app_context(), transaction() as session:
        return make_asking_event(
            session,
            questions=(TRANSPORT, STATION, EXHIBITS, PANEL),
            held_on=(today + dt.timedelta(days=30)).date(),
            applications_close_at=today + dt.timedelta(days=20),
        )[1]


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"[name={name}][value={value}]").check()


def test_conditions_follow_what_is_chosen_and_a_file_is_not_chosen_twice(app, visit, chromium, ids, tmp_path: Path):
    panel = tmp_path / "パネル.pdf"
    panel.write_bytes(b"%PDF-1.7 panel")
    transport, station = f"q_{ids['transport']}", f"q_{ids['station']}"
    page = visit(chromium, viewport=PHONE).new_page()
    page.goto("/e/m08/apply")
    page.locator("[name=organisation_name]").fill("株式会社海辺工業")
    page.locator("[name=organisation_kana]").fill("ウミベコウギョウ")
    choose(page, "claim", "general")
    page.get_by_role("button", name="参加者を追加").click()
    for index, person in enumerate(NAMES[:2]):
        for field, text in zip(("family_name", "given_name", "family_kana", "given_kana"), person, strict=True):
            page.locator(f"[name=attendees-{index}-{field}]").fill(text)
        choose(page, f"attendees-{index}-part_1", "onsite")
    expect(page.locator(f"[name=attendees-0-{station}]")).to_be_hidden()
    choose(page, f"attendees-0-{transport}", "bus")
    choose(page, f"attendees-1-{transport}", "car")
    page.locator(f"[name=attendees-0-{station}]").fill("海老名駅")
    expect(page.locator(f"[name=attendees-1-{station}]")).to_be_hidden()
    choose(page, f"q_{ids['exhibits']}", "yes")
    page.locator(f"[name=q_{ids['panel']}]").set_input_files(panel)
    for name in ("email", "email_again"):
        page.locator(f"[name={name}]").fill("soumu@umibe.example.jp")
    page.locator("[name=phone]").fill("00-1234-5678")
    choose(page, "if_full", "wait")

    page.locator("main form").get_by_role("button", name="確認画面へ進む").last.click()
    expect(page.locator("[data-error-summary]")).to_contain_text("個人情報の取り扱いに同意する")
    expect(page.locator(".kept-file")).to_contain_text("パネル.pdf")
    page.get_by_label("個人情報の取り扱いに同意する").check()
    page.locator("main form").get_by_role("button", name="確認画面へ進む").last.click()
    page.get_by_role("button", name="この内容で申し込む").click()
    page.wait_for_url("**/thanks")

    with app.app_context():
        codes = {number: code for code, number in ids.items()}
        rows = db.session.scalars(select(Answer).order_by(Answer.id)).all()
        found = [(codes[row.question_id], row.values) for row in rows if row.file is None]
        assert sorted(found) == [
            ("exhibits", ["yes"]),
            ("station", ["海老名駅"]),
            ("transport", ["bus"]),
            ("transport", ["car"]),
        ]
        assert [file.name for file in db.session.scalars(select(AnswerFile))] == ["パネル.pdf"]
