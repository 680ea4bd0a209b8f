"""What registration refuses, as codes."""

import datetime as dt

from eventops import wareki
from eventops.errors import DomainError
from eventops.events.rules import Window


class NotOpen(DomainError):
    """Applications are not taken now; `window` says why."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window
        self.code = f"not_open_{window}"


class SoldOut(DomainError):
    """Nothing of what was wished for can be given, and the applicant did not want to wait."""

    code = "sold_out"


class NotEligible(DomainError):
    """A part is not for this category."""

    code = "not_eligible"

    def __init__(self, *, part_id: int, entrant: int = 0) -> None:
        super().__init__(part_id=part_id, entrant=entrant)
        self.part_id = part_id
        self.entrant = entrant


class NotInvited(NotEligible):
    """A part is for companies that were invited, and this one was not, or is not known by this name."""

    code = "not_invited"


class MembersFirst(NotEligible):
    """Members apply first; others from a day on."""

    code = "members_first"

    def __init__(self, *, part_id: int, entrant: int = 0, opens_at: dt.datetime | None = None) -> None:
        super().__init__(part_id=part_id, entrant=entrant)
        self.details = {
            **self.details,
            "opens": f"{wareki.wareki_date(opens_at)} {wareki.clock(opens_at)}" if opens_at else "",
        }


class BadWish(DomainError):
    """A part or mode that the event does not have, or nobody, or nothing wished for."""

    code = "bad_wish"


class TooLate(DomainError):
    """The guest's own time for this change is over; the secretariat may still do it."""

    code = "too_late"


class TooManyAddresses(DomainError):
    """By this link so many letters went out to participants within a day that no further address is written to."""

    code = "too_many_addresses"


class OfferOver(DomainError):
    """The time for the answer is over, or the seat was declined: it is for the next in line."""

    code = "offer_over"


class PaymentDecides(DomainError):
    """This seat is confirmed by the money alone."""

    code = "payment_decides"


class CancelledAlready(DomainError):
    """The person or the application was cancelled before."""

    code = "cancelled_already"
