"""Going from one place to another in a part by one's own choice: venue, network, queue, both. Never commits."""

from dataclasses import dataclass

from eventops.billing import fees
from eventops.events.models import Mode, Part, PriceCategory
from eventops.registration import changes, rules
from eventops.registration.desk import Desk
from eventops.registration.models import Attendee, IfFull, PlaceState
from eventops.registration.refusals import BadWish, SoldOut, TooLate
from eventops.registration.rules import PoolState
from eventops.registration.seats import moves, offers, seating, stands
from eventops.registration.seats.stands import Stand
from eventops.registration.writing import letters_seats

_IF_FULL = {
    Stand.ONLINE_AND_QUEUE: IfFull.ONLINE_AND_WAIT,
    Stand.QUEUE: IfFull.WAIT,
    Stand.ONLINE: IfFull.ONLINE,
}


@dataclass(frozen=True, slots=True)
class Way:
    """Somewhere to go, with what the fee of this person would be there."""

    target: Stand
    fee_yen: int


def stand(person: Attendee, part_id: int) -> Stand:
    """Where somebody stands in a part."""
    return stands.stand_of(_states(person, part_id))


def ways(person: Attendee, part: Part, states: list[PoolState]) -> list[Way]:
    """Where this person may go in this part now, the seats being as they are."""
    found = stands.ways(
        stand(person, part.id),
        {pool.mode for pool in part.pools},
        watches=_watches(person, part.id),
        online_has_room=_has_room(states, part.id, Mode.ONLINE),
        venue_has_room=_has_room(states, part.id, Mode.ONSITE),
    )
    return [Way(target, _fee(person, part.id, target)) for target in found]


def switch(desk: Desk, *, attendee_id: int, part_id: int, target: Stand) -> None:
    """Go there. Who keeps a place in the queue keeps it where it stands; who gives up the last place is cancelled."""
    person, part = desk.attendee(attendee_id), _part(desk, part_id)
    here = stand(person, part_id)
    if here in stands.OFFERS:
        _answer(desk, person, here, target)
        return
    if desk.actor_id is None and not rules.may_switch(desk.deadlines, has_seat=here in stands.SEATS, now=desk.now):
        raise TooLate
    states = seating.states(desk.session, desk.event.id, desk.pools)
    if target not in {way.target for way in ways(person, part, states)}:
        raise SoldOut if target in (Stand.ONLINE, Stand.ONLINE_AND_QUEUE, Stand.VENUE) else BadWish
    _go(desk, person, part_id, target)


def stay_together(desk: Desk, *, together: bool) -> None:
    """Whether the people of an application move up from the queue all at once or one by one."""
    if desk.registration.keeps_together == together:
        return
    desk.registration.keeps_together = together
    desk.note("group_changed", before={}, after={"together": together})
    desk.settle()


def _answer(desk: Desk, person: Attendee, here: Stand, target: Stand) -> None:
    """To an offer: the seat that is kept, or the one online that is held meanwhile, or none."""
    taken = Stand.VENUE if here is Stand.OFFERED else Stand.ONLINE
    if target is taken:
        offers.accept(desk, attendee_ids=[person.id])
    elif target in (Stand.ONLINE, Stand.NONE):
        offers.decline(desk, attendee_ids=[person.id])
    else:
        raise BadWish


def _go(desk: Desk, person: Attendee, part_id: int, target: Stand) -> None:
    before = moves.snapshot(desk.registration)
    _arrange(desk, person, part_id, target)
    left = changes.strike_who_hold_nothing(desk)
    moved = desk.note_moves("places_changed", before)
    if desk.settle():
        return  # the letter about moving up says the rest as well
    tell = letters_seats.cancelled if left else letters_seats.changed
    tell(desk.session, desk.registration, desk.event, now=desk.now, moved=moved)


def _arrange(desk: Desk, person: Attendee, part_id: int, target: Stand) -> None:
    wanted = stands.places_for(target)
    mine = [place for place in person.places if place.part_id == part_id]
    seating.give_back(place for place in mine if place.mode not in wanted and place.state != PlaceState.CANCELLED)
    kept = {Mode(place.mode) for place in mine if place.state == wanted.get(Mode(place.mode))}
    wished = Mode.ONLINE if target is Stand.ONLINE else Mode.ONSITE
    choice = _IF_FULL.get(target, IfFull.WAIT)
    new = [rules.Decision(part_id, mode, state, wished, choice) for mode, state in wanted.items() if mode not in kept]
    seating.seat(person, new, now=desk.now)
    for place in mine:
        if place.mode in kept:
            place.wanted_mode, place.if_full = wished, choice


def _part(desk: Desk, part_id: int) -> Part:
    for part in desk.event.parts:
        if part.id == part_id and part.starts_at > desk.now:
            return part
    raise TooLate if any(part.id == part_id for part in desk.event.parts) else BadWish


def _states(person: Attendee, part_id: int) -> dict[Mode, PlaceState]:
    return {Mode(place.mode): PlaceState(place.state) for place in person.places if place.part_id == part_id}


def _watches(person: Attendee, part_id: int) -> bool:
    return _states(person, part_id).get(Mode.ONLINE) is PlaceState.CONFIRMED


def _has_room(states: list[PoolState], part_id: int, mode: Mode) -> bool:
    """A seat that nobody waits for."""
    return any(
        state.left != 0 and not state.waiting for state in states if (state.part_id, state.mode) == (part_id, mode)
    )


def _fee(person: Attendee, part_id: int, target: Stand) -> int:
    """What this person would owe: the other parts as they are, this one as it would be."""
    seats = {
        place.part_id: Mode(place.mode)
        for place in person.places
        if place.state == PlaceState.CONFIRMED and place.part_id != part_id
    }
    for mode, state in stands.places_for(target).items():
        if state is PlaceState.CONFIRMED:
            seats[part_id] = mode
    costing = seating.without_free(seats, person.registration.free_part_id)
    guest = fees.Guest(person.position, PriceCategory(person.price_category), costing)
    return fees.quote(seating.prices(person.registration.event), [guest]).of(person.position)
