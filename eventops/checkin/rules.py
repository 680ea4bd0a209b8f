"""May this person enter this part now? Values in, a verdict out; nobody else decides that."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventops.clock import TOKYO
from eventops.events.models import Mode
from eventops.registration.models import PlaceState


class Verdict(StrEnum):
    """What a look at a ticket came to."""

    ADMIT = "admit"
    UNPAID = "unpaid"
    ALREADY_IN = "already_in"
    NOT_IN_PART = "not_in_part"
    WAITING = "waiting"
    FULL = "full"
    ONLINE = "online"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    WRONG_EVENT = "wrong_event"
    UNKNOWN_CODE = "unknown_code"
    NOT_ON_DEVICE = "not_on_device"


class Tone(StrEnum):
    """How a verdict looks and sounds."""

    OK = "ok"
    ALREADY = "already"
    ATTENTION = "attention"
    INVALID = "invalid"


ADMITTED = frozenset({Verdict.ADMIT, Verdict.UNPAID})
"""These let somebody in: who has still to pay is in, and the desk collects."""

LONGEST_OFFLINE = dt.timedelta(days=7)

TONES: dict[Verdict, Tone] = {
    Verdict.ADMIT: Tone.OK,
    Verdict.UNPAID: Tone.ATTENTION,
    Verdict.ALREADY_IN: Tone.ALREADY,
    Verdict.NOT_IN_PART: Tone.ATTENTION,
    Verdict.WAITING: Tone.ATTENTION,
    Verdict.FULL: Tone.ATTENTION,
    Verdict.ONLINE: Tone.ATTENTION,
    Verdict.REPLACED: Tone.INVALID,
    Verdict.CANCELLED: Tone.INVALID,
    Verdict.WRONG_EVENT: Tone.INVALID,
    Verdict.UNKNOWN_CODE: Tone.INVALID,
    Verdict.NOT_ON_DEVICE: Tone.ATTENTION,
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of the ticket's holder."""

    part_id: int
    mode: Mode
    state: PlaceState


@dataclass(frozen=True, slots=True)
class Admission:
    """When and where the holder was let into this part."""

    at: dt.datetime
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket as it stands. `shown_issue` is None when the person was found by name, without a code."""

    event_id: int
    is_cancelled: bool
    issue: int
    shown_issue: int | None
    seats: tuple[Seat, ...]
    due_yen: int = 0
    admissions: tuple[Admission, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """The part that is being entered."""

    event_id: int
    part_id: int
    starts_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and the admission that counts when there was one before."""

    verdict: Verdict
    first: Admission | None = None


def judge(ticket: TicketView | None, *, part: Door, at: dt.datetime) -> Judgement:
    """Judge a ticket at a door; None is a code that this installation never issued."""
    if ticket is None:
        return Judgement(Verdict.UNKNOWN_CODE)
    refusal = _refusal(ticket, part)
    if refusal is not None:
        return Judgement(refusal)
    first = first_admission(ticket.admissions, part=part, at=at)
    if first is not None:
        return Judgement(Verdict.ALREADY_IN, first)
    return Judgement(Verdict.UNPAID if ticket.due_yen > 0 else Verdict.ADMIT)


def _refusal(ticket: TicketView, part: Door) -> Verdict | None:
    if ticket.event_id != part.event_id:
        return Verdict.WRONG_EVENT
    if ticket.is_cancelled:
        return Verdict.CANCELLED
    if ticket.shown_issue is not None and ticket.shown_issue != ticket.issue:
        return Verdict.REPLACED
    return _without_seat([seat for seat in ticket.seats if seat.part_id == part.part_id])


def _without_seat(seats: list[Seat]) -> Verdict | None:
    """What stands instead of a confirmed seat at the venue; None where there is one."""
    held = {(seat.mode, seat.state) for seat in seats}
    if (Mode.ONSITE, PlaceState.CONFIRMED) in held:
        return None
    if {(Mode.ONSITE, PlaceState.WAITING), (Mode.ONSITE, PlaceState.OFFERED)} & held:
        return Verdict.WAITING
    if {(Mode.ONLINE, PlaceState.CONFIRMED), (Mode.ONLINE, PlaceState.WAITING)} & held:
        return Verdict.ONLINE
    return Verdict.FULL if any(state is PlaceState.FULL for _, state in held) else Verdict.NOT_IN_PART


def first_admission(admissions: tuple[Admission, ...], *, part: Door, at: dt.datetime) -> Admission | None:
    """The earliest admission that counts at this moment."""
    since = counts_from(part.starts_at, at=at)
    counted = [admission for admission in admissions if admission.at >= since]
    return min(counted, key=lambda admission: admission.at, default=None)


def counts_from(starts_at: dt.datetime, *, at: dt.datetime) -> dt.datetime:
    """Scans before the part's own day are practice: each day of practice, and the day itself, begins at nought."""
    day = min(starts_at.astimezone(TOKYO).date(), at.astimezone(TOKYO).date())
    return dt.datetime.combine(day, dt.time(), tzinfo=TOKYO)


@dataclass(frozen=True, slots=True)
class Claim:
    """A look after which a desk let somebody in, whoever was first; `shown` is the verdict that the desk saw."""

    nonce: str
    at: dt.datetime
    shown: Verdict


def standing(judged: Verdict, *, shown: Verdict) -> Verdict:
    """What a look comes to that a device answered alone: nobody is let in by a look that the desk saw refused."""
    return shown if judged in ADMITTED and shown not in ADMITTED else judged


def settle(claims: Sequence[Claim], *, starts_at: dt.datetime) -> dict[str, Verdict]:
    """Who was first, from all that claim to have let the holder in; it does not matter in which order they arrived."""
    settled: dict[str, Verdict] = {}
    days: set[dt.datetime] = set()
    for claim in sorted(claims, key=lambda claim: (claim.at, claim.nonce)):
        day = counts_from(starts_at, at=claim.at)
        settled[claim.nonce] = Verdict.ALREADY_IN if day in days else claim.shown
        days.add(day)
    return settled


def is_conflict(verdict: Verdict, *, shown: Verdict) -> bool:
    """Somebody was let in by a desk, and the book says that this was not to be."""
    return shown in ADMITTED and verdict not in ADMITTED


def happened_at(device_at: dt.datetime, *, ahead: dt.timedelta, received_at: dt.datetime) -> dt.datetime:
    """When something happened by the server's clock; never later than it arrived, nor long before."""
    return min(max(device_at - ahead, received_at - LONGEST_OFFLINE), received_at)


def is_practice(starts_at: dt.datetime, *, at: dt.datetime) -> bool:
    """Whether what is scanned now will not count on the day."""
    return at.astimezone(TOKYO).date() < starts_at.astimezone(TOKYO).date()
