"""Knows where on a label each line, the code, the logo and the category stand: boxes in mm that never overlap."""

from dataclasses import dataclass
from functools import lru_cache

from eventops.printing.layouts import Layout, Shown, Size
from eventops.printing.stocks import Stock

POINTS_PER_MM = 72 / 25.4
_USUAL = (91.0, 55.0)
_UPRIGHT_WIDTH = 78.0
_GROWS = 1.35
_LEAST_CODE = 15.0
_NAME = {Size.SMALL: 9.0, Size.MEDIUM: 13.0, Size.LARGE: 18.0}
_LINE = {Size.SMALL: 4.0, Size.MEDIUM: 7.5, Size.LARGE: 11.0}
_RUBY = 1.3
"""How much higher a name is with its reading above."""


@dataclass(frozen=True, slots=True)
class Box:
    """From the upper left corner of the label."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Box") -> bool:
        apart = self.x + self.width <= other.x or other.x + other.width <= self.x
        return not (apart or self.bottom <= other.y or other.bottom <= self.y)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`points` is the size of one line of text that fills the height of its box."""

    lines: tuple[tuple[Shown, Box, float], ...]
    code: Box | None
    logo: Box | None
    band: Box | None
    is_centred: bool


@lru_cache(maxsize=256)
def arrange(
    width: float,
    height: float,
    shown: tuple[tuple[Shown, Size], ...],
    *,
    ruby: bool,
    code: bool,
    logo: bool,
    band: bool,
) -> Arrangement:
    """The lines that somebody has something to say in, from top to bottom."""
    label = _Label(width, height, code=code, logo=logo, band=band)
    heights = [_natural(line, size, ruby=ruby) * label.unit for line, size in shown]
    room = label.floor - label.ceiling
    factor = min(_GROWS, room / sum(heights)) if heights else 1.0
    used = sum(heights) * factor
    spacing = min((room - used) / (len(heights) + 1), 2.5 * label.unit)
    y = label.ceiling + (room - used - spacing * (len(heights) - 1)) / 2
    lines = []
    for (line, _size), natural in zip(shown, heights, strict=True):
        box = label.beside_obstacles(y, natural * factor)
        lines.append((line, box, _points(line, box.height, ruby=ruby)))
        y += box.height + spacing
    return Arrangement(tuple(lines), label.code, label.logo, label.band, label.is_centred)


def of_layout(stock: Stock, layout: Layout, *, said: frozenset[Shown], has_logo: bool) -> Arrangement:
    """For somebody whose badge says these things."""
    shown = tuple((line, size) for line, size in layout.shown if line in said)
    face = stock.face
    return arrange(
        face.width, face.height, shown, ruby=layout.has_ruby, code=layout.qr, logo=has_logo, band=layout.band
    )


def _natural(line: Shown, size: Size, *, ruby: bool) -> float:
    if line != Shown.NAME:
        return _LINE[size]
    return _NAME[size] * (_RUBY if ruby else 1.0)


def _points(line: Shown, height: float, *, ruby: bool) -> float:
    share = 0.66 if line == Shown.NAME and ruby else 0.86
    return height * share * POINTS_PER_MM


class _Label:
    """The label with what has a fixed place: category below, code and logo at the right or in the middle."""

    def __init__(self, width: float, height: float, *, code: bool, logo: bool, band: bool) -> None:
        self.width, self.height = width, height
        self.is_upright = height > width
        self.unit = width / _UPRIGHT_WIDTH if self.is_upright else min(width / _USUAL[0], height / _USUAL[1])
        self.edge = max(1.5, min(4.0 * self.unit, 8.0))
        self.band = self._band() if band else None
        below = self.band.y if self.band else height - self.edge
        self.floor = below - self.unit
        self.ceiling = max(1.2, 3.0 * self.unit)
        self.code = self._code(below) if code else None
        self.logo = self._logo() if logo else None
        self.is_centred = self.is_upright or not (self.code or self.logo)
        if self.is_upright:
            self.floor = self.code.y - self.unit if self.code else self.floor
            self.ceiling = self.logo.bottom + self.unit if self.logo else self.ceiling + self.unit

    def _band(self) -> Box:
        """Kept off the edge: stock is never torn or fed to the tenth of a millimetre."""
        inset, high = max(1.2, 3.0 * self.unit), (11.0 if self.is_upright else 8.0) * self.unit
        return Box(inset, self.height - inset * 0.85 - high, self.width - 2 * inset, high)

    def _code(self, below: float) -> Box:
        """With its quiet zone, which may reach to the edge."""
        if self.is_upright:
            side = min(38.0 * self.unit, self.height * 0.36)
            return Box((self.width - side) / 2, below - side - 0.5 * self.unit, side, side)
        side = min(max(24.5 * self.unit, _LEAST_CODE), below - 1.0)
        return Box(self.width - side - max(0.8, 2.5 * self.unit), below - side - 0.5 * self.unit, side, side)

    def _logo(self) -> Box:
        if self.is_upright:
            wide, high = 44.0 * self.unit, 13.0 * self.unit
            return Box((self.width - wide) / 2, self.ceiling, wide, high)
        wide, high = 24.0 * self.unit, 8.5 * self.unit
        above = self.code.y - self.ceiling if self.code else high
        return Box(self.width - self.edge - wide, self.ceiling, wide, min(high, above))

    def beside_obstacles(self, y: float, height: float) -> Box:
        whole = Box(self.edge, y, self.width - 2 * self.edge, height)
        limits = [one.x - self.edge - self.unit for one in (self.code, self.logo) if one and whole.overlaps(one)]
        return Box(self.edge, y, min([whole.width, *limits]), height)
