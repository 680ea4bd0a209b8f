"""責任者の判断: a reason, a name, a list; nobody without a number of somebody in charge."""

import datetime as dt
import re
import threading

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.checkin import conflicts, monitor, overruling, service, snapshots
from eventops.checkin.commands import Overruling, Told
from eventops.checkin.models import Scan, SupervisorCode
from eventops.checkin.overruling import BadSupervisorCode, CannotOverrule, ReasonNeeded, SupervisorCodesLocked
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.events.models import Mode
from eventops.registration.models import Attendee, PlaceState
from tests.checkin.arrange import TICKET_KEY, code_of, look, make_attendee, make_chief, make_door, on_the_day, scan
from tests.checkin.requests import scans, send, url
from tests.checkin.test_exits import leave
from tests.checkin.test_service import run
from tests.checkin.test_stations import enrol, item, sync
from tests.factories import NOW

WAITING = [(1, Mode.ONSITE, PlaceState.WAITING)]


def let_in(session, event, refused, chief, *, nonce="overrule-0001", reason="追加の席を用意した"):
    act = Overruling(nonce, refused.scan_id, reason, chief.id)
    return overruling.overrule(session, act, event_id=event.id, now=on_the_day(13, 0))


def test_somebody_in_charge_lets_a_refused_person_in_with_a_reason(session, chief):
    event = make_door(session)
    code = code_of(make_attendee(session, event, places=WAITING))
    refused = scan(session, event, code, station="受付2")

    outcomes = [let_in(session, event, refused, chief) for _ in range(2)]

    assert [one.verdict for one in outcomes] == [Verdict.OVERRULED] * 2
    assert monitor.part_counts(session, event.parts, now=on_the_day(13))[event.parts[0].id].inside == 1
    assert scan(session, event, code, at=on_the_day(13, 5)).verdict is Verdict.ALREADY_IN
    [row] = overruling.listed(session, event)
    assert (row.reason, row.approved_by.name, row.station) == ("追加の席を用意した", "責任 者", "受付2")
    [entry] = session.scalars(select(AuditEntry))
    assert (entry.action, entry.actor_id, entry.after["reason"]) == ("scan_overruled", chief.id, "追加の席を用意した")


def test_it_can_be_taken_back(session, chief):
    event = make_door(session)
    refused = scan(session, event, code_of(make_attendee(session, event, places=WAITING)))
    done = let_in(session, event, refused, chief)

    service.undo(session, event_id=event.id, scan_id=done.scan_id, user_id=chief.id, now=on_the_day(13))

    assert monitor.part_counts(session, event.parts, now=on_the_day(13))[event.parts[0].id].inside == 0
    assert [row.is_undone for row in overruling.listed(session, event)] == [True]


def test_who_was_let_in_may_go_out_and_come_back_until_that_is_taken_back(session, chief):
    event = make_door(session)
    code = code_of(make_attendee(session, event, places=WAITING))
    done = let_in(session, event, scan(session, event, code), chief)
    leave(session, event, code, at=on_the_day(13, 10))

    assert letters(session, event) == ["admit", "not_in_part"]
    assert scan(session, event, code, at=on_the_day(13, 20)).verdict is Verdict.BACK_IN
    told = service.told(
        session, look(event, code), Told(Verdict.BACK_IN, on_the_day(13, 20)), key=TICKET_KEY, now=on_the_day(14)
    )
    assert told.verdict is Verdict.ALREADY_IN
    service.undo(session, event_id=event.id, scan_id=done.scan_id, user_id=chief.id, now=on_the_day(13, 30))
    assert scan(session, event, code, at=on_the_day(13, 40)).verdict is Verdict.WAITING
    assert letters(session, event) == ["waiting", "not_in_part"]


def letters(session, event):
    """What a device would say of the only guest in each part."""
    book = snapshots.make(session, event, salt="ab" * 16, key=TICKET_KEY, now=on_the_day(13, 45)).as_json()
    [person] = book["people"]
    return [book["verdicts"][letter]["code"] for letter in person[4]]


