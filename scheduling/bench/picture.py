"""Quality over time as a picture: one panel per problem, one line per engine, seconds on a logarithmic axis. SVG."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from scheduling.bench.rows import Engine, Point, Row
from scheduling.problem import GoalName

COLOURS = {Engine.OURS: "#0072b2", Engine.NAIVE: "#d55e00", Engine.RC2: "#009e73"}  # Okabe and Ito: for all eyes
INK, GREY, GRID = "#1f2933", "#616e7c", "#e4e7eb"
FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK JP', sans-serif"
WIDTH, HEIGHT = 250, 150  # of what is drawn in a panel
LEFT, TOP, GAP_X, GAP_Y, MARGIN = 44, 96, 62, 74, 18
COLUMNS = 4
MANY = 300  # values from here on are labelled by powers of ten only
LABEL = 18  # from one label on the axis to the next, at least
SHORTEST = 0.1  # seconds at the left edge
GOALS = {
    GoalName.WEIGHT_UNPLACED: "requests left out",
    GoalName.GUEST_IDLE_SLOTS: "idle slots",
    GoalName.GUEST_IDLE_PERIODS: "idle periods",
}
_Attribute = str | float


def picture(title: str, rows: Iterable[Row]) -> str:
    """The whole picture; rows without a timetable or a bound have no line."""
    panels = [_Panel(same) for same in _by_problem(rows)]
    columns = max(1, min(COLUMNS, len(panels)))
    longest = 10 ** math.ceil(math.log10(max([1.0, *(panel.longest for panel in panels)])))
    width = max(LEFT + columns * (WIDTH + GAP_X), 640)
    height = TOP + max(1, -(-len(panels) // columns)) * (HEIGHT + GAP_Y)
    parts = [_rectangle(0, 0, width, height, "#ffffff"), *_heading(title, [row for one in panels for row in one.rows])]
    for number, panel in enumerate(panels):
        x, y = LEFT + number % columns * (WIDTH + GAP_X), TOP + number // columns * (HEIGHT + GAP_Y)
        parts.append(_tag("g", "".join(panel.drawn(longest)), transform=f"translate({x} {y})"))
    size: dict[str, _Attribute] = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    said = _tag("title", escape(title))
    return _tag("svg", said + "".join(parts), xmlns="http://www.w3.org/2000/svg", role="img", **size) + "\n"


def _by_problem(rows: Iterable[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.trace and row.engine is not Engine.NONE:
            found.setdefault(row.name, []).append(row)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Scales:
    """From seconds and values to places in a panel. Values lie on log(1 + value), so that 0 has its place."""

    longest: float
    highest: float

    def x(self, seconds: float) -> float:
        share = math.log(max(seconds, SHORTEST) / SHORTEST) / math.log(self.longest / SHORTEST)
        return round(WIDTH * share, 1)

    def y(self, value: float) -> float:
        return round(HEIGHT * (1 - math.log1p(value) / math.log1p(self.highest)), 1)

    def moments(self) -> Iterator[float]:
        yield from (10.0**power for power in range(-1, round(math.log10(self.longest)) + 1))

    def values(self) -> list[int]:
        """0 and those of 1, 3, 10, 30 … (of high ones only 1, 10, 100 …) that have room."""
        chosen, digits = [0], (1, 3) if self.highest < MANY else (1,)
        for step in (digit * 10**power for power in range(9) for digit in digits):
            if step <= self.highest and self.y(chosen[-1]) - self.y(step) >= LABEL:
                chosen.append(step)
        return chosen


class _Panel:
    """One problem with what each engine reached when."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.longest = max(row.seconds for row in rows)
        values = [known for row in rows for point in _shown(row) for known in (point.value, point.bound) if known]
        self.highest = max([3, *values])

    def drawn(self, longest: float) -> Iterator[str]:
        scales = _Scales(longest, self.highest * 1.1)
        yield from self._frame(scales)
        for row in self.rows:
            yield from _line(row, scales)

    def _frame(self, scales: _Scales) -> Iterator[str]:
        first = self.rows[0]
        yield _text(0, -24, first.name, weight=600, size=13)
        yield _text(
            0, -9, f"{first.meetings:,} meetings, {first.slots} slots: {GOALS[GoalName(first.goal)]}", colour=GREY
        )
        for value in scales.values():
            y = scales.y(value)
            yield _stroke(f"M0 {y}H{WIDTH}", GRID, 1)
            yield _text(-7, y + 4, f"{value:,}", colour=GREY, anchor="end")
        for moment in scales.moments():
            x = scales.x(moment)
            yield _stroke(f"M{x} 0V{HEIGHT + 4}", GRID, 1)
            yield _text(x, HEIGHT + 17, f"{moment:g} s", colour=GREY, anchor="middle")
        yield _stroke(f"M0 {HEIGHT}H{WIDTH}", GREY, 1)


