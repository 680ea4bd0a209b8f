"""The columns of a chart by day: sums, gaps filled, weeks where days would be too many. Values in, values out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_COLUMNS: Final = 70
HEIGHT: Final = 100
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a column, measured from the top of the drawing."""

    series: str
    value: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """A day, or the week that begins on it."""

    day: dt.date
    total: int
    running: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class DayChart:
    """Columns of equal width; `top` is the value of a full one."""

    columns: tuple[ChartColumn, ...]
    top: int
    by_week: bool

    @property
    def width(self) -> float:
        return 400 / max(len(self.columns), 1)


def day_chart(counts: Mapping[tuple[dt.date, str], int], series: Sequence[str]) -> DayChart:
    """`counts` by day and series; days without anything stand as empty columns between the first and the last."""
    if not counts:
        return DayChart((), 1, by_week=False)
    days = [day for day, _ in counts]
    first, last = min(days), max(days)
    step = 1 if (last - first).days < MOST_COLUMNS else _WEEK
    sums = [_sums(counts, series, start, step) for start in _starts(first, last, step)]
    top = max(sum(values) for _, values in sums)
    return DayChart(tuple(_columns(sums, series, top)), top, by_week=step == _WEEK)


def _starts(first: dt.date, last: dt.date, step: int) -> list[dt.date]:
    return [first + dt.timedelta(days=offset) for offset in range(0, (last - first).days + 1, step)]


def _sums(
    counts: Mapping[tuple[dt.date, str], int], series: Sequence[str], start: dt.date, step: int
) -> tuple[dt.date, list[int]]:
    days = [start + dt.timedelta(days=offset) for offset in range(step)]
    return start, [sum(counts.get((day, name), 0) for day in days) for name in series]


def _columns(sums: Iterable[tuple[dt.date, list[int]]], series: Sequence[str], top: int) -> Iterable[ChartColumn]:
    running = 0
    for day, values in sums:
        running += sum(values)
        bars: list[Bar] = []
        floor = float(HEIGHT)
        for name, value in zip(series, values, strict=True):
            height = HEIGHT * value / top
            floor -= height
            bars.append(Bar(name, value, round(floor, 2), round(height, 2)))
        yield ChartColumn(day, sum(values), running, tuple(bars))
