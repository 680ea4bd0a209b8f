"""What can be done with the organiser's profile."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.settings.models import Organiser
from eventops.settings.queries import OrganiserProfile


def save_organiser(session: Session, *, profile: OrganiserProfile, actor_id: int | None, now: dt.datetime) -> None:
    row = session.scalar(select(Organiser).limit(1))
    if row is None:
        row = Organiser()
        session.add(row)
    for name in OrganiserProfile.__slots__:
        setattr(row, name, getattr(profile, name))
    session.flush()  # the audit entry names the row's id
    audit.record(session, actor_id=actor_id, action="organiser_changed", subject=("organiser", row.id), now=now)
