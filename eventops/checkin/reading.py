"""What judging one look reads and writes, as plain columns: making objects of rows took half of a look's time.

Whose the ticket is, and what was seen of it, is asked for in one go. PostgreSQL begins with the second when it has
given the ticket's lock, so that nothing is judged on what was read while waiting for it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, insert, or_, select
from sqlalchemy.orm import Session, aliased

from eventops.checkin.models import Scan, Station
from eventops.checkin.queries import is_passage
from eventops.database import plain
from eventops.errors import NotFound
from eventops.events.models import Event, Part
from eventops.prepared import Asked, Prepared, Rows, ask
from eventops.registration.models import Attendee, Place, Registration

_NOBODY = 0


class Holder(NamedTuple):
    """Somebody with a ticket, and the application that it belongs to."""

    id: int
    position: int
    state: str
    ticket_issue: int
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    department: str
    job_title: str
    badge_category: str
    fee_yen: int
    paid_yen: int
    dietary_need: str
    accommodation_request: str
    desk_note: str
    registration_id: int
    registration_number: int
    event_id: int
    event_title: str
    company: str
    payment_method: str


class DoorPart(NamedTuple):
    """The part that is being entered."""

    id: int
    event_id: int
    title: str
    kind: str
    starts_at: dt.datetime


class SeatRow(NamedTuple):
    """A place of somebody in one part of the event."""

    part_id: int
    title: str
    mode: str
    state: str


class Seen(NamedTuple):
    """A look that was written down."""

    id: int
    nonce: str
    event_id: int
    part_id: int
    attendee_id: int | None
    verdict: str
    shown: str
    direction: str
    station: str
    station_id: int | None
    scanned_at: dt.datetime
    is_undone: bool


def _of_holder() -> Select[Any]:
    columns = [
        *(getattr(Attendee, name) for name in Holder._fields[:16]),
        Registration.id,
        Registration.number,
        Registration.event_id,
        Event.title,
        Registration.organisation_name,
        Registration.payment_method,
    ]
    return (
        select(*columns)
        .join(Registration, Registration.id == Attendee.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(Attendee.id == bindparam("attendee_id"))
    )


_HOLDER: Final = Prepared(_of_holder())
_HOLDER_FOR_UPDATE: Final = Prepared(_of_holder().with_for_update(of=Attendee))
_HAS_KEY: Final = (
    select(Station.id).where(Station.key_hash == bindparam("key_hash"), Station.revoked_at.is_(None)).exists()
)
_HOLDER_FOR_STATION: Final = Prepared(_of_holder().where(_HAS_KEY).with_for_update(of=Attendee))
_HOLDER_IF_FREE: Final = Prepared(_of_holder().where(_HAS_KEY).with_for_update(of=Attendee, skip_locked=True))
_SEAT: Final = (Part.id, Part.event_id, Part.title, Part.kind, Part.starts_at, Place.mode, Place.state)
_SEATED: Final = and_(Place.part_id == Part.id, Place.attendee_id == bindparam("attendee_id"))
_SAME_EVENT: Final = aliased(Part)
_OF_PROGRAMME: Final = Part.event_id == (
    select(_SAME_EVENT.event_id).where(_SAME_EVENT.id == bindparam("part_id")).scalar_subquery()
)
_PROGRAMME: Final = Prepared(
    select(*_SEAT).join(Place, _SEATED, isouter=True).where(_OF_PROGRAMME).order_by(Part.position, Place.mode.desc())
)
_LOOKED: Final = and_(
    Part.id == bindparam("part_id"),
    or_(
        Scan.nonce == bindparam("nonce"),
        and_(Scan.attendee_id == bindparam("attendee_id"), Scan.part_id == bindparam("part_id"), is_passage()),
    ),
)
_AT_THE_DOOR: Final = Prepared(
    select(*_SEAT, *(getattr(Scan, name) for name in Seen._fields))
    .join(Place, _SEATED, isouter=True)
    .join(Scan, _LOOKED, isouter=True)
    .where(_OF_PROGRAMME)
    .order_by(Part.position, Place.mode.desc(), Scan.id)
)
_WRITTEN: Final = tuple(
    column.key for column in Scan.__table__.columns if column.key not in ("id", "settled_at", "approved_by_id")
)
_WRITE: Final = Prepared(insert(Scan).returning(Scan.id), _WRITTEN)


class AtTheDoor(NamedTuple):
    """Whose ticket it is, the part, all places of this person in the order of the programme, and what was seen: the
    look with this nonce, if it was sent before, and how this person came and left."""

    holder: Holder | None
    part: DoorPart
    seats: tuple[SeatRow, ...]
    looks: tuple[Seen, ...]


def line(session: Session) -> Connection:
    """Past the mapper, to the same transaction; what it still holds is written first."""
    return plain(session)


def holder(line: Connection, attendee_id: int) -> Holder | None:
    return _holder(line, _HOLDER, attendee_id)


def holder_for_update(line: Connection, attendee_id: int) -> Holder | None:
    """The holder, locked: two looks at one ticket are judged one after the other."""
    return _holder(line, _HOLDER_FOR_UPDATE, attendee_id)


def _holder(line: Connection, statement: Prepared, attendee_id: int) -> Holder | None:
    [rows] = ask(line, statement.with_values(attendee_id=attendee_id))
    return Holder._make(rows[0]) if rows else None


def part_and_seats(
    line: Connection, *, event_id: int, part_id: int, attendee_id: int | None
) -> tuple[DoorPart, tuple[SeatRow, ...]]:
    """The part that is entered, and all places of somebody in the order of the programme."""
    [rows] = ask(line, _PROGRAMME.with_values(part_id=part_id, attendee_id=attendee_id or _NOBODY))
    return _part_and_seats(_PROGRAMME.as_read(line.dialect, rows), event_id=event_id, part_id=part_id)


def asked_at_the_door(*, nonce: str, part_id: int, attendee_id: int | None) -> tuple[Asked, Asked]:
    """What `at_the_door` is told of, with the ticket's lock."""
    values = {"attendee_id": attendee_id or _NOBODY}
    return _HOLDER_FOR_UPDATE.with_values(**values), _looks(nonce, part_id, values)


