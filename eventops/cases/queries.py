"""Reads about cases and coordinators."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from eventops.accounts.models import AuditEntry
from eventops.cases import access, rules
from eventops.cases.access import Viewer
from eventops.cases.models import Case, CaseDeputy, CaseReminder, Coordinator, StageStep
from eventops.directory.models import Organisation

PAGE = 50
T = TypeVar("T")


class Show(StrEnum):
    """Which cases a list shows."""

    OPEN = "open"
    MINE = "mine"
    OVERDUE = "overdue"
    COLLABORATING = "collaborating"
    COMMERCIALISED = "commercialised"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of cases is narrowed to. `ids` are the cases of a figure that somebody wants to see."""

    show: Show = Show.OPEN
    text: str = ""
    coordinator_id: int | None = None
    event_id: int | None = None
    ids: tuple[int, ...] | None = None


def cases(session: Session, wanted: Filter, viewer: Viewer, *, today: dt.date, page: int | None) -> Sequence[Case]:
    """Those due first come first; a page of them, or all."""
    query = (
        _narrowed(select(Case), wanted, viewer, today)
        .options(joinedload(Case.organisation), joinedload(Case.partner), joinedload(Case.lead))
        .options(selectinload(Case.deputies).joinedload(CaseDeputy.coordinator), selectinload(Case.reminders))
        .order_by(Case.due_on.is_(None), Case.due_on, Case.id)
    )
    if page is not None:
        query = query.limit(PAGE).offset((page - 1) * PAGE)
    return session.scalars(query).all()


def count(session: Session, wanted: Filter, viewer: Viewer, *, today: dt.date) -> int:
    return session.scalar(_narrowed(select(func.count(Case.id)), wanted, viewer, today)) or 0


def counts(session: Session, viewer: Viewer, *, today: dt.date, mine: int | None) -> Mapping[Show, int]:
    """How many cases each filter would show."""
    kinds = [show for show in Show if show is not Show.MINE or mine is not None]
    return {show: count(session, Filter(show, coordinator_id=_of(show, mine)), viewer, today=today) for show in kinds}


def _of(show: Show, mine: int | None) -> int | None:
    return mine if show is Show.MINE else None


def _narrowed(query: Select[T], wanted: Filter, viewer: Viewer, today: dt.date) -> Select[T]:
    for condition in (access.reachable(viewer), _shown(wanted.show, today), _about(wanted.text)):
        if condition is not None:
            query = query.where(condition)
    if wanted.coordinator_id is not None:
        query = query.where(_carried_by(wanted.coordinator_id))
    if wanted.event_id is not None:
        query = query.where(Case.event_id == wanted.event_id)
    return query.where(Case.id.in_(wanted.ids)) if wanted.ids is not None else query


def _carried_by(coordinator_id: int) -> ColumnElement[bool]:
    as_deputy = select(CaseDeputy.case_id).where(CaseDeputy.coordinator_id == coordinator_id)
    return or_(Case.lead_id == coordinator_id, Case.id.in_(as_deputy))


def _shown(show: Show, today: dt.date) -> ColumnElement[bool] | None:
    match show:
        case Show.ALL:
            return None
        case Show.OPEN | Show.MINE:
            return Case.stage.in_(rules.OPEN)
        case Show.OVERDUE:
            return is_overdue(today)
        case _:
            return Case.stage == str(show)


def is_overdue(today: dt.date) -> ColumnElement[bool]:
    """Open, and past the day of the next action or of a reminder that nobody has answered."""
    asked = select(CaseReminder.case_id).where(CaseReminder.due_on <= today, CaseReminder.answered_at.is_(None))
    return Case.stage.in_(rules.OPEN) & or_(Case.due_on < today, Case.id.in_(asked))


def _about(text: str) -> ColumnElement[bool] | None:
    if not text:
        return None
    named = select(Organisation.id).where(
        or_(*(column.contains(text, autoescape=True) for column in (Organisation.name, Organisation.kana)))
    )
    found = Case.title.contains(text, autoescape=True)
    return or_(found, Case.organisation_id.in_(named), Case.partner_id.in_(named))


def coordinators(session: Session, *, active_only: bool = False) -> Sequence[Coordinator]:
    query = select(Coordinator).order_by(Coordinator.is_active.desc(), Coordinator.code, Coordinator.id)
    return session.scalars(query.where(Coordinator.is_active.is_(True)) if active_only else query).all()


@dataclass(frozen=True, slots=True)
class Load:
    """Open cases of one coordinator."""

    leads: int = 0
    assists: int = 0

    @property
    def total(self) -> int:
        return self.leads + self.assists


def loads(session: Session) -> Mapping[int, Load]:
    """Open cases by coordinator, in two queries."""
    is_open = Case.stage.in_(rules.OPEN)
    leads = session.execute(select(Case.lead_id, func.count()).where(is_open).group_by(Case.lead_id)).all()
    assists = session.execute(
        select(CaseDeputy.coordinator_id, func.count())
        .join(Case, Case.id == CaseDeputy.case_id)
        .where(is_open)
        .group_by(CaseDeputy.coordinator_id)
    ).all()
    first, second = {row[0]: row[1] for row in leads}, {row[0]: row[1] for row in assists}
    return {one: Load(first.get(one, 0), second.get(one, 0)) for one in {*first, *second}}


def history(session: Session, case_id: int) -> Sequence[AuditEntry]:
    """Who did what, newest first."""
    about = (AuditEntry.subject_kind == "case", AuditEntry.subject_id == case_id)
    query = select(AuditEntry).where(*about).options(joinedload(AuditEntry.actor))
    return session.scalars(query.order_by(AuditEntry.id.desc())).all()


def standing_steps(session: Session) -> Sequence[tuple[int, str, dt.date]]:
    """Case, stage and day of every step that counts: the first time that a case reached the stage."""
    other = aliased(StageStep)
    earlier = (
        select(other.id)
        .where(
            other.case_id == StageStep.case_id,
            other.stage == StageStep.stage,
            other.taken_back_at.is_(None),
            other.id < StageStep.id,
        )
        .exists()
    )
    rows = session.execute(
        select(StageStep.case_id, StageStep.stage, StageStep.happened_on)
        .where(StageStep.taken_back_at.is_(None), StageStep.stage.in_(rules.COUNTED), ~earlier)
        .order_by(StageStep.happened_on, StageStep.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
