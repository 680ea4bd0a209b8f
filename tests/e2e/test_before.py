"""Before the meetings in a browser: the association's sheets become 150 of 150, and a need goes its way by links."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.jobs import worker
from eventops.mail.models import Letter
from eventops.meetings.models import Application, Need, NeedAttendee, NeedState
from eventops.meetings.timetable import solving, what_if
from tests.e2e.conftest import DESK, PHONE
from tests.factories import make_organisation, make_person
from tests.meetings.sheets import DATA, MEETING_SHEETS, load_directory, make_round
from tests.meetings.test_service import make_need

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LONG = 120_000


@pytest.fixture
def event_id(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """An exchange without needs, and the directory of the association."""
    monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)
    monkeypatch.setattr(what_if, "SECONDS", 60)
    with app.app_context(), transaction() as session:
        load_directory(session)
        return make_round(session).event_id


def bring_in(page: Page, event_id: int, kind: str, file: Path) -> None:
    page.goto(f"/staff/events/{event_id}/matching/import/{kind}")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button").last.click()
    go, is_in = (
        page.get_by_role("button", name=re.compile("行を取り込む")),
        page.get_by_text("変わるところはありません"),
    )
    expect(go.or_(is_in)).to_be_visible()
    if go.is_visible():  # a round begins with the usual slots
        go.click()
        expect(page.get_by_text("取り込みました").first).to_be_visible()


def with_doubles(folder: Path) -> Path:
    """The applications as they arrive: nobody has found the doubles yet."""
    file = folder / "applications.csv"
    text = (DATA / "applications.csv").read_text(encoding="utf-8-sig")
    assert text.count(",重複,") == 3
    file.write_text(text.replace(",重複,", ",受理,"), encoding="utf-8-sig")
    return file


def work(app: Flask) -> threading.Thread:
    thread = threading.Thread(target=worker.run_next_job, args=(app, "worker of the test"))
    thread.start()
    return thread


@pytest.mark.timeout(600)
def test_the_sheets_become_150_of_150(
    app: Flask, event_id: int, chromium: Browser, visit: Callable[..., object], tmp_path: Path
) -> None:
    page: Page = visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page()
    for kind, name in MEETING_SHEETS.items():
        bring_in(page, event_id, kind, with_doubles(tmp_path) if kind == "applications" else DATA / name)

    page.goto(f"/staff/events/{event_id}/matching/requests")
    expect(page.get_by_role("heading", name="重複と思われる応募 3組")).to_be_visible()
    for _double in range(3):
        page.get_by_role("button", name="先の応募にまとめる").first.click()
    expect(page.get_by_role("heading", name="重複と思われる応募")).to_have_count(0)
    expect(page.locator(".figure").first).to_contain_text("150")

    page.goto(f"/staff/events/{event_id}/timetable")
    page.get_by_role("button", name="作成", exact=True).click()
    thread = work(app)
    expect(page.locator(".board-foot")).to_contain_text("成立 150/150", timeout=LONG)
    thread.join()
    for words in ("中小の待ち 0", "競合の隣り合わせ 0"):
        expect(page.locator(".board-foot")).to_contain_text(words)
    for fewer, placed in ((1, 149), (2, 140)):
        suppose_fewer_slots(app, page, event_id, fewer)
        expect(page.locator(".figures")).to_contain_text(f"150 → {placed}", timeout=LONG)
        told = page.locator("section.card", has_text=f"もしも: 未成立 {150 - placed}件")
        expect(told.locator("li", has_text="いまは入っている")).to_have_count(150 - placed)
        assert all(told.locator("p:not(.hint)").all_inner_texts())
    lock_and_make_again(app, page, event_id)


def suppose_fewer_slots(app: Flask, page: Page, event_id: int, fewer: int) -> None:
    page.goto(f"/staff/events/{event_id}/timetable/what-if")
    slots = page.locator("input[name=slot]")
    for place in range(1, fewer + 1):
        slots.nth(slots.count() - place).check()
    page.get_by_role("button", name="試す").click()
    work(app).join()


def lock_and_make_again(app: Flask, page: Page, event_id: int) -> None:
    """What was locked lies where it lay, and nobody lost a place."""
    page.goto(f"/staff/events/{event_id}/timetable")
    which = page.locator(".cell .meeting").nth(40).get_attribute("data-meeting")
    page.locator(".cell", has=page.locator(f"[data-meeting='{which}']")).focus()
    page.keyboard.press("l")
    locked = page.locator(f".cell:has([data-meeting='{which}'][data-locked='1'])")
    expect(locked).to_have_count(1)
    place = locked.get_attribute("data-name")
    page.get_by_role("button", name="作り直す").click()
    page.locator("dialog[open] .btn-primary").click()
    thread = work(app)
    expect(page.locator(".progress-box")).to_have_count(0, timeout=LONG)
    thread.join()
    expect(page.locator(".board-foot")).to_contain_text("成立 150/150")
    assert locked.get_attribute("data-name") == place


@pytest.fixture
def need_id(app: Flask) -> int:
    """A draft whose company has somebody with an address."""
    with app.app_context(), transaction() as session:
        host = make_organisation(session, "株式会社ホシナミ計器", "ホシナミケイキ", code="O0004")
        need = make_need(session, make_round(session), "N04", host)
        person = make_person(session, host, email="hoshi@hoshinami.example.jp")
        need.attendees, need.state = [NeedAttendee(person_id=person.id)], NeedState.DRAFT
        return need.id


def link_in(app: Flask, kind: str, path: str) -> str:
    with app.app_context():
        body = db.session.scalars(select(Letter.body).where(Letter.kind == kind)).one()
    return re.search(rf"http://localhost(/{path}/\S+)", body).group(1)


def test_a_need_goes_from_draft_to_an_answered_application_by_links_alone(
    app: Flask, need_id: int, chromium: Browser, visit: Callable[..., object]
) -> None:
    with app.app_context():
        desk = f"/staff/events/{db.session.get_one(Need, need_id).round.event_id}/matching"
    staff: Page = visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page()
    staff.goto(f"{desk}/needs")
    staff.get_by_role("link", name=re.compile("確認を頼む")).click()
    staff.get_by_role("button", name="1名に送信").click()

    company: Page = visit(chromium, viewport=PHONE).new_page()
    company.goto(link_in(app, "need_confirmation", "n"))
    company.get_by_label("求める技術").fill("φ0.3mmの冷却穴を半分の時間であけたい。")
    company.get_by_label("社名を公開しない").check()
    company.get_by_label("公開のときの呼び名").fill("大手計測器メーカー")
    company.get_by_label("確認した方のお名前").fill("星 一郎")
    company.get_by_role("button", name="この内容で確認する").click()
    expect(company.get_by_text("ご確認ありがとうございました").first).to_be_visible()

    staff.goto(f"{desk}/needs")
    staff.get_by_role("button", name="確認済みの1件を公開する").click()
    staff.locator("dialog[open] .btn-primary").click()
    expect(staff.get_by_text("1件のニーズを公開しました").first).to_be_visible()

    guest: Page = visit(chromium, viewport=PHONE).new_page()
    apply(guest)
    assert guest.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    guest.goto(link_in(app, "application_received", "a"))
    expect(guest.locator("main")).to_contain_text("大手計測器メーカー")
    expect(guest.locator("main")).not_to_contain_text("ホシナミ")

    company.reload()
    company.get_by_role("link", name=re.compile("応募を読んで選考する")).click()
    with company.expect_download() as download:
        company.get_by_role("link", name="図面.pdf").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    company.get_by_label("A", exact=True).check()
    company.get_by_role("button", name="1件の回答を保存").click()
    expect(company.get_by_text("回答を保存しました").first).to_be_visible()
    with app.app_context():
        assert db.session.scalars(select(Application.rating)).one() == "A"


def apply(page: Page) -> None:
    page.goto("/e/m08/needs")
    expect(page.locator("main")).not_to_contain_text("ホシナミ")
    page.get_by_role("link", name="N04 に応募する").click()
    typed = {
        "company": "株式会社青空精密",
        "company_kana": "アオゾラセイミツ",
        "family_name": "山田",
        "given_name": "太郎",
        "family_kana": "ヤマダ",
        "given_kana": "タロウ",
        "email": "taro@aozora.example.jp",
        "proposal_title": "放電以外の穴あけ",
        "proposal_text": "φ0.3mmの実績があります。",
        "arrives_from": "14:00",
    }
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    drawing = {"name": "図面.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a drawing"}
    page.locator("[name=file_1]").set_input_files(drawing)
    page.get_by_label("提案の内容と添付に秘密情報は含まれていません").check()
    page.get_by_role("button", name="応募する").click()
    expect(page.get_by_role("heading", name="ご応募ありがとうございます")).to_be_visible()
