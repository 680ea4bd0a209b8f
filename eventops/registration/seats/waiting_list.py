"""The waiting list as staff see it: who stands where, whom a seat is kept for, and what seats there are to give."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.events.models import Event, Mode, Part, Pool
from eventops.registration import queries
from eventops.registration.models import Place, Registration
from eventops.registration.seats import moves_words, offers, switching


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who waits, or whom a seat is kept for. `together` is how many move up as one."""

    place: Place
    registration: Registration
    name: str
    stand: str
    position: int
    together: int
    until: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a seat for so many people would come from: free ones, the reserve, and beyond the capacity."""

    free: int
    reserve: int
    beyond: int


@dataclass(frozen=True, slots=True)
class PoolQueue:
    """One pool with its queue."""

    part: Part
    pool: Pool
    taken: int
    offered: tuple[Line, ...]
    waiting: tuple[Line, ...]

    @property
    def is_shown(self) -> bool:
        return bool(self.offered or self.waiting or self.pool.reserved)


def pool_queues(session: Session, event: Event, *, now: dt.datetime) -> list[PoolQueue]:
    """Every pool of the event in the order of the programme."""
    waiting = queries.waiting(session, event.id, now=now)
    kept = offers.kept_in(session, event.id)
    pools = queries.pools_of(event)
    taken = {(state.part_id, state.mode): state.confirmed for state in queries.pool_states(session, event.id, pools)}
    return [
        PoolQueue(
            part=part,
            pool=pool,
            taken=taken[part.id, Mode(pool.mode)],
            offered=tuple(_lines(part, pool, kept)),
            waiting=tuple(_lines(part, pool, waiting)),
        )
        for part in event.parts
        for pool in part.pools
    ]


def _lines(part: Part, pool: Pool, places: Sequence[Place]) -> list[Line]:
    mine = [place for place in places if (place.part_id, place.mode) == (part.id, pool.mode)]
    return [_line(place, position, mine) for position, place in enumerate(mine, start=1)]


def _line(place: Place, position: int, queue: Sequence[Place]) -> Line:
    registration = place.attendee.registration
    return Line(
        place=place,
        registration=registration,
        name=place.attendee.full_name,
        stand=str(moves_words.STANDS[switching.stand(place.attendee, place.part_id)]),
        position=position,
        together=len(unit_of(place, queue)),
        until=moves_words.moment(place.offered_until) if place.offered_until else "",
    )


def unit_of(place: Place, queue: Sequence[Place]) -> list[Place]:
    """The place with those that move up together with it."""
    registration = place.attendee.registration
    if not registration.keeps_together:
        return [place]
    return [
        other
        for other in queue
        if other.attendee.registration_id == registration.id
        and (other.part_id, other.mode) == (place.part_id, place.mode)
    ]


def source(pool: Pool, taken: int, *, people: int) -> Source:
    """Where their seats would come from: what is free first, then the reserve, then more than there are."""
    if pool.capacity is None:
        return Source(people, 0, 0)
    free = min(people, max(pool.capacity - pool.reserved - taken, 0))
    reserve = min(people - free, pool.reserved, max(pool.capacity - taken - free, 0))
    return Source(free, reserve, people - free - reserve)
