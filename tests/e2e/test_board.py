"""The board in a real Chromium: moved by mouse and keyboard, refused in words, locked, taken back, told when stale."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import queries
from eventops.meetings.wishes import requests
from tests.e2e.conftest import DESK
from tests.meetings.placing import place_by_hand

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OPEN_CELLS = ".board .cell.is-free, .board .cell.is-better, .board .cell.is-worse"
WIDE = {"width": 1600, "height": 1000}


@pytest.fixture
def round_id(demonstration: Flask) -> int:
    """The demonstration's round with six meetings on its board, put there by hand."""
    with demonstration.app_context(), transaction() as session:
        round_id = session.scalars(select(MatchingRound.id)).one()
        place_by_hand(session, round_id, 6)
        return round_id


@pytest.fixture
def address_of_board(demonstration: Flask, round_id: int) -> str:
    with demonstration.app_context():
        event_id = db.session.scalars(select(Event.id).where(Event.code == "M08")).one()
    return f"/staff/events/{event_id}/timetable"


@pytest.fixture
def board(app: Flask, address_of_board: str, chromium, visit) -> Page:
    return opened(visit(chromium, role=Role.EVENT_MANAGER, viewport=WIDE).new_page(), address_of_board)


def opened(page: Page, address: str) -> Page:
    """The board's page, with everything its scripts complain about."""
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address)
    page.evaluate("document.querySelector('.board').dataset.zoom = 'fit'")
    return page


def spots(app: Flask, round_id: int) -> dict[str, tuple[str, str]]:
    with app.app_context():
        draft = queries.draft_of(db.session(), round_id)
        return {str(one.application_id): (str(one.slot_id), str(one.table_id)) for one in draft.meetings}


def meeting(page: Page, application_id: str) -> Locator:
    return page.locator(f".cell [data-meeting='{application_id}']")


def spot_of(cell: Locator) -> tuple[str | None, str | None]:
    return cell.get_attribute("data-slot"), cell.get_attribute("data-table")


def said(page: Page) -> Locator:
    return page.locator("[data-board-said]")


def heard(page: Page) -> Locator:
    return page.locator("[data-board-heard]")


def empty(page: Page, cells: str) -> Locator:
    return page.locator(cells).filter(has_not=page.locator("[data-meeting]"))


def drag(page: Page, start: Locator, end: Locator) -> None:
    """Press, move, let go: cells are coloured on the way."""
    start.scroll_into_view_if_needed()
    start.hover()
    page.mouse.down()
    box = start.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    expect(page.locator(OPEN_CELLS).first).to_be_attached()
    end.hover()
    page.mouse.up()


def pick_up(page: Page, application_id: str) -> None:
    cell = page.locator(".cell", has=page.locator(f"[data-meeting='{application_id}']"))
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator(OPEN_CELLS).first).to_be_attached()


def test_a_meeting_is_dragged_to_a_coloured_cell_and_taken_back(app, board, round_id):
    before = spots(app, round_id)
    mover = min(before)
    meeting(board, mover).hover()
    pick_up(board, mover)
    target = empty(board, OPEN_CELLS).last
    wanted = spot_of(target)
    board.keyboard.press("Escape")
    expect(board.locator(".board .cell.is-free")).to_have_count(0)

    drag(board, meeting(board, mover), board.locator(f".cell[data-slot='{wanted[0]}'][data-table='{wanted[1]}']"))
    expect(said(board)).to_have_text("移しました。")
    assert spots(app, round_id) == before | {mover: wanted}

    board.get_by_role("button", name="元に戻す").click()
    expect(said(board)).to_have_text("元に戻しました。")
    assert spots(app, round_id) == before
    assert board.complaints == []


def test_the_keyboard_says_where_it_is_forbidden_and_moves_where_it_is_not(app, board, round_id):
    before = spots(app, round_id)
    mover = min(before)
    pick_up(board, mover)
    expect(said(board)).to_contain_text("移動中")

    forbidden = board.locator(".board .cell.is-forbidden").first
    reason = forbidden.get_attribute("title")
    assert reason
    forbidden.focus()
    board.keyboard.press("Enter")
    expect(said(board)).to_have_text(f"ここには置けません。{reason}")
    assert spots(app, round_id) == before

    target = empty(board, OPEN_CELLS).last
    wanted = spot_of(target)
    target.focus()
    board.keyboard.press("Enter")
    expect(said(board)).to_have_text("移しました。")
    assert spots(app, round_id) == before | {mover: wanted}
    board.keyboard.press("u")
    expect(said(board)).to_have_text("元に戻しました。")
    assert spots(app, round_id) == before


def test_arrows_walk_the_board_and_say_what_each_cell_is_worth(board, round_id):
    first = board.locator(".cell[tabindex='0']")
    first.focus()
    start = spot_of(first)
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        board.keyboard.press(key)
    assert spot_of(board.locator(".cell:focus")) == start
    assert board.locator(".cell[tabindex='0']").count() == 1

    board.keyboard.press("Enter")
    expect(board.locator(OPEN_CELLS).first).to_be_attached()
    for key in ("ArrowDown", "End"):
        board.keyboard.press(key)
        name = board.locator(".cell:focus").get_attribute("data-name")
        expect(said(board)).to_contain_text(f"{name}: ")
        expect(said(board)).to_contain_text("置け")


