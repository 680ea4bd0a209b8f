"""The station in a real Chromium: a printed code before the camera, a USB scanner, search, a photo, a lost network."""

import io

import pytest
import qrcode
from playwright.sync_api import Page, expect
from qrcode.image.pil import PilImage
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.checkin.models import Scan
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from tests.checkin.arrange import code_of, make_attendee, make_door
from tests.e2e.conftest import PHONE

pytestmark = pytest.mark.browser

FRAMES = 8
SLOW = 20_000  # a shared machine may take its time; the words are what is tested here


@pytest.fixture
def door(app):
    """The event's id, and the codes of 高橋 一郎 and 高木 花子."""
    with app.app_context(), transaction() as session:
        event = make_door(session)
        one = make_attendee(session, event, ("高橋", "一郎", "タカハシ", "イチロウ"))
        other = make_attendee(session, event, ("高木", "花子", "タカギ", "ハナコ"), company="株式会社海辺工業")
        return event.id, code_of(one), code_of(other)


def picture(code):
    """The code as a camera sees it: in the middle of a grey picture."""
    symbol = qrcode.QRCode(border=4, box_size=7)
    symbol.add_data(code)
    drawn = symbol.make_image(image_factory=PilImage).get_image().convert("RGB")
    canvas = drawn.resize((640, 480))
    canvas.paste((150, 150, 145), (0, 0, 640, 480))
    canvas.paste(drawn, ((640 - drawn.width) // 2, (480 - drawn.height) // 2))
    return canvas


def bytes_of(image, kind):
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def open_station(context, door) -> Page:
    """Choose the first part and the desk's name, as staff do once in the morning."""
    page = context.new_page()
    page.goto(f"/staff/events/{door[0]}/reception/scan")
    page.check("text=第1部 講演")
    page.fill("#station", "受付2")
    page.click("text=受付を始める")
    expect(page.locator("[data-camera-button]")).to_be_visible()
    return page


def expect_verdict(page, tone, word, name=""):
    shown = page.locator(f"[data-verdict].verdict-{tone}")
    expect(shown.locator("[data-verdict-word]")).to_have_text(word, timeout=SLOW)
    expect(shown.locator("[data-verdict-name]")).to_have_text(name)
    return shown.locator("[data-verdict-note]")


def scanner_types(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def verdicts(app):
    with app.app_context():
        return [
            (scan.verdict, scan.method, scan.station) for scan in db.session.scalars(select(Scan).order_by(Scan.id))
        ]


def test_camera_then_scanner_then_search(app, door, launch, visit, tmp_path):
    film = tmp_path / "badge.mjpeg"
    film.write_bytes(bytes_of(picture(door[1]), "JPEG") * FRAMES)
    browser = launch(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    page = open_station(visit(browser, role=Role.RECEPTION, viewport=PHONE), door)

    page.click("[data-camera-button]")
    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    expect(page.locator("[data-inside]")).to_have_text("1")

    scanner_types(page, door[1])
    note = expect_verdict(page, "already", "受付済", "高橋 一郎")
    expect(note).to_contain_text("に「受付2」で受付済みです。")

    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("たかぎ")
    page.click("[data-found] >> text=受付")
    expect_verdict(page, "ok", "受付OK", "高木 花子")

    assert verdicts(app) == [
        (Verdict.ADMIT, "camera", "受付2"),
        (Verdict.ALREADY_IN, "keyboard", "受付2"),
        (Verdict.ADMIT, "search", "受付2"),
    ]


def test_a_bad_code_stops_nothing_and_the_scanner_works_in_any_field(app, door, chromium, visit):
    page = open_station(visit(chromium, role=Role.RECEPTION), door)

    scanner_types(page, "4901234567894X")
    note = expect_verdict(page, "invalid", "無効")
    expect(note).to_contain_text("この受付の参加証ではありません。")

    scanner_types(page, door[2])
    expect_verdict(page, "ok", "受付OK", "高木 花子")
    page.keyboard.press("Escape")

    page.fill("#search", "タカ")
    page.focus("#search")
    scanner_types(page, door[1].lower())
    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    expect(page.locator("#search")).to_have_value("タカ")


def test_a_scan_that_the_network_swallowed_is_sent_again_once(app, door, chromium, visit):
    context = visit(chromium, role=Role.RECEPTION)
    page = open_station(context, door)

    context.set_offline(True)
    scanner_types(page, door[1])
    note = expect_verdict(page, "attention", "未送信")
    expect(note).to_contain_text("送信できません。通信を確認してください。")
    expect(page.locator("[data-trouble]")).to_contain_text("未送信 1件")

    context.set_offline(False)
    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    expect(page.locator("[data-trouble]")).to_be_hidden()
    assert verdicts(app) == [(Verdict.ADMIT, "keyboard", "受付2")]


def test_an_unsent_scan_survives_a_reload(app, door, chromium, visit):
    context = visit(chromium, role=Role.RECEPTION)
    page = open_station(context, door)
    context.route("**/reception/scans", lambda route: route.abort())
    scanner_types(page, door[1])
    expect_verdict(page, "attention", "未送信")

    context.unroute("**/reception/scans")
    page.reload()

    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    assert len(verdicts(app)) == 1


def test_a_photo_of_the_code_is_read(app, door, chromium, visit):
    page = open_station(visit(chromium, role=Role.RECEPTION), door)
    plain = picture(door[1]).resize((1600, 1200)).rotate(12, fillcolor=(150, 150, 145))
    empty = bytes_of(plain.crop((0, 0, 300, 300)), "PNG")

    page.set_input_files("#photo", {"name": "empty.png", "mimeType": "image/png", "buffer": empty})
    expect(page.locator("[data-trouble]")).to_contain_text("写真からQRコードを読み取れませんでした。", timeout=SLOW)
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bytes_of(plain, "JPEG")})

    expect_verdict(page, "ok", "受付OK", "高橋 一郎")


def test_a_mistaken_admission_is_taken_back_beside_the_last_scan(app, door, chromium, visit):
    page = open_station(visit(chromium, role=Role.RECEPTION), door)
    scanner_types(page, door[1])
    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    page.keyboard.press("Escape")

    page.click("[data-last-acts] >> text=受付を取り消す")
    expect(page.locator("[data-last-word]")).to_have_text("取り消し")
    expect(page.locator("[data-inside]")).to_have_text("0")

    scanner_types(page, door[1])
    expect_verdict(page, "ok", "受付OK", "高橋 一郎")
    assert [verdict for verdict, _, _ in verdicts(app)] == [Verdict.ADMIT, Verdict.ADMIT]


def test_the_monitor_follows_and_undoes(app, door, chromium, visit):
    context = visit(chromium, role=Role.RECEPTION)
    station, monitor = open_station(context, door), context.new_page()
    monitor.goto(f"/staff/events/{door[0]}/reception")
    expect(monitor.locator(".part-count b").first).to_have_text("0")

    scanner_types(station, door[1])

    expect(monitor.locator(".part-count b").first).to_have_text("1", timeout=SLOW)
    expect(monitor.locator(".missing b")).to_have_text(["高木 花子"])
