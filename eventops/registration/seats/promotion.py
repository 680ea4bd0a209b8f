"""Moving up from the queues: seats given or offered, fees, history and a letter to everybody who gained something."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from eventops.events.models import Event, Pool, Promotion
from eventops.registration import history, queries, rules
from eventops.registration.models import Attendee, PaymentMethod, Place, PlaceState, Registration
from eventops.registration.seats import moves, seating
from eventops.registration.seats.moves import WHY, Why
from eventops.registration.writing import letters_seats


def promote(session: Session, *, event_id: int, now: dt.datetime, why: Why = Why.MORE_SEATS) -> list[Registration]:
    """Give free seats to those who wait, after staff have raised a capacity or released a reserve."""
    event = queries.event_for_update(session, event_id)
    return move_up(session, event, queries.pools_of(event), now=now, why=why)


def move_up(session: Session, event: Event, pools: Sequence[Pool], *, now: dt.datetime, why: Why) -> list[Registration]:
    """As `promote`, for a caller who holds the lock."""
    return give(session, event, seating.rising(session, event, pools, now=now), now=now, why=why)


def give(
    session: Session,
    event: Event,
    places: Sequence[Place],
    *,
    now: dt.datetime,
    why: Why,
    at_once: bool = False,
    actor_id: int | None = None,
) -> list[Registration]:
    """Give these places their seats, or keep the seats for them until they answer, as the event has it."""
    gained = {place.attendee.registration_id: place.attendee.registration for place in places}
    before = {key: moves.snapshot(registration) for key, registration in gained.items()}
    for place in places:
        _seat(event, place, now=now, at_once=at_once)
    for key, registration in gained.items():
        seating.charge(registration, event)
        take_what_costs_nothing(registration)
        _tell(session, event, registration, before[key], now=now, why=why, actor_id=actor_id)
    return list(gained.values())


def _seat(event: Event, place: Place, *, now: dt.datetime, at_once: bool) -> None:
    by_transfer = place.attendee.registration.payment_method == PaymentMethod.BANK_TRANSFER
    needs = rules.asked_of_the_next(Promotion(event.promotion), pays_before=by_transfer)
    if at_once or needs is Promotion.AT_ONCE:
        seating.take(place)
    else:
        until = rules.offer_until(now, hours=event.offer_hours, starts_at=place.part.starts_at)
        seating.offer(place, needs=needs, until=until)


def take_what_costs_nothing(registration: Registration) -> list[Place]:
    """Seats kept for money that is not owed, or has come, belong to whom they are kept for."""
    owed_nothing = [
        place for place in offered(registration.attendees) if place.offer_needs == Promotion.PAYMENT and _is_paid(place)
    ]
    for place in owed_nothing:
        seating.take(place)
    return owed_nothing


def offered(people: Iterable[Attendee]) -> list[Place]:
    """The places that are kept for these people."""
    return [place for person in people for place in person.places if place.state == PlaceState.OFFERED]


def _is_paid(place: Place) -> bool:
    return place.attendee.fee_yen <= place.attendee.paid_yen


def _tell(
    session: Session,
    event: Event,
    registration: Registration,
    before: dict[str, str],
    *,
    now: dt.datetime,
    why: Why,
    actor_id: int | None,
) -> None:
    registration.revision += 1
    registration.changed_at = now
    after = moves.snapshot(registration)
    is_offer = bool(offered(registration.attendees))
    action = "place_offered" if is_offer else "place_promoted"
    history.note(
        session, registration, action, actor_id=actor_id, now=now, before=before, after={**after, WHY: str(why)}
    )
    tell = letters_seats.offered if is_offer else letters_seats.promoted
    tell(session, registration, event, now=now, moved=moves.between(before, after))
