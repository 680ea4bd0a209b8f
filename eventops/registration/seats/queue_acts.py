"""What staff do on the waiting list: seat one person past the queue, from the reserve or beyond; let a reserve go."""

import datetime as dt

from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.events.models import Event, Pool
from eventops.registration import queries
from eventops.registration.models import Place, Registration
from eventops.registration.refusals import SoldOut
from eventops.registration.seats import offers, promotion, seating, waiting_list
from eventops.registration.seats.moves import Why
from eventops.registration.seats.waiting_list import Source


def seat(
    session: Session, *, event_id: int, place_id: int, at_once: bool, beyond: bool, actor_id: int, now: dt.datetime
) -> list[Registration]:
    """Seat the person, with those who move up together. `beyond` allows more people than there are seats."""
    event = queries.event_for_update(session, event_id)
    unit, pool, source = asked_for(session, event, place_id, now=now)
    if source.beyond and not beyond:
        raise SoldOut(part_id=pool.part_id)
    pool.reserved -= source.reserve
    gained = promotion.give(session, event, unit, now=now, why=Why.BY_HAND, at_once=at_once, actor_id=actor_id)
    promotion.move_up(session, event, queries.pools_of(event), now=now, why=Why.CANCELLATION)  # the seats online
    return gained


def asked_for(session: Session, event: Event, place_id: int, *, now: dt.datetime) -> tuple[list[Place], Pool, Source]:
    """Whom it is about, in which pool, and where the seats would come from."""
    queue = queries.waiting(session, event.id, now=now)
    place = next((one for one in queue if one.id == place_id), None)
    if place is None:
        raise NotFound
    unit = waiting_list.unit_of(place, queue)
    pools = queries.pools_of(event)
    states = seating.states(session, event.id, pools)
    pool, taken = next(
        (pool, state.confirmed)
        for pool, state in zip(pools, states, strict=True)
        if (pool.part_id, pool.mode) == (place.part_id, place.mode)
    )
    return unit, pool, waiting_list.source(pool, taken, people=len(unit))


def release(
    session: Session, *, event_id: int, pool_id: int, actor_id: int, now: dt.datetime
) -> tuple[int, list[Registration]]:
    """Let the reserve of a pool go now; how many seats, and who moved up."""
    event = queries.event_for_update(session, event_id)
    pools = queries.pools_of(event)
    chosen = [pool for pool in pools if pool.id == pool_id]
    if not chosen:
        raise NotFound
    seats = chosen[0].reserved
    return seats, offers.release(session, event, pools, chosen, now=now, actor_id=actor_id)
