"""The whole story in a real Chromium: from the public form to the badge before the door's camera."""

import datetime as dt
import io
import re
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from eventops.accounts import service as accounts
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.events.models import Event
from eventops.jobs import worker
from eventops.meetings.models import Application
from tests.conftest import NOW
from tests.e2e.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SOLVING = 200_000
SLOW = 30_000
PASSWORD = "a long password of the story"
BADGE = (91 / 25.4 * 72, 55 / 25.4 * 72)


@pytest.fixture
def event_id(demonstration: Flask) -> int:
    """The exchange of the demonstration, with somebody who may manage it; today is before the deadline."""
    with demonstration.app_context(), transaction() as session:
        accounts.create_user(
            session,
            email="story@secretariat.example.jp",
            name="物語 担当",
            office="",
            role=Role.EVENT_MANAGER,
            password=PASSWORD,
            actor_id=None,
            now=NOW,
        )
        event = session.scalars(select(Event).where(Event.code == "M08")).one()
        event.applications_close_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
        return event.id


@pytest.fixture
def at_work(app: Flask, event_id: int):
    """A real worker beside the server: it sends the letters, as fast as they come, and makes the timetable."""
    app.config["MAIL_PER_MINUTE"] = 60_000
    stopping = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app,), kwargs={"stopping": stopping})
    thread.start()
    yield
    stopping.set()
    thread.join()


@pytest.fixture
def company(app: Flask, event_id: int) -> tuple[str, str]:
    """An SME of the round that has not registered anybody yet: name and kana."""
    with app.app_context():
        star = db.session.scalars(
            select(Organisation)
            .join(Application, Application.organisation_id == Organisation.id)
            .order_by(Organisation.id)
        ).first()
        return star.name, star.kana


def letter(folder: Path, subject: str, to: str, page: Page) -> EmailMessage:
    """The letter that arrives, as the reader's program reads it."""
    for _ in range(120):
        for file in sorted(folder.glob("*.eml")):
            message = message_from_bytes(file.read_bytes(), policy=default_policy)
            if subject in message["Subject"] and to in message["To"]:
                return message
        page.wait_for_timeout(250)
    raise AssertionError(f"no letter {subject} to {to}")


def link_in(message: EmailMessage, kind: str) -> str:
    body = message.get_body(("plain",)).get_content()
    return re.search(rf"http://localhost(/{kind}/\S+)", body).group(1)


def apply(page: Page, company: tuple[str, str]) -> None:
    """Somebody fills in the public form on a phone."""
    page.goto("/e/m08/")
    page.get_by_role("link", name="申し込む").first.click()
    typed = {
        "organisation_name": company[0],
        "organisation_kana": company[1],
        "attendees-0-family_name": "物部",
        "attendees-0-given_name": "語",
        "attendees-0-family_kana": "モノベ",
        "attendees-0-given_kana": "カタリ",
        "email": "monobe@story.example.jp",
        "email_again": "monobe@story.example.jp",
        "phone": "００－１２３４－５６７８",
    }
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_label("わからない").check()
    for choice in page.locator("[name^=attendees-0-part_][value=onsite]").all():
        choice.check()
    page.get_by_label("キャンセル待ちをする").check()
    page.get_by_label("当日現金").check()
    page.get_by_label("個人情報の取り扱いに同意する").check()
    page.get_by_role("button", name="確認画面へ進む").last.click()


def test_from_the_public_form_to_the_door(app, event_id, company, at_work, chromium, launch, visit, tmp_path):
    guest = visit(chromium, viewport=PHONE).new_page()
    apply(guest, company)
    guest.get_by_role("button", name="この内容で申し込む").click()
    expect(guest.get_by_role("heading", level=1)).to_contain_text("お申込み")

    received = letter(tmp_path / "letters", "お申込みを受け付けました", "monobe@story.example.jp", guest)
    files = {part.get_content_type() for part in received.iter_attachments()}
    assert files == {"application/pdf", "text/calendar"}
    guest.goto(link_in(received, "r"))
    expect(guest.locator(".ticket")).to_contain_text("物部 語")
    expect(guest.locator(".ticket-qr svg")).to_be_visible()

    staff = sign_in(visit(chromium, viewport=DESK))
    make_timetable(staff, event_id)
    publish(staff)
    sme_sees_its_page(app, guest, tmp_path, company)

    badge = printed_badge(staff, event_id, "物部 語")
    check_in(launch, visit, tmp_path, event_id, badge)


