"""What a station reports: looks that the server judges now, looks that it answered alone, and looks it takes back."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.checkin import holding, overruling, service, stations
from eventops.checkin.commands import LetIn, Look, Overruling, TakenBack, Told
from eventops.checkin.forms import KEY_LENGTH, NONCE, BadScan, Sent, read_look
from eventops.checkin.holding import Opened
from eventops.checkin.models import Scan
from eventops.checkin.outcomes import Outcome
from eventops.checkin.rules import TOLD_BY_NO_DEVICE, Direction, Verdict, happened_at
from eventops.checkin.stations import Keyed
from eventops.errors import NotFound

MOST_ITEMS = 100
_HIGHEST = 2**31 - 1
_FAR = 10**14  # milliseconds; some year long after the last event
_OTHER_KINDS = ("undo", "overrule")
_WHOLE = re.compile(r"-?[0-9]{1,15}")


class TicketHeld(Exception):
    """Somebody else is at work on this ticket, and it was asked for without waiting; or nobody has it any more."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a batch. Without `shown` the desk is still waiting for the server's word."""

    act: Look | TakenBack | LetIn
    at_ms: int | None
    ahead_ms: int | None
    shown: Verdict | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was sent in one go, oldest first, with the device's clock as it left."""

    sent_at_ms: int
    unsent: int
    since: int
    items: tuple[Mapping[str, object], ...]

    def clock_ahead(self, received_at: dt.datetime) -> dt.timedelta:
        """How much the device's clock is ahead, as far as one message tells."""
        return _moment(self.sent_at_ms) - received_at


def read_batch(body: object) -> Batch:
    if not isinstance(body, dict):
        raise BadScan
    items = body.get("items", [])
    if not isinstance(items, list) or len(items) > MOST_ITEMS or not all(isinstance(item, dict) for item in items):
        raise BadScan
    sent_at = _whole(body.get("sent_at"), least=0, most=_FAR)
    if sent_at is None:
        raise BadScan
    unsent, since = (_whole(body.get(name), least=0, most=_HIGHEST) or 0 for name in ("unsent", "since"))
    return Batch(sent_at, unsent, since, tuple(items))


def carry_out(
    session: Session,
    values: Mapping[str, object],
    *,
    station_key: str,
    key: str,
    clock_ahead: dt.timedelta,
    now: dt.datetime,
    waits: bool = True,
) -> Outcome:
    """One item of the station with this key; the same item again gives the same answer.

    Most items are looks: the ticket is asked for together with the station, as each question is a trip to the database.
    """
    sent = _look_or_none(values)
    ref = holding.read(sent.code, sent.attendee_id, key=key) if sent else None
    key_hash = stations.key_hash(station_key)
    asked = holding.asked(ref, nonce=sent.nonce, part_id=sent.part_id, key_hash=key_hash, waits=waits) if sent else ()
    station, found = stations.of_key_with(session, station_key, *asked, now=now)
    if ref and not waits and not found[0]:
        raise TicketHeld
    opened = Opened(ref, found) if sent else None
    item = _read_item(values, station)
    return _take(session, item, station, opened, key=key, clock_ahead=clock_ahead, now=now)


def _look_or_none(values: Mapping[str, object]) -> Sent | None:
    """What no page of this program sends is refused when it is known who sends it."""
    try:
        return None if values.get("kind") in _OTHER_KINDS else read_look(values)
    except BadScan:
        return None


def _read_item(values: Mapping[str, object], station: Keyed) -> Item:
    """An item as the station sent it; `BadScan` for what no page of this program sends."""
    if values.get("kind") == "undo":
        return Item(_taken_back(values), None, None, None)
    if values.get("kind") == "overrule":
        return Item(_let_in(values), None, None, None)
    sent = read_look(values)
    look = Look(
        nonce=sent.nonce,
        event_id=station.event_id,
        part_id=sent.part_id,
        method=sent.method,
        station=station.name,
        user_id=None,
        code=sent.code,
        attendee_id=sent.attendee_id,
        station_id=station.id,
        direction=sent.direction,
        sequence=_whole(values.get("sequence"), least=0, most=_HIGHEST),
    )
    at, ahead = _whole(values.get("at"), least=0, most=_FAR), _whole(values.get("ahead"), least=-_FAR, most=_FAR)
    return Item(look, at, ahead, _verdict(values.get("shown"), sent.direction))


def _take(
    session: Session,
    item: Item,
    station: Keyed,
    opened: Opened | None,
    *,
    key: str,
    clock_ahead: dt.timedelta,
    now: dt.datetime,
) -> Outcome:
    if isinstance(item.act, TakenBack):
        return _take_back(session, item.act, station, now=now)
    if isinstance(item.act, LetIn):
        return _overrule(session, item.act, station, key=key, now=now)
    if item.shown is None:
        return service.scan(session, item.act, key=key, now=now, opened=opened)
    ahead = clock_ahead if item.ahead_ms is None else dt.timedelta(milliseconds=item.ahead_ms)
    device_at = now + clock_ahead if item.at_ms is None else _moment(item.at_ms)
    told = Told(item.shown, happened_at(device_at, ahead=ahead, received_at=now))
    return service.told(session, item.act, told, key=key, now=now, opened=opened)


def _take_back(session: Session, act: TakenBack, station: Keyed, *, now: dt.datetime) -> Outcome:
    """A device takes back its own looks only."""
    scan_id = session.scalar(select(Scan.id).where(Scan.nonce == act.nonce, Scan.station_id == station.id))
    if scan_id is None:
        raise NotFound
    return service.undo(session, event_id=station.event_id, scan_id=scan_id, user_id=None, now=now)


def _overrule(session: Session, act: LetIn, station: Keyed, *, key: str, now: dt.datetime) -> Outcome:
    """At a station nobody is signed in: somebody in charge types a number."""
    approved_by = overruling.supervisor(session, event_id=station.event_id, code=act.code, key=key, now=now)
    scan_id = overruling.of_nonce(session, nonce=act.of, station_id=station.id)
    wish = Overruling(act.nonce, scan_id, act.reason, approved_by)
    return overruling.overrule(session, wish, event_id=station.event_id, now=now)


def _let_in(values: Mapping[str, object]) -> LetIn:
    nonce, of, reason, code = (values.get(name) for name in ("nonce", "of", "reason", "code"))
    if not all(isinstance(one, str) and NONCE.fullmatch(one) for one in (nonce, of)):
        raise BadScan
    if not isinstance(reason, str) or not isinstance(code, str) or len(code) > KEY_LENGTH:
        raise BadScan
    return LetIn(str(nonce), str(of), reason, code)


def _taken_back(values: Mapping[str, object]) -> TakenBack:
    of = values.get("of")
    if not isinstance(of, str) or not NONCE.fullmatch(of):
        raise BadScan
    return TakenBack(of)


def _verdict(value: object, direction: Direction) -> Verdict | None:
    if value is None:
        return None
    try:
        shown = Verdict(str(value))
    except ValueError as error:
        raise BadScan from error
    if shown in TOLD_BY_NO_DEVICE[direction]:
        raise BadScan
    return shown


def _whole(value: object, *, least: int, most: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not _WHOLE.fullmatch(str(value)) or not least <= int(str(value)) <= most:
        raise BadScan
    return int(str(value))


def _moment(milliseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