def _shown(row: Row) -> list[Point]:
    """From the first point on at which as much is placed as at the end, unless that is what counts."""
    is_counted = row.goal == GoalName.WEIGHT_UNPLACED
    return [point for point in row.trace if is_counted or point.value is None or point.placed == row.placed]


def _line(row: Row, scales: _Scales) -> Iterator[str]:
    """Values in full, bounds dashed; the end is a disc when it is proven, a ring when it is not."""
    colour = COLOURS[row.engine]
    bounds = [(point.seconds, point.bound) for point in row.trace if point.bound]
    values = [(point.seconds, point.value) for point in _shown(row) if point.value is not None]
    if bounds:
        yield _stroke(_steps(bounds, row.seconds, scales), colour, 1.5, dashes="2 3")
    if values:
        yield _stroke(_steps(values, row.seconds, scales), colour, 2)
        yield from _end(row, scales.x(row.seconds), scales.y(values[-1][1]))


def _end(row: Row, x: float, y: float) -> Iterator[str]:
    """Beside it stands how many requests are left out, where the value does not say so."""
    colour = COLOURS[row.engine]
    fill = colour if row.is_proven else "#ffffff"
    yield _tag("circle", cx=x, cy=y, r=4, fill=fill, stroke=colour, stroke_width=2)
    left_out = row.meetings - (row.placed or 0)
    if left_out and row.goal != GoalName.WEIGHT_UNPLACED:
        yield _text(x - 9, y + 4, f"{left_out:,} left out", colour=colour, anchor="end")


def _steps(points: Sequence[tuple[float, int]], end: float, scales: _Scales) -> str:
    """What was known last holds until something better is known."""
    parts = [f"M{scales.x(points[0][0])} {scales.y(points[0][1])}"]
    parts += [f"H{scales.x(seconds)}V{scales.y(value)}" for seconds, value in points[1:]]
    return "".join([*parts, f"H{scales.x(end)}"])


def _heading(title: str, rows: Sequence[Row]) -> Iterator[str]:
    """The title, and below it whose line is which."""
    yield _text(MARGIN, 26, title, weight=600, size=15)
    x = MARGIN
    for engine in (one for one in COLOURS if any(row.engine is one for row in rows)):
        yield _stroke(f"M{x} 46H{x + 24}", COLOURS[engine], 2)
        yield _text(x + 31, 50, engine)
        x += 56 + 7 * len(engine)
    yield _stroke(f"M{x} 46H{x + 24}", GREY, 1.5, dashes="2 3")
    yield _text(x + 31, 50, "bound", colour=GREY)
    for place, (fill, word) in enumerate(((GREY, "proven"), ("#ffffff", "not proven"))):
        middle = x + 88 + 70 * place
        yield _tag("circle", cx=middle, cy=46, r=4, fill=fill, stroke=GREY, stroke_width=2)
        yield _text(middle + 10, 50, word, colour=GREY)


def _text(
    x: float, y: float, said: str, *, colour: str = INK, size: int = 11, weight: int = 400, anchor: str = "start"
) -> str:
    look: dict[str, _Attribute] = {"font_family": FONT, "font_size": size, "font_weight": weight, "text_anchor": anchor}
    return _tag("text", escape(said), x=x, y=y, fill=colour, **look)


def _stroke(path: str, colour: str, width: float, *, dashes: str = "none") -> str:
    look: dict[str, _Attribute] = {"stroke_width": width, "stroke_dasharray": dashes, "stroke_linejoin": "round"}
    return _tag("path", "", d=path, fill="none", stroke=colour, **look)


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return _tag("rect", x=x, y=y, width=width, height=height, fill=colour)


def _tag(name: str, content: str = "", **attributes: _Attribute) -> str:
    said = "".join(f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"
