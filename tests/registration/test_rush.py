"""What makes a rush quick and may change nothing else: rows past the session, events known again, patient letters."""

import multiprocessing

import pytest
from sqlalchemy import select

from eventops import fresh, limits
from eventops.accounts.models import AuditEntry
from eventops.database import db, transaction
from eventops.events.models import Event, Fee
from eventops.mail import outbox
from eventops.mail.lane import AT_LEAST_EVERY_SECONDS, LettersLane
from eventops.mail.models import Letter, LetterState
from eventops.registration import queries, service
from eventops.registration.applying import known_events
from eventops.registration.models import IfFull, Registration
from eventops.registration.refusals import NotOpen, SoldOut
from eventops.rush import LINGERS_SECONDS, Line
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year


def arrange(app, **values):
    with app.app_context(), transaction() as session:
        return make_new_year(session, **values).id


def apply(event_id, **values):
    with transaction() as session:
        event = queries.event(session, event_id)
        return service.register(session, application(event, entrant(event, parts=[1]), **values), now=NOW).id


def columns(row):
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


@pytest.mark.both_databases
def test_rows_written_past_the_session_are_as_if_it_had_written_them(app):
    event_id = arrange(app)
    with app.app_context():
        with transaction() as session:
            event = queries.event(session, event_id)
            made = service.register(session, application(event, entrant(event), entrant(event, 1)), now=NOW)
            known = [made, *made.attendees, *(place for person in made.attendees for place in person.places)]
            said = [(row, columns(row)) for row in known]
            entry = session.scalars(select(AuditEntry)).one()
            assert entry.after == {
                f"{n}/{place.part_id}/onsite": "confirmed" for n in (1, 2) for place in made.attendees[0].places
            }
        for row, values in said:
            db.session.refresh(row)
            assert columns(row) == values


def test_what_was_written_past_the_session_can_be_changed_in_it(app):
    event_id = arrange(app)
    with app.app_context():
        with transaction() as session:
            event = queries.event(session, event_id)
            made = service.register(session, application(event), now=NOW)
            made.staff_note = "電話あり"
            made.attendees[0].places[0].fee_yen = 7
        with transaction() as session:
            found = session.scalars(select(Registration)).one()
            assert (found.staff_note, found.attendees[0].places[0].fee_yen) == ("電話あり", 7)
            assert (found.event.id, found.attendees[0].registration) == (event_id, found)


def test_values_that_nobody_gave_are_those_of_the_columns(session):
    letter = Letter(
        key="k",
        kind="test",
        to_name="n",
        to_email="n@example.jp",
        subject="s",
        body="b",
        message_id="m",
        due_at=NOW,
        created_at=NOW,
    )
    other = AuditEntry(at=NOW, action="a", subject_kind="s")
    fresh.give_ids(session, [letter, other])
    fresh.insert(session, [letter], [], [other])
    fresh.insert(session, [AuditEntry(at=NOW, action="b", subject_kind="s")])
    fresh.insert(session, [])
    fresh.make_known(session, letter)
    fresh.make_known(session, other)
    assert (letter.state, letter.attachments, letter.attempts, letter.sent_at) == (LetterState.QUEUED, [], 0, None)
    assert session.get(Letter, letter.id) is letter
    assert session.get(AuditEntry, other.id) is other
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == ["a", "b"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda event: setattr(event.parts[0].pools[0], "capacity", 1), SoldOut),
        (lambda event: setattr(event.parts[0].pools[0], "reserved", 99), SoldOut),
        (lambda event: setattr(event, "applications_close_at", NOW), NotOpen),
        (
            lambda event: event.fees.append(Fee(part_id=event.parts[0].id, category="general", mode="onsite", yen=1)),
            5001,
        ),
        (lambda event: setattr(event.fees[1], "yen", 6000), 6000),
        (lambda event: event.fees.clear(), 0),
        (lambda event: setattr(event, "title", "別の名"), "別の名"),
    ],
)
def test_whatever_staff_change_holds_for_the_next_application(app, change, outcome):
    event_id = arrange(app)
    with app.app_context():
        apply(event_id, if_full=IfFull.WITHDRAW)
        with transaction() as session:
            change(session.get_one(Event, event_id))
        if isinstance(outcome, type):
            with pytest.raises(outcome):
                apply(event_id, if_full=IfFull.WITHDRAW)
            return
        made = db.session.get_one(Registration, apply(event_id))
        letter = db.session.scalars(select(Letter).where(Letter.subject_id == made.id)).one()
        assert outcome in (made.total_yen, letter.subject[-4:-1])


def test_an_event_whose_rows_are_the_same_is_not_made_again(app):
    event_id = arrange(app)
    with app.app_context():
        with transaction() as session:
            first, _also = known_events.locked(session, event_id)
        apply(event_id)
        with transaction() as session:
            assert known_events.locked(session, event_id)[0] is first
            assert first not in session
            session.get_one(Event, event_id).venue_name = "別館"
            assert known_events.locked(session, event_id)[0].venue_name == "別館"
            session.rollback()
        with transaction() as session:
            assert known_events.locked(session, event_id)[0].venue_name != "別館"


def test_letters_wait_while_guests_do_and_go_out_all_the_same(app):
    with app.app_context(), transaction() as session:
        for number in range(4):
            outbox.put(session, outbox.Draft(f"k{number}", "test", "n", "n@example.jp", "s", "b"), now=NOW)
    moment = 100.0
    line = Line(lambda: moment)
    lane = LettersLane(app, line, lambda: moment)
    line.somebody_waits()
    assert [lane("worker") for _ in range(3)] == [True, False, False]
    moment += AT_LEAST_EVERY_SECONDS
    line.somebody_waits()
    assert [lane("worker") for _ in range(3)] == [True, False, False]
    moment += LINGERS_SECONDS
    assert [lane("worker") for _ in range(3)] == [True, True, False]


def test_who_waits_in_one_process_is_known_in_those_forked_with_it():
    line = Line()
    guest = multiprocessing.get_context("fork").Process(target=line.somebody_waits)
    assert not line.is_there
    guest.start()
    guest.join()
    assert line.is_there


def test_counts_of_an_address_end_with_their_minute(time_machine):
    time_machine.move_to(NOW, tick=False)
    counts = limits.Counts()
    assert [counts.incr("guest", 60), counts.incr("guest", 60), counts.get("guest"), counts.incr("other", 60)] == [
        1,
        2,
        2,
        1,
    ]
    time_machine.shift(60)
    assert (counts.get("guest"), counts.incr("guest", 60), set(counts.storage)) == (0, 1, {"guest"})
    counts.clear("guest")
    assert (counts.get("guest"), counts.reset(), counts.check()) == (0, 0, True)
