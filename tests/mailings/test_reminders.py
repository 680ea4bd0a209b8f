"""Reminders by themselves, the link for those online alone, and the news that an event is cancelled."""

import datetime as dt
import email
from email.policy import default

import pytest
from icalendar import Calendar
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.events.models import EventState
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState
from eventops.mailings import reminders, service, writing
from eventops.mailings.models import Mailing, MailingKind, MailingState
from eventops.registration import service as registrations
from eventops.registration.own.calendar import event_ics
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.mailings.arrange import make_new_year, online_only
from tests.registration.arrange import application, entrant

URL = "https://meeting.example.jp/room?pwd=1"
WEEK, DAY = MailingKind.REMINDER_WEEK, MailingKind.REMINDER_DAY


@pytest.fixture
def event_id(app, time_machine):
    """An event on 15 January 2027 with somebody at the venue, somebody online, and somebody who waits."""
    with app.app_context(), transaction() as session:
        event = make_new_year(session, venue=1, online_url=URL, published_at=NOW)
        for number, person in enumerate([entrant(event), online_only(event, 1), entrant(event, 2, parts=(1,))]):
            command = application(event, person, email=f"reader{number}@example.jp")
            registrations.register(session, command, now=NOW)
        for letter in session.scalars(select(Letter)):
            letter.state = LetterState.CANCELLED
        return event.id


def at(time_machine, day, hour=10, minute=0):
    time_machine.move_to(tokyo(dt.date(2027, 1, day), dt.time(hour, minute)), tick=False)


def made(app) -> list[tuple[str, str]]:
    """Let the worker do what is due; kind and address of all letters that it wrote."""
    while reminders.remind(app) or writing.write_next(app):
        pass
    with app.app_context():
        query = select(Letter.kind, Letter.to_email).where(Letter.mailing_id.is_not(None)).order_by(Letter.id)
        return [(row.kind, row.to_email) for row in db.session.execute(query)]


def body(app, kind, address) -> str:
    with app.app_context():
        query = select(Letter.body).where(Letter.kind == kind, Letter.to_email == address)
        return db.session.scalars(query).one()


def test_a_week_and_a_day_before_those_who_come_are_reminded_once(app, event_id, time_machine):
    at(time_machine, 8, 9, 59)
    assert made(app) == []
    at(time_machine, 8)
    week = [("reminder_week", "reader0@example.jp"), ("reminder_week", "reader1@example.jp")]
    assert made(app) == week
    at(time_machine, 12)
    assert made(app) == week
    at(time_machine, 14)
    day = [("reminder_day", "reader0@example.jp"), ("reminder_day", "reader1@example.jp")]
    assert made(app) == week + day
    assert [URL in body(app, kind, address) for kind, address in week + day] == [False, False, False, True]
    at(time_machine, 14, 18)
    with app.app_context(), transaction() as session:
        late = application(reminders_event(session, event_id), online_only_of(session, event_id), email="l@example.jp")
        event = reminders_event(session, event_id)
        event.applications_close_at = tokyo(dt.date(2027, 1, 15), dt.time(12))
        registrations.register(session, late, now=tokyo(dt.date(2027, 1, 14), dt.time(17)))
    assert made(app)[-1] == ("reminder_day", "l@example.jp")
    assert URL in body(app, "reminder_day", "l@example.jp")
    at(time_machine, 15, 16, 30)
    assert len(made(app)) == 5


def reminders_event(session, event_id):
    from eventops.events import queries

    return queries.event(session, event_id)


def online_only_of(session, event_id):
    return online_only(reminders_event(session, event_id), 3)


def test_a_fee_that_is_open_keeps_the_link_back(app, event_id, time_machine):
    with app.app_context(), transaction() as session:
        session.execute(db.text("UPDATE attendee SET fee_yen = 3000"))
    at(time_machine, 14)
    made(app)
    assert URL not in body(app, "reminder_day", "reader1@example.jp")


