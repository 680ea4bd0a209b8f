"""A hundred guests at three desks, one of which is without a network for a while: every look is accounted for."""

import re
import statistics
import time
from collections import Counter

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role, StaffUser
from eventops.checkin import conflicts, honours, monitor, queries, stations
from eventops.checkin.honours import Telling
from eventops.checkin.models import Scan
from eventops.checkin.rules import ADMITTED, Verdict
from eventops.database import db, transaction
from tests.checkin.arrange import cancel, code_of, make_attendee, make_door
from tests.e2e.conftest import DESK, PHONE
from tests.e2e.test_scan import SLOW, scanner_types
from tests.printing.paper import joined, words

pytestmark = pytest.mark.browser

GUESTS = 100
TABLET = {"width": 820, "height": 1180}
KANA = "アイウエオカキクケコ"
TAKA = [
    ("高橋", "一郎", "タカハシ", "イチロウ"),
    ("大高", "三郎", "オオタカ", "サブロウ"),
    ("鷹取", "四郎", "タカトリ", "シロウ"),
    ("高木", "花子", "タカギ", "ハナコ"),
]
SAID = """([word, name]) => {
  const shown = document.querySelector('[data-verdict]');
  const says = (mark) => shown?.querySelector(`[data-verdict-${mark}]`).textContent;
  return says('word') === word && says('name') === name;
}"""