def test_what_cannot_be_overruled(session, chief):
    event, other = make_door(session), make_door(session, slug="other")
    ada = make_attendee(session, event)
    admitted, unknown = scan(session, event, code_of(ada)), scan(session, event, "NOTHING")
    foreign = scan(session, event, code_of(make_attendee(session, other)))
    repeated = scan(session, event, code_of(ada))

    for one in (admitted, unknown, foreign):
        with pytest.raises(CannotOverrule):
            let_in(session, event, one, chief)
    with pytest.raises(ReasonNeeded):
        let_in(session, event, repeated, chief, reason=" ")


def test_who_came_back_on_a_word_that_is_taken_back_has_not_come(session, chief):
    event = make_door(session)
    code = code_of(make_attendee(session, event, places=WAITING))
    refused = scan(session, event, code)
    done = let_in(session, event, refused, chief)
    leave(session, event, code, at=on_the_day(14))
    back = scan(session, event, code, at=on_the_day(15))

    service.undo(session, event_id=event.id, scan_id=done.scan_id, user_id=chief.id, now=on_the_day(16))

    row = session.get_one(Scan, back.scan_id)
    assert (back.verdict, row.verdict, row.shown) == (Verdict.BACK_IN, Verdict.WAITING, Verdict.BACK_IN)
    assert monitor.part_counts(session, event.parts, now=on_the_day(16))[event.parts[0].id].inside == 0
    assert [one.scan.id for one in conflicts.listed(session, event, now=on_the_day(16))] == [row.id]


def test_who_has_a_seat_meanwhile_has_come_although_the_word_is_taken_back(session, chief):
    event = make_door(session)
    person = make_attendee(session, event, places=WAITING)
    done = let_in(session, event, scan(session, event, code_of(person)), chief)
    leave(session, event, code_of(person), at=on_the_day(14))
    back = scan(session, event, code_of(person), at=on_the_day(15))
    person.places[0].state = PlaceState.CONFIRMED

    service.undo(session, event_id=event.id, scan_id=done.scan_id, user_id=chief.id, now=on_the_day(16))

    assert session.get_one(Scan, back.scan_id).verdict == Verdict.ADMIT
    assert conflicts.listed(session, event, now=on_the_day(16)) == []


def test_a_refusal_that_something_has_followed_is_looked_at_again_first(session, chief):
    event = make_door(session)
    person = make_attendee(session, event, places=WAITING)
    refused = scan(session, event, code_of(person), at=on_the_day(10, 0))
    person.places[0].state = PlaceState.CONFIRMED
    scan(session, event, code_of(person), at=on_the_day(10, 5))
    leave(session, event, code_of(person), at=on_the_day(11, 0))

    with pytest.raises(CannotOverrule):
        let_in(session, event, refused, chief)


def test_a_refusal_is_overruled_once_until_that_is_taken_back(session, chief):
    event = make_door(session)
    refused = scan(session, event, code_of(make_attendee(session, event, places=WAITING)))
    done = let_in(session, event, refused, chief)

    with pytest.raises(CannotOverrule):
        let_in(session, event, refused, chief, nonce="overrule-0002")
    service.undo(session, event_id=event.id, scan_id=done.scan_id, user_id=chief.id, now=on_the_day(13))
    assert let_in(session, event, refused, chief, nonce="overrule-0002").verdict is Verdict.OVERRULED


