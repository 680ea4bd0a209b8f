"""Committees as staff keep them: who belongs to them when, and what they hold. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.directory import kana
from eventops.directory.bodies import Committee, CommitteeRole, CommitteeTerm
from eventops.directory.models import Person
from eventops.directory.rules import overlapping
from eventops.errors import DomainError, NotFound
from eventops.events.models import Event, EventHost, Part

LATEST_EVENTS = 30
_IS_STANDING: Final = CommitteeTerm.person.has(Person.merged_into_id.is_(None))
"""A merged person keeps the times that another one's time holds already."""


class NameTaken(DomainError):
    """Another committee has this name."""

    code = "committee_name_taken"


class TermOverlaps(DomainError):
    """The person belongs to the committee on some of these days already; `since` says from when."""

    code = "committee_term_overlaps"


class TermEndsBeforeStart(DomainError):
    """A time of less than a day."""

    code = "committee_term_ends_before_start"


@dataclass(frozen=True, slots=True)
class CommitteeValues:
    """What staff may write about a committee."""

    name: str
    kana: str
    kind: str
    note: str
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class TermValues:
    """Somebody's time in a committee; from `ends_on` on it holds no more."""

    person_id: int
    role: str
    starts_on: dt.date
    ends_on: dt.date | None


def listed(session: Session) -> Sequence[Committee]:
    """In the order of the syllabary, those that have ended last."""
    return session.scalars(select(Committee).order_by(Committee.closed_on.is_not(None), Committee.sort_key)).all()


def open_on(session: Session, day: dt.date) -> Sequence[Committee]:
    """Those that letters and lists are offered for."""
    going_on = or_(Committee.closed_on.is_(None), Committee.closed_on > day)
    return session.scalars(select(Committee).where(going_on).order_by(Committee.sort_key)).all()


def counts(session: Session, day: dt.date) -> dict[int, int]:
    """By committee: how many belong to it on the day."""
    people = func.count(func.distinct(CommitteeTerm.person_id))
    query = select(CommitteeTerm.committee_id, people).where(*holds(day)).group_by(CommitteeTerm.committee_id)
    return {committee_id: int(number) for committee_id, number in session.execute(query)}


def holds(day: dt.date) -> tuple[ColumnElement[bool], ...]:
    """That a time in a committee holds on the day."""
    going_on = or_(CommitteeTerm.ends_on.is_(None), CommitteeTerm.ends_on > day)
    return CommitteeTerm.starts_on <= day, going_on, _IS_STANDING


def member_ids(committee_ids: Sequence[int], day: dt.date) -> Select[int]:
    """The people who belong to any of these on the day."""
    return select(CommitteeTerm.person_id).where(CommitteeTerm.committee_id.in_(committee_ids), *holds(day))


def one(session: Session, committee_id: int) -> Committee:
    found = session.get(Committee, committee_id)
    if found is None:
        raise NotFound
    return found


def terms(session: Session, committee_id: int) -> list[CommitteeTerm]:
    """By role and reading, with the people and their organisations."""
    query = (
        select(CommitteeTerm).join(CommitteeTerm.person).where(CommitteeTerm.committee_id == committee_id, _IS_STANDING)
    )
    loaded = query.options(joinedload(CommitteeTerm.person).joinedload(Person.organisation))
    ordered = session.scalars(loaded.order_by(Person.sort_key, CommitteeTerm.starts_on.desc())).all()
    order = [str(role) for role in CommitteeRole]
    return sorted(ordered, key=lambda term: order.index(term.role))


def of_person(session: Session, person_id: int) -> Sequence[CommitteeTerm]:
    """The latest first."""
    query = select(CommitteeTerm).where(CommitteeTerm.person_id == person_id)
    ordered = query.options(joinedload(CommitteeTerm.committee)).order_by(CommitteeTerm.starts_on.desc())
    return session.scalars(ordered).all()