def asked_at_a_station(
    *, nonce: str, part_id: int, attendee_id: int | None, key_hash: str, waits: bool
) -> tuple[Asked, Asked]:
    """The same before the station is known: a key that is none locks nothing. Who does not wait finds no holder."""
    values = {"attendee_id": attendee_id or _NOBODY}
    lock = _HOLDER_FOR_STATION if waits else _HOLDER_IF_FREE
    return lock.with_values(key_hash=key_hash, **values), _looks(nonce, part_id, values)


def _looks(nonce: str, part_id: int, values: Mapping[str, int]) -> Asked:
    return _AT_THE_DOOR.with_values(nonce=nonce, part_id=part_id, **values)


def at_the_door(line: Connection, found: Sequence[Rows], *, event_id: int, part_id: int) -> AtTheDoor:
    """What was asked for, in words of the door; looks come once for each seat in the part."""
    holders, rows = found
    rows = _AT_THE_DOOR.as_read(line.dialect, rows)
    part, seats = _part_and_seats(rows, event_id=event_id, part_id=part_id)
    looks = {row[len(_SEAT)]: row[len(_SEAT) :] for row in rows if row[len(_SEAT)] is not None}
    holder = Holder._make(holders[0]) if holders else None
    return AtTheDoor(holder, part, seats, tuple(map(Seen._make, looks.values())))


def _part_and_seats(
    rows: Iterable[Sequence[Any]], *, event_id: int, part_id: int
) -> tuple[DoorPart, tuple[SeatRow, ...]]:
    found = None
    seats = {}
    for one_id, of_event, title, kind, starts_at, mode, state, *_look in rows:
        if one_id == part_id and of_event == event_id:
            found = DoorPart(one_id, of_event, title, kind, starts_at)
        if mode is not None:
            seats[one_id, mode] = SeatRow(one_id, title, mode, state)
    if found is None:
        raise NotFound
    return found, tuple(seats.values())


def write(line: Connection, values: dict[str, object]) -> Seen:
    """A new look; `IntegrityError` when its nonce came in from elsewhere meanwhile."""
    [[(number,)]] = ask(line, _WRITE.with_values(**values))
    return Seen(id=number, **{name: values[name] for name in Seen._fields[1:]})  # type: ignore[arg-type]


def seen(row: Scan) -> Seen:
    return Seen(*(getattr(row, name) for name in Seen._fields))