@pytest.mark.parametrize("why", ["paused", "cancelled", "stopped", "draft"])
def test_nobody_is_reminded_of_what_staff_have_stopped(app, event_id, time_machine, why):
    sign_in_to(app, Role.EVENT_MANAGER)
    at(time_machine, 14)
    if why == "stopped":
        reminders.remind(app)
    with app.app_context(), transaction() as session:
        event = reminders_event(session, event_id)
        if why == "paused":
            service.pause_reminder(session, event_id=event_id, kind=DAY, paused=True, actor_id=1, now=NOW)
        elif why == "stopped":
            service.stop(session, mailing_id=1, actor_id=1, now=NOW)
        else:
            event.state = EventState(why)
    assert made(app) == []


def test_a_reminder_that_waits_too_long_is_not_sent(app, event_id, time_machine):
    at(time_machine, 14)
    made(app)
    at(time_machine, 15, 17, 1)
    while deliver_next(app, "worker"):
        time_machine.shift(2)
    with app.app_context():
        letters = db.session.scalars(select(Letter).where(Letter.mailing_id.is_not(None))).all()
        assert {(letter.state, letter.error) for letter in letters} == {(LetterState.CANCELLED, "expired")}


def test_cancelling_an_event_tells_everybody_with_a_file_that_takes_it_out_of_calendars(
    app, sign_in, event_id, time_machine, tmp_path
):
    at(time_machine, 14)
    made(app)
    manager = sign_in(Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/to/cancelled"
    page = manager.get(address).text
    assert "申込者 3件に、中止のお知らせをメールで送る" in page
    looked = manager.post(address, data={"step": "look", "note": "大雪{警報}のため", "tells": "yes"})
    assert (looked.status_code, "大雪{警報}のため" in looked.text) == (200, True)
    with app.app_context():
        (before,) = sequences(db.session(), 1)
    told = manager.post(
        address, data={"step": "move", "note": "大雪{警報}のため", "tells": "yes"}, follow_redirects=True
    )
    assert "3件の申込者に中止のお知らせを送ります" in told.text
    with app.app_context():
        waiting = db.session.scalars(select(Letter.kind).where(Letter.state == LetterState.QUEUED)).all()
        assert waiting == []
        (after,) = sequences(db.session(), 1)
        assert (before[1], after[1], after[0] > before[0]) == ("CONFIRMED", "CANCELLED", True)
    assert made(app)[-3:] == [("event_cancelled", f"reader{number}@example.jp") for number in range(3)]
    assert "大雪{警報}のため" in body(app, "event_cancelled", "reader2@example.jp")
    assert deliver_next(app, "worker")
    (file,) = (tmp_path / "letters").glob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    (calendar,) = message.iter_attachments()
    assert "STATUS:CANCELLED" in calendar.get_content()


def sequences(session, registration_id):
    calendar = Calendar.from_ical(event_ics(session, registration_id).content)
    return {(int(entry["sequence"]), str(entry["status"])) for entry in calendar.walk("vevent")}


def test_an_event_can_be_cancelled_without_a_word(app, sign_in, event_id):
    sign_in(Role.EVENT_MANAGER).post(f"/staff/events/{event_id}/to/cancelled", data={"step": "move", "note": "x"})
    assert made(app) == []
    with app.app_context():
        assert db.session.scalars(select(Mailing)).all() == []


def test_the_mailing_of_a_cancellation_is_under_way_at_once(app, sign_in, event_id):
    data = {"step": "move", "tells": "yes", "note": ""}
    sign_in(Role.EVENT_MANAGER).post(f"/staff/events/{event_id}/to/cancelled", data=data)
    with app.app_context():
        mailing = db.session.scalars(select(Mailing)).one()
        assert (mailing.kind, mailing.state) == (MailingKind.EVENT_CANCELLED, MailingState.WRITING)
