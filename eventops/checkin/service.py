"""Scanning: lock the ticket, look what was before, judge, write a row for every look. Never commits."""

import datetime as dt
import unicodedata
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.billing import service as ledger
from eventops.checkin import outcomes, queries
from eventops.checkin.commands import Look
from eventops.checkin.models import Scan
from eventops.checkin.outcomes import Outcome
from eventops.checkin.rules import ADMITTED, Judgement, judge
from eventops.errors import NotFound
from eventops.events.models import Part
from eventops.registration import joint, tickets
from eventops.registration.models import Attendee, Place, RegistrationState
from eventops.registration.tickets import BadTicket, TicketRef

STATION_LENGTH = 40


def scan(session: Session, look: Look, *, key: str, now: dt.datetime) -> Outcome:
    """One look at a ticket. A nonce that was seen before gives the answer of that time and no second row.

    Two requests with one nonce and a code that nobody holds may both get as far as writing; the second one then fails
    on the unique nonce, and asking again gives it the first one's answer.
    """
    ref = _read(look, key=key)
    attendee = queries.ticket_for_update(session, ref.attendee_id) if ref else None
    if attendee and ref and attendee.registration.event_id != look.event_id:
        attendee, ref = _of_tied_event(session, attendee, ref, look)
    attendee_id = attendee.id if attendee else None
    part = queries.part(session, event_id=look.event_id, part_id=look.part_id)
    before = queries.scans_before(session, nonce=look.nonce, attendee_id=attendee_id, part_id=part.id)
    places = queries.places(session, attendee.id) if attendee else ()
    seen = next((row for row in before if row.nonce == look.nonce), None)
    if seen is not None:
        return _again(session, seen, part, attendee, places, before)
    judgement = _judge(attendee, places, before, part, shown_issue=ref.issue if ref and look.code else None, now=now)
    row = _row(look, attendee_id, judgement, now=now)
    session.add(row)
    session.flush()  # the answer carries the row's id
    return outcomes.outcome(row, part, attendee, places, judgement.first)


def _of_tied_event(session: Session, attendee: Attendee, ref: TicketRef, look: Look) -> tuple[Attendee, TicketRef]:
    """A good ticket of an event that was applied for in the same form counts as the ticket of this one."""
    is_good = attendee.state == RegistrationState.ACTIVE and ref.issue == attendee.ticket_issue
    here = joint.same_person(session, attendee, look.event_id) if is_good else None
    if here is None:
        return attendee, ref
    return queries.ticket_for_update(session, here.id) or attendee, TicketRef(here.id, here.ticket_issue)


def _read(look: Look, *, key: str) -> TicketRef | None:
    if not look.code:
        return TicketRef(look.attendee_id, 0) if look.attendee_id is not None else None
    try:
        return tickets.read(unicodedata.normalize("NFKC", look.code), key=key)
    except BadTicket:
        return None


def _judge(
    attendee: Attendee | None,
    places: Sequence[Place],
    before: Sequence[Scan],
    part: Part,
    *,
    shown_issue: int | None,
    now: dt.datetime,
) -> Judgement:
    view = outcomes.ticket_view(attendee, places, before, shown_issue=shown_issue) if attendee else None
    return judge(view, part=outcomes.door(part), at=now)


def _again(
    session: Session,
    seen: Scan,
    part: Part,
    attendee: Attendee | None,
    places: Sequence[Place],
    before: Sequence[Scan],
) -> Outcome:
    same = seen.attendee_id == (attendee.id if attendee else None) and seen.part_id == part.id
    if not same:
        return outcomes.of_scan(session, seen)
    return outcomes.outcome(seen, part, attendee, places, outcomes.first_before(seen, part, before))


def _row(look: Look, attendee_id: int | None, judgement: Judgement, *, now: dt.datetime) -> Scan:
    return Scan(
        nonce=look.nonce,
        event_id=look.event_id,
        part_id=look.part_id,
        attendee_id=attendee_id,
        verdict=judgement.verdict,
        method=look.method,
        station=look.station[:STATION_LENGTH],
        user_id=look.user_id,
        scanned_at=now,
        is_undone=False,
    )


def undo(session: Session, *, event_id: int, scan_id: int, user_id: int, now: dt.datetime) -> Outcome:
    """Take an admission back: the row stays, and the person may be scanned again."""
    row = queries.scan(session, event_id=event_id, scan_id=scan_id)
    if row.attendee_id is None:
        raise NotFound
    queries.ticket_for_update(session, row.attendee_id)
    session.refresh(row)
    if row.verdict in ADMITTED and not row.is_undone:
        row.is_undone = True
        _note(session, "scan_undone", row, user_id=user_id, now=now)
    return outcomes.of_scan(session, row)


def receive_fee(session: Session, *, event_id: int, scan_id: int, user_id: int, now: dt.datetime) -> Outcome:
    """The desk has taken what was owed by the person of this scan; pressed twice, it is taken once."""
    row = queries.scan(session, event_id=event_id, scan_id=scan_id)
    holder = queries.holder(session, row.attendee_id) if row.attendee_id is not None else None
    if holder is None or holder.registration.event_id != event_id:
        raise NotFound
    ledger.take_cash(
        session,
        registration_id=holder.registration_id,
        attendee_id=holder.id,
        station=row.station,
        actor_id=user_id,
        now=now,
    )
    return outcomes.of_scan(session, row)


def _note(session: Session, action: str, row: Scan, *, user_id: int, now: dt.datetime, **after: object) -> None:
    audit.record(
        session,
        actor_id=user_id,
        action=action,
        subject=("attendee", row.attendee_id),
        event_id=row.event_id,
        now=now,
        after={"part": row.part_id, "station": row.station, **after},
    )
