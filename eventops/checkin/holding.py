"""A ticket under its lock: whose it is, where it is shown, and what was scanned before."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.checkin import outcomes, reading
from eventops.checkin.commands import Look
from eventops.checkin.outcomes import Outcome
from eventops.checkin.reading import AtTheDoor, DoorPart, Holder, SeatRow, Seen
from eventops.checkin.rules import Judgement, Verdict, judge
from eventops.prepared import Asked, Rows, ask
from eventops.registration import tickets
from eventops.registration.applying import joint
from eventops.registration.models import Attendee, RegistrationState
from eventops.registration.tickets import BadTicket, TicketRef

STATION_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Held:
    """`before` is how the holder came into this part and left it, and the look itself if it was sent before."""

    look: Look
    part: DoorPart
    attendee: Holder | None
    places: tuple[SeatRow, ...]
    before: tuple[Seen, ...]
    shown_issue: int | None

    @property
    def attendee_id(self) -> int | None:
        return self.attendee.id if self.attendee else None

    @property
    def seen(self) -> Seen | None:
        return next((row for row in self.before if row.nonce == self.look.nonce), None)

    def judged(self, *, at: dt.datetime) -> Judgement:
        return self._judge(self.before, at)

    def judged_as_first(self, *, at: dt.datetime) -> Verdict:
        """The verdict if nobody had come with this ticket before; that they may come in was decided all the same."""
        return self._judge((), at).verdict

    def _judge(self, before: tuple[Seen, ...], at: dt.datetime) -> Judgement:
        let_in = outcomes.let_in_at(self.before)
        view = (
            outcomes.ticket_view(self.attendee, self.places, before, shown_issue=self.shown_issue, let_in=let_in)
            if self.attendee
            else None
        )
        return judge(view, part=outcomes.door(self.part, self.look.direction), at=at)

    def row(self, verdict: Verdict, *, shown: Verdict, at: dt.datetime, now: dt.datetime) -> dict[str, object]:
        """The look as it is written down."""
        look = self.look
        return {
            "nonce": look.nonce,
            "event_id": look.event_id,
            "part_id": look.part_id,
            "attendee_id": self.attendee_id,
            "verdict": verdict,
            "shown": shown,
            "direction": look.direction,
            "method": look.method,
            "station": look.station[:STATION_LENGTH],
            "station_id": look.station_id,
            "sequence": look.sequence,
            "user_id": look.user_id,
            "scanned_at": at,
            "received_at": now,
            "is_undone": False,
            "reason": "",
        }

    def outcome(self, session: Session, row: Seen) -> Outcome:
        """What was said of a row; of a row of another ticket or part (a nonce used twice) what was said there."""
        if row.attendee_id != self.attendee_id or row.part_id != self.part.id:
            return outcomes.of_look(session, row)
        first = outcomes.first_before(row, self.part, self.before)
        return outcomes.outcome(row, self.part, self.attendee, self.places, first)


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket that was asked for together with something else: what it says, and what was found."""

    ref: TicketRef | None
    found: Sequence[Rows]


def hold(session: Session, look: Look, *, key: str, opened: Opened | None = None) -> Held:
    """Lock the ticket and read what judging it needs."""
    opened = opened or _opened(session, look, read(look.code, look.attendee_id, key=key))
    seen, ref = _at_the_door(session, look, opened), opened.ref
    if seen.holder and ref and seen.holder.event_id != look.event_id:
        tied = _of_tied_event(session, seen.holder, ref, look)
        if tied is not None:
            seen, ref = _at_the_door(session, look, _opened(session, look, tied)), tied
    return Held(
        look=look,
        part=seen.part,
        attendee=seen.holder,
        places=seen.seats,
        before=seen.looks,
        shown_issue=ref.issue if ref and look.code else None,
    )


def asked(ref: TicketRef | None, *, nonce: str, part_id: int, key_hash: str, waits: bool) -> tuple[Asked, Asked]:
    """What `Opened.found` is the answer to; of who asks only the station's key counts."""
    attendee_id = ref.attendee_id if ref else None
    return reading.asked_at_a_station(
        nonce=nonce, part_id=part_id, attendee_id=attendee_id, key_hash=key_hash, waits=waits
    )


def _opened(session: Session, look: Look, ref: TicketRef | None) -> Opened:
    attendee_id = ref.attendee_id if ref else None
    wanted = reading.asked_at_the_door(nonce=look.nonce, part_id=look.part_id, attendee_id=attendee_id)
    return Opened(ref, ask(reading.line(session), *wanted))


def _at_the_door(session: Session, look: Look, opened: Opened) -> AtTheDoor:
    return reading.at_the_door(reading.line(session), opened.found, event_id=look.event_id, part_id=look.part_id)


def _of_tied_event(session: Session, attendee: Holder, ref: TicketRef, look: Look) -> TicketRef | None:
    """A good ticket of an event that was applied for in the same form counts as the ticket of this one."""
    is_good = attendee.state == RegistrationState.ACTIVE and ref.issue == attendee.ticket_issue
    shown = session.get(Attendee, attendee.id) if is_good else None
    here = joint.same_person(session, shown, look.event_id) if shown else None
    return TicketRef(here.id, here.ticket_issue) if here else None


def read(code: str, attendee_id: int | None, *, key: str) -> TicketRef | None:
    """The ticket that a code names, or that of somebody found by name; None for what nobody issued."""
    if not code:
        return TicketRef(attendee_id, 0) if attendee_id is not None else None
    try:
        return tickets.read(unicodedata.normalize("NFKC", code), key=key)
    except BadTicket:
        return None