@pytest.mark.both_databases
def test_two_in_charge_at_once_let_somebody_in_once(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        event_id = event.id
        scan_id = scan(session, event, code_of(make_attendee(session, event, places=WAITING))).scan_id
        chiefs = [make_chief(session, number) for number in range(4)]
        acts = [Overruling(f"overrule-{user.id:04d}", scan_id, "席を追加した", user.id) for user in chiefs]
    came, start = [], threading.Barrier(len(acts))

    def press(act):
        with app.app_context():
            start.wait()
            try:
                with transaction() as session:
                    came.append(overruling.overrule(session, act, event_id=event_id, now=on_the_day(13)).verdict)
            except CannotOverrule:
                came.append(None)
            db.session.remove()

    run([threading.Thread(target=press, args=(act,)) for act in acts])

    assert sorted(came, key=str) == [None] * 3 + [Verdict.OVERRULED]


def test_a_number_is_one_person_s_and_ends_with_the_next_one_or_the_office(session, chief):
    event, other = make_door(session), make_door(session, slug="other")

    def number():
        return overruling.new_code(session, event_id=event.id, user_id=chief.id, key=TICKET_KEY, now=NOW)

    def whose(code, event_id=event.id, at=NOW):
        return overruling.supervisor(session, event_id=event_id, code=code, key=TICKET_KEY, now=at)

    first = number()
    assert re.fullmatch(r"\d{6}", first)
    assert whose(f"{first[:3]}-{first[3:]}") == chief.id
    second = number()
    assert whose(second) == chief.id
    tomorrow = NOW + dt.timedelta(days=1)
    for code, event_id, at in (
        (first, event.id, NOW),
        (second, other.id, NOW),
        ("", event.id, NOW),
        (second, event.id, tomorrow),
    ):
        with pytest.raises(BadSupervisorCode):
            whose(code, event_id, at)
    chief.role = Role.RECEPTION
    session.flush()
    with pytest.raises(BadSupervisorCode):
        whose(second)


def test_many_wrong_numbers_end_all_of_the_event_until_a_new_one_is_drawn(session, chief):
    event, other = make_door(session), make_door(session, slug="other")
    minute = dt.timedelta(minutes=1)

    def number(of, now):
        return overruling.new_code(session, event_id=of.id, user_id=chief.id, key=TICKET_KEY, now=now)

    def whose(code, of, now):
        return overruling.supervisor(session, event_id=of.id, code=code, key=TICKET_KEY, now=now)

    good, elsewhere = number(event, NOW), number(other, NOW)
    for n in range(overruling.MOST_WRONG):
        assert whose(good, event, NOW + minute) == chief.id
        overruling.note_wrong(session, event_id=event.id, station=f"受付{n}", user_id=None, now=NOW + minute)

    with pytest.raises(SupervisorCodesLocked):
        whose(good, event, NOW + 2 * minute)
    assert whose(elsewhere, other, NOW + 2 * minute) == chief.id
    assert whose(number(event, NOW + 3 * minute), event, NOW + 3 * minute) == chief.id


@pytest.fixture
def waiting(app, door):
    with app.app_context(), transaction() as session:
        event = session.get_one(Attendee, 1).registration.event
        return code_of(make_attendee(session, event, ("林", "待", "ハヤシ", "マツ"), places=WAITING))


def number_of(client, door):
    page = client.post(url(door, "/supervisor-code"), follow_redirects=True).text
    return re.search(r'class="enrol-code"[^>]*>([0-9-]+)<', page)[1]


def test_the_desk_needs_the_number_of_somebody_in_charge(app, sign_in, desk, door, waiting):
    manager = sign_in(Role.EVENT_MANAGER)
    assert desk.post(url(door, "/supervisor-code")).status_code == 403
    refused = send(desk, door, code=waiting).json
    address = url(door, f"/scans/{refused['scan']}/overrule")
    form = {"nonce": "ab" * 14, "reason": "追加の席を用意した"}

    assert refused["can_overrule"]
    assert "責任者の番号" in desk.get(address).text
    assert "責任者の番号" not in manager.get(address).text
    wrong = desk.post(address, data=form | {"code": "000000"})
    assert (wrong.status_code, "責任者の番号が違います。" in wrong.text) == (422, True)
    assert wrong_numbers(app) == ["受付2"]
    assert "通す理由を入力してください。" in desk.post(address, data=form | {"reason": ""}).text
    done = desk.post(address, data=form | {"code": number_of(manager, door)})
    assert done.status_code == 303
    assert "責任者の判断で受付しました。" in desk.get(done.location).text

    page = manager.get(url(door, "/conflicts")).text
    assert "理由：追加の席を用意した" in page
    assert "責任者：試験 event_manager" in page
    assert manager.post(url(door, f"/conflicts/{scans(app)[-1].id}/undo")).status_code == 303
    assert scans(app)[-1].is_undone


def test_a_number_is_shown_once_and_reloading_draws_no_other(sign_in, door):
    manager = sign_in(Role.EVENT_MANAGER)

    answer = manager.post(url(door, "/supervisor-code"))

    assert (answer.status_code, answer.location) == (303, url(door, "/stations"))
    assert "控えてください" in manager.get(answer.location).text
    assert "控えてください" not in manager.get(answer.location).text


@pytest.mark.both_databases
def test_a_first_number_that_is_drawn_twice_at_once_is_one_row(app):
    with app.app_context(), transaction() as session:
        event_id, user_id = make_door(session).id, make_chief(session).id
    start = threading.Barrier(4)

    def draw():
        with app.app_context():
            start.wait()
            with transaction() as session:
                overruling.new_code(session, event_id=event_id, user_id=user_id, key=TICKET_KEY, now=NOW)
            db.session.remove()

    run([threading.Thread(target=draw) for _ in range(4)])

    with app.app_context():
        assert [row.user_id for row in db.session.scalars(select(SupervisorCode))] == [user_id]
        assert len(db.session.scalars(select(AuditEntry)).all()) == 4


def test_somebody_in_charge_needs_no_number(sign_in, desk, door, waiting):
    scan_id = send(desk, door, code=waiting).json["scan"]
    form = {"nonce": "ab" * 14, "reason": "主催者の指示"}
    assert sign_in(Role.EVENT_MANAGER).post(url(door, f"/scans/{scan_id}/overrule"), data=form).status_code == 303
    assert sign_in(Role.READ_ONLY).get(url(door, f"/scans/{scan_id}/overrule")).status_code == 403


def test_a_station_sends_the_number_with_the_reason_and_guesses_are_slowed_down(
    make_app, sign_in, desk, door, waiting, app
):
    number = number_of(sign_in(Role.EVENT_MANAGER), door)
    station = enrol(app, desk, door)
    refused = sync(app, station, item(door, code=waiting)).json["results"][0]["answer"]
    wish = {
        "kind": "overrule",
        "nonce": "device-3-9001",
        "of": refused["nonce"],
        "reason": "席を追加",
        "code": "000000",
    }

    taken = sync(app, station, wish | {"code": number}).json["results"][0]["answer"]
    assert (taken["verdict"], taken["can_undo"]) == ("overruled", True)
    of_another = sync(app, station, wish | {"code": number, "of": "device-9-0001"}).json["results"][0]
    assert of_another.keys() == {"nonce", "refused"}
    with app.app_context():
        assert [row.verdict for row in overruling.listed(db.session(), scans_event())] == ["overruled"]

    limited = make_app(RATELIMIT_ENABLED=True)
    said = [sync(limited, station, wish | {"nonce": f"device-3-8{n:03d}"}) for n in range(6)]
    assert [answer.status_code for answer in said] == [200] * 5 + [429]
    assert said[0].json["results"][0]["refused"].startswith("責任者の番号が違います。")
    assert wrong_numbers(app) == ["受付3"] * 5


def wrong_numbers(app):
    with app.app_context():
        entries = select(AuditEntry).where(AuditEntry.action == "supervisor_code_wrong").order_by(AuditEntry.id)
        return [entry.after["station"] for entry in db.session.scalars(entries)]


def scans_event():
    return db.session.get_one(Attendee, 1).registration.event
