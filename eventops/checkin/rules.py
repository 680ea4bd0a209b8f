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
    BACK_IN = "back_in"
    OVERRULED = "overruled"
    LEFT = "left"
    NOT_INSIDE = "not_inside"
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


class Direction(StrEnum):
    """Which way a gate is passed."""

    IN = "in"
    OUT = "out"


class Tone(StrEnum):
    """How a verdict looks and sounds."""

    OK = "ok"
    OUT = "out"
    ALREADY = "already"
    ATTENTION = "attention"
    INVALID = "invalid"


ADMITTED = frozenset({Verdict.ADMIT, Verdict.UNPAID, Verdict.OVERRULED})
"""These let somebody in for the first time: who has still to pay is in, and the desk collects."""

LETS_IN = ADMITTED | {Verdict.BACK_IN}
PASSED = LETS_IN | {Verdict.LEFT}
"""After these somebody is on the other side of the door."""

TOLD_BY_NO_DEVICE: dict[Direction, frozenset[Verdict]] = {
    Direction.IN: frozenset({Verdict.OVERRULED, Verdict.LEFT, Verdict.NOT_INSIDE}),
    Direction.OUT: LETS_IN,
}
"""What a device without the server cannot have told its desk: the right to overrule is asked for at the server."""

LONGEST_OFFLINE = dt.timedelta(days=7)

OVERRULABLE = frozenset(
    {
        Verdict.ALREADY_IN,
        Verdict.NOT_IN_PART,
        Verdict.WAITING,
        Verdict.FULL,
        Verdict.ONLINE,
        Verdict.REPLACED,
        Verdict.CANCELLED,
    }
)
"""Refusals of somebody who is known here: a person in charge may let them in all the same."""

