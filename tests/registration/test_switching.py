"""The queue belongs to the person: between venue, network and queue by one's own choice, alone and in company."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops.events.models import Mode
from eventops.mail.models import Letter
from eventops.registration import changes, service
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull
from eventops.registration.refusals import BadWish, SoldOut, TooLate
from eventops.registration.seats import switching
from eventops.registration.seats.stands import Stand
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year

LATER = NOW + dt.timedelta(hours=1)


def register(session, event, *entrants, now=NOW, **values):
    return service.register(session, application(event, *(entrants or [entrant(event, parts=[1])]), **values), now=now)


def stand(registration, person=0):
    return switching.stand(registration.attendees[person], registration.event.parts[0].id)


def switch(session, registration, target, *, now=LATER, person=0, part=0):
    desk = open_desk(session, registration.id, now=now)
    part_id = desk.event.parts[part].id
    switching.switch(desk, attendee_id=registration.attendees[person].id, part_id=part_id, target=target)


def leave(session, registration, person=0):
    desk = open_desk(session, registration.id, now=LATER)
    changes.cancel(desk, attendee_ids=[registration.attendees[person].id])


def letters(session):
    return [letter.kind.removeprefix("registration_") for letter in session.scalars(select(Letter).order_by(Letter.id))]


def test_online_now_and_the_place_in_the_queue_stays_where_it_is(session):
    event = make_new_year(session, venue=1, online=5)
    first, second, third = (register(session, event, now=NOW + dt.timedelta(minutes=n)) for n in range(3))
    switch(session, second, Stand.ONLINE_AND_QUEUE)
    assert (stand(second), second.total_yen) == (Stand.ONLINE_AND_QUEUE, 0)
    switch(session, second, Stand.QUEUE)
    switch(session, second, Stand.ONLINE_AND_QUEUE)
    leave(session, first)
    assert (stand(second), stand(third), second.total_yen) == (Stand.VENUE, Stand.QUEUE, 5000)
    assert letters(session)[3:] == ["changed", "changed", "changed", "promoted", "cancelled"]


def test_who_leaves_the_queue_and_comes_back_stands_at_its_end(session):
    event = make_new_year(session, venue=1, online=5)
    first, second, third = (
        register(session, event, now=NOW + dt.timedelta(minutes=n), if_full=IfFull.ONLINE_AND_WAIT) for n in range(3)
    )
    switch(session, second, Stand.ONLINE)
    switch(session, second, Stand.ONLINE_AND_QUEUE)
    leave(session, first)
    assert (stand(second), stand(third)) == (Stand.ONLINE_AND_QUEUE, Stand.VENUE)


def test_a_seat_at_the_venue_goes_to_the_next_when_its_holder_goes_online(session):
    event = make_new_year(session, venue=1, online=1)
    first, second = register(session, event), register(session, event)
    switch(session, first, Stand.ONLINE)
    assert (stand(first), stand(second), first.total_yen) == (Stand.ONLINE, Stand.VENUE, 0)
    switch(session, first, Stand.ONLINE_AND_QUEUE)
    leave(session, second)
    assert stand(first) == Stand.VENUE


def test_a_free_seat_that_nobody_waits_for_is_taken_at_once(session):
    event = make_new_year(session, venue=1, online=1)
    watching = register(session, event, entrant(event, parts=[1], mode=Mode.ONLINE))
    switch(session, watching, Stand.VENUE)
    assert (stand(watching), watching.total_yen) == (Stand.VENUE, 5000)
    with pytest.raises(BadWish):
        switch(session, watching, Stand.QUEUE)


def test_what_is_full_or_not_offered_is_refused_and_nothing_changes(session):
    event = make_new_year(session, venue=1, online=0)
    first, second = register(session, event), register(session, event)
    for registration in (first, second):
        with pytest.raises(SoldOut):
            switch(session, registration, Stand.ONLINE)
    with pytest.raises(SoldOut):
        switch(session, second, Stand.VENUE)
    with pytest.raises(BadWish):
        switch(session, second, Stand.LAPSED)
    assert (stand(first), stand(second), letters(session)) == (Stand.VENUE, Stand.QUEUE, ["received"] * 2)


def test_who_gives_up_the_last_place_is_cancelled_and_owes_nothing(session):
    event = make_new_year(session, venue=1)
    register(session, event)
    waiting = register(session, event)
    switch(session, waiting, Stand.NONE)
    assert (waiting.state, waiting.total_yen, letters(session)[-1]) == ("cancelled", 0, "cancelled")


def test_after_the_deadline_waiting_may_change_and_a_seat_may_not(session):
    event = make_new_year(session, venue=1, online=5, free_cancellation_until=NOW)
    seated, waiting = register(session, event), register(session, event)
    with pytest.raises(TooLate):
        switch(session, seated, Stand.ONLINE)
    switch(session, waiting, Stand.ONLINE_AND_QUEUE)
    with pytest.raises(TooLate):
        switch(session, waiting, Stand.QUEUE, now=event.parts[0].starts_at)


def two_who_wait_together(session, *, venue=1, **values):
    event = make_new_year(session, venue=venue, online=0, **values)
    first = register(session, event)
    people = [entrant(event, n, parts=[1]) for n in range(2)]
    pair = register(session, event, *people, keeps_together=True, now=NOW + dt.timedelta(minutes=1))
    last = register(session, event, now=NOW + dt.timedelta(minutes=2))
    return event, first, pair, last


def test_a_pair_waits_for_two_seats_and_lets_the_next_pass(session):
    _event, first, pair, last = two_who_wait_together(session)
    leave(session, first)
    assert (stand(pair), stand(pair, 1), stand(last)) == (Stand.QUEUE, Stand.QUEUE, Stand.VENUE)


def test_a_pair_that_lets_itself_be_parted_moves_up_one_by_one(session):
    _event, first, pair, last = two_who_wait_together(session)
    switching.stay_together(open_desk(session, pair.id, now=LATER), together=False)
    leave(session, first)
    assert (stand(pair), stand(pair, 1), stand(last)) == (Stand.VENUE, Stand.QUEUE, Stand.QUEUE)


def test_a_pair_is_seated_together_when_two_seats_are_free(session):
    event, _first, pair, last = two_who_wait_together(session)
    event.parts[0].pools[0].capacity = 3
    session.flush()
    other = register(session, event, now=LATER)
    assert [stand(pair), stand(pair, 1), stand(last), stand(other)] == [
        Stand.VENUE,
        Stand.VENUE,
        Stand.QUEUE,
        Stand.QUEUE,
    ]
