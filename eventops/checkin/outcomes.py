"""What a scan came to, put together from its rows for whoever has to show it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.checkin import queries
from eventops.checkin.models import Scan
from eventops.checkin.rules import Admission, Door, Seat, TicketView, Verdict, first_admission
from eventops.events.models import Mode, Part, PartKind
from eventops.registration import tickets
from eventops.registration.models import Attendee, Place, PlaceState, RegistrationState


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
    first: Admission | None = None
    event_title: str = ""
    guest: Guest | None = None


def ticket_view(
    attendee: Attendee, places: Iterable[Place], scans: Iterable[Scan], *, shown_issue: int | None
) -> TicketView:
    """The rows as the rules see them."""
    return TicketView(
        event_id=attendee.registration.event_id,
        is_cancelled=attendee.state == RegistrationState.CANCELLED,
        issue=attendee.ticket_issue,
        shown_issue=shown_issue,
        seats=tuple(Seat(place.part_id, Mode(place.mode), PlaceState(place.state)) for place in places),
        due_yen=due_yen(attendee),
        admissions=admissions_of(scans),
    )


def admissions_of(scans: Iterable[Scan]) -> tuple[Admission, ...]:
    return tuple(Admission(scan.scanned_at, scan.station) for scan in scans)


def due_yen(attendee: Attendee) -> int:
    return attendee.fee_yen - attendee.paid_yen


def door(part: Part) -> Door:
    return Door(part.event_id, part.id, part.starts_at)


def outcome(
    scan: Scan, part: Part, attendee: Attendee | None, places: Sequence[Place], first: Admission | None
) -> Outcome:
    """A ticket of another event says which event it is for, and nothing about its holder."""
    is_ours = attendee is not None and attendee.registration.event_id == scan.event_id
    return Outcome(
        scan_id=scan.id,
        nonce=scan.nonce,
        verdict=Verdict(scan.verdict),
        at=scan.scanned_at,
        station=scan.station,
        part_id=part.id,
        part_title=part.title,
        is_undone=scan.is_undone,
        first=first,
        event_title="" if attendee is None or is_ours else attendee.registration.event.title,
        guest=_guest(attendee, places, part) if attendee is not None and is_ours else None,
    )


def of_scan(session: Session, scan: Scan) -> Outcome:
    """The outcome of a scan made before."""
    part = queries.part(session, event_id=scan.event_id, part_id=scan.part_id)
    if scan.attendee_id is None:
        return outcome(scan, part, None, (), None)
    attendee = queries.holder(session, scan.attendee_id)
    scans = queries.admissions(session, part_id=part.id, attendee_ids=[scan.attendee_id])
    return outcome(scan, part, attendee, queries.places(session, scan.attendee_id), first_before(scan, part, scans))


def first_before(scan: Scan, part: Part, scans: Iterable[Scan]) -> Admission | None:
    """What a repeated scan repeated; a scan that let somebody in has nothing before it.

    Earlier is who was so by the clock: a device without a network may have sent the first admission later.
    """
    if scan.verdict != Verdict.ALREADY_IN:
        return None
    earlier = admissions_of(other for other in scans if other.id != scan.id and other.scanned_at <= scan.scanned_at)
    return first_admission(earlier, part=door(part), at=scan.scanned_at)


def _guest(attendee: Attendee, places: Sequence[Place], part: Part) -> Guest:
    registration = attendee.registration
    shown = [place for place in places if place.state != PlaceState.CANCELLED]
    return Guest(
        attendee_id=attendee.id,
        number=tickets.number(registration.number, attendee.position),
        name=attendee.full_name.strip(),
        kana=attendee.full_kana.strip(),
        company=registration.organisation_name,
        department=" ".join(filter(None, (attendee.department, attendee.job_title))),
        category=attendee.badge_category,
        due_yen=due_yen(attendee),
        payment_method=registration.payment_method,
        notes=_notes(attendee, part),
        seats=tuple(SeatLine(place.part_id, place.part.title, place.mode, place.state) for place in shown),
    )


def _notes(attendee: Attendee, part: Part) -> tuple[str, ...]:
    food = attendee.dietary_need if part.kind == PartKind.SOCIAL else ""
    return tuple(filter(None, (attendee.desk_note, attendee.accommodation_request, food)))
