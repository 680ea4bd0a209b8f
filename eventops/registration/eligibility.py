"""Which parts somebody may ask for without the secretariat: by the fee category, or as one of an invited company."""

import datetime as dt
from collections.abc import Collection

from eventops.events.models import Eligibility, Event, Part, PriceCategory
from eventops.registration import rules
from eventops.registration.refusals import MembersFirst, NotEligible, NotInvited


def refuse_barred(
    event: Event,
    wished: Collection[int],
    category: PriceCategory,
    inviting: Collection[int],
    *,
    now: dt.datetime,
    entrant: int = 0,
) -> None:
    """Raise for the first wished part that is not open to this category; `inviting` are those inviting the company."""
    for part in event.parts:
        if part.id in wished and _comes_too_early(event, part, category, now):
            raise MembersFirst(part_id=part.id, entrant=entrant, opens_at=event.general_opens_at)
        if part.id in wished and not _is_open(event, part, category, inviting):
            is_by_invitation = Eligibility.INVITED in (event.eligibility, part.eligibility)
            raise (NotInvited if is_by_invitation else NotEligible)(part_id=part.id, entrant=entrant)


def is_by_invitation(event: Event) -> bool:
    """Whether it matters which companies were invited."""
    return any(Eligibility.INVITED in (event.eligibility, part.eligibility) for part in event.parts)


def _comes_too_early(event: Event, part: Part, category: PriceCategory, now: dt.datetime) -> bool:
    """Whether members alone may apply as yet."""
    if category is PriceCategory.MEMBER or event.general_opens_at is None:
        return False
    return Eligibility.MEMBERS_FIRST in (event.eligibility, part.eligibility) and now < event.general_opens_at


def _is_open(event: Event, part: Part, category: PriceCategory, inviting: Collection[int]) -> bool:
    kinds = (Eligibility(event.eligibility), Eligibility(part.eligibility))
    return all(rules.is_open_to(kind, category, is_invited=part.id in inviting) for kind in kinds)
