"""Times of membership and sites of an organisation, as staff write them. Never commits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.directory.models import Membership, Organisation, Site
from eventops.directory.rules import overlapping
from eventops.errors import DomainError, NotFound

T = TypeVar("T", Membership, Site)


class MembershipOverlaps(DomainError):
    """Another time of membership of the organisation holds on some of these days; `since` says which."""

    code = "membership_overlaps"


class EndsBeforeStart(DomainError):
    """A time of membership of less than a day."""

    code = "membership_ends_before_start"


@dataclass(frozen=True, slots=True)
class TermValues:
    """A time of membership; from `ends_on` on it holds no more."""

    member_number: str
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class SiteValues:
    """A unit or place."""

    kind: str
    name: str
    prefecture: str
    city: str
    address: str
    phone: str


def save_term(
    session: Session,
    organisation: Organisation,
    *,
    term_id: int | None,
    values: TermValues,
    actor_id: int,
    now: dt.datetime,
) -> Membership:
    """Add a time of membership, or change one; prices of applications made before stay as they are."""
    if values.ends_on is not None and values.ends_on <= values.starts_on:
        raise EndsBeforeStart
    others = [term for term in organisation.memberships if term.id != term_id]
    other = overlapping(others, values)
    if other is not None:
        raise MembershipOverlaps(since=other.starts_on.isoformat())
    term = _one(organisation.memberships, term_id) if term_id else Membership()
    before = _shown(term) if term_id else None
    term.member_number, term.starts_on, term.ends_on = values.member_number, values.starts_on, values.ends_on
    if not term_id:
        organisation.memberships.append(term)
    session.flush()
    _note(session, organisation, "membership_saved", actor_id, now, before, _shown(term))
    return term


def drop_term(session: Session, organisation: Organisation, *, term_id: int, actor_id: int, now: dt.datetime) -> None:
    """A time of membership that was written by mistake; one that is over is given an end instead."""
    term = _one(organisation.memberships, term_id)
    before = _shown(term)
    organisation.memberships.remove(term)
    _note(session, organisation, "membership_dropped", actor_id, now, before, None)


def save_site(
    session: Session,
    organisation: Organisation,
    *,
    site_id: int | None,
    values: SiteValues,
    actor_id: int,
    now: dt.datetime,
) -> Site:
    site = _one(organisation.sites, site_id) if site_id else Site()
    for name in SiteValues.__slots__:
        setattr(site, name, getattr(values, name))
    if not site_id:
        organisation.sites.append(site)
    session.flush()
    _note(session, organisation, "site_saved", actor_id, now, None, {"name": site.name})
    return site


def drop_site(session: Session, organisation: Organisation, *, site_id: int, actor_id: int, now: dt.datetime) -> None:
    site = _one(organisation.sites, site_id)
    organisation.sites.remove(site)
    _note(session, organisation, "site_dropped", actor_id, now, {"name": site.name}, None)


def _one(found: Iterable[T], wanted: int) -> T:
    for one in found:
        if one.id == wanted:
            return one
    raise NotFound


def _shown(term: Membership) -> dict[str, str]:
    ends = term.ends_on.isoformat() if term.ends_on else ""
    return {"member_number": term.member_number, "starts_on": term.starts_on.isoformat(), "ends_on": ends}


def _note(
    session: Session,
    organisation: Organisation,
    action: str,
    actor_id: int,
    now: dt.datetime,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
) -> None:
    subject = ("organisation", organisation.id)
    audit.record(session, actor_id=actor_id, action=action, subject=subject, now=now, before=before, after=after)
