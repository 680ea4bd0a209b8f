"""Every move of places, as the history keeps it: where everybody stood before and after, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eventops.events.models import Mode
from eventops.registration.models import PlaceState, Registration
from eventops.registration.seats.stands import Stand, stand_of

WHY = "why"


class Why(StrEnum):
    """What let somebody move up."""

    CANCELLATION = "cancellation"
    MORE_SEATS = "more_seats"
    RELEASE = "release"
    PASSED_ON = "passed_on"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Move:
    """One person in one part."""

    position: int
    part_id: int
    was: Stand
    now: Stand


def snapshot(registration: Registration) -> dict[str, str]:
    """Where everybody stands, as JSON values: person, part and mode to state."""
    return {
        f"{person.position}/{place.part_id}/{place.mode}": str(place.state)
        for person in registration.attendees
        for place in person.places
    }


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Move]:
    """Who moved; what else the history keeps in its values is no place."""
    was, now = _stands(before), _stands(after)
    pairs = [(key, was.get(key, Stand.NONE), now.get(key, Stand.NONE)) for key in sorted({*was, *now})]
    return [Move(position, part_id, old, new) for (position, part_id), old, new in pairs if old is not new]


def _stands(values: Mapping[str, Any]) -> dict[tuple[int, int], Stand]:
    states: dict[tuple[int, int], dict[Mode, PlaceState]] = {}
    for key, state in values.items():
        if key.count("/") == 2:
            position, part_id, mode = key.split("/")
            states.setdefault((int(position), int(part_id)), {})[Mode(mode)] = PlaceState(state)
    return {key: stand_of(modes) for key, modes in states.items()}