def sign_in(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/staff/")
    page.get_by_label("メールアドレス").fill("story@secretariat.example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ホーム")
    return page


def make_timetable(page: Page, event_id: int) -> None:
    page.goto(f"/staff/events/{event_id}/timetable")
    page.get_by_role("button", name="作成").click()
    expect(page.locator("[data-progress-bar]")).to_be_visible()
    expect(page.locator(".board-foot")).to_contain_text("成立 150/150", timeout=SOLVING)
    expect(page.locator(".board-foot")).to_contain_text("中小の待ち 0", timeout=SLOW)
    expect(page.locator(".board-foot")).to_contain_text("競合の隣り合わせ 0")


def publish(page: Page) -> None:
    page.get_by_role("link", name="確定して知らせる").click()
    expect(page.locator("main")).to_contain_text("面談 150件を第1版として確定します")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".board-foot")).to_contain_text("第1版(確定)")


def sme_sees_its_page(app: Flask, page: Page, folder: Path, company: tuple[str, str]) -> None:
    with app.app_context():
        wishes = db.session.scalars(
            select(Application).join(Application.organisation).where(Organisation.name == company[0])
        ).all()
        hosts = {one.need.organisation.name for one in wishes if one.state == "received" and one.rating != "declined"}
        email = next(one.person.email for one in wishes if one.person)
    told = letter(folder / "letters", "面談時間割のお知らせ", email, page)
    page.goto(link_in(told, "m"))
    for name in hosts:
        expect(page.locator(".my-day")).to_contain_text(name)
    expect(page.locator(".my-day > li")).to_have_count(len(hosts))


def printed_badge(page: Page, event_id: int, name: str) -> Image.Image:
    """The badge of one person, cut out of the printed sheet; readings stand between the parts of the name."""
    page.goto(f"/staff/events/{event_id}/badges")
    page.get_by_role("button", name="名の名札を作る").click()
    response = page.request.get(str(page.get_by_role("link", name="名札を開く").get_attribute("href")))
    document = pypdfium2.PdfDocument(response.body())
    for sheet in document:
        text = sheet.get_textpage()
        found = text.search(name.split()[0])
        place = found.get_next()
        if place is not None:
            left, _, _, top = text.get_charbox(place[0])
            image = sheet.render(scale=3).to_pil().convert("RGB")
            return _card_around(image, left, sheet.get_height() - top)
    raise AssertionError(f"no badge of {name}")


def _card_around(image: Image.Image, x: float, y: float) -> Image.Image:
    """Two columns and five rows of cards, 14 mm from the left edge and 11 mm from the top."""
    left, top = 14 / 25.4 * 72, 11 / 25.4 * 72
    column, row = int((x - left) // BADGE[0]), int((y - top) // BADGE[1])
    corner = (left + column * BADGE[0], top + row * BADGE[1])
    return image.crop(tuple(int(3 * edge) for edge in (*corner, corner[0] + BADGE[0], corner[1] + BADGE[1])))


def check_in(launch, visit, folder: Path, event_id: int, badge: Image.Image) -> None:
    """The badge is held before the station's camera."""
    canvas = Image.new("RGB", (1280, 720), (150, 150, 145))
    canvas.paste(badge, ((1280 - badge.width) // 2, (720 - badge.height) // 2))
    stream = io.BytesIO()
    canvas.save(stream, "JPEG", quality=92)
    film = folder / "badge.mjpeg"
    film.write_bytes(stream.getvalue() * 8)
    browser = launch(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    page = visit(browser, role=Role.RECEPTION, viewport=PHONE).new_page()
    page.goto(f"/staff/events/{event_id}/reception/scan")
    page.check("text=第2部 オープンマッチング")
    page.fill("#station", "受付1")
    page.click("text=受付を始める")
    page.click("[data-camera-button]")
    shown = page.locator("[data-verdict].verdict-ok, [data-verdict].verdict-attention")
    expect(shown.locator("[data-verdict-name]")).to_have_text("物部 語", timeout=SLOW)
