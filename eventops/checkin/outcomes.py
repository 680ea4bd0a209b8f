"""What a scan came to, put together from its rows for whoever has to show it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.checkin import queries, reading
from eventops.checkin.models import Scan
from eventops.checkin.reading import DoorPart, Holder, SeatRow, Seen
from eventops.checkin.rules import Direction, Door, Passage, Seat, TicketView, Verdict, first_admission
from eventops.events.models import Mode, Part, PartKind
from eventops.registration import tickets
from eventops.registration.models import PlaceState, RegistrationState


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A place of the guest, in words elsewhere."""

    part_id: int
    title: str
    mode: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who stands before the desk. `notes` are for the desk alone: wheelchairs, guests of honour, food at a party."""

    attendee_id: int
    number: str
    name: str
    kana: str
    company: str
    department: str
    category: str
    due_yen: int
    payment_method: str
    notes: tuple[str, ...]
    seats: tuple[SeatLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A scan with what the desk needs. `first` is the admission before, `event_title` that of a foreign ticket."""

    scan_id: int
    nonce: str
    verdict: Verdict
    at: dt.datetime
    station: str
    part_id: int
    part_title: str
    is_undone: bool
    direction: Direction = Direction.IN
    first: Passage | None = None
    event_title: str = ""
    guest: Guest | None = None


def ticket_view(
    attendee: Holder,
    places: Iterable[SeatRow],
    looks: Iterable[Seen],
    *,
    shown_issue: int | None,
    let_in: tuple[dt.datetime, ...],
) -> TicketView:
    """The rows as the rules see them."""
    return TicketView(
        event_id=attendee.event_id,
        is_cancelled=attendee.state == RegistrationState.CANCELLED,
        issue=attendee.ticket_issue,
        shown_issue=shown_issue,
        seats=tuple(Seat(place.part_id, Mode(place.mode), PlaceState(place.state)) for place in places),
        due_yen=due_yen(attendee),
        passages=passages_of(looks),
        let_in=let_in,
    )


def passages_of(looks: Iterable[Seen | Scan]) -> tuple[Passage, ...]:
    return tuple(Passage(look.scanned_at, look.station, Direction(look.direction)) for look in looks)


def let_in_at(looks: Iterable[Seen]) -> tuple[dt.datetime, ...]:
    """When somebody in charge let the person of these looks in."""
    return tuple(look.scanned_at for look in looks if look.verdict == Verdict.OVERRULED)


def due_yen(attendee: Holder) -> int:
    return attendee.fee_yen - attendee.paid_yen


def door(part: Part | DoorPart, direction: Direction = Direction.IN) -> Door:
    return Door(part.event_id, part.id, part.starts_at, direction)


def outcome(
    look: Seen, part: DoorPart, attendee: Holder | None, places: Sequence[SeatRow], first: Passage | None
) -> Outcome:
    """A ticket of another event says which event it is for, and nothing about its holder."""
    is_ours = attendee is not None and attendee.event_id == look.event_id
    return Outcome(
        scan_id=look.id,
        nonce=look.nonce,
        verdict=Verdict(look.verdict),
        at=look.scanned_at,
        station=look.station,
        part_id=part.id,
        part_title=part.title,
        is_undone=look.is_undone,
        direction=Direction(look.direction),
        first=first,
        event_title="" if attendee is None or is_ours else attendee.event_title,
        guest=_guest(attendee, places, part) if attendee is not None and is_ours else None,
    )


def of_scan(session: Session, scan: Scan) -> Outcome:
    """The outcome of a scan made before, as it stands after what this transaction changed."""
    session.flush()
    return of_look(session, reading.seen(scan))


def of_look(session: Session, look: Seen) -> Outcome:
    """The same of a look that was read as columns."""
    line = reading.line(session)
    part, places = reading.part_and_seats(
        line, event_id=look.event_id, part_id=look.part_id, attendee_id=look.attendee_id
    )
    if look.attendee_id is None:
        return outcome(look, part, None, (), None)
    attendee = reading.holder(line, look.attendee_id)
    scans = queries.passages(session, part_id=part.id, attendee_ids=[look.attendee_id])
    return outcome(look, part, attendee, places, first_before(look, part, scans))


def first_before(look: Seen, part: DoorPart, looks: Iterable[Seen | Scan]) -> Passage | None:
    """What a repeated scan repeated; a scan that let somebody in has nothing before it.

    Earlier is who was so by the clock: a device without a network may have sent the first admission later.
    """
    if look.verdict != Verdict.ALREADY_IN:
        return None
    earlier = passages_of(other for other in looks if other.id != look.id and other.scanned_at <= look.scanned_at)
    return first_admission(earlier, part=door(part), at=look.scanned_at)


def _guest(attendee: Holder, places: Sequence[SeatRow], part: DoorPart) -> Guest:
    shown = [place for place in places if place.state != PlaceState.CANCELLED]
    return Guest(
        attendee_id=attendee.id,
        number=tickets.number(attendee.registration_number, attendee.position),
        name=f"{attendee.family_name} {attendee.given_name}".strip(),
        kana=f"{attendee.family_kana} {attendee.given_kana}".strip(),
        company=attendee.company,
        department=" ".join(filter(None, (attendee.department, attendee.job_title))),
        category=attendee.badge_category,
        due_yen=due_yen(attendee),
        payment_method=attendee.payment_method,
        notes=_notes(attendee, part),
        seats=tuple(SeatLine(place.part_id, place.title, place.mode, place.state) for place in shown),
    )


def _notes(attendee: Holder, part: DoorPart) -> tuple[str, ...]:
    food = attendee.dietary_need if part.kind == PartKind.SOCIAL else ""
    return tuple(filter(None, (attendee.desk_note, attendee.accommodation_request, food)))
