"""Seats that staff give to people of their choice who wait, before others in the queue; never more than there are."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.events.models import Event, PartKind, Pool
from eventops.registration import queries
from eventops.registration.models import Place
from eventops.registration.rules import PoolState
from eventops.registration.seats import promotion, seating
from eventops.registration.seats.moves import Why


@dataclass(frozen=True, slots=True)
class Seats:
    """The places in the queue that can be given now, and those of the same people that cannot."""

    given: Sequence[Place]
    without: Sequence[Place]

    @property
    def people(self) -> int:
        return len({place.attendee_id for place in self.given})

    @property
    def left_out(self) -> int:
        return len({place.attendee_id for place in self.without} - {place.attendee_id for place in self.given})


def look(
    session: Session,
    event: Event,
    pools: Sequence[Pool],
    ids: Collection[int],
    *,
    uses_reserve: bool,
    now: dt.datetime,
) -> Seats:
    """What there is for these people, in the order of the queue; a party follows the programme it belongs to."""
    left = {(one.part_id, str(one.mode)): _left(one, uses_reserve) for one in seating.states(session, event.id, pools)}
    waiting = [place for place in queries.waiting(session, event.id, now=now) if place.attendee_id in ids]
    given: list[Place] = []
    for place in sorted(waiting, key=lambda one: one.part.kind == PartKind.SOCIAL):
        free = left.get((place.part_id, place.mode), 0)
        if (free is None or free > 0) and _stands(place, given):
            given.append(place)
            left[place.part_id, place.mode] = None if free is None else free - 1
    return Seats(given, [place for place in waiting if place not in given])


def _left(pool: PoolState, uses_reserve: bool) -> int | None:
    if pool.capacity is None or not uses_reserve:
        return pool.left
    return max(pool.capacity - pool.confirmed, 0)


def _stands(place: Place, given: Sequence[Place]) -> bool:
    """Whether a party place has what it waits for: a seat in the programme, held or given in the same act."""
    asked = queries.as_queued(place)
    return not asked.is_social or asked.has_footing or any(one.attendee_id == place.attendee_id for one in given)


def confirm(
    session: Session,
    *,
    event_id: int,
    ids: Collection[int],
    uses_reserve: bool,
    actor_id: int,
    now: dt.datetime,
) -> Seats:
    """Give the seats and tell everybody who gained one; what they give up for it goes to the next in line."""
    event = queries.event_for_update(session, event_id)
    pools = queries.pools_of(event)
    seats = look(session, event, pools, ids, uses_reserve=uses_reserve, now=now)
    promotion.give(session, event, seats.given, now=now, why=Why.BY_HAND, at_once=True, actor_id=actor_id)
    if uses_reserve:
        seating.shrink_reserve(session, event_id, pools)
    promotion.move_up(session, event, pools, now=now, why=Why.PASSED_ON)
    return seats
