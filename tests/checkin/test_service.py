"""Scans as rows: verdicts from real tickets, nonces, undoing, money, and twenty desks at once."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_events
from sqlalchemy import func, select

from eventops.accounts.models import AuditEntry
from eventops.checkin import service
from eventops.checkin.models import Scan, ScanMethod
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.errors import NotFound
from eventops.events.models import Mode
from eventops.registration import tickets
from eventops.registration.models import PaymentMethod, PlaceState
from tests.checkin.arrange import TICKET_KEY, cancel, code_of, look, make_attendee, make_door, on_the_day, scan

STATEMENTS = 6


def rows(session):
    return session.scalars(select(Scan).order_by(Scan.id)).all()


def test_a_ticket_lets_its_holder_in_and_leaves_a_row(session):
    event = make_door(session)
    ada = make_attendee(session, event, accommodation_request="車いす", desk_note="資料別")

    outcome = scan(session, event, code_of(ada), station="受付2")

    assert (outcome.verdict, outcome.guest.name, outcome.guest.kana) == (Verdict.ADMIT, "山田 太郎", "ヤマダ タロウ")
    assert outcome.guest.company == "株式会社青空精密"
    assert outcome.guest.notes == ("資料別", "車いす")
    assert [(seat.title, seat.state) for seat in outcome.guest.seats] == [
        ("第1部 講演", PlaceState.CONFIRMED),
        ("第2部 交流会", PlaceState.CONFIRMED),
    ]
    assert [(row.attendee_id, row.verdict, row.station, row.scanned_at) for row in rows(session)] == [
        (ada.id, Verdict.ADMIT, "受付2", on_the_day())
    ]


def test_the_second_look_says_when_and_where_the_first_was(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    scan(session, event, code, station="受付1", at=on_the_day(12, 40))

    outcome = scan(session, event, code, station="受付2", at=on_the_day(12, 55))

    assert outcome.verdict is Verdict.ALREADY_IN
    assert (outcome.first.at, outcome.first.station) == (on_the_day(12, 40), "受付1")


def test_parts_are_entered_separately(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))

    assert [scan(session, event, code, part=part).verdict for part in (1, 2, 1, 2)] == [
        Verdict.ADMIT,
        Verdict.ADMIT,
        Verdict.ALREADY_IN,
        Verdict.ALREADY_IN,
    ]


def altered(code):
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def test_whatever_is_not_a_ticket_of_this_event_is_refused_with_its_reason(session):
    event, other = make_door(session), make_door(session, slug="other", title="令和9年新春講演会")
    ada, bob = make_attendee(session, event), make_attendee(session, event)
    cancel(bob)
    cleo = make_attendee(session, event)
    old = code_of(cleo)
    cleo.ticket_issue += 1
    session.flush()
    foreign = scan(session, event, code_of(make_attendee(session, other)))
    made_up = tickets.issue(tickets.TicketRef(ada.id, 1), key="another installation")

    assert (foreign.verdict, foreign.event_title, foreign.guest) == (Verdict.WRONG_EVENT, "令和9年新春講演会", None)
    assert scan(session, event, altered(code_of(ada))).verdict is Verdict.UNKNOWN_CODE
    assert scan(session, event, made_up).verdict is Verdict.UNKNOWN_CODE
    assert scan(session, event, "https://example.jp/").verdict is Verdict.UNKNOWN_CODE
    assert scan(session, event, code_of(bob)).verdict is Verdict.CANCELLED
    assert scan(session, event, old).verdict is Verdict.REPLACED
    assert scan(session, event, code_of(cleo)).verdict is Verdict.ADMIT
    assert len(rows(session)) == 7


def test_a_ticket_of_somebody_who_was_deleted_is_unknown(session):
    event = make_door(session)
    code = tickets.issue(tickets.TicketRef(4711, 1), key=TICKET_KEY)
    assert scan(session, event, code).verdict is Verdict.UNKNOWN_CODE


def test_queues_and_online_places_are_no_seats_at_the_venue(session):
    event = make_door(session)
    waiting = make_attendee(session, event, places=[(1, Mode.ONSITE, PlaceState.WAITING)])
    online = make_attendee(session, event, places=[(1, Mode.ONLINE, PlaceState.CONFIRMED)])

    assert scan(session, event, code_of(waiting)).verdict is Verdict.WAITING
    assert scan(session, event, code_of(online)).verdict is Verdict.ONLINE
    assert scan(session, event, code_of(online), part=2).verdict is Verdict.NOT_IN_PART


def test_scanners_that_type_wide_or_small_letters_are_understood(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)

    assert scan(session, event, f" {wide}\n").verdict is Verdict.ADMIT
    assert scan(session, event, code.lower()).verdict is Verdict.ALREADY_IN


def test_the_same_nonce_is_one_row_and_the_same_answer(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    first = scan(session, event, code, nonce="device-1-0001", at=on_the_day(12, 40))

    again = scan(session, event, code, nonce="device-1-0001", at=on_the_day(12, 50))
    unknown = scan(session, event, "NOTHING", nonce="device-1-0002")

    assert again == first
    assert first.verdict is Verdict.ADMIT
    assert scan(session, event, "NOTHING", nonce="device-1-0002") == unknown
    assert len(rows(session)) == 2


def test_the_same_nonce_of_a_repeated_look_names_the_same_first_admission(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    scan(session, event, code, at=on_the_day(12, 40))
    repeated = scan(session, event, code, nonce="device-1-0001", at=on_the_day(12, 50))

    assert scan(session, event, code, nonce="device-1-0001", at=on_the_day(12, 59)) == repeated
    assert repeated.first.at == on_the_day(12, 40)


def test_a_nonce_with_another_code_still_gives_its_own_answer(session):
    event = make_door(session)
    ada, bob = make_attendee(session, event), make_attendee(session, event, ("佐藤", "花子", "サトウ", "ハナコ"))
    first = scan(session, event, code_of(ada), nonce="device-1-0001")

    assert scan(session, event, code_of(bob), nonce="device-1-0001") == first
    assert len(rows(session)) == 1


def test_somebody_found_by_name_is_judged_alike(session):
    event, other = make_door(session), make_door(session, slug="other")
    ada, stranger = make_attendee(session, event, ticket_issue=3), make_attendee(session, other)

    found = scan(session, event, attendee_id=ada.id, method=ScanMethod.SEARCH)

    assert found.verdict is Verdict.ADMIT
    assert scan(session, event, attendee_id=stranger.id).verdict is Verdict.WRONG_EVENT
    assert [row.method for row in rows(session)] == [ScanMethod.SEARCH, ScanMethod.CAMERA]


def test_a_part_of_another_event_is_not_entered(session):
    event, other = make_door(session), make_door(session, slug="other")
    code = code_of(make_attendee(session, event))
    wish = replace(look(other, code), event_id=event.id)
    with pytest.raises(NotFound):
        service.scan(session, wish, key=TICKET_KEY, now=on_the_day())


def test_undoing_keeps_the_history_and_lets_the_person_in_again(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    first = scan(session, event, code)

    for _ in range(2):
        undone = service.undo(session, event_id=event.id, scan_id=first.scan_id, user_id=None, now=on_the_day())

    assert undone.is_undone
    assert scan(session, event, code).verdict is Verdict.ADMIT
    assert [row.is_undone for row in rows(session)] == [True, False]
    assert session.scalars(select(AuditEntry.action)).all() == ["scan_undone"]


def test_a_scan_of_another_event_cannot_be_undone(session):
    event, other = make_door(session), make_door(session, slug="other")
    first = scan(session, event, code_of(make_attendee(session, event)))
    with pytest.raises(NotFound):
        service.undo(session, event_id=other.id, scan_id=first.scan_id, user_id=None, now=on_the_day())


def test_who_owes_the_fee_is_let_in_and_the_desk_collects_once(session):
    event = make_door(session)
    ada = make_attendee(session, event, fee_yen=3000, payment_method=PaymentMethod.CASH_ON_DAY)
    first = scan(session, event, code_of(ada))
    assert (first.verdict, first.guest.due_yen) == (Verdict.UNPAID, 3000)

    for _ in range(2):
        paid = service.receive_fee(session, event_id=event.id, scan_id=first.scan_id, user_id=None, now=on_the_day())

    assert paid.guest.due_yen == 0
    assert ada.paid_at == on_the_day()
    assert scan(session, event, code_of(ada), part=2).verdict is Verdict.ADMIT
    assert [entry.after["yen"] for entry in session.scalars(select(AuditEntry))] == [3000]


def test_food_is_a_note_at_the_party_only(session):
    event = make_door(session)
    event.parts[1].kind = "social"
    ada = make_attendee(session, event, dietary_need="えび・かに除去")

    assert scan(session, event, code_of(ada)).guest.notes == ()
    assert scan(session, event, code_of(ada), part=2).guest.notes == ("えび・かに除去",)


def counted(app, act):
    seen = []
    with app.app_context():
        sql_events.listen(db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
        with transaction() as session:
            act(session)
    return seen


@pytest.mark.parametrize("earlier", [0, 5])
def test_a_scan_takes_six_statements_whatever_was_before(app, earlier):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        code = code_of(make_attendee(session, event))
        for _ in range(earlier):
            scan(session, event, code)
        wish = look(event, code)

    statements = counted(app, lambda session: service.scan(session, wish, key=TICKET_KEY, now=on_the_day()))

    assert len(statements) <= STATEMENTS, statements


@pytest.mark.both_databases
def test_twenty_desks_at_once_admit_exactly_once(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        code = code_of(make_attendee(session, event))
        looks = [look(event, code, station=f"受付{number}") for number in range(20)]
    verdicts, start = [], threading.Barrier(len(looks))

    def desk(wish):
        with app.app_context():
            start.wait()
            with transaction() as session:
                verdicts.append(service.scan(session, wish, key=TICKET_KEY, now=on_the_day()).verdict)
            db.session.remove()

    run([threading.Thread(target=desk, args=(wish,)) for wish in looks])

    assert sorted(verdicts) == [Verdict.ADMIT] + [Verdict.ALREADY_IN] * 19
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Scan)) == 20


@pytest.mark.both_databases
def test_the_same_scan_sent_ten_times_at_once_is_one_row(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        wish = look(event, code_of(make_attendee(session, event)), nonce="device-1-0001")
    verdicts, start = [], threading.Barrier(10)

    def send():
        with app.app_context():
            start.wait()
            with transaction() as session:
                verdicts.append(service.scan(session, wish, key=TICKET_KEY, now=on_the_day()).verdict)
            db.session.remove()

    run([threading.Thread(target=send) for _ in range(10)])

    assert verdicts == [Verdict.ADMIT] * 10
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Scan)) == 1


def run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
