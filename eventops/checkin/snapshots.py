"""What a device takes along for the time without a network: hashed codes, names, companies, and verdicts of the judge.

A code is there as an HMAC under the station's own salt: it can be looked up by who holds the code, and neither turned
back into one nor compared with another device's. Verdicts are those of somebody who has not come yet; who has come
or gone is listed beside with the moment from which that counts, so that the device only looks up and decides nothing.
"""

import base64
import datetime as dt
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from eventops.checkin import words
from eventops.checkin.models import Scan
from eventops.checkin.outcomes import door
from eventops.checkin.queries import is_passage
from eventops.checkin.rules import LETS_IN, TONES, Direction, Door, Seat, TicketView, Verdict, counts_from, judge
from eventops.events.models import Event, Mode, Part
from eventops.registration import tickets
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState
from eventops.registration.tickets import TicketRef

LASTS: Final = dt.timedelta(hours=20)
HASH_BYTES: Final = 10
OLD_ISSUES: Final = 3
_VERDICTS: Final = tuple(Verdict)
_LetIn = Mapping[int, tuple[dt.datetime, ...]]
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class _Holder(NamedTuple):
    """The columns of one ticket; rows of this shape are read faster than objects."""

    attendee_id: int
    registration_id: int
    joined_to_id: int | None
    position: int
    sort_key: str
    state: str
    issue: int
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    company: str
    due_yen: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The people of one event by position in `people`; `codes` maps a hash to one of them and their verdicts."""

    event: Event
    parts: Sequence[Part]
    people: list[list[object]]
    companies: list[str]
    codes: list[list[object]]
    inside: list[list[object]]
    made_at: dt.datetime
    last_scan: int

    def as_json(self) -> dict[str, object]:
        return {
            "event": {"id": self.event.id, "title": self.event.title},
            "parts": [
                {"id": part.id, "title": part.title, "since": _ms(counts_from(part.starts_at, at=self.made_at))}
                | _turn(part, self.made_at)
                for part in self.parts
            ],
            "people": self.people,
            "companies": self.companies,
            "codes": self.codes,
            "inside": self.inside,
            "made_at": _ms(self.made_at),
            "expires_at": _ms(self.made_at + LASTS),
            "last_scan": self.last_scan,
            "verdicts": {_letter(verdict): _words(verdict) for verdict in _VERDICTS},
            "again": _letter(Verdict.ALREADY_IN),
            "back": _letter(Verdict.BACK_IN),
            "left": _letter(Verdict.LEFT),
            "not_inside": _letter(Verdict.NOT_INSIDE),
            "unknown": _letter(Verdict.UNKNOWN_CODE),
            "missing": _letter(Verdict.NOT_ON_DEVICE),
        }


def make(session: Session, event: Event, *, salt: str, key: str, now: dt.datetime) -> Snapshot:
    """Read everybody once and judge each ticket at each part."""
    holders = _holders(session, event.id)
    seats = _seats(session, event.id)
    doors = [door(part) for part in event.parts]
    companies: dict[str, int] = {}
    people: list[list[object]] = []
    codes: list[list[object]] = []
    tied = _tied(session, event.id)
    let_in = _let_in(session, event.id)
    for index, holder in enumerate(holders):
        view = _view(holder, event.id, seats.get(holder.attendee_id, ()))
        came = let_in.get(holder.attendee_id, {})
        verdicts = _verdicts(view, None, doors, came, now)
        company = companies.setdefault(holder.company, len(companies))
        name, kana = f"{holder.family_name} {holder.given_name}", f"{holder.family_kana} {holder.given_kana}"
        people.append([holder.attendee_id, name.strip(), kana.strip(), company, verdicts])
        for ref in (*_refs(holder), *tied.get(_identity(holder), ())):
            shown = holder.issue if ref.attendee_id != holder.attendee_id else ref.issue
            code = tickets.issue(ref, key=key)
            codes.append([hashed(code, salt=salt), index, _verdicts(view, shown, doors, came, now)])
    inside, last_scan = _inside(
        session, event, {holder.attendee_id: index for index, holder in enumerate(holders)}, now
    )
    return Snapshot(event, event.parts, people, list(companies), codes, inside, now, last_scan)


def hashed(code: str, *, salt: str) -> str:
    """What stands in the snapshot in place of a code; the device computes the same from what it scans."""
    digest = hmac.digest(bytes.fromhex(salt), code.encode(), hashlib.sha256)
    return base64.b64encode(digest[:HASH_BYTES]).decode().rstrip("=")


def _ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)


def _turn(part: Part, now: dt.datetime) -> dict[str, int]:
    """The next midnight, if by then what was scanned today counts no more: practice ends with its day."""
    tomorrow = now + dt.timedelta(days=1)
    turn = counts_from(part.starts_at, at=tomorrow)
    return {"turns_at": _ms(turn)} if turn > counts_from(part.starts_at, at=now) else {}


def _letter(verdict: Verdict) -> str:
    return _LETTERS[_VERDICTS.index(verdict)]


def _words(verdict: Verdict) -> dict[str, object]:
    return {
        "code": verdict,
        "tone": TONES[verdict],
        "word": str(words.TONE_WORDS[TONES[verdict]]),
        "short": str(words.SHORT[verdict]),
        "sentence": str(words.OFFLINE_UNPAID if verdict is Verdict.UNPAID else words.SENTENCES[verdict]),
        "admits": verdict in LETS_IN,
    }


def _holders(session: Session, event_id: int) -> Sequence[_Holder]:
    rows = session.execute(
        select(
            Attendee.id,
            Registration.id,
            Registration.joined_to_id,
            Attendee.position,
            Attendee.sort_key,
            Attendee.state,
            Attendee.ticket_issue,
            Attendee.family_name,
            Attendee.given_name,
            Attendee.family_kana,
            Attendee.given_kana,
            Registration.organisation_name,
            Attendee.fee_yen - Attendee.paid_yen,
        )
        .join(Attendee.registration)
        .where(Registration.event_id == event_id)
        .order_by(Attendee.sort_key, Attendee.id)
    )
    return [_Holder._make(row) for row in rows]


def _seats(session: Session, event_id: int) -> Mapping[int, list[Seat]]:
    rows = session.execute(
        select(Place.attendee_id, Place.part_id, Place.mode, Place.state)
        .join(Place.part)
        .where(Part.event_id == event_id)
    )
    seats: dict[int, list[Seat]] = defaultdict(list)
    for attendee_id, part_id, mode, state in rows:
        seats[attendee_id].append(Seat(part_id, Mode(mode), PlaceState(state)))
    return seats


def _let_in(session: Session, event_id: int) -> Mapping[int, _LetIn]:
    """By person and part, when somebody in charge let them in."""
    found: dict[int, dict[int, tuple[dt.datetime, ...]]] = defaultdict(dict)
    rows = session.execute(
        select(Scan.attendee_id, Scan.part_id, Scan.scanned_at).where(
            Scan.event_id == event_id, Scan.verdict == Verdict.OVERRULED, is_passage()
        )
    )
    for attendee_id, part_id, at in rows:
        if attendee_id is not None:
            found[attendee_id][part_id] = (*found[attendee_id].get(part_id, ()), at)
    return found


def _view(holder: _Holder, event_id: int, seats: Sequence[Seat]) -> TicketView:
    return TicketView(
        event_id=event_id,
        is_cancelled=holder.state == RegistrationState.CANCELLED,
        issue=holder.issue,
        shown_issue=None,
        seats=tuple(seats),
        due_yen=holder.due_yen,
    )


def _verdicts(
    view: TicketView, shown_issue: int | None, doors: Sequence[Door], let_in: _LetIn, now: dt.datetime
) -> str:
    shown = TicketView(
        event_id=view.event_id,
        is_cancelled=view.is_cancelled,
        issue=view.issue,
        shown_issue=shown_issue,
        seats=view.seats,
        due_yen=view.due_yen,
    )
    at_door = {part_id: replace(shown, let_in=moments) for part_id, moments in let_in.items()}
    return "".join(_letter(judge(at_door.get(one.part_id, shown), part=one, at=now).verdict) for one in doors)


def _refs(holder: _Holder) -> Iterator[TicketRef]:
    """The ticket, and those before it: an old one is told to be old and not to be unknown."""
    for issue in range(max(1, holder.issue - OLD_ISSUES), holder.issue + 1):
        yield TicketRef(holder.attendee_id, issue)


_Identity = tuple[int, int, str]


def _identity(holder: _Holder) -> _Identity:
    """Somebody who applied for several events in one form, as all of these know them."""
    return (holder.joined_to_id or holder.registration_id, holder.position, holder.sort_key)


def _tied(session: Session, event_id: int) -> Mapping[_Identity, list[TicketRef]]:
    """Good tickets of events that were applied for in the same form."""
    root = func.coalesce(Registration.joined_to_id, Registration.id)
    joined = select(Registration.joined_to_id).where(
        Registration.event_id == event_id, Registration.joined_to_id.is_not(None)
    )
    ours = select(Registration.id).where(Registration.event_id == event_id)
    rows = session.execute(
        select(root, Attendee.position, Attendee.sort_key, Attendee.id, Attendee.ticket_issue)
        .join(Attendee.registration)
        .where(
            Registration.event_id != event_id,
            Attendee.state == RegistrationState.ACTIVE,
            or_(
                Registration.id.in_(joined), Registration.joined_to_id.in_(joined), Registration.joined_to_id.in_(ours)
            ),
        )
    )
    found: dict[_Identity, list[TicketRef]] = defaultdict(list)
    for root_id, position, sort_key, attendee_id, issue in rows:
        found[root_id, position, sort_key].append(TicketRef(attendee_id, issue))
    return found


def _inside(
    session: Session, event: Event, index_of: Mapping[int, int], now: dt.datetime
) -> tuple[list[list[object]], int]:
    """Who has come or left: person, part, when, where and which way; and the last scan that this knows of."""
    last_scan = session.scalar(select(func.coalesce(func.max(Scan.id), 0)).where(Scan.event_id == event.id)) or 0
    since = min((counts_from(part.starts_at, at=now) for part in event.parts), default=now)
    rows = session.execute(
        select(Scan.attendee_id, Scan.part_id, Scan.scanned_at, Scan.station, Scan.direction)
        .where(Scan.event_id == event.id, is_passage(), Scan.scanned_at >= since, Scan.id <= last_scan)
        .order_by(Scan.scanned_at, Scan.id)
    )
    return [
        [index_of[attendee_id], part_id, _ms(at), station, *([direction] if direction == Direction.OUT else [])]
        for attendee_id, part_id, at, station, direction in rows
        if attendee_id is not None and attendee_id in index_of
    ], last_scan
