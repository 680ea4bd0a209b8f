"""Applying for tied events in one form: each event keeps its own application, all are made together or not at all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.errors import DomainError
from eventops.events.models import Event
from eventops.registration import queries, service
from eventops.registration.commands import Application
from eventops.registration.models import Attendee, Registration, RegistrationState
from eventops.registration.service import Preview


class JointRefused(DomainError):
    """One of the other events refuses; `reason` is what it said."""

    def __init__(self, event: Event, reason: DomainError) -> None:
        super().__init__(**reason.details)
        self.code = reason.code
        self.event = event


@dataclass(frozen=True, slots=True)
class JointPreview:
    """What another event would give if the form were sent now."""

    event: Event
    command: Application
    preview: Preview


def preview(session: Session, others: Sequence[tuple[Event, Application]], *, now: dt.datetime) -> list[JointPreview]:
    """Judge the applications for the other events without writing them."""
    return [JointPreview(event, command, _previewed(session, event, command, now)) for event, command in others]


def _previewed(session: Session, event: Event, command: Application, now: dt.datetime) -> Preview:
    try:
        return service.preview(session, command, now=now)
    except DomainError as refusal:
        raise JointRefused(event, refusal) from refusal


def register(
    session: Session, command: Application, others: Sequence[tuple[Event, Application]], *, now: dt.datetime
) -> Registration:
    """Register everywhere or nowhere. The events are locked in the order of their ids: nobody waits in a circle."""
    if others:
        for event_id in sorted({command.event_id, *(event.id for event, _command in others)}):
            queries.event_for_update(session, event_id)
    registration = service.register(session, command, now=now)
    for event, other in others:
        _join(session, registration, event, other, now)
    return registration


def _join(session: Session, registration: Registration, event: Event, command: Application, now: dt.datetime) -> None:
    try:
        service.register(session, command, now=now).joined_to_id = registration.id
    except DomainError as refusal:
        raise JointRefused(event, refusal) from refusal


def others(session: Session, registration: Registration) -> Sequence[Registration]:
    """The applications that were made in the same form."""
    root = registration.joined_to_id or registration.id
    query = select(Registration).where(or_(Registration.id == root, Registration.joined_to_id == root))
    return session.scalars(
        query.where(Registration.id != registration.id)
        .options(joinedload(Registration.event))
        .order_by(Registration.id)
    ).all()


def same_person(session: Session, attendee: Attendee, event_id: int) -> Attendee | None:
    """Who holds this ticket, as the other event knows them: unless somebody else comes there instead."""
    root = attendee.registration.joined_to_id or attendee.registration_id
    return session.scalar(
        select(Attendee)
        .join(Attendee.registration)
        .where(
            Registration.event_id == event_id,
            or_(Registration.id == root, Registration.joined_to_id == root),
            Attendee.position == attendee.position,
            Attendee.sort_key == attendee.sort_key,
            Attendee.state == RegistrationState.ACTIVE,
        )
    )
