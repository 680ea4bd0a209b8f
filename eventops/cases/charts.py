"""Columns of two series side by side, year by year, for a drawing of fixed size. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 100
WIDTH: Final = 400


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the drawing, measured from its top left corner."""

    series: int
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to one label."""

    label: str
    middle: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """`top` is the value of a full column."""

    groups: tuple[Group, ...]
    top: int


def grouped(rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """A group for each row, with a gap of a third of a column on both sides."""
    top = max([1, *(value for _label, values in rows for value in values)])
    step = WIDTH / max(len(rows), 1)
    return Chart(tuple(_group(place, label, values, step, top) for place, (label, values) in enumerate(rows)), top)


def _group(place: int, label: str, values: Sequence[int], step: float, top: int) -> Group:
    width = min(step * 0.76 / max(len(values), 1), 28)
    left = place * step + (step - width * len(values)) / 2
    bars = tuple(
        Bar(
            number,
            value,
            round(left + number * width, 2),
            round(HEIGHT - HEIGHT * value / top, 2),
            round(width * 0.92, 2),
            round(HEIGHT * value / top, 2),
        )
        for number, value in enumerate(values)
    )
    return Group(label, round((place + 0.5) * step, 2), bars)
