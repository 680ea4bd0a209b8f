"""Knows how large words may be so that they stay in their box: on one line while that is legible."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


_SMALLEST: Final = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a name or of a reading, from the upper left corner of the whole, in sizes of the name."""

    words: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Name:
    """How large a name is, in points, and where its parts stand; 0 where it has to be wrapped like any words."""

    points: float
    width: float
    height: float
    marks: tuple[Mark, ...]


def on_line(words: str, box: Box, points: float, *, bold: bool) -> float:
    """The size of the words on one line, or 0 where they have to be wrapped."""
    size = min(points, _points(box.width) / max(widths.em(words, bold=bold), 0.1))
    return size if size >= points * LEGIBLE else 0.0


def name(names: Sequence[tuple[str, str]], box: Box, points: float, *, ruby: bool) -> Name:
    """On one line or part below part, whichever is larger."""
    parts = [_Part(part, reading if ruby else "") for part, reading in names]
    above = READING + AIR if ruby else 0.0
    line = _beside(parts, above)
    size = min(points, _points(box.width) / line.width)
    if size < points * LEGIBLE:
        stacked = _below(parts, above)
        smaller = min(points, _points(box.width) / stacked.width, _points(box.height) / stacked.height)
        line, size = (stacked, smaller) if smaller > size else (line, size)
    return replace(line, points=0.0 if size < _SMALLEST and not ruby else size)


class _Part:
    def __init__(self, words: str, reading: str) -> None:
        self.words, self.reading = words, reading
        self.words_width, self.reading_width = widths.em(words, bold=True), READING * widths.em(reading)
        self.width = max(self.words_width, self.reading_width, 0.1)

    def marks(self, x: float, y: float, above: float) -> list[Mark]:
        reading = Mark(self.reading, x + (self.width - self.reading_width) / 2, y, READING)
        words = Mark(self.words, x + (self.width - self.words_width) / 2, y + above, 1.0)
        return [reading, words] if self.reading else [words]


def _beside(parts: Sequence[_Part], above: float) -> Name:
    marks: list[Mark] = []
    x = 0.0
    for part in parts:
        marks += part.marks(x, 0.0, above)
        x += part.width + BETWEEN_PARTS
    return Name(0.0, x - BETWEEN_PARTS, above + 1.0, _readings_first(marks))


def _below(parts: Sequence[_Part], above: float) -> Name:
    marks: list[Mark] = []
    width, y = max(part.width for part in parts), 0.0
    for part in parts:
        marks += part.marks((width - part.width) / 2, y, above)
        y += above + 1.0 + BETWEEN_ROWS
    return Name(0.0, width, y - BETWEEN_ROWS, tuple(marks))


def _readings_first(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Read aloud and copied, the whole reading comes before the whole name."""
    return tuple(sorted(marks, key=lambda mark: mark.size))


def _points(millimetres: float) -> float:
    return millimetres * POINTS_PER_MM * _ROOM
