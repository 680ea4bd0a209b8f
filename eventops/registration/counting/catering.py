"""What the caterer is told: heads, portions of a standing buffet, and on which days the number is reported."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

PORTIONS_PERCENT: Final = 80
REPORT_DAYS: Final = (7, 3, 1)
FINAL_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Report:
    """A day on which the caterer expects a number."""

    day: dt.date
    days_before: int
    is_final: bool
    is_due: bool
    is_over: bool


def portions(heads: int) -> int:
    """A standing buffet is ordered for four in five, rounded up: 88 people, 71 portions."""
    return -(-heads * PORTIONS_PERCENT // 100)


def reports(held_on: dt.date, *, today: dt.date) -> list[Report]:
    """The days of reporting; the next one that is not over is due."""
    days = [(before, held_on - dt.timedelta(days=before)) for before in REPORT_DAYS]
    coming = [day for _, day in days if day >= today]
    return [
        Report(
            day,
            before,
            is_final=before == FINAL_DAYS,
            is_due=bool(coming) and day == coming[0],
            is_over=day < today,
        )
        for before, day in days
    ]


def expected(heads: int, *, held_before: int, came_before: int) -> int | None:
    """How many are likely to come, by the share of those who came to earlier parties; None without any."""
    return round(heads * came_before / held_before) if held_before and came_before else None
