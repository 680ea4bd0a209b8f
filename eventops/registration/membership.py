"""What the association's own roll says about a typed company name on the day of application."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from eventops.database import plain
from eventops.directory import names
from eventops.directory.models import Membership, Organisation, OrganisationSize
from eventops.events.models import PriceCategory
from eventops.prepared import Prepared, ask
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
    organisation_id, size = _certain_match(session, name)
    category, needs_check = judge(claim, is_member=_is_member(session, organisation_id, on))
    return Standing(organisation_id, category, needs_check, size == OrganisationSize.LARGE)


def judge(claim: Claim, *, is_member: bool) -> tuple[PriceCategory, bool]:
    """The price, and whether staff should check it."""
    if is_member:
        return PriceCategory.MEMBER, False
    category = PriceCategory.MEMBER if claim is Claim.MEMBER else PriceCategory.GENERAL
    return category, claim is not Claim.GENERAL


_HAS_CORE = Organisation.match_core == bindparam("core")
_MERGED_INTO = select(Organisation.merged_into_id).where(_HAS_CORE, Organisation.merged_into_id.is_not(None))
_SAME_CORE = Prepared(
    select(Organisation.id, Organisation.merged_into_id, Organisation.name, Organisation.kana, Organisation.size).where(
        or_(_HAS_CORE, Organisation.id.in_(_MERGED_INTO))
    )
)
_TIMES = select(Membership.starts_on, Membership.ends_on).where(
    Membership.organisation_id == bindparam("organisation_id")
)


def _certain_match(session: Session, name: str) -> tuple[int | None, str]:
    """Id and size. Only the same core can be a certain match, so the index on it finds all that need comparing."""
    [same_core] = ask(plain(session), _SAME_CORE.with_values(core=names.parse(name).core))
    if not same_core:
        return None, ""
    candidates = [
        names.Candidate(merged_into or own, called, kana) for own, merged_into, called, kana, _size in same_core
    ]
    found = names.match(name, candidates).id
    sizes = {own: size for own, *_between, size in same_core}
    return found, sizes[found] if found is not None else ""


def _is_member(session: Session, organisation_id: int | None, on: dt.date) -> bool:
    if organisation_id is None:
        return False
    times = plain(session).execute(_TIMES, {"organisation_id": organisation_id})
    return any(starts_on <= on and (ends_on is None or on < ends_on) for starts_on, ends_on in times)
