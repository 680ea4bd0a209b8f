"""Reads of registrations: under the lock, by link, and what is counted."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, bindparam, func, literal, null, select, union_all, update
from sqlalchemy.orm import Session, joinedload, selectinload, undefer
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.base import ExecutableOption

from eventops.database import plain
from eventops.errors import NotFound
from eventops.events import queries as event_queries
from eventops.events.models import Event, Fee, Mode, Part, PartKind, Pool
from eventops.prepared import Asked, Prepared, Rows, ask
from eventops.registration.models import (
    HELD,
    TAKEN,
    Attendee,
    Place,
    PlaceState,
    Registration,
    RegistrationState,
)
from eventops.registration.rules import Deadlines, PoolState, Queued

FRESH = {"populate_existing": True}


_WITH_PARTS = joinedload(Event.parts).joinedload(Part.pools)
_EVENT = select(Event).where(Event.id == bindparam("event_id")).options(_WITH_PARTS)
_EVENT_FOR_UPDATE = _EVENT.with_for_update(of=Event).execution_options(**FRESH)
_EVENT_BY_SLUG = select(Event).where(Event.slug == bindparam("slug")).options(_WITH_PARTS, undefer(Event.is_tied))
_FEES = select(Fee).where(Fee.event_id == bindparam("event_id")).order_by(Fee.id).execution_options(**FRESH)


def event_for_update(session: Session, event_id: int) -> Event:
    """The event with its parts, pools and fees, locked: the lock of the event is the lock of all its pools.

    Registrations of one event, and staff's changes of it, are judged one after the other.
    """
    return _one(session, _EVENT_FOR_UPDATE, event_id=event_id)


_COUNTED = Prepared(
    update(Event)
    .where(Event.id == bindparam("of_event"))
    .values(last_registration_number=Event.last_registration_number + 1)
    .returning(Event.last_registration_number)
)


def asked_for_number(event_id: int) -> Asked:
    """The number of the next registration of an event that is locked, which is nobody else's from then on."""
    return _COUNTED.with_values(of_event=event_id)


def note_number(session: Session, event_id: int, number: int) -> None:
    """What the session knows of the event is not older than its last number."""
    held = session.identity_map.get(identity_key(Event, event_id))
    if held is not None:
        set_committed_value(held, "last_registration_number", number)


def event(session: Session, event_id: int) -> Event:
    """The event with its parts, pools and fees, to look at."""
    return _one(session, _EVENT, event_id=event_id)


def public_event(session: Session, slug: str) -> Event:
    """As `event`, as guests may see it."""
    return event_queries.announced(_one(session, _EVENT_BY_SLUG, slug=slug))


def _one(session: Session, statement: Select[Event], **values: object) -> Event:
    found = session.scalars(statement, values).unique().one_or_none()
    if found is None:
        raise NotFound
    fees = session.scalars(_FEES, {"event_id": found.id}).all()  # as an option of the statement: twice the time
    set_committed_value(found, "fees", fees)
    return found


def pools_of(event: Event) -> list[Pool]:
    """All pools of an event that was read here."""
    return sorted((pool for part in event.parts for pool in part.pools), key=lambda pool: pool.id)


_COUNTS = (
    select(Place.part_id, Place.mode, Place.state, func.count())
    .where(
        Place.part_id.in_(select(Part.id).where(Part.event_id == bindparam("event_id"))),
        Place.state.in_([literal(str(state)) for state in HELD]),
    )
    .group_by(Place.part_id, Place.mode, Place.state)
)
_COUNTED_NOW = Prepared(_COUNTS)
_MADE_BEFORE = select(null(), null(), null(), Registration.id).where(Registration.submission_key == bindparam("key"))
_OPENED = Prepared(union_all(_COUNTS, _MADE_BEFORE))


def asked_when_opening(event_id: int, key: str | None) -> Asked:
    """What `states_of` and `made_before` want to know, at once: how full the pools are, and whether this submission,
    where it has a key, has made a registration already."""
    return _OPENED.with_values(event_id=event_id, key=key)


def made_before(session: Session, rows: Rows) -> Registration | None:
    """The registration that this submission made the first time."""
    ids = [registration_id for part_id, *_of_places, registration_id in rows if part_id is None]
    return session.get_one(Registration, ids[0]) if ids else None


def pool_states(session: Session, event_id: int, pools: Sequence[Pool]) -> list[PoolState]:
    """How full the pools are now."""
    return states_of(pools, *ask(plain(session), _COUNTED_NOW.with_values(event_id=event_id)))


def states_of(pools: Sequence[Pool], rows: Rows) -> list[PoolState]:
    """How full the pools were when they were counted."""
    counts = {(part_id, mode, state): count for part_id, mode, state, count in rows}

    def count(pool: Pool, *states: PlaceState) -> int:
        return sum(counts.get((pool.part_id, pool.mode, state), 0) for state in states)

    return [
        PoolState(
            part_id=pool.part_id,
            mode=Mode(pool.mode),
            capacity=pool.capacity,
            reserved=pool.reserved,
            confirmed=count(pool, *TAKEN),
            waiting=count(pool, PlaceState.WAITING),
        )
        for pool in pools
    ]


