"""Scanning: lock the ticket, look what was before, judge, write a row for every look. Never commits."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.billing import service as ledger
from eventops.checkin import honours, outcomes, queries, reading
from eventops.checkin.commands import Look, Told
from eventops.checkin.holding import STATION_LENGTH, Opened, hold
from eventops.checkin.models import Scan
from eventops.checkin.outcomes import Outcome
from eventops.checkin.rules import LETS_IN, PASSED, Claim, Direction, Verdict, judge, settle, standing
from eventops.errors import NotFound
from eventops.events.models import Part

__all__ = ["STATION_LENGTH", "receive_fee", "scan", "settle_admissions", "told", "undo"]


def scan(session: Session, look: Look, *, key: str, now: dt.datetime, opened: Opened | None = None) -> Outcome:
    """One look at a ticket. A nonce that was seen before gives the answer of that time and no second row.

    Two requests with one nonce and a code that nobody holds may both get as far as writing; the second one then fails
    on the unique nonce, and asking again gives it the first one's answer.
    """
    held = hold(session, look, key=key, opened=opened)
    if held.seen is not None:
        return held.outcome(session, held.seen)
    judgement = held.judged(at=now)
    row = reading.write(reading.line(session), held.row(judgement.verdict, shown=judgement.verdict, at=now, now=now))
    honours.tell(session, held.attendee, row, held.part)
    return outcomes.outcome(row, held.part, held.attendee, held.places, judgement.first)


def told(
    session: Session, look: Look, told: Told, *, key: str, now: dt.datetime, opened: Opened | None = None
) -> Outcome:
    """A look that a device answered alone. The ticket is judged again; who was first is settled by the clock.

    The look may have reached the server before, with an answer that got lost: what the desk saw is then what counts.
    """
    held = hold(session, look, key=key, opened=opened)
    seen = held.seen
    if seen is not None and (seen.station_id != look.station_id or seen.shown in (told.shown, Verdict.OVERRULED)):
        return held.outcome(session, seen)
    verdict = standing(held.judged_as_first(at=told.at), shown=told.shown)
    if seen is None:
        seen = reading.write(reading.line(session), held.row(verdict, shown=told.shown, at=told.at, now=now))
    row = session.get_one(Scan, seen.id, populate_existing=True)
    row.verdict, row.shown = verdict, told.shown
    settle_admissions(session, row)
    honours.tell(session, held.attendee, reading.seen(row), held.part)
    return outcomes.of_scan(session, row)


def settle_admissions(session: Session, row: Scan) -> None:
    """Decide anew who was first into this part with this ticket; the caller holds the ticket's lock."""
    if row.attendee_id is None:
        return
    session.flush()  # what this transaction changed is judged too
    part = queries.part(session, event_id=row.event_id, part_id=row.part_id)
    rows = queries.claims(session, part_id=row.part_id, attendee_id=row.attendee_id)
    refusals = _refusals(session, row.attendee_id, rows, part)
    verdicts = settle([_claim(one, refusals.get(one.nonce)) for one in rows], starts_at=part.starts_at)
    for one in rows:
        if one.verdict != verdicts[one.nonce]:
            one.verdict, one.settled_at = verdicts[one.nonce], None


def _refusals(session: Session, attendee_id: int, rows: Sequence[Scan], part: Part) -> dict[str, Verdict]:
    """What the book says of those who came back after a word of somebody in charge that was taken back since."""
    back = [row for row in rows if row.shown == Verdict.BACK_IN]
    if not back or not queries.has_lost_its_word(session, part_id=part.id, attendee_id=attendee_id):
        return {}
    line = reading.line(session)
    holder = reading.holder(line, attendee_id)
    _part, seats = reading.part_and_seats(line, event_id=part.event_id, part_id=part.id, attendee_id=attendee_id)
    if holder is None:
        return {}
    let_in = outcomes.let_in_at(reading.seen(row) for row in rows)
    view = outcomes.ticket_view(holder, seats, (), shown_issue=None, let_in=let_in)
    judged = {row.nonce: judge(view, part=outcomes.door(part), at=row.scanned_at).verdict for row in back}
    return {nonce: verdict for nonce, verdict in judged.items() if verdict not in LETS_IN}


def _claim(row: Scan, refusal: Verdict | None = None) -> Claim:
    return Claim(
        nonce=row.nonce,
        at=row.scanned_at,
        shown=Verdict(row.shown),
        direction=Direction(row.direction),
        is_approved=row.approved_by_id is not None,
        refusal=refusal,
    )


def undo(session: Session, *, event_id: int, scan_id: int, user_id: int | None, now: dt.datetime) -> Outcome:
    """Take an admission or an exit back: the row stays, and the person may be scanned again."""
    row = queries.scan(session, event_id=event_id, scan_id=scan_id)
    if row.attendee_id is None:
        raise NotFound
    reading.holder_for_update(reading.line(session), row.attendee_id)
    session.refresh(row)
    if not row.is_undone and PASSED & {row.verdict, row.shown}:
        row.is_undone = True
        settle_admissions(session, row)
        _note(session, "scan_undone", row, user_id=user_id, now=now)
    return outcomes.of_scan(session, row)


def receive_fee(session: Session, *, event_id: int, scan_id: int, user_id: int | None, now: dt.datetime) -> Outcome:
    """The desk has taken what was owed by the person of this scan; pressed twice, it is taken once."""
    row = queries.scan(session, event_id=event_id, scan_id=scan_id)
    holder = reading.holder(reading.line(session), row.attendee_id) if row.attendee_id is not None else None
    if holder is None or holder.event_id != event_id:
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


def _note(session: Session, action: str, row: Scan, *, user_id: int | None, now: dt.datetime, **after: object) -> None:
    audit.record(
        session,
        actor_id=user_id,
        action=action,
        subject=("attendee", row.attendee_id),
        event_id=row.event_id,
        now=now,
        after={"part": row.part_id, "station": row.station, **after},
    )
