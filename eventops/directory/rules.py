"""Who is a member when: times of membership are half-open."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Term(Protocol):
    """A time of membership."""

    @property
    def starts_on(self) -> dt.date: ...
    @property
    def ends_on(self) -> dt.date | None: ...


T = TypeVar("T", bound=Term)


def membership_on(terms: Iterable[T], day: dt.date) -> T | None:
    """The membership that holds on a day, if any."""
    return next((term for term in terms if holds(term, day)), None)


def holds(term: Term, day: dt.date) -> bool:
    """That a time has begun by the day and is not over."""
    return term.starts_on <= day and (term.ends_on is None or day < term.ends_on)


def overlapping(terms: Iterable[T], wanted: Term) -> T | None:
    """A term that holds on a day on which the wanted one would hold too; ends are open where there is none."""
    return next((term for term in terms if _meet(term, wanted)), None)


def _meet(one: Term, other: Term) -> bool:
    begins_before = other.ends_on is None or one.starts_on < other.ends_on
    ends_after = one.ends_on is None or other.starts_on < one.ends_on
    return begins_before and ends_after
