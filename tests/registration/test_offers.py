"""Seats that are kept for an answer or for the money: what they hold, and to whom they pass when the time is over."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry
from eventops.billing.models import PaymentKind
from eventops.database import transaction
from eventops.events.models import Event, Pool, Promotion
from eventops.mail.models import Letter
from eventops.registration import changes, service
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull, PaymentMethod, Registration
from eventops.registration.refusals import OfferOver, PaymentDecides
from eventops.registration.seats import jobs, offers, promotion, switching
from eventops.registration.seats.moves import Why
from eventops.registration.seats.stands import Stand
from tests.billing.arrange import pay
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year

HOUR = dt.timedelta(hours=1)


def register(session, event, *, minutes=0, parts=(1,), people=1, **values):
    entrants = [entrant(event, n, parts=parts) for n in range(people)]
    return service.register(session, application(event, *entrants, **values), now=NOW + dt.timedelta(minutes=minutes))


def stand(registration, part=0):
    return switching.stand(registration.attendees[0], registration.event.parts[part].id)


def leave(session, registration, *, now=NOW + HOUR):
    desk = open_desk(session, registration.id, now=now)
    changes.cancel(desk, attendee_ids=[person.id for person in registration.attendees])


def letters(session, registration):
    found = session.scalars(select(Letter).where(Letter.subject_id == registration.id).order_by(Letter.id))
    return [letter.kind.removeprefix("registration_") for letter in found]


def actions(session, registration):
    found = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == registration.id).order_by(AuditEntry.id))
    return [(entry.action, (entry.after or {}).get("why", "")) for entry in found]


def one_seat_and_a_queue(session, rule=Promotion.REPLY, *, if_full=IfFull.WAIT, **values):
    event = make_new_year(session, venue=1, online=5, promotion=rule, **values)
    first = register(session, event)
    second, third = (register(session, event, minutes=n, if_full=if_full) for n in (1, 2))
    leave(session, first)
    return event, second, third


def test_a_free_seat_is_kept_for_the_first_in_line_and_for_nobody_else(session):
    event, second, third = one_seat_and_a_queue(session)
    (place,) = second.attendees[0].places
    assert (stand(second), stand(third), place.offered_until) == (Stand.OFFERED, Stand.QUEUE, NOW + 25 * HOUR)
    late = register(session, event, minutes=90)
    assert (stand(late), second.total_yen, letters(session, second)) == (Stand.QUEUE, 0, ["received", "offered"])
    letter = session.scalars(select(Letter).where(Letter.kind == "registration_offered")).one()
    assert "11月22日(日) 11:00 までに「参加する」か「辞退する」をお選びください。" in letter.body
    assert "第1部 新春講演会: 会場のキャンセル待ち → 会場のお席をご案内中" in letter.body


def test_an_accepted_seat_gives_the_one_online_back(session):
    _event, second, _third = one_seat_and_a_queue(session, if_full=IfFull.ONLINE_AND_WAIT)
    assert (stand(second), second.attendees[0].places[0].mode, second.total_yen) == (Stand.OFFERED, "online", 0)
    offers.accept(open_desk(session, second.id, now=NOW + 2 * HOUR))
    assert (stand(second), second.total_yen) == (Stand.VENUE, 5000)
    assert sorted(place.state for place in second.attendees[0].places) == ["cancelled", "confirmed"]
    assert letters(session, second) == ["received", "offered", "promoted"]
    with pytest.raises(OfferOver):
        offers.accept(open_desk(session, second.id, now=NOW + 3 * HOUR))


def test_who_is_asked_is_told_what_the_seat_will_cost(session):
    _event, second, _third = one_seat_and_a_queue(session, if_full=IfFull.ONLINE_AND_WAIT)
    told = session.scalars(select(Letter).where(Letter.subject_id == second.id).order_by(Letter.id.desc())).first()
    assert second.total_yen == 0
    assert "「参加する」を選ぶと、参加費は合計 5,000円(税込)になります。" in told.body
    offers.accept(open_desk(session, second.id, now=NOW + 2 * HOUR))
    assert second.total_yen == 5000


def test_a_declined_seat_passes_on_and_who_watches_goes_on_watching(session):
    _event, second, third = one_seat_and_a_queue(session, if_full=IfFull.ONLINE_AND_WAIT)
    offers.decline(open_desk(session, second.id, now=NOW + 2 * HOUR))
    assert (stand(second), second.state, stand(third)) == (Stand.ONLINE, "active", Stand.OFFERED)
    assert actions(session, third)[-1] == ("place_offered", "passed_on")


def test_who_declines_and_holds_nothing_else_is_cancelled(session):
    _event, second, third = one_seat_and_a_queue(session)
    offers.decline(open_desk(session, second.id, now=NOW + 2 * HOUR))
    assert (second.state, stand(third), letters(session, second)[-1]) == ("cancelled", Stand.OFFERED, "cancelled")


def test_an_unanswered_seat_passes_on_at_its_hour_and_its_guest_may_queue_again(app, session):
    _event, second, third = one_seat_and_a_queue(session)
    assert offers.due_event_id(session, now=NOW + 24 * HOUR) is None
    over = NOW + 25 * HOUR
    with pytest.raises(OfferOver):
        offers.accept(open_desk(session, second.id, now=over))
    offers.settle_due(session, event_id=offers.due_event_id(session, now=over), now=over)
    assert (stand(second), second.state, stand(third)) == (Stand.LAPSED, "active", Stand.OFFERED)
    assert letters(session, second) == ["received", "offered", "lapsed"]
    assert offers.due_event_id(session, now=over) is None
    part_id = second.event.parts[0].id
    desk = open_desk(session, second.id, now=over)
    switching.switch(desk, attendee_id=second.attendees[0].id, part_id=part_id, target=Stand.QUEUE)
    assert stand(second) == Stand.QUEUE


def test_a_seat_at_a_price_is_the_guests_when_the_money_is_there(session):
    _event, second, third = one_seat_and_a_queue(session, Promotion.PAYMENT)
    assert (stand(second), second.total_yen) == (Stand.OFFERED, 5000)
    with pytest.raises(PaymentDecides):
        offers.accept(open_desk(session, second.id, now=NOW + 2 * HOUR))
    pay(session, second, 5000, kind=PaymentKind.BANK_TRANSFER)
    session.flush()
    event_id = offers.due_event_id(session, now=NOW + 3 * HOUR)
    offers.settle_due(session, event_id=event_id, now=NOW + 3 * HOUR)
    assert (stand(second), second.total_yen, stand(third)) == (Stand.VENUE, 5000, Stand.QUEUE)
    assert letters(session, second) == ["received", "offered", "payment_paid", "promoted"]


def test_a_seat_that_was_not_paid_for_costs_nothing_and_passes_on(session):
    _event, second, third = one_seat_and_a_queue(session, Promotion.PAYMENT)
    over = NOW + 25 * HOUR
    offers.settle_due(session, event_id=offers.due_event_id(session, now=over), now=over)
    assert (stand(second), second.total_yen, stand(third)) == (Stand.LAPSED, 0, Stand.OFFERED)


def test_who_pays_at_the_door_answers_instead(session):
    event = make_new_year(session, venue=1, promotion=Promotion.PAYMENT)
    first = register(session, event)
    second = register(session, event, minutes=1, payment_method=PaymentMethod.CASH_ON_DAY)
    leave(session, first)
    offers.accept(open_desk(session, second.id, now=NOW + 2 * HOUR))
    assert stand(second) == Stand.VENUE


def test_the_party_is_offered_along_with_the_lecture(session):
    event = make_new_year(session, venue=1, party=1, promotion=Promotion.REPLY)
    first = register(session, event, parts=(1, 2))
    second = register(session, event, minutes=1, parts=(1, 2))
    leave(session, first)
    assert (stand(second), stand(second, 1), letters(session, second)) == (
        Stand.OFFERED,
        Stand.OFFERED,
        ["received", "offered"],
    )
    offers.accept(open_desk(session, second.id, now=NOW + 2 * HOUR))
    assert (stand(second), stand(second, 1), second.total_yen) == (Stand.VENUE, Stand.VENUE, 5000)


def test_a_reserve_goes_to_those_who_wait_on_its_day(app):
    with app.app_context(), transaction() as session:
        event = make_new_year(session, venue=3)
        pool = event.parts[0].pools[0]
        pool.reserved, pool.released_on = 2, dt.date(2026, 11, 20)
        waiting = [register(session, event, minutes=n).id for n in range(3)]
    assert (jobs.settle_next(app), jobs.settle_next(app)) == (True, False)
    with app.app_context(), transaction() as session:
        people = [session.get_one(Registration, key) for key in waiting]
        assert [stand(one) for one in people] == [Stand.VENUE] * 3
        assert session.scalars(select(Pool.reserved).where(Pool.released_on.is_not(None))).all() == [0]
        assert actions(session, people[1])[-1] == ("place_promoted", "release")


def test_a_day_that_has_not_come_and_an_event_called_off_let_nothing_go(session):
    event = make_new_year(session, venue=3)
    pool = event.parts[0].pools[0]
    pool.reserved, pool.released_on = 2, dt.date(2026, 11, 22)
    session.flush()
    assert offers.due_event_id(session, now=NOW) is None
    assert offers.due_event_id(session, now=NOW + 15 * HOUR) == event.id
    session.get_one(Event, event.id).state = "cancelled"
    session.flush()
    assert offers.due_event_id(session, now=NOW + 15 * HOUR) is None


def test_by_hand_somebody_is_seated_without_being_asked(session):
    event = make_new_year(session, venue=0, promotion=Promotion.REPLY)
    first, second = register(session, event), register(session, event, minutes=1)
    desk = open_desk(session, second.id, now=NOW + HOUR, actor_id=None)
    places = second.attendees[0].places
    promotion.give(session, desk.event, places, now=desk.now, why=Why.BY_HAND, at_once=True)
    assert (stand(first), stand(second)) == (Stand.QUEUE, Stand.VENUE)
