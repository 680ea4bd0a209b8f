"""Knows how large words may be so that they stay in their box: on one line while that is legible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eventops.printing import widths
from eventops.printing.geometry import POINTS_PER_MM, Box

LEGIBLE: Final = 0.58
"""Words that would have to be smaller than this share of their line are wrapped instead."""
READING: Final = 0.32
"""The size of a reading above a name, of that of the name; `AIR` is what stands between the two."""
AIR: Final = 0.1
BETWEEN_PARTS: Final = 0.4
BETWEEN_ROWS: Final = 0.25
_ROOM: Final = 0.985
_PART_HEIGHT: Final = READING + AIR + 1.0


_SMALLEST: Final = 5.0


@dataclass(frozen=True, slots=True)
class NameSize:
    """The size of the name in points; stacked, its parts stand one below the other."""

    points: float
    is_stacked: bool


def on_line(words: str, box: Box, points: float, *, bold: bool) -> float:
    """The size of the words on one line, or 0 where they have to be wrapped."""
    size = min(points, _points(box.width) / max(widths.em(words, bold=bold), 0.1))
    return size if size >= points * LEGIBLE else 0.0


def name(names: Sequence[tuple[str, str]], box: Box, points: float, *, ruby: bool) -> NameSize:
    """On one line or part below part, whichever is larger; 0 where the name has to be wrapped like any words."""
    each = [max(widths.em(part, bold=True), READING * widths.em(reading) * ruby) for part, reading in names]
    line = min(points, _points(box.width) / max(sum(each) + BETWEEN_PARTS * (len(each) - 1), 0.1))
    rows = len(each) * (_PART_HEIGHT if ruby else 1.0) + (len(each) - 1) * BETWEEN_ROWS
    stacked = min(points, _points(box.width) / max(*each, 0.1), _points(box.height) / rows)
    is_stacked = stacked > line and line < points * LEGIBLE
    size = stacked if is_stacked else line
    return NameSize(0.0 if size < _SMALLEST and not ruby else size, is_stacked)


def _points(millimetres: float) -> float:
    return millimetres * POINTS_PER_MM * _ROOM
