"""Partners of the association: with whom there is an agreement since when, and in which role. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from eventops.accounts import audit
from eventops.directory.bodies import Partnership
from eventops.directory.models import Organisation
from eventops.directory.rules import holds, overlapping
from eventops.errors import DomainError, NotFound


class PartnershipOverlaps(DomainError):
    """The organisation stands in the same role on some of these days already; `since` says from when."""

    code = "partnership_overlaps"


class PartnershipEndsBeforeStart(DomainError):
    """An agreement of less than a day."""

    code = "partnership_ends_before_start"


@dataclass(frozen=True, slots=True)
class PartnershipValues:
    """An agreement; from `ends_on` on it holds no more."""

    role: str
    starts_on: dt.date
    ends_on: dt.date | None
    note: str


def every(session: Session) -> Sequence[Partnership]:
    """By reading of the organisation, with it."""
    query = select(Partnership).join(Partnership.organisation).options(contains_eager(Partnership.organisation))
    standing = query.where(Organisation.merged_into_id.is_(None))
    return session.scalars(standing.order_by(Organisation.sort_key, Partnership.starts_on)).all()


def count(session: Session, day: dt.date) -> int:
    """How many organisations are partners on the day."""
    return len({one.organisation_id for one in every(session) if holds(one, day)})


def of_organisation(session: Session, organisation_id: int) -> Sequence[Partnership]:
    query = select(Partnership).where(Partnership.organisation_id == organisation_id)
    return session.scalars(query.order_by(Partnership.starts_on)).all()


def one(session: Session, organisation_id: int, partnership_id: int) -> Partnership:
    found = session.get(Partnership, partnership_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def save(
    session: Session,
    *,
    organisation_id: int,
    partnership_id: int | None,
    values: PartnershipValues,
    actor_id: int,
    now: dt.datetime,
) -> Partnership:
    """Add an agreement with the organisation, or correct one."""
    refuse(of_organisation(session, organisation_id), values, but=partnership_id)
    new = Partnership(organisation_id=organisation_id)
    found = one(session, organisation_id, partnership_id) if partnership_id else new
    before = _shown(found) if partnership_id else None
    for name in PartnershipValues.__slots__:
        setattr(found, name, getattr(values, name))
    session.add(found)
    session.flush()
    _note(session, organisation_id, "partnership_saved", actor_id, now, before, _shown(found))
    return found


def refuse(known: Sequence[Partnership], values: PartnershipValues, *, but: int | None = None) -> None:
    """Raise where the time is none, or the organisation stands in this role then already."""
    if values.ends_on is not None and values.ends_on <= values.starts_on:
        raise PartnershipEndsBeforeStart
    other = overlapping([one for one in known if one.role == values.role and one.id != but], values)
    if other is not None:
        raise PartnershipOverlaps(since=other.starts_on.isoformat())


def drop(session: Session, *, organisation_id: int, partnership_id: int, actor_id: int, now: dt.datetime) -> None:
    """An agreement that was written by mistake; one that is over is given an end instead."""
    found = one(session, organisation_id, partnership_id)
    session.delete(found)
    _note(session, organisation_id, "partnership_dropped", actor_id, now, _shown(found), None)


def _shown(found: Partnership) -> dict[str, Any]:
    ends = found.ends_on.isoformat() if found.ends_on else ""
    return {"role": str(found.role), "starts_on": found.starts_on.isoformat(), "ends_on": ends}


def _note(
    session: Session,
    organisation_id: int,
    action: str,
    actor_id: int,
    now: dt.datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    subject = ("organisation", organisation_id)
    audit.record(session, actor_id=actor_id, action=action, subject=subject, now=now, before=before, after=after)
