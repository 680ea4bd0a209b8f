"""Where somebody stands in a part - seat, queue, offer - and where they may go from there by their own choice."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from eventops.events.models import Mode
from eventops.registration.models import PlaceState


class Stand(StrEnum):
    """One person in one part, venue and network seen together: the queue belongs to the person."""

    VENUE = "venue"
    OFFERED = "offered"
    ONLINE = "online"
    ONLINE_AND_QUEUE = "online_and_queue"
    QUEUE = "queue"
    ONLINE_OFFERED = "online_offered"
    ONLINE_QUEUE = "online_queue"
    LAPSED = "lapsed"
    FULL = "full"
    NONE = "none"


OFFERS = (Stand.OFFERED, Stand.ONLINE_OFFERED)
QUEUES = (Stand.ONLINE_AND_QUEUE, Stand.QUEUE, Stand.ONLINE_QUEUE)
SEATS = (Stand.VENUE, Stand.ONLINE, Stand.ONLINE_AND_QUEUE, *OFFERS)

_WAYS: Mapping[Stand, tuple[Stand, ...]] = {
    Stand.VENUE: (Stand.ONLINE,),
    Stand.OFFERED: (Stand.VENUE, Stand.ONLINE, Stand.NONE),
    Stand.ONLINE: (Stand.VENUE, Stand.ONLINE_AND_QUEUE),
    Stand.ONLINE_AND_QUEUE: (Stand.ONLINE, Stand.QUEUE),
    Stand.QUEUE: (Stand.VENUE, Stand.ONLINE_AND_QUEUE, Stand.ONLINE, Stand.NONE),
    Stand.ONLINE_OFFERED: (Stand.ONLINE, Stand.NONE),
    Stand.ONLINE_QUEUE: (Stand.VENUE, Stand.QUEUE, Stand.NONE),
    Stand.LAPSED: (Stand.VENUE, Stand.QUEUE, Stand.ONLINE_AND_QUEUE, Stand.ONLINE),
    Stand.FULL: (Stand.VENUE, Stand.QUEUE, Stand.ONLINE_AND_QUEUE, Stand.ONLINE),
}


def stand_of(states: Mapping[Mode, PlaceState]) -> Stand:
    """What the places in a part come to."""
    venue, online = states.get(Mode.ONSITE), states.get(Mode.ONLINE)
    for state, stand in ((PlaceState.CONFIRMED, Stand.VENUE), (PlaceState.OFFERED, Stand.OFFERED)):
        if venue is state:
            return stand
    if online is PlaceState.CONFIRMED:
        return Stand.ONLINE_AND_QUEUE if venue is PlaceState.WAITING else Stand.ONLINE
    if online is PlaceState.OFFERED:
        return Stand.ONLINE_OFFERED
    return _without_seat(venue, online)


def _without_seat(venue: PlaceState | None, online: PlaceState | None) -> Stand:
    if venue is PlaceState.WAITING:
        return Stand.QUEUE
    if online is PlaceState.WAITING:
        return Stand.ONLINE_QUEUE
    if PlaceState.LAPSED in (venue, online):
        return Stand.LAPSED
    return Stand.FULL if PlaceState.FULL in (venue, online) else Stand.NONE


def ways(
    stand: Stand, modes: Collection[str], *, watches: bool, online_has_room: bool, venue_has_room: bool
) -> tuple[Stand, ...]:
    """Where one may go from here. `watches` is holding a seat online already."""

    def is_open(target: Stand) -> bool:
        if stand is Stand.ONLINE_OFFERED:
            return True
        if target is Stand.VENUE:
            return stand is Stand.OFFERED or venue_has_room
        if target in (Stand.QUEUE, Stand.ONLINE_AND_QUEUE):
            return Mode.ONSITE in modes and not venue_has_room and (target is Stand.QUEUE or watches or online_has_room)
        return not watches if target is Stand.NONE else watches or online_has_room

    return tuple(target for target in _WAYS.get(stand, ()) if is_open(target))


def places_for(target: Stand) -> dict[Mode, PlaceState]:
    """What the places become; a mode that is not named is given back."""
    wanted: dict[Stand, dict[Mode, PlaceState]] = {
        Stand.VENUE: {Mode.ONSITE: PlaceState.CONFIRMED},
        Stand.ONLINE: {Mode.ONLINE: PlaceState.CONFIRMED},
        Stand.ONLINE_AND_QUEUE: {Mode.ONLINE: PlaceState.CONFIRMED, Mode.ONSITE: PlaceState.WAITING},
        Stand.QUEUE: {Mode.ONSITE: PlaceState.WAITING},
        Stand.NONE: {},
    }
    return wanted[target]
