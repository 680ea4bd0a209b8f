"""Changing the parts somebody takes part in. Never commits."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from eventops.events.models import Mode, PriceCategory
from eventops.registration import eligibility, providers, rules
from eventops.registration.desk import Desk
from eventops.registration.models import Attendee, IfFull, Place, PlaceState
from eventops.registration.refusals import BadWish, SoldOut, TooLate
from eventops.registration.seats import moves, seating
from eventops.registration.writing import letters_seats


def change_parts(desk: Desk, *, attendee_id: int, wanted: Mapping[int, Mode], if_full: IfFull) -> None:
    """Give back and ask for parts in one step; who cannot get anything new keeps what was held."""
    person = _person_whose_parts_change(desk, attendee_id)
    before = moves.snapshot(desk.registration)
    dropped, added = rules.dropped_and_added(standing_in(person), wanted)
    if not wanted:
        raise BadWish
    if not dropped and not added:
        return
    _eligible_or_refuse(desk, person, added)
    _seat_added(desk, person, dropped, added, if_full)
    moved = desk.note_moves("places_changed", before)
    if not desk.settle():  # the letter about moving up says the rest as well
        letters_seats.changed(desk.session, desk.registration, desk.event, now=desk.now, moved=moved)


def standing_in(person: Attendee) -> dict[int, Mode]:
    """The mode in which somebody takes part, or would like to, part by part: a seat counts before a queue."""
    held = [decision for decision in seating.held(person) if decision.holds]
    seats_last = sorted(held, key=lambda decision: decision.state is PlaceState.CONFIRMED)
    return {decision.part_id: decision.mode for decision in seats_last}


def _seat_added(
    desk: Desk, person: Attendee, dropped: frozenset[int], added: Mapping[int, Mode], if_full: IfFull
) -> None:
    """Decide the new wishes beside what stays, then give back what they replace."""
    kept = [decision for decision in seating.held(person) if decision.part_id not in dropped]
    states = seating.states(desk.session, desk.event.id, desk.pools)
    asked = [_no_queue_from_a_seat(person, wish) for wish in seating.wishes(desk.event.parts, states, added, if_full)]
    (made,) = rules.decide(states, [asked], held=[kept])
    refused = [wish.part_id for wish in asked if not _holds(made, wish.part_id)]
    if refused:
        raise SoldOut(part_id=refused[0])
    replaced = [place for place in person.places if _is_replaced(place, dropped, made)]
    seating.seat(person, made, now=desk.now)
    seating.give_back(replaced)


def _no_queue_from_a_seat(person: Attendee, wish: rules.Wish) -> rules.Wish:
    """Who has a seat at the venue changes to online at once or not at all."""
    has_seat = any(place.part_id == wish.part_id and place.state == PlaceState.CONFIRMED for place in person.places)
    return replace(wish, if_full=IfFull.WITHDRAW) if wish.mode is Mode.ONLINE and has_seat else wish


def _holds(made: Iterable[rules.Decision], part_id: int) -> bool:
    return any(decision.part_id == part_id and decision.holds for decision in made)


def _is_replaced(place: Place, dropped: frozenset[int], made: Iterable[rules.Decision]) -> bool:
    """Whether a place goes: its part was given up, or a seat in it was confirmed. Waiting replaces no seat."""
    if place.part_id not in dropped:
        return False
    new = {decision.mode: decision.state for decision in made if decision.part_id == place.part_id}
    if place.mode in new:
        return False
    return not new or PlaceState.CONFIRMED in new.values() or place.state != PlaceState.CONFIRMED


def _person_whose_parts_change(desk: Desk, attendee_id: int) -> Attendee:
    if desk.actor_id is None and not rules.may_change_parts(desk.deadlines, now=desk.now):
        raise TooLate
    return desk.attendee(attendee_id)


def _eligible_or_refuse(desk: Desk, person: Attendee, added: Mapping[int, Mode]) -> None:
    if desk.actor_id is not None:
        return
    inviting = providers.parts_inviting(desk.session, desk.event.id, desk.registration.organisation_id)
    category = PriceCategory(person.price_category)
    eligibility.refuse_barred(desk.event, added, category, inviting, now=desk.now)
