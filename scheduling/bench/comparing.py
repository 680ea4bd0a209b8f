"""Rows beside each other: how many times longer a baseline takes, and how time grows with size."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduling.bench.rows import Engine, Kind, Row

LEVEL = 0.05  # idle slots per meeting: the quality at which sizes are compared
SMALLEST = 900  # meetings; below, loading the solvers is most of the time


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long as the engine a baseline took; `is_at_least`: it had not got as far when it ended."""

    engine: Engine
    times: float
    is_at_least: bool

    def __str__(self) -> str:
        digits = 2 if self.times < 1 else 1 if self.times < 10 else 0
        return f"{'> ' if self.is_at_least else ''}{self.times:.{digits}f} × {self.engine}"


def ratios(row: Row, rows: Iterable[Row]) -> list[Ratio]:
    """The engine's row beside each baseline on the same problem.

    Where both ended alike, the times until that value, or until the proof, are compared. Where the baseline ended
    worse, its whole run is set against the time until the engine had its last value (or the proof): the baseline would
    have needed longer still. Where the engine ended worse there is no ratio.
    """
    return [one for one in (_ratio(row, other) for other in _beside(row, rows)) if one is not None]


def behind(row: Row, rows: Iterable[Row]) -> list[Engine]:
    """The baselines that ended better than the engine."""
    return [other.engine for other in _beside(row, rows) if _rank(row) > _rank(other)]


def _beside(row: Row, rows: Iterable[Row]) -> Iterator[Row]:
    """The baselines on the same problem as a row of the engine itself."""
    for one in rows if row.engine is Engine.OURS else ():
        if (one.name, one.kind) == (row.name, row.kind) and one.engine is not row.engine:
            yield one


def _ratio(row: Row, other: Row) -> Ratio | None:
    if _rank(row) > _rank(other) or row.outcome == "failed":
        return None
    is_about_proof = _rank(row)[:2] == _rank(other)[:2] and row.is_proven
    falls_short = _rank(row) < _rank(other)
    ours = row.seconds if is_about_proof else _reached(row)
    theirs = other.seconds if is_about_proof or falls_short else _reached(other)
    return Ratio(other.engine, theirs / max(ours, 0.001), falls_short)


def _rank(row: Row) -> tuple[int, int, bool]:
    """Smaller is better: requests left out, value, not proven."""
    left_out = row.meetings - row.placed if row.placed is not None else row.meetings + 1
    value = row.value if row.value is not None else 0
    return left_out, value, not row.is_proven


def _reached(row: Row) -> float:
    """When the run had what it had at its end."""
    return seconds_to(row, row.placed or 0, row.value or 0) or row.seconds


def seconds_to(row: Row, placed: int, value: float) -> float | None:
    """When at least so many requests were placed at a value of at most this, for the first time; None: never."""
    for point in row.trace:
        if point.placed is not None and point.value is not None and point.placed >= placed and point.value <= value:
            return point.seconds
    return None


def growth(rows: Iterable[Row]) -> float | None:
    """The exponent e of seconds ~ meetings^e at equal quality: everything placed, LEVEL idle slots per meeting.

    The slope of the least-squares line through the logarithms of the plain generated events from SMALLEST meetings on;
    None when fewer than two sizes have reached that quality.
    """
    points = []
    for row in rows:
        is_plain = row.engine is Engine.OURS and row.kind is Kind.GENERATED and row.name == str(row.meetings)
        seconds = seconds_to(row, row.meetings, LEVEL * row.meetings)
        if is_plain and row.meetings >= SMALLEST and seconds:
            points.append((math.log(row.meetings), math.log(seconds)))
    return _slope(points)


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    if len({x for x, _ in points}) < 2:
        return None
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return rise / sum((x - middle_x) ** 2 for x, _ in points)
