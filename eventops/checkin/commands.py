"""What the check-in service is asked to do."""

import datetime as dt
from dataclasses import dataclass

from eventops.checkin.models import ScanMethod
from eventops.checkin.rules import Direction, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a ticket: by its code, or at a person found by name. `nonce` is the device's own number for it."""

    nonce: str
    event_id: int
    part_id: int
    method: ScanMethod
    station: str
    user_id: int | None
    code: str = ""
    attendee_id: int | None = None
    station_id: int | None = None
    sequence: int | None = None
    direction: Direction = Direction.IN


@dataclass(frozen=True, slots=True)
class Told:
    """What a device without the server told its desk, and when by the server's clock."""

    shown: Verdict
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A device takes back what it was told about its own look with this nonce."""

    nonce: str


@dataclass(frozen=True, slots=True)
class Overruling:
    """Somebody in charge lets the person of a refused look in. `nonce` is the device's own number for that."""

    nonce: str
    scan_id: int
    reason: str
    approved_by_id: int
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class LetIn:
    """A device asks for that with the number of somebody in charge; `of` is its own look that was refused."""

    nonce: str
    of: str
    reason: str
    code: str
