"""責任者の判断: somebody in charge lets a refused person in, and answers for it with a reason. Never commits."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from eventops import clock
from eventops.accounts import audit
from eventops.accounts.models import AuditEntry
from eventops.accounts.permissions import Permission, may
from eventops.checkin import honours, outcomes, queries, reading
from eventops.checkin.commands import Overruling
from eventops.checkin.models import Scan, SupervisorCode
from eventops.checkin.outcomes import Outcome
from eventops.checkin.rules import OVERRULABLE, Direction, Verdict
from eventops.errors import DomainError, NotFound
from eventops.events.models import Event
from eventops.registration.models import Attendee

MAY_OVERRULE: Final = Permission.MANAGE_REGISTRATIONS
REASON_LENGTH: Final = 200
MOST_WRONG: Final = 20
_DIGITS: Final = 6
_WRONG: Final = "supervisor_code_wrong"


class CannotOverrule(DomainError):
    """A look that let somebody in anyway, or a ticket of nobody who is known here."""

    code = "cannot_overrule"


class ReasonNeeded(DomainError):
    """Whoever lets somebody in against the book says why."""

    code = "reason_needed"


class BadSupervisorCode(DomainError):
    """A number that belongs to nobody in charge of this event."""

    code = "bad_supervisor_code"


class SupervisorCodesLocked(DomainError):
    """Too many wrong numbers were tried at this event: none works until somebody draws a new one."""

    code = "supervisor_codes_locked"


def new_code(session: Session, *, event_id: int, user_id: int, key: str, now: dt.datetime) -> str:
    """A number for this person; the one before it ends. It is written nowhere else."""
    session.execute(select(Event.id).where(Event.id == event_id).with_for_update())  # a first number has no row to lock
    held = select(SupervisorCode).where(SupervisorCode.event_id == event_id)
    known = {row.user_id: row for row in session.scalars(held)}
    taken = {row.code_hash for row in known.values()}
    code = next(code for code in iter(_digits, "") if _hashed(code, event_id, key) not in taken)
    row = known.get(user_id) or SupervisorCode(event_id=event_id, user_id=user_id)
    row.code_hash, row.made_at = _hashed(code, event_id, key), now
    session.add(row)
    audit.record(
        session,
        actor_id=user_id,
        action="supervisor_code_made",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
    )
    return code


def _digits() -> str:
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def _hashed(code: str, event_id: int, key: str) -> str:
    return hmac.digest(key.encode(), f"supervisor:{event_id}:{code}".encode(), hashlib.sha256).hex()


def supervisor(session: Session, *, event_id: int, code: str, key: str, now: dt.datetime) -> int:
    """Whose number this is; it works on the day on which it was drawn, as long as that person is in charge."""
    today = clock.tokyo(now.astimezone(clock.TOKYO).date(), dt.time())
    if _wrong_since_drawn(session, event_id, today) >= MOST_WRONG:
        raise SupervisorCodesLocked
    typed = "".join(filter(str.isdecimal, code))
    row = session.scalar(
        select(SupervisorCode)
        .where(SupervisorCode.event_id == event_id, SupervisorCode.code_hash == _hashed(typed, event_id, key))
        .where(SupervisorCode.made_at >= today)
        .options(joinedload(SupervisorCode.user))
    )
    if row is None or not row.user.enabled or not may(row.user.role, MAY_OVERRULE):
        raise BadSupervisorCode
    return row.user_id


def _wrong_since_drawn(session: Session, event_id: int, today: dt.datetime) -> int:
    """At whatever desk: who enrols one device after the other has no more guesses than with one."""
    drawn_at = session.scalar(select(func.max(SupervisorCode.made_at)).where(SupervisorCode.event_id == event_id))
    wrong = select(func.count()).where(
        AuditEntry.event_id == event_id, AuditEntry.at > max(drawn_at or today, today), AuditEntry.action == _WRONG
    )
    return session.scalar(wrong) or 0


def note_wrong(session: Session, *, event_id: int, station: str, user_id: int | None, now: dt.datetime) -> None:
    """A number that nobody has was typed; in a transaction of its own, as the wish was refused."""
    audit.record(
        session,
        actor_id=user_id,
        action=_WRONG,
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"station": station},
    )


def overrule(session: Session, act: Overruling, *, event_id: int, now: dt.datetime) -> Outcome:
    """Let the person of a refused look in. The refusal stays; sent twice, it is one row."""
    refused = queries.scan(session, event_id=event_id, scan_id=act.scan_id)
    holder = reading.holder_for_update(reading.line(session), refused.attendee_id) if refused.attendee_id else None
    if holder is None or holder.event_id != event_id:
        raise CannotOverrule
    done = session.scalar(select(Scan).where(Scan.nonce == act.nonce, Scan.attendee_id == holder.id))
    if done is not None:
        return outcomes.of_scan(session, done)
    session.refresh(refused)  # a late look of elsewhere may have settled it anew
    if not _stands(session, refused, holder.id):
        raise CannotOverrule
    reason = act.reason.strip()[:REASON_LENGTH]
    if not reason:
        raise ReasonNeeded
    row = _row(refused, act, reason, now)
    session.add(row)
    _note(session, row, refused, now=now)
    session.flush()  # the letters name the row
    part, _seats = reading.part_and_seats(
        reading.line(session), event_id=event_id, part_id=row.part_id, attendee_id=holder.id
    )
    honours.tell(session, holder, reading.seen(row), part)
    return outcomes.of_scan(session, row)


def _stands(session: Session, refused: Scan, attendee_id: int) -> bool:
    """Whether it is a refusal still: who has come in or left since then is looked at again first."""
    if refused.verdict not in OVERRULABLE or refused.direction != Direction.IN or refused.is_undone:
        return False
    passages = queries.passages(session, part_id=refused.part_id, attendee_ids=[attendee_id])
    return all((one.scanned_at, one.id) < (refused.scanned_at, refused.id) for one in passages)


def _row(refused: Scan, act: Overruling, reason: str, now: dt.datetime) -> Scan:
    return Scan(
        nonce=act.nonce,
        event_id=refused.event_id,
        part_id=refused.part_id,
        attendee_id=refused.attendee_id,
        verdict=Verdict.OVERRULED,
        shown=Verdict.OVERRULED,
        direction=Direction.IN,
        method=refused.method,
        station=refused.station,
        station_id=refused.station_id,
        user_id=act.user_id,
        scanned_at=now,
        received_at=now,
        is_undone=False,
        reason=reason,
        approved_by_id=act.approved_by_id,
    )


def _note(session: Session, row: Scan, refused: Scan, *, now: dt.datetime) -> None:
    audit.record(
        session,
        actor_id=row.approved_by_id,
        action="scan_overruled",
        subject=("attendee", row.attendee_id),
        event_id=row.event_id,
        now=now,
        before={"verdict": refused.verdict},
        after={"part": row.part_id, "station": row.station, "reason": row.reason},
    )


def of_nonce(session: Session, *, nonce: str, station_id: int) -> int:
    """The number of a station's own look."""
    scan_id = session.scalar(select(Scan.id).where(Scan.nonce == nonce, Scan.station_id == station_id))
    if scan_id is None:
        raise NotFound
    return scan_id


def listed(session: Session, event: Event) -> Sequence[Scan]:
    """Who was let in like this, newest first, also those that were taken back."""
    return session.scalars(
        select(Scan)
        .where(Scan.event_id == event.id, Scan.shown == Verdict.OVERRULED)
        .options(joinedload(Scan.attendee).joinedload(Attendee.registration), joinedload(Scan.approved_by))
        .order_by(Scan.id.desc())
    ).all()