TONES: dict[Verdict, Tone] = {
    Verdict.ADMIT: Tone.OK,
    Verdict.UNPAID: Tone.ATTENTION,
    Verdict.BACK_IN: Tone.OK,
    Verdict.OVERRULED: Tone.OK,
    Verdict.LEFT: Tone.OUT,
    Verdict.NOT_INSIDE: Tone.OUT,
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
class Passage:
    """When and where the holder came into this part, or left it."""

    at: dt.datetime
    station: str
    direction: Direction = Direction.IN


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket as it stands. `shown_issue` is None when the person was found by name, without a code.

    `let_in` is when somebody in charge let the holder into this part: that stands for a seat when they come back.
    """

    event_id: int
    is_cancelled: bool
    issue: int
    shown_issue: int | None
    seats: tuple[Seat, ...]
    due_yen: int = 0
    passages: tuple[Passage, ...] = ()
    let_in: tuple[dt.datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """The part that is being entered or left."""

    event_id: int
    part_id: int
    starts_at: dt.datetime
    direction: Direction = Direction.IN


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and the admission that counts when the holder is inside already."""

    verdict: Verdict
    first: Passage | None = None


def judge(ticket: TicketView | None, *, part: Door, at: dt.datetime) -> Judgement:
    """Judge a ticket at a door; None is a code that this installation never issued."""
    if ticket is None:
        return Judgement(Verdict.UNKNOWN_CODE)
    if part.direction is Direction.OUT:
        return Judgement(_leaving(ticket, part, at))
    refusal = _refusal(ticket, part, at)
    if refusal is not None:
        return Judgement(refusal)
    first = first_admission(ticket.passages, part=part, at=at)
    if first is not None:
        return Judgement(Verdict.ALREADY_IN, first)
    if _counted(ticket.passages, part, at):
        return Judgement(Verdict.BACK_IN)
    return Judgement(Verdict.UNPAID if ticket.due_yen > 0 else Verdict.ADMIT)


def _leaving(ticket: TicketView, part: Door, at: dt.datetime) -> Verdict:
    """Nobody is kept from going home; what is asked is whether the counters knew of them."""
    if ticket.event_id != part.event_id:
        return Verdict.WRONG_EVENT
    is_inside = first_admission(ticket.passages, part=part, at=at) is not None
    return Verdict.LEFT if is_inside else Verdict.NOT_INSIDE


def _refusal(ticket: TicketView, part: Door, at: dt.datetime) -> Verdict | None:
    if ticket.event_id != part.event_id:
        return Verdict.WRONG_EVENT
    if ticket.is_cancelled:
        return Verdict.CANCELLED
    if ticket.shown_issue is not None and ticket.shown_issue != ticket.issue:
        return Verdict.REPLACED
    since = counts_from(part.starts_at, at=at)
    if any(since <= moment <= at for moment in ticket.let_in):
        return None
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


def first_admission(passages: tuple[Passage, ...], *, part: Door, at: dt.datetime) -> Passage | None:
    """The earliest admission since the holder left last; None for somebody who is not inside at this moment."""
    inside: Passage | None = None
    for passage in _counted(passages, part, at):
        inside = None if passage.direction is Direction.OUT else inside or passage
    return inside


def _counted(passages: tuple[Passage, ...], part: Door, at: dt.datetime) -> list[Passage]:
    """Those that count at this moment, in the order in which they happened."""
    since = counts_from(part.starts_at, at=at)
    return sorted((one for one in passages if one.at >= since), key=lambda passage: passage.at)


def counts_from(starts_at: dt.datetime, *, at: dt.datetime) -> dt.datetime:
    """Scans before the part's own day are practice: each day of practice, and the day itself, begins at nought."""
    day = min(starts_at.astimezone(TOKYO).date(), at.astimezone(TOKYO).date())
    return dt.datetime.combine(day, dt.time(), tzinfo=TOKYO)


@dataclass(frozen=True, slots=True)
class Claim:
    """A look after which a desk let somebody in or saw them leave; `shown` is the verdict that the desk saw.

    `is_approved` says that somebody in charge answers for it: without a name nothing is overruled. `refusal` is what
    the book says of somebody who came back on such a word, when that word was taken back.
    """

    nonce: str
    at: dt.datetime
    shown: Verdict
    direction: Direction = Direction.IN
    is_approved: bool = False
    refusal: Verdict | None = None


def standing(judged: Verdict, *, shown: Verdict) -> Verdict:
    """What a look comes to that a device answered alone: nobody is let in by a look that the desk saw refused."""
    return shown if judged in LETS_IN and shown not in LETS_IN else judged


def settle(claims: Sequence[Claim], *, starts_at: dt.datetime) -> dict[str, Verdict]:
    """Who was inside when, from all that claim to have come or gone, whatever the order in which they arrived."""
    settled: dict[str, Verdict] = {}
    inside: dict[dt.datetime, bool] = {}
    for claim in sorted(claims, key=lambda claim: (claim.at, claim.nonce)):
        day = counts_from(starts_at, at=claim.at)
        settled[claim.nonce] = _settled(claim, is_inside=inside.get(day))
        if settled[claim.nonce] in PASSED:
            inside[day] = claim.direction is Direction.IN
    return settled


def _settled(claim: Claim, *, is_inside: bool | None) -> Verdict:
    """`is_inside` is None for somebody who has not come yet."""
    if claim.direction is Direction.OUT:
        return Verdict.LEFT if is_inside else Verdict.NOT_INSIDE
    if claim.shown is Verdict.OVERRULED and claim.is_approved:
        return Verdict.OVERRULED
    if is_inside:
        return Verdict.ALREADY_IN
    if is_inside is False:
        return Verdict.BACK_IN
    if claim.shown in (Verdict.BACK_IN, Verdict.OVERRULED):
        return claim.refusal or Verdict.ADMIT
    return claim.shown


def is_conflict(verdict: Verdict, *, shown: Verdict) -> bool:
    """Somebody was let in by a desk, and the book says that this was not to be."""
    return shown in LETS_IN and verdict not in LETS_IN


def happened_at(device_at: dt.datetime, *, ahead: dt.timedelta, received_at: dt.datetime) -> dt.datetime:
    """When something happened by the server's clock; never later than it arrived, nor long before."""
    return min(max(device_at - ahead, received_at - LONGEST_OFFLINE), received_at)


def is_practice(starts_at: dt.datetime, *, at: dt.datetime) -> bool:
    """Whether what is scanned now will not count on the day."""
    return at.astimezone(TOKYO).date() < starts_at.astimezone(TOKYO).date()
