"""Who is a member when: times of membership are half-open."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Term(Protocol):
    """A time of membership."""

    starts_on: dt.date
    ends_on: dt.date | None


T = TypeVar("T", bound=Term)


def membership_on(terms: Iterable[T], day: dt.date) -> T | None:
    """The membership that holds on a day, if any."""
    return next((term for term in terms if _holds(term, day)), None)


def _holds(term: Term, day: dt.date) -> bool:
    return term.starts_on <= day and (term.ends_on is None or day < term.ends_on)
