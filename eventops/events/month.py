"""A month as a calendar shows it: weeks from Monday, days off with their names, events on their days."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from eventops import wareki

T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 2000, 2100
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Day(Generic[T]):
    """A day of the grid; `is_outside` belongs to the month before or after."""

    date: dt.date
    is_outside: bool
    is_today: bool
    day_off: str
    entries: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Month(Generic[T]):
    """A month with the first days of its neighbours."""

    first: dt.date
    weeks: tuple[tuple[Day[T], ...], ...]

    @property
    def before(self) -> dt.date:
        return (self.first - dt.timedelta(1)).replace(day=1)

    @property
    def after(self) -> dt.date:
        return (self.first + dt.timedelta(31)).replace(day=1)

    @property
    def busy(self) -> list[Day[T]]:
        """The days of this month on which something happens."""
        return [day for week in self.weeks for day in week if day.entries and not day.is_outside]


def read(text: str, *, today: dt.date) -> dt.date:
    """The first of the month that an address asks for; this month where it says nothing sensible."""
    found = _MONTH.fullmatch(text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR or not 1 <= int(found[2]) <= 12:
        return today.replace(day=1)
    return dt.date(int(found[1]), int(found[2]), 1)


def span(first: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day that the grid of a month shows."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return weeks[0][0], weeks[-1][-1]


def month(first: dt.date, entries: Iterable[tuple[dt.date, T]], *, today: dt.date) -> Month[T]:
    """The grid with what happens on each day, in the order given."""
    by_day: dict[dt.date, list[T]] = {}
    for date, entry in entries:
        by_day.setdefault(date, []).append(entry)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, tuple(tuple(_day(date, first, by_day, today) for date in week) for week in weeks))


def _day(date: dt.date, first: dt.date, by_day: Mapping[dt.date, list[T]], today: dt.date) -> Day[T]:
    return Day(date, date.month != first.month, date == today, wareki.day_off(date) or "", tuple(by_day.get(date, ())))
