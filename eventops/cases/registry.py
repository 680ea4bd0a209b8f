"""Coordinators and one-off requests as staff keep them. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.cases.models import Coordinator, OneOffRequest, RequestState
from eventops.cases.service import OpenedAlready
from eventops.errors import DomainError, NotFound


class UserTaken(DomainError):
    """This sign-in belongs to another coordinator."""

    code = "coordinator_user_taken"


class RequestDeclined(DomainError):
    """Nobody will meet because of this request."""

    code = "request_declined"


@dataclass(frozen=True, slots=True)
class CoordinatorValues:
    """Somebody who takes cases."""

    name: str
    qualification: str = ""
    fields: Sequence[str] = ()
    zone: str = ""
    max_cases: int = 8
    email: str = ""
    staff_user_id: int | None = None
    is_active: bool = True
    code: str | None = None


@dataclass(frozen=True, slots=True)
class RequestValues:
    """A wish to meet."""

    organisation_id: int
    wishes_to_meet: str
    received_on: dt.date
    contact: str = ""
    topic: str = ""
    coordinator_id: int | None = None
    meets_on: dt.date | None = None
    result: str = ""
    is_declined: bool = False


def save_coordinator(
    session: Session,
    *,
    coordinator_id: int | None,
    values: CoordinatorValues,
    actor_id: int | None,
    now: dt.datetime,
) -> Coordinator:
    _refuse_taken(session, coordinator_id, values.staff_user_id)
    one = session.get(Coordinator, coordinator_id) if coordinator_id else Coordinator(code=values.code)
    if one is None:
        raise NotFound
    names = [name for name in CoordinatorValues.__slots__ if name != "code"]
    before = {name: getattr(one, name) for name in names} if coordinator_id else None
    for name in names:
        setattr(one, name, getattr(values, name))
    one.fields = list(values.fields)
    session.add(one)
    session.flush()  # the trail names its id
    after = {name: getattr(one, name) for name in names}
    _note(session, "coordinator_saved", ("coordinator", one.id), actor_id, now, before, after)
    return one


def _refuse_taken(session: Session, coordinator_id: int | None, user_id: int | None) -> None:
    if user_id is None:
        return
    other = session.scalar(select(Coordinator.id).where(Coordinator.staff_user_id == user_id))
    if other is not None and other != coordinator_id:
        raise UserTaken


def requests(session: Session, *, state: str = "", only_of: int | None = None) -> Sequence[OneOffRequest]:
    """Newest first; those nobody has taken up before all others. `only_of` is the coordinator who looks."""
    query = (
        select(OneOffRequest)
        .options(joinedload(OneOffRequest.organisation), joinedload(OneOffRequest.coordinator))
        .order_by(OneOffRequest.state != RequestState.RECEIVED, OneOffRequest.received_on.desc(), OneOffRequest.id)
    )
    query = query.where(_seen(only_of))
    return session.scalars(query.where(OneOffRequest.state == state) if state else query).all()


def request_counts(session: Session, *, only_of: int | None = None) -> dict[str, int]:
    counted = select(OneOffRequest.state, func.count()).where(_seen(only_of)).group_by(OneOffRequest.state)
    return {row.state: row[1] for row in session.execute(counted)}


def _seen(only_of: int | None) -> ColumnElement[bool]:
    return true() if only_of is None else OneOffRequest.coordinator_id == only_of


def save_request(
    session: Session, *, request_id: int | None, values: RequestValues, actor_id: int | None, now: dt.datetime
) -> OneOffRequest:
    """Its state follows from what is known: somebody assigned, a result written, or declined."""
    one = session.get(OneOffRequest, request_id) if request_id else OneOffRequest()
    if one is None:
        raise NotFound
    before = {"state": one.state, "coordinator": one.coordinator_id} if request_id else None
    for name in RequestValues.__slots__:
        if name != "is_declined":
            setattr(one, name, getattr(values, name))
    one.state = _state(values, has_case=one.case_id is not None)
    session.add(one)
    session.flush()  # the trail names its id
    after = {"state": str(one.state), "coordinator": one.coordinator_id}
    _note(session, "one_off_request_saved", ("one_off_request", one.id), actor_id, now, before, after)
    return one


def take_up(session: Session, request_id: int) -> OneOffRequest:
    """The request from which a case is about to be opened, locked; refused where one was opened or nobody will meet."""
    wanted = select(OneOffRequest).where(OneOffRequest.id == request_id)
    one = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if one is None:
        raise NotFound
    if one.case_id is not None:
        raise OpenedAlready
    if one.state == RequestState.DECLINED:
        raise RequestDeclined
    return one


def settle(session: Session, one: OneOffRequest, *, case_id: int, actor_id: int | None, now: dt.datetime) -> None:
    """The request became this case."""
    before = {"state": one.state, "case": one.case_id}
    one.case_id, one.state = case_id, RequestState.MET
    after = {"state": str(one.state), "case": case_id}
    _note(session, "one_off_request_saved", ("one_off_request", one.id), actor_id, now, before, after)


def _state(values: RequestValues, *, has_case: bool) -> RequestState:
    if values.is_declined:
        return RequestState.DECLINED
    if has_case or values.result:
        return RequestState.MET
    return RequestState.ASSIGNED if values.coordinator_id else RequestState.RECEIVED


def _note(
    session: Session,
    action: str,
    subject: tuple[str, int],
    actor_id: int | None,
    now: dt.datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    audit.record(session, actor_id=actor_id, action=action, subject=subject, now=now, before=before, after=after)
