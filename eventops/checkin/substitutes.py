"""代理出席 at the desk: somebody else comes in place of a person who could not, and is let in. Never commits."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.checkin import outcomes, queries, reading, service
from eventops.checkin.commands import Look
from eventops.checkin.models import Scan, ScanMethod
from eventops.checkin.outcomes import Outcome
from eventops.errors import DomainError, NotFound
from eventops.registration import changes
from eventops.registration.commands import PersonDetails
from eventops.registration.desk import Desk, open_desk


class HasCome(DomainError):
    """Who has come already cannot be somebody else from then on."""

    code = "has_come"


class SentForAnother(DomainError):
    """The number of this form was used for somebody else: what is typed in it may be theirs."""

    code = "substitute_of_another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """Who comes instead of whom. `actor_id` answers for the change, `user_id` is whoever is signed in at the desk."""

    nonce: str
    event_id: int
    part_id: int
    attendee_id: int
    details: PersonDetails
    station: str
    actor_id: int | None
    user_id: int | None = None
    station_id: int | None = None


def admit(session: Session, act: Substitute, *, key: str, now: dt.datetime) -> Outcome:
    """Change the name, keep the number, end the old ticket, and let in. Sent twice, it is one change."""
    holder = reading.holder(reading.line(session), act.attendee_id)
    if holder is None or holder.event_id != act.event_id:
        raise NotFound
    desk = open_desk(session, holder.registration_id, now=now, actor_id=act.actor_id)
    look = Look(
        nonce=f"instead-{act.nonce}",
        event_id=act.event_id,
        part_id=act.part_id,
        method=ScanMethod.SEARCH,
        station=act.station,
        user_id=act.user_id,
        attendee_id=act.attendee_id,
        station_id=act.station_id,
    )
    done = session.scalar(select(Scan).where(Scan.nonce == look.nonce))
    if done is not None:
        if done.attendee_id != act.attendee_id:
            raise SentForAnother
        return outcomes.of_scan(session, done)
    _has_not_come(session, desk, act.attendee_id)
    device = act.station if act.station_id is not None else ""
    changes.substitute(desk, attendee_id=act.attendee_id, details=act.details, station=device)
    return service.scan(session, look, key=key, now=now)


def _has_not_come(session: Session, desk: Desk, attendee_id: int) -> None:
    """Into no part of the day, under the ticket's lock."""
    reading.holder_for_update(reading.line(session), attendee_id)
    came = select(Scan.id).where(
        Scan.attendee_id == attendee_id, queries.is_passage(), queries.is_counted(desk.event.parts, now=desk.now)
    )
    if session.scalar(came.limit(1)) is not None:
        raise HasCome
