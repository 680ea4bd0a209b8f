"""The last seats under a rush: as many are confirmed as there are seats, on both databases."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from eventops.database import transaction
from eventops.events.models import Event
from eventops.mail.models import Letter
from eventops.registration import changes, service
from eventops.registration.desk import open_desk
from eventops.registration.models import Attendee, IfFull, Place, Registration
from eventops.registration.refusals import SoldOut
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year
from tests.rushing import rush

THREADS, SEATS = 30, 5


def arrange(app, **values):
    with app.app_context(), transaction() as session:
        return make_new_year(session, online=0, **values).id


def one_more(session, event_id, number, if_full):
    event = session.get(Event, event_id)
    command = application(event, entrant(event, parts=[1]), if_full=if_full, email=f"p{number}@example.jp")
    return service.register(session, command, now=NOW)


def states(app):
    with app.app_context(), transaction() as session:
        return dict(session.execute(select(Place.state, func.count()).group_by(Place.state)).all())


@pytest.mark.both_databases
def test_thirty_people_after_five_seats(app):
    event_id = arrange(app, venue=SEATS)

    def apply(number):
        try:
            with transaction() as session:
                one_more(session, event_id, number, IfFull.WITHDRAW)
        except SoldOut:
            return "sold out"
        return "confirmed"

    assert rush(app, apply, THREADS) == {"confirmed": SEATS, "sold out": THREADS - SEATS}
    assert states(app) == {"confirmed": SEATS}
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Registration.number).order_by(Registration.number)).all() == [1, 2, 3, 4, 5]


@pytest.mark.both_databases
def test_five_hundred_attempts_on_a_hundred_seats(app):
    event_id = arrange(app, venue=100)
    told = []

    def attempt(number):
        try:
            with transaction() as session:
                one_more(session, event_id, number, IfFull.WITHDRAW)
        except SoldOut:
            return "sold out"
        return "confirmed"

    def twenty_times(number):
        told.extend(attempt(20 * number + turn) for turn in range(20))
        return "done"

    assert rush(app, twenty_times, 25) == {"done": 25}
    assert Counter(told) == {"confirmed": 100, "sold out": 400}
    assert states(app) == {"confirmed": 100}
    with app.app_context(), transaction() as session:
        made = session.scalars(select(Registration.number).order_by(Registration.number)).all()
        assert (made, session.scalar(select(func.count(Letter.id)))) == (list(range(1, 101)), 100)


@pytest.mark.both_databases
def test_seats_given_back_under_a_rush_are_neither_lost_nor_doubled(app):
    event_id = arrange(app, venue=THREADS)
    with app.app_context(), transaction() as session:
        for number in range(THREADS * 2):
            one_more(session, event_id, number, IfFull.WAIT)
        holders = session.scalars(select(Attendee.registration_id).order_by(Attendee.id).limit(THREADS)).all()

    def cancel(number):
        with transaction() as session:
            desk = open_desk(session, holders[number], now=NOW)
            changes.cancel(desk, attendee_ids=[person.id for person in desk.registration.attendees])
        return "cancelled"

    assert rush(app, cancel, THREADS) == {"cancelled": THREADS}
    assert states(app) == {"cancelled": THREADS, "confirmed": THREADS}


@pytest.mark.both_databases
def test_one_submission_sent_by_thirty_presses_is_one_registration(app):
    event_id = arrange(app)

    def apply(_number):
        with transaction() as session:
            event = session.get(Event, event_id)
            return service.register(session, application(event, submission_key="the same"), now=NOW).number

    assert rush(app, apply, THREADS) == {1: THREADS}
