"""What is expected of the engine: what it must reach, and what it aims at. Two cores, a quiet machine."""

from dataclasses import dataclass
from enum import StrEnum

from scheduling.bench.known import optimum
from scheduling.bench.rows import Engine, Kind, Row


@dataclass(frozen=True, slots=True)
class Bar:
    """Limits that a row keeps or not; None = no limit."""

    seconds: float
    value: int | None = None
    mebibytes: int | None = None
    is_complete: bool = False
    is_proven: bool = False
    reasons_are_true: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """What must be reached and what is aimed at."""

    must: Bar
    aim: Bar


class Verdict(StrEnum):
    """How a row stands to its bars."""

    AIM = "aim reached"
    MUST = "must reached"
    MISSED = "missed"
    NONE = ""  # no bar for it


_BY_KIND = {
    Kind.PUBLISHED: Bars(Bar(150, is_complete=True, is_proven=True), Bar(20, is_complete=True, is_proven=True)),
    Kind.OVER_CONSTRAINED: Bars(Bar(150, reasons_are_true=True), Bar(60, is_proven=True, reasons_are_true=True)),
    Kind.EVENT: Bars(Bar(10, is_complete=True, is_proven=True), Bar(2, is_complete=True, is_proven=True)),
    Kind.START_UP: Bars(Bar(0.5), Bar(0.2)),
}
_BY_SIZE = {
    900: Bars(Bar(15, value=5, is_complete=True), Bar(3, value=0, is_complete=True)),
    5_000: Bars(Bar(60, value=60, is_complete=True), Bar(15, value=20, is_complete=True)),
    20_000: Bars(Bar(240, value=1_100, mebibytes=2_048, is_complete=True), Bar(60, value=500, is_complete=True)),
}
_REPLAN_SMALL, _REPLAN_LARGE = Bars(Bar(1), Bar(1)), Bars(Bar(5), Bar(5))
SMALL = 1_000  # meetings: up to here an event is of an association's size
PUBLISHED_SUM = 100.0  # seconds for all published instances together, an aim
MUST_GROWTH, AIM_GROWTH = 1.4, 1.2  # exponent of time over meetings at equal quality


def bars_of(row: Row) -> Bars | None:
    """The bars of a row of the engine itself; baselines have none, nor have other kinds of generated events."""
    if row.engine not in (Engine.OURS, Engine.NONE):
        return None
    if row.kind is Kind.REPLAN:
        return _REPLAN_SMALL if row.meetings <= SMALL else _REPLAN_LARGE
    if row.kind is Kind.GENERATED:
        return _BY_SIZE.get(row.meetings) if row.name == str(row.meetings) else None
    return _BY_KIND[row.kind]


def verdict(row: Row) -> Verdict:
    """Aim, must, missed, or nothing where there is no bar. A broken rule or a wrong optimum is always missed."""
    bars = bars_of(row)
    if is_wrong(row):
        return Verdict.MISSED
    if bars is None:
        return Verdict.NONE
    if not keeps(row, bars.must):
        return Verdict.MISSED
    return Verdict.AIM if keeps(row, bars.aim) else Verdict.MUST


def is_wrong(row: Row) -> bool:
    """A broken rule, a reason that is not true, a failed run, or the proof of another value than the known optimum."""
    known = optimum(row.name) if row.kind is Kind.PUBLISHED else None
    contradicts = known is not None and row.is_complete and row.is_proven and row.value != known
    return bool(row.broken_rules) or row.outcome == "failed" or contradicts or row.reasons_true != row.reasons


def keeps(row: Row, bar: Bar) -> bool:
    """Whether the row stays within every limit of the bar."""
    return (
        row.seconds <= bar.seconds
        and (bar.value is None or (row.value is not None and row.value <= bar.value))
        and (bar.mebibytes is None or (row.peak_mib is not None and row.peak_mib <= bar.mebibytes))
        and (row.is_complete or not bar.is_complete)
        and (row.is_proven or not bar.is_proven)
        and (row.reasons is not None or not bar.reasons_are_true)
    )


def words(bar: Bar) -> str:
    """The bar as it stands in the table."""
    parts = [f"≤ {bar.seconds:g} s"]
    if bar.value is not None:
        parts.append(f"≤ {bar.value:,} idle" if bar.value else "0 idle")
    if bar.mebibytes is not None:
        parts.append(f"≤ {bar.mebibytes:,} MiB")
    if bar.is_proven:
        parts.append("proven")
    return ", ".join(parts)