def names():
    yield from TAKA
    for number in range(len(TAKA), GUESTS):
        reading = KANA[number // 10] + KANA[number % 10]
        yield "試験", f"{number}番", "シケン", reading


@pytest.fixture
def door(app):
    """Codes and names of a hundred guests, and the codes of one who cancelled and of one of another event."""
    with app.app_context(), transaction() as session:
        event = make_door(session)
        for pool in event.parts[0].pools:
            pool.capacity = GUESTS + 1
        guests = [(make_attendee(session, event, name), f"{name[0]} {name[1]}") for name in names()]
        guests[0][0].badge_category = "guest_of_honour"
        gone = make_attendee(session, event, ("佐藤", "次郎", "サトウ", "ジロウ"))
        cancel(gone)
        other = make_door(session, slug="other", title="令和9年新春講演会")
        foreign = make_attendee(session, other, ("遠山", "遠", "トオヤマ", "トオシ"))
        return [(code_of(guest), name) for guest, name in guests], code_of(gone), code_of(foreign)


class Desk:
    """An enrolled station at whose keyboard a scanner types; it knows what it was told, and how long that took."""

    def __init__(self, app, context, name):
        with app.app_context(), transaction() as session:
            now = clock.now()
            code = stations.invite(session, event_id=1, part_id=1, name=name, user_id=None, now=now).code
        self.name, self.context, self.page = name, context, context.new_page()
        self.told, self.seconds = [], []
        self.page.goto(f"/door/ja/enrol?code={code}")
        self.page.click("text=この端末を登録する")
        expect(self.page.locator("[data-book]")).to_contain_text(f"{GUESTS + 1}名", timeout=SLOW)

    def show(self, code, word, who=""):
        self.page.keyboard.press("Escape")
        began = time.perf_counter()
        scanner_types(self.page, code)
        self.page.wait_for_function(SAID, arg=[word, who], polling=20, timeout=SLOW)
        self.seconds.append(time.perf_counter() - began)
        self.told.append(word)

    def says(self):
        return self.page.inner_text("[data-verdict-note]")

    def lose_the_network(self):
        self.context.set_offline(True)
        expect(self.page.locator("[data-net]")).to_have_text("通信なしで受付中", timeout=SLOW)

    def come_back(self):
        self.context.set_offline(False)
        expect(self.page.locator("[data-unsent]")).to_have_text("未送信 0件", timeout=SLOW)


@pytest.fixture
def desks(app, door, chromium, visit):
    sizes = {"受付1": DESK, "受付2": TABLET, "受付3": PHONE}
    return [Desk(app, visit(chromium, viewport=size), name) for name, size in sizes.items()]


def test_a_hundred_guests_at_three_desks(app, door, desks, chromium, visit):
    guests, gone, foreign = door
    pc, tablet, phone = desks
    board = watching(app, chromium, visit)
    for number in range(25):
        for desk, first in ((pc, 0), (tablet, 30), (phone, 60)):
            desk.show(guests[first + number][0], "受付OK", guests[first + number][1])

    phone.lose_the_network()
    for number in range(85, 100):
        phone.show(*shown(guests[number]))
    pc.show(*shown(guests[25]))
    phone.show(*shown(guests[25]))  # neither can know of the other
    tablet.show(*shown(guests[90]))
    phone.show(gone, "無効", "佐藤 次郎")
    assert "この参加は取り消されています。" in phone.says()
    phone.show(foreign, "要確認")
    assert "この端末にはまだありません。" in phone.says()
    phone.come_back()

    for desk, numbers in ((pc, range(26, 30)), (tablet, range(55, 60))):
        for number in numbers:
            desk.show(*shown(guests[number]))
    refusals(pc, tablet, guests, gone, foreign)
    search_in_order(tablet)
    second_part(pc, guests)
    walks_in(tablet)
    accounted_for(app, desks)
    assert statistics.median(second for desk in desks for second in desk.seconds) < 1.0
    on_the_monitor(board)
    printed_before_all_went_off(board)


def watching(app, chromium, visit):
    """Somebody before the monitor who wants to know when guests of honour come."""
    page = visit(chromium, role=Role.RECEPTION).new_page()
    with app.app_context(), transaction() as session:
        told = {session.scalars(select(StaffUser.id)).one(): Telling.SCREEN}
        honours.choose(session, event_id=1, tellings=told, actor_id=None, now=clock.now())
    page.goto("/staff/events/1/reception")
    return page


def shown(guest):
    return guest[0], "受付OK", guest[1]


def refusals(pc, tablet, guests, gone, foreign):
    tablet.show(guests[0][0], "受付済", guests[0][1])
    assert re.search(r"\d+:\d\dに「受付1」で受付済みです。", tablet.says())
    tablet.show(gone, "無効", "佐藤 次郎")
    assert "この参加は取り消されています。" in tablet.says()
    pc.show(foreign, "無効")
    assert "「令和9年新春講演会」の参加証です。この行事では使えません。" in pc.says()


def search_in_order(desk):
    desk.page.keyboard.press("Escape")
    desk.page.fill("#search", "タカ")
    found = desk.page.locator("[data-found] li b")
    expect(found).to_have_text(["高木 花子", "鷹取 四郎", "高橋 一郎", "大高 三郎"])


def second_part(desk, guests):
    desk.page.keyboard.press("Escape")
    desk.page.click("text=第2部 交流会")
    for number in range(3):
        desk.show(*shown(guests[number]))


def walks_in(desk):
    """Five fields, at a desk that nobody is signed in at."""
    began = time.perf_counter()
    desk.page.keyboard.press("Escape")
    desk.page.click("[data-to-walk-in]")
    desk.page.fill("#company", "株式会社川向製作所")
    desk.page.fill("#name", "鈴木 三郎")
    desk.page.fill("#name_kana", "すずき さぶろう")
    desk.page.click("text=登録して受付する")
    desk.page.wait_for_function(SAID, arg=["受付OK", "鈴木 三郎"], polling=20, timeout=SLOW)
    assert time.perf_counter() - began < 60
    desk.told.append("受付OK")


def accounted_for(app, desks):
    """Each look is one row of its desk; two tickets that were let in at two gates stand on the list, counted once."""
    with app.app_context():
        scans = db.session.scalars(select(Scan)).all()
        event = queries.event(db.session(), 1)
        listed = [one.scan.station for one in conflicts.listed(db.session(), event, now=clock.now())]
        counts = monitor.part_counts(db.session(), event.parts, now=clock.now())
    assert Counter(scan.station for scan in scans) == {desk.name: len(desk.told) for desk in desks}
    assert len({scan.nonce for scan in scans}) == len(scans)
    assert Counter(scan.shown in ADMITTED for scan in scans) == Counter(
        word == "受付OK" for desk in desks for word in desk.told
    )
    assert Counter(scan.verdict for scan in scans) == {
        Verdict.ADMIT: GUESTS + 3 + 1,
        Verdict.ALREADY_IN: 3,
        Verdict.CANCELLED: 2,
        Verdict.WRONG_EVENT: 2,
    }
    assert sorted(listed) == ["受付2", "受付3"]
    assert [(count.inside, count.expected) for count in counts.values()] == [(GUESTS + 1, GUESTS + 1), (3, GUESTS)]


def on_the_monitor(page):
    figures = [re.compile(r"^101 / 101名"), re.compile(r"^3 / 100名")]
    expect(page.locator(".part-count-figure")).to_have_text(figures, timeout=SLOW)
    expect(page.locator(".trouble")).to_contain_text("要確認 2件")
    expect(page.locator(".arrived")).to_contain_text("高橋 一郎 様")


def printed_before_all_went_off(page):
    """The list says everybody by reading, on paper."""
    pdf = page.context.request.get("/staff/events/1/papers/reception.pdf").body()
    text = joined("".join(words(pdf)))
    read = [text.index(kana) for kana in ("オオタカサブロウ", "タカギハナコ", "タカトリシロウ", "タカハシイチロウ")]
    assert read == sorted(read)