def events(session: Session, committee: Committee) -> Sequence[Event]:
    """What the committee planned or stands behind, the latest first: its name is written at the event or a part."""
    hosted = select(EventHost.event_id).where(EventHost.name.contains(committee.name, autoescape=True))
    planned = select(Part.event_id).where(Part.planned_by.contains(committee.name, autoescape=True))
    query = select(Event).where(or_(Event.id.in_(hosted), Event.id.in_(planned)))
    return session.scalars(query.order_by(Event.held_on.desc()).limit(LATEST_EVENTS)).all()


def save(
    session: Session, *, committee_id: int | None, values: CommitteeValues, actor_id: int, now: dt.datetime
) -> Committee:
    """Add a committee or change it."""
    other = session.scalar(select(Committee.id).where(Committee.name == values.name))
    if other is not None and other != committee_id:
        raise NameTaken(name=values.name)
    found = one(session, committee_id) if committee_id else Committee()
    before = _shown(found) if committee_id else None
    for name in CommitteeValues.__slots__:
        setattr(found, name, getattr(values, name))
    found.kana, found.sort_key = kana.katakana(values.kana), kana.sort_key(values.kana)
    session.add(found)
    session.flush()  # the trail names its id
    _note(session, found, "committee_saved", actor_id, now, before, _shown(found))
    return found


def save_term(
    session: Session,
    *,
    committee_id: int,
    term_id: int | None,
    values: TermValues,
    actor_id: int,
    now: dt.datetime,
) -> CommitteeTerm:
    """Let somebody belong to the committee for a time, or correct it."""
    committee = one(session, committee_id)
    refuse_term(committee, values, but=term_id)
    term = _term(committee, term_id) if term_id else CommitteeTerm()
    before = _term_shown(term) if term_id else None
    for name in TermValues.__slots__:
        setattr(term, name, getattr(values, name))
    if not term_id:
        committee.terms.append(term)
    session.flush()
    _note(session, committee, "committee_term_saved", actor_id, now, before, _term_shown(term))
    return term


def refuse_term(committee: Committee, values: TermValues, *, but: int | None = None) -> None:
    """Raise where the time is none, or the person belongs to the committee then already."""
    if values.ends_on is not None and values.ends_on <= values.starts_on:
        raise TermEndsBeforeStart
    mine = [term for term in committee.terms if term.person_id == values.person_id and term.id != but]
    other = overlapping(mine, values)
    if other is not None:
        raise TermOverlaps(since=other.starts_on.isoformat())


def drop_term(session: Session, *, committee_id: int, term_id: int, actor_id: int, now: dt.datetime) -> None:
    """A time that was written by mistake; who leaves is given an end instead."""
    committee = one(session, committee_id)
    term = _term(committee, term_id)
    before = _term_shown(term)
    committee.terms.remove(term)
    _note(session, committee, "committee_term_dropped", actor_id, now, before, None)


def term(session: Session, committee_id: int, term_id: int) -> CommitteeTerm:
    return _term(one(session, committee_id), term_id)


def _term(committee: Committee, term_id: int) -> CommitteeTerm:
    for found in committee.terms:
        if found.id == term_id:
            return found
    raise NotFound


def _shown(committee: Committee) -> dict[str, Any]:
    closed = committee.closed_on.isoformat() if committee.closed_on else ""
    return {"name": committee.name, "kind": str(committee.kind), "closed_on": closed}


def _term_shown(term: CommitteeTerm) -> dict[str, Any]:
    ends = term.ends_on.isoformat() if term.ends_on else ""
    since = term.starts_on.isoformat()
    return {"person": term.person_id, "role": str(term.role), "starts_on": since, "ends_on": ends}


def _note(
    session: Session,
    committee: Committee,
    action: str,
    actor_id: int,
    now: dt.datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    subject = ("committee", committee.id)
    audit.record(session, actor_id=actor_id, action=action, subject=subject, now=now, before=before, after=after)
