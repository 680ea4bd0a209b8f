"""Devices at the door: enrolled by a code of a few minutes, known by a key afterwards, revoked by staff. No commits."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from eventops import clock
from eventops.accounts import audit
from eventops.checkin.models import Station
from eventops.database import plain
from eventops.errors import DomainError, NotFound
from eventops.events.models import Event, Part
from eventops.prepared import Asked, Prepared, Rows, ask

CODE_LASTS: Final = dt.timedelta(minutes=15)
AFTER_THE_EVENT: Final = dt.timedelta(days=1)
QUIET: Final = dt.timedelta(minutes=2)
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look like another
_CODE_LENGTH: Final = 8


class StationRefused(DomainError):
    """A device whose key is unknown, revoked, or of an event that is over."""

    code = "station_refused"


class BadStationCode(DomainError):
    """An enrolment code that was mistyped, used, or is older than a few minutes."""

    code = "bad_station_code"


class Keyed(NamedTuple):
    """A station as every look asks for it: plain columns."""

    id: int
    event_id: int
    part_id: int | None
    name: str
    salt: str
    made_at: dt.datetime
    enrolled_at: dt.datetime | None
    revoked_at: dt.datetime | None
    seen_at: dt.datetime | None
    unsent: int
    held_on: dt.date


_OF_KEY: Final = Prepared(
    select(*(getattr(Station, name) for name in Keyed._fields[:-1]), Event.held_on)
    .join(Event, Event.id == Station.event_id)
    .where(Station.key_hash == bindparam("key_hash"))
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the device keeps; the key is written nowhere else."""

    station: Station
    key: str


def invite(
    session: Session, *, event_id: int, part_id: int | None, name: str, user_id: int | None, now: dt.datetime
) -> Station:
    """A place for a device, with the code that it will be enrolled by."""
    station = Station(
        event_id=event_id,
        part_id=part_id,
        name=name,
        code=_new_code(),
        code_expires_at=now + CODE_LASTS,
        salt=secrets.token_hex(16),
        made_by_id=user_id,
        made_at=now,
    )
    session.add(station)
    session.flush()  # the audit entry names the row
    _note(session, "station_invited", station, user_id=user_id, now=now)
    return station


def _new_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def enrol(session: Session, *, code: str, now: dt.datetime, former_keys: Iterable[str] = ()) -> Enrolled:
    """Turn a code into a key; a code works once. The stations that the device was before end with it."""
    station = session.scalar(
        select(Station)
        .where(Station.code == as_typed(code), Station.code_expires_at > now, Station.revoked_at.is_(None))
        .options(joinedload(Station.event, innerjoin=True))
        .with_for_update(of=Station)
    )
    if station is None:
        raise BadStationCode
    key = secrets.token_urlsafe(32)
    station.key_hash, station.code, station.code_expires_at = key_hash(key), None, None
    station.enrolled_at = station.seen_at = now
    _note(session, "station_enrolled", station, user_id=station.made_by_id, now=now)
    _replace(session, station, former_keys, now=now)
    return Enrolled(station, key)


def _replace(session: Session, station: Station, former_keys: Iterable[str], *, now: dt.datetime) -> None:
    """What waits on the device for this event is sent under its new name from now on."""
    hashes = [key_hash(key) for key in former_keys]
    held = select(Station).where(Station.key_hash.in_(hashes)).order_by(Station.id).with_for_update()
    for former in session.scalars(held).all():
        if former.event_id == station.event_id:
            station.unsent, former.unsent = station.unsent + former.unsent, 0
        _shut_out(session, former, user_id=station.made_by_id, now=now)


def as_typed(code: str) -> str:
    """Codes are read out and typed: small letters, spaces and hyphens do not matter."""
    return "".join(filter(str.isalnum, code.upper()))[:12]


def of_key(session: Session, key: str, *, now: dt.datetime) -> Keyed:
    """The station with this key; whoever has none is told so without a reason."""
    return of_key_with(session, key, now=now)[0]


def of_key_with(session: Session, key: str, *also: Asked, now: dt.datetime) -> tuple[Keyed, list[Rows]]:
    """The same, with what is asked for beside it."""
    line = plain(session)
    rows, *further = ask(line, _OF_KEY.with_values(key_hash=key_hash(key)), *also)
    station = next(map(Keyed._make, _OF_KEY.as_read(line.dialect, rows)), None)
    if station is None or station.revoked_at is not None or now >= _end(station, station.held_on):
        raise StationRefused
    return station, further


def expires_at(station: Station) -> dt.datetime:
    """The end of the day after the event, so that what was queued can still be sent."""
    return _end(station, station.event.held_on)


def _end(station: Station | Keyed, held_on: dt.date) -> dt.datetime:
    midnight = clock.tokyo(held_on + dt.timedelta(days=1), dt.time())
    return max(midnight + AFTER_THE_EVENT, (station.enrolled_at or station.made_at) + AFTER_THE_EVENT)


def seen(session: Session, station: Keyed, *, unsent: int, clock_ahead: dt.timedelta, now: dt.datetime) -> None:
    """The device has reported; written at most every few seconds, as every scan reports."""
    is_fresh = station.seen_at is not None and now - station.seen_at < dt.timedelta(seconds=5)
    if is_fresh and station.unsent == unsent:
        return
    ahead_ms = round(clock_ahead / dt.timedelta(milliseconds=1))
    session.execute(
        update(Station).where(Station.id == station.id).values(seen_at=now, unsent=unsent, clock_ahead_ms=ahead_ms)
    )


def revoke(session: Session, *, event_id: int, station_id: int, user_id: int | None, now: dt.datetime) -> Station:
    """The device is let in no more; at its next word with the server it forgets its snapshot."""
    station = session.scalar(_of_event(event_id).where(Station.id == station_id).with_for_update(of=Station))
    if station is None:
        raise NotFound
    _shut_out(session, station, user_id=user_id, now=now)
    return station


def _shut_out(session: Session, station: Station, *, user_id: int | None, now: dt.datetime) -> None:
    if station.revoked_at is None:
        station.revoked_at, station.code = now, None
        _note(session, "station_revoked", station, user_id=user_id, now=now)


def of_event(session: Session, event_id: int, *, now: dt.datetime) -> Sequence[Station]:
    """Those that work or wait to be enrolled, then the revoked ones; forgotten codes are left out."""
    waits = or_(Station.enrolled_at.is_not(None), Station.code_expires_at > now)
    return session.scalars(_of_event(event_id).where(waits).order_by(Station.revoked_at.is_not(None), Station.id)).all()


def unsent_scans(session: Session, event_id: int) -> int:
    """How many scans devices have said to hold still; a revoked one sends none unless it is enrolled anew."""
    waiting = select(func.coalesce(func.sum(Station.unsent), 0)).where(
        Station.event_id == event_id, Station.revoked_at.is_(None)
    )
    return session.scalar(waiting) or 0


def part_of(station: Station, parts: Sequence[Part]) -> Part | None:
    return next((part for part in parts if part.id == station.part_id), parts[0] if parts else None)


def _of_event(event_id: int) -> Select[Station]:
    return select(Station).where(Station.event_id == event_id)


def key_hash(key: str) -> str:
    """What the server knows a key by, wherever it keeps it."""
    return hashlib.sha256(key.encode()).hexdigest()


def _note(session: Session, action: str, station: Station, *, user_id: int | None, now: dt.datetime) -> None:
    audit.record(
        session,
        actor_id=user_id,
        action=action,
        subject=("station", station.id),
        event_id=station.event_id,
        now=now,
        after={"station": station.name},
    )
