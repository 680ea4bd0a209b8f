"""The matching of 2009 from its sheets: with one table each 90 of 150 fit and the screen says so; with two all do."""

import csv
import threading

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.jobs import worker
from eventops.meetings.models import MeetingTable, Room
from eventops.meetings.timetable import solving
from tests.e2e.conftest import DESK
from tests.meetings.sheets import DATA, load_directory, make_round

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LONG = 120_000


@pytest.fixture
def event_id(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """The directory, nine slots, a hall with ten tables; nobody has applied."""
    monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)
    with app.app_context(), transaction() as session:
        load_directory(session)
        found = make_round(session)
        tables = [MeetingTable(number=number) for number in range(1, 11)]
        found.rooms.append(Room(code="H1", name="ホール", position=1, tables=tables))
        session.flush()
        return found.event_id


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def needs() -> bytes:
    owner = {row["need_id"]: row["org_id"] for row in rows("needs.csv")}
    codes = dict.fromkeys(row["need_id"] for row in rows("scenario2009_requests.csv"))
    return sheet("ニーズ番号,企業番号,題名", *(f"{code},{owner[code]},加工技術" for code in codes))


def applications() -> bytes:
    wanted = enumerate(rows("scenario2009_requests.csv"), start=1)
    lines = (f"A{place:03d},{row['need_id']},{row['sme_org_id']},A" for place, row in wanted)
    return sheet("応募番号,ニーズ番号,応募企業番号,評価", *lines)


def sheet(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def take_in(page: Page, matching: str, kind: str, content: bytes) -> None:
    page.goto(f"{matching}/import/{kind}")
    file = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button").first.click()
    page.get_by_role("button", name="取り込む").click()
    expect(page.get_by_text("取り込みました")).to_be_visible()


def make(app: Flask, page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    thread = threading.Thread(target=worker.run_next_job, args=(app, "worker of the test"))
    thread.start()
    expect(page.locator(".progress-box")).to_have_count(0, timeout=LONG)
    thread.join()


def test_ninety_fit_at_one_table_each_and_all_at_two(app: Flask, event_id: int, chromium, visit) -> None:
    page = visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page()
    matching, timetable = f"/staff/events/{event_id}/matching", f"/staff/events/{event_id}/timetable"
    take_in(page, matching, "needs", needs())
    take_in(page, matching, "applications", applications())

    page.goto(f"{matching}/round")
    figures = page.locator("#arithmetic .figures")
    for words in ("150", "17", "19〜20"):
        expect(figures).to_contain_text(words)
    expect(page.locator("#arithmetic")).to_contain_text("大手ごとに見ると、60件が入りません。")

    page.goto(timetable)
    make(app, page, "作成")
    expect(page.locator(".board-foot")).to_contain_text("成立 90/150")
    expect(page.locator(".unplaced h2")).to_have_text("未成立 60")
    page.get_by_role("link", name="この対策を試す(+60件)").first.click()
    page.get_by_label("了解を得た").check()
    make(app, page, "変更して時間割を作り直す")
    expect(page.get_by_text("見込みどおり、成立が60件増えました。")).to_be_visible()
    page.goto(timetable)
    expect(page.locator(".board-foot")).to_contain_text("成立 150/150")
