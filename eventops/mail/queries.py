"""Reads about letters."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from eventops.mail.models import Letter, LetterState

PAGE = 50


@dataclass(frozen=True, slots=True)
class Due:
    """The letter whose turn it is."""

    letter_id: int
    is_bulk: bool


def next_due(session: Session, *, now: dt.datetime) -> Due | None:
    """The oldest letter that waits, or that a worker died over; those in bulk after all others."""
    waiting = and_(Letter.state == LetterState.QUEUED, Letter.due_at <= now)
    orphaned = and_(Letter.state == LetterState.SENDING, Letter.lease_until < now)
    for is_bulk in (False, True):
        due = select(Letter.id).where(Letter.is_bulk.is_(is_bulk), or_(waiting, orphaned))
        letter_id = session.scalar(due.order_by(Letter.due_at, Letter.id).limit(1))
        if letter_id is not None:
            return Due(letter_id, is_bulk)
    return None


def page_of_letters(
    session: Session, *, event_id: int | None, state: str | None, search: str, page: int
) -> Sequence[Letter]:
    """One page, newest first."""
    query = _wanted(select(Letter), event_id, state, search).order_by(Letter.id.desc())
    return session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()


def counts_by_state(session: Session, *, event_id: int | None) -> Mapping[str, int]:
    query = _wanted(select(Letter.state, func.count()), event_id, None, "").group_by(Letter.state)
    return dict(session.execute(query).all())


def letters_about(session: Session, *, subject_kind: str, subject_id: int) -> Sequence[Letter]:
    """Every letter about a subject, oldest first."""
    query = select(Letter).where(Letter.subject_kind == subject_kind, Letter.subject_id == subject_id)
    return session.scalars(query.order_by(Letter.id)).all()


def _wanted(
    query: Select[*tuple[Any, ...]], event_id: int | None, state: str | None, search: str
) -> Select[*tuple[Any, ...]]:
    if event_id is not None:
        query = query.where(Letter.event_id == event_id)
    if state:
        query = query.where(Letter.state == state)
    if search:
        columns = (Letter.to_name, Letter.to_email, Letter.subject)
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return query
