"""来賓の知らせ: chosen staff see arrivals until they confirm them, and get a letter if they asked for one."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import AuditEntry, Role, StaffUser
from eventops.checkin import honours, service
from eventops.checkin.commands import Told
from eventops.checkin.honours import Telling
from eventops.checkin.models import ArrivalWatch
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.mail.models import Letter
from eventops.registration.models import Attendee
from tests.checkin.arrange import TICKET_KEY, code_of, look, make_attendee, make_chief, make_door, on_the_day, scan
from tests.checkin.requests import send, url
from tests.factories import NOW

HONOURED = {"badge_category": "guest_of_honour", "job_title": "会長", "company": "多摩市商工会"}


def watch(session, event, chief, telling=Telling.LETTER):
    honours.choose(session, event_id=event.id, tellings={chief.id: telling}, actor_id=chief.id, now=NOW)
    session.flush()


def confirm(session, event, chief, scan_ids):
    honours.confirm(session, event_id=event.id, user_id=chief.id, scan_ids=scan_ids)
    session.flush()


def letters(session):
    return session.scalars(select(Letter).order_by(Letter.id)).all()


def names(session, event, chief, at=None):
    return [
        one.attendee.family_name for one in honours.unseen(session, event, user_id=chief.id, now=at or on_the_day())
    ]


def test_an_arrival_is_told_on_the_screen_until_it_is_confirmed_and_by_one_letter(session, chief):
    event = make_door(session)
    watch(session, event, chief)
    guest, other = (
        make_attendee(session, event, **HONOURED),
        make_attendee(session, event, ("佐藤", "花", "サトウ", "ハナ")),
    )

    scan(session, event, code_of(other))
    assert (names(session, event, chief), letters(session)) == ([], [])
    came = [scan(session, event, code_of(guest), station="受付2"), scan(session, event, code_of(guest), part=2)]
    scan(session, event, code_of(guest))

    assert names(session, event, chief) == ["山田", "山田"]
    [letter] = letters(session)
    assert (letter.to_email, letter.subject) == (chief.email, "【来賓到着】山田 太郎 様(多摩市商工会)")
    assert "所属  多摩市商工会 会長" in letter.body
    assert "窓口  受付2" in letter.body
    for _ in range(2):
        confirm(session, event, chief, [one.scan_id for one in came])
    assert names(session, event, chief) == []


def test_only_chosen_people_are_told_as_they_chose_and_not_of_what_was_before(session, chief):
    event, other = make_door(session), make_chief(session, 2)
    guests = [make_attendee(session, event, (name, "一", "ア", "イ"), **HONOURED) for name in ("先客", "来賓")]
    scan(session, event, code_of(guests[0]))
    watch(session, event, chief, Telling.SCREEN)
    scan(session, event, code_of(guests[1]))

    assert (names(session, event, chief), names(session, event, other)) == (["来賓"], [])
    assert letters(session) == []
    watch(session, event, chief, Telling.NOT)
    assert names(session, event, chief) == []
    assert session.scalars(select(ArrivalWatch)).all() == []
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["arrival_watch_changed"] * 2


def test_nobody_is_confirmed_who_was_not_shown(session, chief):
    event = make_door(session)
    watch(session, event, chief, Telling.SCREEN)
    family = ["一条", "二宮", "三浦", "四谷", "五島", "六角"]
    for name in family:
        scan(session, event, code_of(make_attendee(session, event, (name, "一", "ア", "イ"), **HONOURED)))

    assert names(session, event, chief) == family[:5]
    shown = honours.unseen(session, event, user_id=chief.id, now=on_the_day())
    confirm(session, event, chief, [one.id for one in shown])
    assert names(session, event, chief) == family[5:]


def test_a_look_that_comes_to_count_after_later_ones_were_seen_is_told(session, chief):
    event = make_door(session)
    watch(session, event, chief, Telling.SCREEN)
    early, late = (make_attendee(session, event, (name, "一", "ア", "イ"), **HONOURED) for name in ("先の方", "後の方"))
    first = scan(session, event, code_of(early), at=on_the_day(12, 40))
    again = Told(Verdict.ADMIT, on_the_day(12, 45))
    sent_late = look(event, code_of(early), nonce="device-1-0001")
    service.told(session, sent_late, again, key=TICKET_KEY, now=on_the_day())
    last = scan(session, event, code_of(late))
    confirm(session, event, chief, [first.scan_id, last.scan_id])
    assert names(session, event, chief) == []

    service.undo(session, event_id=event.id, scan_id=first.scan_id, user_id=chief.id, now=on_the_day())

    assert names(session, event, chief) == ["先の方"]


def test_the_real_arrival_is_told_after_a_look_that_was_taken_back(session, chief):
    event = make_door(session)
    watch(session, event, chief)
    guest = make_attendee(session, event, **HONOURED)
    wrong = scan(session, event, code_of(guest))
    service.undo(session, event_id=event.id, scan_id=wrong.scan_id, user_id=chief.id, now=on_the_day())
    scan(session, event, code_of(guest))
    scan(session, event, code_of(guest), part=2)
    assert len(letters(session)) == 2


def test_practice_and_who_may_no_longer_see_names_get_no_letter(session, chief):
    event = make_door(session)
    watch(session, event, chief)
    guest = make_attendee(session, event, **HONOURED)
    the_day_before = on_the_day() - dt.timedelta(days=1)

    scan(session, event, code_of(guest), at=the_day_before)
    assert names(session, event, chief, at=the_day_before) == ["山田"]
    assert names(session, event, chief) == []
    chief.role = Role.COORDINATOR
    scan(session, event, code_of(guest))
    assert letters(session) == []


def test_who_came_while_the_line_was_down_is_told_when_it_is_back(session, chief):
    event = make_door(session)
    watch(session, event, chief)
    guest = make_attendee(session, event, **HONOURED)
    told = Told(Verdict.ADMIT, on_the_day(12, 40))

    for _ in range(2):
        service.told(
            session, look(event, code_of(guest), nonce="device-1-0001"), told, key=TICKET_KEY, now=on_the_day()
        )

    assert names(session, event, chief) == ["山田"]
    assert ["12:40" in one.body for one in letters(session)] == [True]


@pytest.fixture
def guest(app, door):
    with app.app_context(), transaction() as session:
        session.get_one(Attendee, 1).badge_category = "guest_of_honour"
        event = session.get_one(Attendee, 1).registration.event
        for part in event.parts:
            part.starts_at = clock.now()
            part.ends_at = clock.now() + dt.timedelta(hours=1)


def test_pages_of_those_who_chose_show_the_arrival_and_confirming_ends_it(app, desk, door, guest, sign_in):
    manager = sign_in(Role.EVENT_MANAGER)
    page = desk.get(url(door, "/honours")).text
    assert "この行事の来賓は1名です。" in page
    assert "試験 event_manager" not in page
    with app.app_context():
        ids = {user.role: user.id for user in db.session.scalars(select(StaffUser))}
    chosen = {f"user_{ids['reception']}": "screen", f"user_{ids['event_manager']}": "letter"}
    assert desk.post(url(door, "/honours"), data=chosen).status_code == 303
    send(desk, door)

    pages = [url(door, rest) for rest in ("", "/live", "/wall", "/wall/live", "/scan", "/count")]
    assert ["来賓が到着しました" in desk.get(one).text for one in pages] == [True] * 6
    assert "来賓が到着しました" not in manager.get(url(door)).text
    with app.app_context():
        assert db.session.scalars(select(ArrivalWatch.user_id)).all() == [ids["reception"]]

    desk.post(url(door, "/honours/seen"), data={"scan": 1})
    assert "来賓が到着しました" not in desk.get(url(door, "/count")).text


def test_somebody_in_charge_chooses_for_all_and_readers_without_the_door_by_letter_alone(app, door, sign_in):
    manager, reader = sign_in(Role.EVENT_MANAGER), sign_in(Role.READ_ONLY)
    sign_in(Role.COORDINATOR)
    with app.app_context():
        ids = {user.role: user.id for user in db.session.scalars(select(StaffUser))}
    page = manager.get(url(door, "/honours")).text
    assert "まだ来賓の方がいません" in page
    assert f'name="user_{ids["coordinator"]}"' not in page
    only = f"user_{ids['read_only']}"

    both = {f"user_{ids['event_manager']}": "not", only: "screen"}
    assert manager.post(url(door, "/honours"), data=both).status_code == 422
    assert manager.post(url(door, "/honours"), data=both | {only: "letter"}).status_code == 303
    assert reader.get(url(door, "/honours")).status_code == 403


def test_staff_say_who_is_a_guest_of_honour_and_what_the_desk_should_know(app, door, desk, sign_in):
    manager = sign_in(Role.EVENT_MANAGER)
    address = "/staff/registrations/1/people/1/handling"
    assert address in manager.get("/staff/registrations/1").text
    saved = manager.post(address, data={"badge_category": "guest_of_honour", "desk_note": "資料は別封筒"})

    assert "資料は別封筒" in manager.get(saved.location).text
    assert "会員" not in send(desk, door).json["org"]
    told = send(desk, door, nonce="device-1-0002").json
    assert (told["org"].endswith("〔来賓〕"), told["lines"][-1]) == (True, "資料は別封筒")
    assert manager.post(address, data={"badge_category": "king", "desk_note": ""}).status_code == 422
    assert desk.get(address).status_code == 403
    with app.app_context():
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "handling_changed"))
        assert (entry.after, "別封筒" in str(entry.before)) == ({"position": 1, "category": "guest_of_honour"}, False)
