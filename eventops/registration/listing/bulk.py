"""What staff do to many people of one event at once: words and marks on them, and cancelling. Never commits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError
from eventops.registration import changes
from eventops.registration.desk import open_desk
from eventops.registration.history import SUBJECT
from eventops.registration.models import Attendee, AttendeeTag, Registration, RegistrationState

MOST_AT_ONCE = 500
"""Each cancelled application is judged on its own under the lock of the event; more would keep guests waiting."""


class TooManyAtOnce(DomainError):
    """More people than one act may change."""

    code = "too_many_at_once"


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, and when."""

    actor_id: int
    now: dt.datetime


def chosen(session: Session, *, event_id: int, ids: Collection[int]) -> Sequence[Attendee]:
    """Those of the people who are in this event, with their applications."""
    query = select(Attendee).join(Attendee.registration).where(Registration.event_id == event_id)
    return session.scalars(query.where(Attendee.id.in_(ids)).order_by(Registration.number, Attendee.position)).all()


def active(session: Session, *, event_id: int, ids: Collection[int]) -> list[Attendee]:
    """As `chosen`, without those who were cancelled already."""
    return [
        person for person in chosen(session, event_id=event_id, ids=ids) if person.state == RegistrationState.ACTIVE
    ]


def put_tag(session: Session, act: Act, *, event_id: int, ids: Collection[int], tag: str) -> int:
    """Put a word on people; how many did not have it before."""
    people = chosen(session, event_id=event_id, ids=ids)
    known = set(session.scalars(_with_tag(tag, people)))
    new = [person for person in people if person.id not in known]
    session.add_all(AttendeeTag(attendee_id=person.id, tag=tag) for person in new)
    _note_tag(session, act, event_id, new, before={}, after={"tag": tag})
    return len(new)


def take_tag(session: Session, act: Act, *, event_id: int, ids: Collection[int], tag: str) -> int:
    """Take a word off people; how many had it."""
    people = chosen(session, event_id=event_id, ids=ids)
    known = set(session.scalars(_with_tag(tag, people)))
    having = [person for person in people if person.id in known]
    session.execute(delete(AttendeeTag).where(AttendeeTag.tag == tag, AttendeeTag.attendee_id.in_(known)))
    _note_tag(session, act, event_id, having, before={"tag": tag}, after={})
    return len(having)


def _with_tag(tag: str, people: Sequence[Attendee]) -> Select[int]:
    ids = [person.id for person in people]
    return select(AttendeeTag.attendee_id).where(AttendeeTag.tag == tag, AttendeeTag.attendee_id.in_(ids))


def _note_tag(
    session: Session,
    act: Act,
    event_id: int,
    people: Sequence[Attendee],
    *,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    for registration_id, positions in _by_registration(people).items():
        audit.record(
            session,
            actor_id=act.actor_id,
            action="tags_changed",
            subject=(SUBJECT, registration_id),
            event_id=event_id,
            now=act.now,
            before={**before, "attendees": positions},
            after=after,
        )


def _by_registration(people: Sequence[Attendee]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for person in people:
        found[person.registration_id].append(person.position)
    return found


def cancel(
    session: Session, act: Act, *, event_id: int, ids: Collection[int], keeps_fee: bool, tells: bool
) -> list[int]:
    """Cancel people, application by application; the applications. Who moves up in their place is always told."""
    people = active(session, event_id=event_id, ids=ids)
    if len(people) > MOST_AT_ONCE:
        raise TooManyAtOnce(count=len(people), limit=MOST_AT_ONCE)
    by_registration: defaultdict[int, list[int]] = defaultdict(list)
    for person in people:
        by_registration[person.registration_id].append(person.id)
    for registration_id, mine in sorted(by_registration.items()):
        desk = open_desk(session, registration_id, now=act.now, actor_id=act.actor_id)
        changes.cancel(desk, attendee_ids=mine, keeps_fee=keeps_fee, tells=tells)
    return sorted(by_registration)
