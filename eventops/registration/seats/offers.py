"""Seats kept for an answer or for the money: taken, declined, passed on when the time is over. Never commits."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from eventops import wareki
from eventops.accounts import audit
from eventops.events.models import Event, EventState, Part, Pool, Promotion
from eventops.registration import changes, history, queries
from eventops.registration.desk import Desk
from eventops.registration.models import Attendee, Place, PlaceState, Registration
from eventops.registration.refusals import OfferOver, PaymentDecides
from eventops.registration.seats import moves, promotion, seating
from eventops.registration.seats.moves import Why
from eventops.registration.writing import letters_seats

_LIVE = (EventState.PUBLISHED, EventState.CLOSED)


def accept(desk: Desk, *, attendee_ids: Collection[int] | None = None) -> None:
    """The seats kept for this registration, or for these of its people, are taken. Staff may say yes for somebody."""
    places = _kept(desk, attendee_ids)
    if desk.actor_id is None and any(place.offer_needs == Promotion.PAYMENT for place in places):
        raise PaymentDecides
    before = moves.snapshot(desk.registration)
    for place in places:
        seating.take(place)
    after = desk.note_moves("offer_accepted", before)
    desk.settle()
    letters_seats.promoted(desk.session, desk.registration, desk.event, now=desk.now, moved=after)


def decline(desk: Desk, *, attendee_ids: Collection[int] | None = None) -> None:
    """The seats go to the next in line. Who holds nothing else any more is cancelled, and owes nothing."""
    places = _kept(desk, attendee_ids)
    before = moves.snapshot(desk.registration)
    seating.give_back(places)
    left = changes.strike_who_hold_nothing(desk)
    moved = desk.note_moves("offer_declined", before)
    desk.settle(why=Why.PASSED_ON)
    tell = letters_seats.cancelled if left else letters_seats.changed
    tell(desk.session, desk.registration, desk.event, now=desk.now, moved=moved)


def _kept(desk: Desk, attendee_ids: Collection[int] | None) -> list[Place]:
    """What is kept for these people now; refused when the time is over, even if the seat is still free."""
    people = [person for person in desk.registration.attendees if attendee_ids is None or person.id in attendee_ids]
    kept = [place for place in promotion.offered(people) if place.offered_until and desk.now < place.offered_until]
    if not kept:
        raise OfferOver
    return kept


def due_event_id(session: Session, *, now: dt.datetime) -> int | None:
    """An event with an offer that is over or paid, or with a reserve whose day has come."""
    is_paid = and_(Place.offer_needs == Promotion.PAYMENT, Attendee.paid_at.is_not(None))
    over_or_paid = or_(Place.offered_until <= now, is_paid)
    offers = (
        select(Event.id)
        .join(Part, Part.event_id == Event.id)
        .join(Place, Place.part_id == Part.id)
        .join(Place.attendee)
        .where(Place.offered_until.is_not(None), Place.state == PlaceState.OFFERED, over_or_paid)
    )
    reserves = (
        select(Event.id)
        .join(Part, Part.event_id == Event.id)
        .join(Part.pools)
        .where(Pool.reserved > 0, Pool.released_on <= wareki.japan_date(now), Part.starts_at > now)
    )
    for query in (offers, reserves):
        if (found := session.scalar(query.where(Event.state.in_(_LIVE)).limit(1))) is not None:
            return found
    return None


def settle_due(session: Session, *, event_id: int, now: dt.datetime) -> None:
    """Confirm what was paid, let go what was not answered for, release reserves; the seats go to the next in line."""
    event = queries.event_for_update(session, event_id)
    pools = queries.pools_of(event)
    kept = kept_in(session, event_id)
    paid = {place.attendee.registration for place in kept if place.offer_needs == Promotion.PAYMENT}
    for registration in sorted(paid, key=lambda one: one.id):
        _confirm_paid(session, event, registration, now=now)
    over = [place for place in kept if place.state == PlaceState.OFFERED and _is_over(place, now)]
    for registration in dict.fromkeys(place.attendee.registration for place in over):
        _lapse(session, event, registration, over, now=now)
    if kept:
        promotion.move_up(session, event, pools, now=now, why=Why.PASSED_ON)
    _release_due(session, event, pools, now=now)


def release(
    session: Session,
    event: Event,
    pools: Sequence[Pool],
    chosen: Collection[Pool],
    *,
    now: dt.datetime,
    actor_id: int | None,
) -> list[Registration]:
    """Seats kept back go to those who wait, and then to everybody."""
    before = {str(pool.id): pool.reserved for pool in chosen}
    for pool in chosen:
        pool.reserved = 0
    audit.record(
        session,
        actor_id=actor_id,
        action="reserve_released",
        subject=("event", event.id),
        event_id=event.id,
        now=now,
        before=before,
    )
    return promotion.move_up(session, event, pools, now=now, why=Why.RELEASE)


def _release_due(session: Session, event: Event, pools: Sequence[Pool], *, now: dt.datetime) -> None:
    today = wareki.japan_date(now)
    due = [pool for pool in pools if pool.reserved and pool.released_on is not None and pool.released_on <= today]
    if due:
        release(session, event, pools, due, now=now, actor_id=None)


def kept_in(session: Session, event_id: int) -> Sequence[Place]:
    """Every seat of an event that is kept for somebody, those that end first before the others."""
    return session.scalars(
        select(Place)
        .join(Place.part)
        .where(Part.event_id == event_id, Place.state == PlaceState.OFFERED)
        .order_by(Place.offered_until, Place.id)
        .options(
            selectinload(Place.attendee).selectinload(Attendee.places),
            selectinload(Place.attendee).selectinload(Attendee.registration).selectinload(Registration.attendees),
        )
        .execution_options(**queries.FRESH)
    ).all()


def _is_over(place: Place, now: dt.datetime) -> bool:
    return place.offered_until is not None and place.offered_until <= now


def _confirm_paid(session: Session, event: Event, registration: Registration, *, now: dt.datetime) -> None:
    before = moves.snapshot(registration)
    if not promotion.take_what_costs_nothing(registration):
        return
    seating.charge(registration, event)
    moved = _note(session, registration, "offer_paid", before, now=now)
    letters_seats.promoted(session, registration, event, now=now, moved=moved)


def _lapse(
    session: Session, event: Event, registration: Registration, over: Sequence[Place], *, now: dt.datetime
) -> None:
    before = moves.snapshot(registration)
    for place in over:
        if place.attendee.registration is registration:
            place.state = PlaceState.LAPSED
            place.offered_until, place.offer_needs = None, ""
    seating.charge(registration, event)
    moved = _note(session, registration, "offer_lapsed", before, now=now)
    letters_seats.lapsed(session, registration, event, now=now, moved=moved)


def _note(
    session: Session, registration: Registration, action: str, before: dict[str, str], *, now: dt.datetime
) -> list[moves.Move]:
    registration.revision += 1
    registration.changed_at = now
    after = moves.snapshot(registration)
    history.note(session, registration, action, actor_id=None, now=now, before=before, after=after)
    return moves.between(before, after)
