"""Company names of applications that the directory could not place by itself, for the review of names."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation
from eventops.directory.reviewing import NameSource, Unplaced
from eventops.directory.rules import membership_on
from eventops.events.models import PriceCategory
from eventops.registration import history
from eventops.registration.models import Registration, RegistrationState
from eventops.wareki import japan_date

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


def _moves(session: Session, raw: str, organisation: Organisation) -> Mapping[int, Mapping[str, Any]]:
    """Each application gets its organisation; one that paid too much for a member is flagged, its fee stays."""
    query = select(Registration).where(*_OPEN, Registration.organisation_name == raw).order_by(Registration.id)
    return {one.id: _values(one, organisation) for one in session.scalars(query.with_for_update())}


def _values(one: Registration, organisation: Organisation) -> Mapping[str, Any]:
    was_member = membership_on(organisation.memberships, japan_date(one.submitted_at)) is not None
    flag = {"claims_membership": True} if was_member and one.price_category == PriceCategory.GENERAL else {}
    return {"organisation_id": organisation.id, **flag}


def _note(session: Session, ids: Collection[int], actor_id: int, now: dt.datetime) -> None:
    for registration in session.scalars(select(Registration).where(Registration.id.in_(ids))):
        history.note(session, registration, "name_settled", actor_id=actor_id, now=now)


SOURCE: Final = NameSource("registration", _unplaced, _moves, _note)
