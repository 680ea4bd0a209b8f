"""Carries out what the rules decide about seats: reads the pools under the lock, writes places, fees and promotions."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session, object_session

from eventops.billing import fees
from eventops.events.models import Event, Mode, Part, PartKind, Pool, PriceCategory, Promotion
from eventops.registration import providers, queries, rules
from eventops.registration.models import (
    HELD,
    TAKEN,
    Attendee,
    IfFull,
    Place,
    PlaceState,
    Registration,
    RegistrationState,
)
from eventops.registration.refusals import BadWish


def wishes(
    parts: Iterable[Part], states: Iterable[rules.PoolState], wanted: Mapping[int, Mode], if_full: IfFull
) -> list[rules.Wish]:
    """The wishes of one attendee in the order of the programme; refuses a part or mode that is not offered."""
    offered = {(state.part_id, state.mode) for state in states}
    for part_id, mode in wanted.items():
        if (part_id, mode) not in offered:
            raise BadWish(part_id=part_id)
    return [
        rules.Wish(part.id, wanted[part.id], if_full, part.kind == PartKind.SOCIAL)
        for part in parts
        if part.id in wanted
    ]


def states(session: Session, event_id: int, pools: Sequence[Pool]) -> list[rules.PoolState]:
    """The pools as they are."""
    session.flush()
    return queries.pool_states(session, event_id, pools)


def shrink_reserve(session: Session, event_id: int, pools: Sequence[Pool]) -> None:
    """Seats given out from the reserve are not kept back any more."""
    for pool, state in zip(pools, states(session, event_id, pools), strict=True):
        if pool.capacity is not None:
            pool.reserved = min(pool.reserved, max(pool.capacity - state.confirmed, 0))


def seat(attendee: Attendee, decisions: Iterable[rules.Decision], *, now: dt.datetime) -> None:
    """Write decisions as places; a place that was given back before is taken up again, at the end of the queue."""
    known = {(place.part_id, place.mode): place for place in attendee.places}
    for decision in decisions:
        place = known.get((decision.part_id, decision.mode))
        if place is None:
            place = Place(part_id=decision.part_id, mode=decision.mode)
            attendee.places.append(place)
        place.state = decision.state
        place.wanted_mode = decision.wanted_mode
        place.if_full = decision.if_full
        place.queued_at = now
        place.offered_until, place.offer_needs = None, ""
        place.fee_yen = 0


def held(attendee: Attendee) -> list[rules.Decision]:
    """The places of an attendee as the rules see them."""
    return [
        rules.Decision(
            place.part_id, Mode(place.mode), PlaceState(place.state), Mode(place.wanted_mode), IfFull(place.if_full)
        )
        for place in attendee.places
        if place.state != PlaceState.CANCELLED
    ]


def charge(registration: Registration, event: Event) -> None:
    """Write what is owed. Who has cancelled keeps whatever the cancelling left to pay."""
    active = [person for person in registration.attendees if person.state == RegistrationState.ACTIVE]
    made = fees.quote(prices(event), [_guest(person, registration.free_part_id) for person in active])
    for person in active:
        person.fee_yen = made.of(person.position)
        for place in person.places:
            place.fee_yen = made.of_part(person.position, place.part_id) if _is_held(place) else 0
    registration.total_yen = sum(person.fee_yen for person in registration.attendees)
    session = object_session(registration)
    if session is not None:  # a new application has paid nothing yet
        providers.fees_changed(session, registration)


def prices(event: Event) -> list[fees.Price]:
    return [fees.Price(fee.part_id, PriceCategory(fee.category), Mode(fee.mode), fee.yen) for fee in event.fees]


def _guest(person: Attendee, free_part_id: int | None, counted: Collection[str] = ()) -> fees.Guest:
    """An offer that costs, or one in the states that are `counted` anyway, goes before the seat online."""
    chosen = (place for place in person.places if (place.state in counted if counted else _is_held(place)))
    seats = {place.part_id: Mode(place.mode) for place in sorted(chosen, key=lambda place: place.state)}
    return fees.Guest(person.position, PriceCategory(person.price_category), without_free(seats, free_part_id))


def without_free(seats: Mapping[int, Mode], free_part_id: int | None) -> dict[int, Mode]:
    """The seats that may cost something."""
    return {part_id: mode for part_id, mode in seats.items() if part_id != free_part_id}


def total_if_taken(registration: Registration, event: Event) -> int:
    """What would be owed in all if the seats that are kept for an answer were taken."""
    active = [person for person in registration.attendees if person.state == RegistrationState.ACTIVE]
    left = sum(person.fee_yen for person in registration.attendees if person not in active)
    guests = [_guest(person, registration.free_part_id, TAKEN) for person in active]
    return left + fees.quote(prices(event), guests).total_yen


def _is_held(place: Place) -> bool:
    """Whether it costs: a seat, or one that is kept until it is paid."""
    return place.state == PlaceState.CONFIRMED or (
        place.state == PlaceState.OFFERED and place.offer_needs == Promotion.PAYMENT
    )


def give_back(places: Iterable[Place]) -> None:
    for place in places:
        place.state = PlaceState.CANCELLED
        place.offered_until, place.offer_needs = None, ""


def rising(session: Session, event: Event, pools: Sequence[Pool], *, now: dt.datetime) -> list[Place]:
    """The places in the queues for which there is a seat, in the order in which they move up."""
    session.flush()
    queue = queries.waiting(session, event.id, now=now)
    if not queue:
        return []
    promoted = rules.promotions(
        states(session, event.id, pools),
        [queries.as_queued(place) for place in queue],
        keeps_online=event.promotion != Promotion.AT_ONCE,
    )
    by_id = {place.id: place for place in queue}
    return [by_id[one.place_id] for one in promoted]


def take(place: Place) -> None:
    """The seat is theirs; at the venue, the one held online in the meantime goes back."""
    place.state = PlaceState.CONFIRMED
    place.offered_until, place.offer_needs = None, ""
    if place.mode == Mode.ONSITE:
        others = [other for other in place.attendee.places if other.part_id == place.part_id and other is not place]
        give_back(other for other in others if other.state in HELD)


def offer(place: Place, *, needs: Promotion, until: dt.datetime) -> None:
    """The seat is kept for an answer, or for the money."""
    place.state = PlaceState.OFFERED
    place.offered_until, place.offer_needs = until, needs
