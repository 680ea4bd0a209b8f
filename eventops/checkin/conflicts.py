"""What a supervisor has to look at: people whom a desk let in although the book says otherwise. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.checkin import queries
from eventops.checkin.models import Scan
from eventops.checkin.outcomes import door, passages_of
from eventops.checkin.queries import shown_as_entry
from eventops.checkin.rules import Passage, first_admission
from eventops.events.models import Event, Part
from eventops.registration.models import Attendee


@dataclass(frozen=True, slots=True)
class Conflict:
    """A look that let somebody in against the book, and the admission that counts, if there is one."""

    scan: Scan
    part: Part
    first: Passage | None


def _open(event: Event, now: dt.datetime) -> ColumnElement[bool]:
    """What was found in practice is nobody's concern on the day."""
    return and_(
        Scan.event_id == event.id,
        queries.is_counted(event.parts, now=now),
        shown_as_entry(),
        Scan.verdict.not_in(queries.LETTING_IN),
        Scan.is_undone.is_(False),
        Scan.settled_at.is_(None),
    )


def count(session: Session, event: Event, *, now: dt.datetime) -> int:
    return session.scalar(select(func.count()).select_from(Scan).where(_open(event, now))) or 0


def listed(session: Session, event: Event, *, now: dt.datetime) -> list[Conflict]:
    """The open ones, oldest first, in three statements."""
    scans = session.scalars(
        select(Scan)
        .where(_open(event, now))
        .options(joinedload(Scan.attendee).joinedload(Attendee.registration))
        .order_by(Scan.scanned_at, Scan.id)
    ).all()
    by_id = {part.id: part for part in event.parts}
    people = {scan.attendee_id for scan in scans if scan.attendee_id is not None}
    admitted = session.scalars(
        select(Scan).where(Scan.event_id == event.id, Scan.attendee_id.in_(people), queries.is_passage())
    ).all()
    return [_conflict(scan, by_id[scan.part_id], admitted) for scan in scans]


def _conflict(scan: Scan, part: Part, admitted: Sequence[Scan]) -> Conflict:
    same = [one for one in admitted if (one.attendee_id, one.part_id) == (scan.attendee_id, scan.part_id)]
    known = scan.attendee_id is not None
    first = first_admission(passages_of(same), part=door(part), at=scan.scanned_at) if known else None
    return Conflict(scan, part, first)


def settle(session: Session, *, event_id: int, scan_id: int, user_id: int, now: dt.datetime) -> None:
    """Somebody in charge has looked at it and leaves it as it is."""
    row = queries.scan(session, event_id=event_id, scan_id=scan_id)
    if row.settled_at is not None:
        return
    row.settled_at = now
    audit.record(
        session,
        actor_id=user_id,
        action="scan_settled",
        subject=("attendee", row.attendee_id),
        event_id=event_id,
        now=now,
        after={"part": row.part_id, "station": row.station, "verdict": row.verdict},
    )