def test_a_locked_meeting_stays_until_it_is_unlocked(app, board, round_id):
    before = spots(app, round_id)
    mover = min(before)
    cell = board.locator(".cell", has=board.locator(f"[data-meeting='{mover}']"))
    cell.focus()
    board.keyboard.press("l")
    expect(said(board)).to_have_text("固定しました。")
    expect(meeting(board, mover)).to_have_attribute("data-locked", "1")

    meeting(board, mover).click()
    expect(said(board)).to_contain_text("固定した面談は動かせません。")
    expect(board.locator(OPEN_CELLS)).to_have_count(0)

    cell.focus()
    board.keyboard.press("l")
    expect(said(board)).to_have_text("固定を外しました。")
    cell.focus()
    board.keyboard.press("Delete")
    expect(said(board)).to_have_text("未成立に移しました。")
    assert set(spots(app, round_id)) == set(before) - {mover}


def test_one_without_a_place_is_placed_by_keyboard_alone(app, board, round_id):
    before = spots(app, round_id)
    with app.app_context():
        waiting = next(one.id for one in requests.requests_of(db.session(), round_id) if str(one.id) not in before)
    board.locator(f"button[data-meeting='{waiting}']").focus()
    board.keyboard.press("Enter")
    expect(board.locator(OPEN_CELLS).first).to_be_attached()
    expect(board.locator(".cell:focus")).to_have_count(1)
    target = empty(board, OPEN_CELLS).first
    wanted = spot_of(target)
    target.focus()
    board.keyboard.press("Enter")
    expect(said(board)).to_have_text("移しました。")
    assert spots(app, round_id) == before | {str(waiting): wanted}


def test_a_right_click_picks_nothing_up(board, round_id):
    board.locator(".cell [data-meeting]").first.click(button="right")
    board.keyboard.press("Escape")
    expect(said(board)).to_have_text("")
    expect(board.locator(".is-held")).to_have_count(0)


def out(page: Page, application_id: str) -> None:
    """Take a meeting off the board by keyboard."""
    page.locator(".cell", has=page.locator(f"[data-meeting='{application_id}']")).focus()
    page.keyboard.press("Delete")
    expect(said(page)).to_have_text("未成立に移しました。")


def test_two_browsers_move_the_same_meeting_and_the_later_one_is_told(
    app, board, round_id, address_of_board, chromium, visit
):
    second = opened(visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page(), address_of_board)
    second.route("**/timetable/news*", lambda route: route.abort())  # it has not heard yet
    mover = min(spots(app, round_id))
    for page in (board, second):
        pick_up(page, mover)
    first_choice, later_choice = empty(board, OPEN_CELLS).last, empty(second, OPEN_CELLS).first
    wanted = spot_of(first_choice)
    assert spot_of(later_choice) != wanted

    first_choice.click()
    expect(said(board)).to_have_text("移しました。")
    second.unroute("**/timetable/news*")
    later_choice.click()
    expect(said(second)).to_contain_text("ほかの人が先に変更しました。")
    expect(heard(second)).to_contain_text("試験 event_managerさんが、")
    place = second.locator(f".cell[data-slot='{wanted[0]}'][data-table='{wanted[1]}']")
    expect(place.locator(f"[data-meeting='{mover}']")).to_have_count(1)
    expect(meeting(second, mover)).to_have_count(1)
    assert spots(app, round_id)[mover] == wanted

    out(second, mover)
    expect(meeting(board, mover)).to_have_count(0)
    assert board.complaints == second.complaints == []


def test_others_are_seen_at_work_while_a_card_is_held_and_words_are_typed(
    app, board, round_id, address_of_board, chromium, visit
):
    second = opened(visit(chromium, role=Role.EVENT_MANAGER, viewport=DESK).new_page(), address_of_board)
    gone, held, other = sorted(spots(app, round_id))[:3]
    second.fill("[data-board-search]", "精")
    pick_up(second, held)

    out(board, gone)
    expect(meeting(second, gone)).to_have_count(0, timeout=2000)
    expect(heard(second)).to_contain_text("を未成立へ移しました。")
    expect(second.locator(f".unplaced [data-meeting='{gone}']")).to_have_count(1)
    expect(second.locator("[data-board-search]")).to_have_value("精")
    expect(meeting(second, held)).to_have_class(re.compile("is-held"))
    target = empty(second, OPEN_CELLS).last
    wanted = spot_of(target)
    target.click()
    expect(said(second)).to_have_text("移しました。")
    expect(meeting(board, held)).to_have_class(re.compile("is-changed"))
    assert spots(app, round_id)[held] == wanted

    pick_up(second, other)
    out(board, other)
    expect(second.locator(".is-held")).to_have_count(0)
    expect(second.locator(OPEN_CELLS)).to_have_count(0)
    assert board.complaints == second.complaints == []


def test_the_view_by_company_keeps_what_is_held_and_moves_it_too(app, board, round_id):
    mover = min(spots(app, round_id))
    pick_up(board, mover)
    board.get_by_role("button", name="会社ごと").click()
    expect(board.locator(".by-company .is-held")).not_to_have_count(0)
    line = board.locator(".by-company tr", has=board.locator(".cell .is-held")).last
    target = line.locator(".cell.is-free, .cell.is-better, .cell.is-worse").filter(
        has_not=board.locator("[data-meeting]")
    )
    slot, company = target.last.get_attribute("data-slot"), line.locator("th").inner_text()
    target.last.focus()
    board.keyboard.press("Enter")
    expect(said(board)).to_have_text("移しました。")
    assert spots(app, round_id)[mover][0] == slot

    board.fill("[data-board-search]", company)
    expect(board.locator(".by-company tr[data-company]:visible")).to_have_count(1)
    board.get_by_role("button", name="卓ごと").click()
    expect(board.locator(".by-company")).to_have_count(0)
    expect(meeting(board, mover)).to_be_visible()
    assert board.complaints == []
