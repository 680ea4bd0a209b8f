"""How the door receives somebody: the category on the badge, and a note for the desk. Never commits."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from eventops.registration import history, queries
from eventops.registration.desk import Desk
from eventops.registration.models import Attendee, BadgeCategory, Registration, RegistrationState

_CHANGED = "handling_changed"


def handle(desk: Desk, *, attendee_id: int, category: BadgeCategory, note: str) -> None:
    """How the door receives a person; the history says that a note changed, not what it said."""
    person = desk.attendee(attendee_id)
    if (person.badge_category, person.desk_note) == (category, note):
        return
    before = {"position": person.position, "category": person.badge_category}
    person.badge_category, person.desk_note = category, note
    desk.note(_CHANGED, before=before, after={"position": person.position, "category": category})


def people(session: Session, *, event_id: int, ids: Collection[int]) -> Sequence[Attendee]:
    """Those of the people who come to this event, with their applications."""
    query = select(Attendee).join(Attendee.registration).options(contains_eager(Attendee.registration))
    return session.scalars(
        query.where(
            Registration.event_id == event_id, Attendee.state == RegistrationState.ACTIVE, Attendee.id.in_(ids)
        ).order_by(Registration.number, Attendee.position)
    ).all()


def categorise(
    session: Session, *, event_id: int, ids: Collection[int], category: BadgeCategory, actor_id: int, now: dt.datetime
) -> int:
    """Give many people one category; how many had another. Each stands in the history of their application."""
    queries.event_for_update(session, event_id)
    changed = [one for one in people(session, event_id=event_id, ids=ids) if one.badge_category != category]
    for one in changed:
        before = {"position": one.position, "category": one.badge_category}
        after = {"position": one.position, "category": category}
        one.badge_category = category
        one.registration.revision += 1
        one.registration.changed_at = now
        history.note(session, one.registration, _CHANGED, actor_id=actor_id, now=now, before=before, after=after)
    return len(changed)
