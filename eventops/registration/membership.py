"""What the association's own roll says about a typed company name on the day of application."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.directory import names
from eventops.directory.models import Membership, Organisation, OrganisationSize
from eventops.events.models import PriceCategory
from eventops.registration.commands import Claim
from eventops.registration.models import BadgeCategory


@dataclass(frozen=True, slots=True)
class Standing:
    """The fee category of a company. `needs_check` asks the secretariat to look, as the roll did not decide."""

    organisation_id: int | None
    category: PriceCategory
    needs_check: bool
    is_large: bool = False

    def badge(self, category: PriceCategory) -> BadgeCategory:
        """The badge of an attendee of this company who pays as `category`."""
        if self.is_large:
            return BadgeCategory.LARGE
        return BadgeCategory.MEMBER if category is PriceCategory.MEMBER else BadgeCategory.GENERAL


def standing(session: Session, *, name: str, claim: Claim, on: dt.date) -> Standing:
    """The roll decides where the name is certain; otherwise the applicant's word counts until staff have looked."""
    organisation = _certain_match(session, name)
    category, needs_check = judge(claim, is_member=_is_member(organisation, on))
    return Standing(
        organisation.id if organisation else None,
        category,
        needs_check,
        organisation is not None and organisation.size == OrganisationSize.LARGE,
    )


def judge(claim: Claim, *, is_member: bool) -> tuple[PriceCategory, bool]:
    """The price, and whether staff should check it."""
    if is_member:
        return PriceCategory.MEMBER, False
    category = PriceCategory.MEMBER if claim is Claim.MEMBER else PriceCategory.GENERAL
    return category, claim is not Claim.GENERAL


_HAS_CORE = Organisation.match_core == bindparam("core")
_MERGED_INTO = select(Organisation.merged_into_id).where(_HAS_CORE, Organisation.merged_into_id.is_not(None))
_SAME_CORE = (
    select(Organisation)
    .where(or_(_HAS_CORE, Organisation.id.in_(_MERGED_INTO)))
    .options(joinedload(Organisation.memberships))
)


def _certain_match(session: Session, name: str) -> Organisation | None:
    """Only the same core can be a certain match, so the index on it finds all that need comparing."""
    same_core = session.scalars(_SAME_CORE, {"core": names.parse(name).core}).unique()
    known = {organisation.id: organisation for organisation in same_core}
    candidates = [names.Candidate(row.merged_into_id or row.id, row.name, row.kana) for row in known.values()]
    found = names.match(name, candidates).id
    return known[found] if found is not None else None


def _is_member(organisation: Organisation | None, on: dt.date) -> bool:
    return organisation is not None and _covers(organisation.memberships, on)


def _covers(memberships: Iterable[Membership], on: dt.date) -> bool:
    return any(time.starts_on <= on and (time.ends_on is None or on < time.ends_on) for time in memberships)