def whole() -> tuple[ExecutableOption, ...]:
    """Loads a registration with its event, people and places in a fixed number of statements."""
    return (
        selectinload(Registration.event).selectinload(Event.parts).selectinload(Part.pools),
        selectinload(Registration.attendees).selectinload(Attendee.places),
    )


_WHOLE = select(Registration).where(Registration.id == bindparam("registration_id")).options(*whole())


def registration(session: Session, registration_id: int) -> Registration:
    """One registration with all that hangs on it, as the database has it now."""
    return _registration(session, _WHOLE.execution_options(**FRESH), registration_id)


def registration_as_known(session: Session, registration_id: int) -> Registration:
    """As `registration`, but what this session has read already is not read again: the ticket goes before the dates."""
    return _registration(session, _WHOLE, registration_id)


def _registration(session: Session, statement: Select[Registration], registration_id: int) -> Registration:
    found = session.scalar(statement, {"registration_id": registration_id})
    if found is None:
        raise NotFound
    return found


def event_id_of(session: Session, registration_id: int) -> int:
    event_id = session.scalar(select(Registration.event_id).where(Registration.id == registration_id))
    if event_id is None:
        raise NotFound
    return event_id


def waiting(session: Session, event_id: int, *, now: dt.datetime) -> Sequence[Place]:
    """The queue of all parts that have not begun, in its order, with the people and what else they hold."""
    return session.scalars(
        select(Place)
        .join(Place.part)
        .where(Part.event_id == event_id, Part.starts_at > now, Place.state == PlaceState.WAITING)
        .order_by(Place.queued_at, Place.id)
        .options(
            selectinload(Place.part),
            selectinload(Place.attendee).selectinload(Attendee.places).selectinload(Place.part),
            selectinload(Place.attendee).selectinload(Attendee.registration).selectinload(Registration.attendees),
        )
        .execution_options(**FRESH)
    ).all()


def as_queued(place: Place) -> Queued:
    """A waiting place as the rules see it."""
    registration = place.attendee.registration
    others = [other for other in place.attendee.places if other.state == PlaceState.CONFIRMED]
    online = [other.id for other in others if other.part_id == place.part_id and other.mode == Mode.ONLINE]
    return Queued(
        place_id=place.id,
        attendee_id=place.attendee_id,
        part_id=place.part_id,
        mode=Mode(place.mode),
        gives_up=online[0] if online and place.mode == Mode.ONSITE else None,
        is_social=place.part.kind == PartKind.SOCIAL,
        has_footing=_stands(place),
        group=registration.id if registration.keeps_together and len(registration.attendees) > 1 else None,
    )


def _stands(place: Place) -> bool:
    """Whether somebody who waits for a party has, or needs, no other seat at the venue."""
    programme = [
        other
        for other in place.attendee.places
        if other.part.kind != PartKind.SOCIAL
        and other.state != PlaceState.CANCELLED
        and other.wanted_mode == Mode.ONSITE
    ]
    at_venue = [other for other in programme if other.mode == Mode.ONSITE and other.state in TAKEN]
    return not programme or bool(at_venue)


def positions(session: Session, registration_id: int) -> dict[int, int]:
    """For every waiting place of a registration: how manieth it is in its queue."""
    mine = (
        select(Place.id, Place.part_id, Place.mode, Place.queued_at)
        .join(Place.attendee)
        .where(Attendee.registration_id == registration_id, Place.state == PlaceState.WAITING)
        .subquery()
    )
    ahead = (
        select(mine.c.id, func.count())
        .join(Place, (Place.part_id == mine.c.part_id) & (Place.mode == mine.c.mode))
        .where(
            Place.state == PlaceState.WAITING,
            (Place.queued_at < mine.c.queued_at) | ((Place.queued_at == mine.c.queued_at) & (Place.id <= mine.c.id)),
        )
        .group_by(mine.c.id)
    )
    return {place_id: int(count) for place_id, count in session.execute(ahead)}


def deadlines(event: Event) -> Deadlines:
    """The moments that end self-service."""
    starts_at = min((part.starts_at for part in event.parts), default=event.applications_close_at)
    return Deadlines(event.applications_close_at, event.free_cancellation_until, starts_at)


def looks_double(session: Session, *, event_id: int, email: str, company_kana: str, names: Sequence[str]) -> bool:
    """Whether the same address, or somebody with the same reading from the same company, is registered already."""
    same_person = (
        select(Attendee.id)
        .join(Attendee.registration)
        .where(
            Registration.event_id == event_id,
            Registration.organisation_sort_key == company_kana,
            Attendee.sort_key.in_(names),
            Attendee.state == RegistrationState.ACTIVE,
        )
    )
    same_address = select(Registration.id).where(
        Registration.event_id == event_id,
        Registration.email == email,
        Registration.state == RegistrationState.ACTIVE,
    )
    return session.scalar(same_address.limit(1)) is not None or session.scalar(same_person.limit(1)) is not None
