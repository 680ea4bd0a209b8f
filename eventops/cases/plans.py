"""Plan periods with their targets, and numbers of years before the program, typed in by hand. Never commits."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.cases.models import PastResult, PlanPeriod
from eventops.errors import DomainError, NotFound


class YearsTaken(DomainError):
    """There is a line for these years, or a plan of this name."""

    code = "years_taken"


@dataclass(frozen=True, slots=True)
class PlanValues:
    """A plan period."""

    name: str
    first_year: int
    last_year: int
    collaboration_target: int | None
    commercialisation_target: int | None


@dataclass(frozen=True, slots=True)
class PastValues:
    """Numbers of one or several years."""

    first_year: int
    last_year: int
    collaborations: int | None
    commercialisations: int | None
    source: str


def save_plan(
    session: Session, *, plan_id: int | None, values: PlanValues, actor_id: int | None, now: dt.datetime
) -> PlanPeriod:
    other = session.scalar(select(PlanPeriod.id).where(PlanPeriod.name == values.name))
    if other is not None and other != plan_id:
        raise YearsTaken
    plan = session.get(PlanPeriod, plan_id) if plan_id else PlanPeriod()
    if plan is None:
        raise NotFound
    before = _write(plan, values)
    session.add(plan)
    session.flush()  # the trail names its id
    _note(session, "plan_saved", ("plan_period", plan.id), actor_id, now, before, values)
    return plan


def save_past(
    session: Session, *, past_id: int | None, values: PastValues, actor_id: int | None, now: dt.datetime
) -> PastResult:
    same = (PastResult.first_year == values.first_year, PastResult.last_year == values.last_year)
    other = session.scalar(select(PastResult.id).where(*same))
    if other is not None and other != past_id:
        raise YearsTaken
    past = session.get(PastResult, past_id) if past_id else PastResult()
    if past is None:
        raise NotFound
    before = _write(past, values)
    past.entered_at, past.entered_by_id = now, actor_id
    session.add(past)
    session.flush()  # the trail names its id
    _note(session, "past_result_saved", ("past_result", past.id), actor_id, now, before, values)
    return past


def drop_past(session: Session, *, past_id: int, actor_id: int | None, now: dt.datetime) -> None:
    past = session.get(PastResult, past_id)
    if past is None:
        raise NotFound
    before = {name: getattr(past, name) for name in PastValues.__slots__}
    session.delete(past)
    audit.record(
        session,
        actor_id=actor_id,
        action="past_result_dropped",
        subject=("past_result", past_id),
        now=now,
        before=before,
    )


def _write(row: PlanPeriod | PastResult, values: PlanValues | PastValues) -> dict[str, Any]:
    names = type(values).__slots__
    before = {name: getattr(row, name) for name in names}
    for name in names:
        setattr(row, name, getattr(values, name))
    return before


def _note(
    session: Session,
    action: str,
    subject: tuple[str, int],
    actor_id: int | None,
    now: dt.datetime,
    before: dict[str, Any],
    values: PlanValues | PastValues,
) -> None:
    after = {name: getattr(values, name) for name in type(values).__slots__}
    audit.record(session, actor_id=actor_id, action=action, subject=subject, now=now, before=before, after=after)
