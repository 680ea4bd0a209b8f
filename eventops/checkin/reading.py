"""What judging one look reads and writes, as plain columns: making objects of rows took half of a look's time."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, insert, or_, select
from sqlalchemy.orm import Session

from eventops.checkin.models import Scan
from eventops.checkin.queries import is_passage
from eventops.database import plain
from eventops.errors import NotFound
from eventops.events.models import Event, Part
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


# Statements are put together once: that took a quarter of a look's time.
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


_HOLDER: Final = _of_holder()
_HOLDER_FOR_UPDATE: Final = _of_holder().with_for_update(of=Attendee)
_SEAT: Final = (Part.id, Part.title, Part.kind, Part.starts_at, Place.mode, Place.state)
_SEATED: Final = and_(Place.part_id == Part.id, Place.attendee_id == bindparam("attendee_id"))
_PROGRAMME: Final = (
    select(*_SEAT)
    .join(Place, _SEATED, isouter=True)
    .where(Part.event_id == bindparam("event_id"))
    .order_by(Part.position, Place.mode.desc())
)
_LOOKED: Final = and_(
    Part.id == bindparam("part_id"),
    or_(
        Scan.nonce == bindparam("nonce"),
        and_(Scan.attendee_id == bindparam("attendee_id"), Scan.part_id == bindparam("part_id"), is_passage()),
    ),
)
_AT_THE_DOOR: Final = (
    select(*_SEAT, *(getattr(Scan, name) for name in Seen._fields))
    .join(Place, _SEATED, isouter=True)
    .join(Scan, _LOOKED, isouter=True)
    .where(Part.event_id == bindparam("event_id"))
    .order_by(Part.position, Place.mode.desc(), Scan.id)
)
_WRITE: Final = insert(Scan).returning(Scan.id)


def line(session: Session) -> Connection:
    """Past the mapper, to the same transaction; what it still holds is written first."""
    return plain(session)


def holder(line: Connection, attendee_id: int) -> Holder | None:
    return _holder(line, _HOLDER, attendee_id)


def holder_for_update(line: Connection, attendee_id: int) -> Holder | None:
    """The holder, locked: two looks at one ticket are judged one after the other."""
    return _holder(line, _HOLDER_FOR_UPDATE, attendee_id)


def _holder(line: Connection, statement: Select[Any], attendee_id: int) -> Holder | None:
    row = line.execute(statement, {"attendee_id": attendee_id}).first()
    return Holder._make(row) if row else None


def part_and_seats(
    line: Connection, *, event_id: int, part_id: int, attendee_id: int | None
) -> tuple[DoorPart, tuple[SeatRow, ...]]:
    """The part that is entered, and all places of somebody in the order of the programme."""
    values = {"event_id": event_id, "attendee_id": attendee_id or _NOBODY}
    return _part_and_seats(line.execute(_PROGRAMME, values).all(), event_id=event_id, part_id=part_id)


def at_the_door(
    line: Connection, *, nonce: str, event_id: int, part_id: int, attendee_id: int | None
) -> tuple[DoorPart, tuple[SeatRow, ...], tuple[Seen, ...]]:
    """The same, and what was seen: the look with this nonce, if it was sent before, and how this person came and left.

    In one statement, which gives every look once for each seat in the part.
    """
    values = {"nonce": nonce, "event_id": event_id, "part_id": part_id, "attendee_id": attendee_id or _NOBODY}
    rows = line.execute(_AT_THE_DOOR, values).all()
    part, seats = _part_and_seats(rows, event_id=event_id, part_id=part_id)
    looks = {row[len(_SEAT)]: row[len(_SEAT) :] for row in rows if row[len(_SEAT)] is not None}
    return part, seats, tuple(map(Seen._make, looks.values()))


def _part_and_seats(
    rows: Iterable[Sequence[Any]], *, event_id: int, part_id: int
) -> tuple[DoorPart, tuple[SeatRow, ...]]:
    found = None
    seats = {}
    for one_id, title, kind, starts_at, mode, state, *_look in rows:
        if one_id == part_id:
            found = DoorPart(one_id, event_id, title, kind, starts_at)
        if mode is not None:
            seats[one_id, mode] = SeatRow(one_id, title, mode, state)
    if found is None:
        raise NotFound
    return found, tuple(seats.values())


def write(line: Connection, values: dict[str, object]) -> Seen:
    """A new look; `IntegrityError` when its nonce came in from elsewhere meanwhile."""
    number = line.execute(_WRITE, values).scalar_one()
    return Seen(id=number, **{name: values[name] for name in Seen._fields[1:]})  # type: ignore[arg-type]


def seen(row: Scan) -> Seen:
    return Seen(*(getattr(row, name) for name in Seen._fields))
