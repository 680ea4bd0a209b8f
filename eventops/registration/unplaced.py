"""Company names of applications that the directory could not place by itself, for the review of names."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.directory.reviewing import NameSource, Unplaced
from eventops.registration import history
from eventops.registration.models import Registration, RegistrationState

MOST: Final = 200
_OPEN = (Registration.organisation_id.is_(None), Registration.state == RegistrationState.ACTIVE)


def _unplaced(session: Session) -> Sequence[Unplaced]:
    """The names that most applications carry come first."""
    name = Registration.organisation_name
    rows = session.execute(
        select(name, func.min(Registration.organisation_kana), func.count(), func.min(Registration.id))
        .where(*_OPEN, name != "")
        .group_by(name)
        .order_by(func.count().desc(), func.min(Registration.organisation_sort_key))
        .limit(MOST)
    )
    return [
        Unplaced(raw, kana, rows_of, url_for("registration.staff_one", registration_id=first))
        for raw, kana, rows_of, first in rows
    ]


def _row_ids(session: Session, raw: str) -> Sequence[int]:
    query = select(Registration.id).where(*_OPEN, Registration.organisation_name == raw).order_by(Registration.id)
    return session.scalars(query.with_for_update()).all()


def _note(session: Session, ids: Sequence[int], actor_id: int, now: dt.datetime) -> None:
    for registration in session.scalars(select(Registration).where(Registration.id.in_(ids))):
        history.note(session, registration, "name_settled", actor_id=actor_id, now=now)


SOURCE: Final = NameSource("registration", "organisation_id", _unplaced, _row_ids, _note)
