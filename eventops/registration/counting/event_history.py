"""Who changed what in an event: every recorded act on it and on its applications, the latest first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts.models import AuditEntry, StaffUser
from eventops.registration import history
from eventops.registration.models import Registration

PAGE = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """Whose acts, and which; guests' own acts have no actor."""

    actor_id: int | None = None
    by_guests: bool = False
    action: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `registration` is the application that it was about, if any."""

    entry: AuditEntry
    registration: Registration | None

    @property
    def at(self) -> dt.datetime:
        return self.entry.at

    @property
    def source(self) -> str:
        return self.registration.source if self.registration else ""


def entries(session: Session, event_id: int, wanted: Filter, *, page: int) -> list[Entry]:
    query = (
        select(AuditEntry)
        .where(*_conditions(event_id, wanted))
        .options(joinedload(AuditEntry.actor))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.scalars(query).all()
    about = {entry.subject_id for entry in found if entry.subject_kind == history.SUBJECT}
    known = {one.id: one for one in session.scalars(select(Registration).where(Registration.id.in_(about)))}
    return [
        Entry(entry, known.get(entry.subject_id or 0) if entry.subject_kind == history.SUBJECT else None)
        for entry in found
    ]


def count(session: Session, event_id: int, wanted: Filter) -> int:
    return session.scalar(select(func.count(AuditEntry.id)).where(*_conditions(event_id, wanted))) or 0


def actors(session: Session, event_id: int) -> Sequence[StaffUser]:
    """Staff who did something in this event."""
    ids = select(AuditEntry.actor_id).where(AuditEntry.event_id == event_id)
    return session.scalars(select(StaffUser).where(StaffUser.id.in_(ids)).order_by(StaffUser.name)).all()


def actions(session: Session, event_id: int) -> Sequence[str]:
    """What was done in this event."""
    query = select(AuditEntry.action).where(AuditEntry.event_id == event_id).distinct()
    return session.scalars(query.order_by(AuditEntry.action)).all()


def _conditions(event_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    found = [AuditEntry.event_id == event_id]
    if wanted.actor_id is not None:
        found.append(AuditEntry.actor_id == wanted.actor_id)
    if wanted.by_guests:
        found.append(AuditEntry.actor_id.is_(None))
    if wanted.action:
        found.append(AuditEntry.action == wanted.action)
    return found
