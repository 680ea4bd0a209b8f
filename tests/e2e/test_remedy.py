"""A remedy in a real Chromium: without its two extra tables the demonstration places 147; one button makes it 150."""

import threading

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.events.models import Event
from eventops.jobs import worker
from eventops.meetings.models import LimitKind, ParticipantLimit
from eventops.meetings.timetable import solving
from tests.e2e.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LONG = 120_000


@pytest.fixture
def board(demonstration: Flask, chromium, visit, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The board of the demonstration, whose two companies in demand have one table each."""
    monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)
    with demonstration.app_context(), transaction() as session:
        for limit in session.scalars(select(ParticipantLimit).where(ParticipantLimit.kind == LimitKind.EXTRA_TABLES)):
            limit.in_use = False
        event_id = session.scalars(select(Event.id).where(Event.code == "M08")).one()
    page = visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"/staff/events/{event_id}/timetable")
    return page


def run_what_waits(app: Flask) -> threading.Thread:
    thread = threading.Thread(target=worker.run_next_job, args=(app, "worker of the test"))
    thread.start()
    return thread


def placed(page: Page) -> str:
    return page.locator(".board-foot b").first.inner_text()


def test_one_button_places_the_three_that_had_no_place(app: Flask, board: Page) -> None:
    board.get_by_role("button", name="作成", exact=True).click()
    thread = run_what_waits(app)
    expect(board.locator(".progress-box")).to_contain_text("147/150", timeout=LONG)
    expect(board.locator(".unplaced h2")).to_have_text("未成立 3", timeout=LONG)
    thread.join()
    assert placed(board) == "147/150"
    with app.app_context():
        wanted = Organisation.code.in_(("O0009", "O0011"))
        names = db.session.scalars(select(Organisation.name).where(wanted)).all()
    reasons = " ".join(board.locator(".unplaced-group > p").all_inner_texts())
    assert [name in reasons for name in names] == [True, True]

    board.get_by_role("link", name="この対策を試す(+3件)").click()
    expect(board.get_by_role("heading", name="変えるところ")).to_be_visible()
    expect(board.get_by_role("row", name="使う卓の数")).to_contain_text("26卓")
    board.get_by_role("button", name="変更して時間割を作り直す").click()
    expect(board.locator(".error-summary")).to_contain_text("どちらかを選んでください。")
    board.get_by_label("了解を得た").check()
    board.get_by_role("button", name="変更して時間割を作り直す").click()
    thread = run_what_waits(app)

    expect(board.get_by_text("見込みどおり、成立が3件増えました。")).to_be_visible(timeout=LONG)
    thread.join()
    board.get_by_role("link", name="時間割を見る").click()
    expect(board.get_by_text("対策を行い、成立が147件から150件になりました。")).to_be_visible()
    assert placed(board) == "150/150"

    board.get_by_role("link", name="前後の比較と取り消し").click()
    board.get_by_role("button", name="この変更を取り消す").click()
    board.get_by_role("dialog").get_by_role("button", name="この変更を取り消す").click()
    expect(board.get_by_text("変更を取り消し、時間割も元に戻しました。")).to_be_visible()
    assert placed(board) == "147/150"
    with app.app_context():
        used = select(ParticipantLimit).where(ParticipantLimit.kind == LimitKind.EXTRA_TABLES)
        assert [limit.in_use for limit in db.session.scalars(used)] == [False, False]
    assert board.complaints == []
