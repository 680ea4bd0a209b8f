"""The figures as a table to read (Markdown) and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from scheduling.bench.bars import AIM_GROWTH, MUST_GROWTH, PUBLISHED_SUM, Verdict, bars_of, verdict, words
from scheduling.bench.comparing import LEVEL, behind, growth, ratios
from scheduling.bench.known import optimum
from scheduling.bench.rows import Engine, Kind, Row

FORMAT = "b2b-bench/1"
HEADER = (
    "what",
    "meetings",
    "people",
    "slots",
    "engine",
    "placed",
    "idle slots",
    "periods",
    "bound",
    "proven",
    "wall s",
    "CPU s",
    "MiB",
    "must / aim",
    "met",
    "beside it",
)
LEFT = {0, 4, 13, 14, 15}  # columns of words


def markdown(machine: str, rows: Sequence[Row]) -> str:
    """The machine, one table, and below it what holds for several rows together."""
    lines = [machine, "", *_table([HEADER, *(_cells(row, rows) for row in rows)])]
    notes = [
        *_totals(rows),
        *(f"{row.name}, {row.engine or 'the command line'}: {row.note}" for row in rows if row.note),
    ]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes)]).rstrip() + "\n"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Padded, so that it can be read as it is."""
    widths = [max(3, *(len(row[column]) for row in rows)) for column in range(len(rows[0]))]
    rule = ["-" * (width - 1) + ("-" if column in LEFT else ":") for column, width in enumerate(widths)]
    return [_line(row, widths) for row in (rows[0], rule, *rows[1:])]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if column in LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"


def _cells(row: Row, rows: Sequence[Row]) -> tuple[str, ...]:
    bars = bars_of(row)
    return (
        row.name,
        _number(row.meetings or None),
        _number(row.participants or None),
        _number(row.slots or None),
        row.engine,
        _number(row.placed),
        _number(row.idle_slots),
        _number(row.idle_periods),
        _number(row.bound),
        _proven(row),
        f"{row.seconds:.2f}" if row.seconds < 10 else f"{row.seconds:.0f}",
        "" if row.cpu_seconds is None else f"{row.cpu_seconds:.1f}",
        _number(row.peak_mib),
        f"{words(bars.must)} / {words(bars.aim)}" if bars else "",
        verdict(row),
        ", ".join([*map(str, ratios(row, rows)), *(f"behind {one}" for one in behind(row, rows)), *_remarks(row)]),
    )


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _proven(row: Row) -> str:
    return "" if row.kind is Kind.START_UP else "yes" if row.is_proven else row.outcome if row.placed is None else "no"


def _remarks(row: Row) -> list[str]:
    remarks = []
    known = optimum(row.name) if row.kind is Kind.PUBLISHED else None
    if known is not None and row.is_complete and row.value is not None:
        remarks.append("= known optimum" if row.value == known else f"known optimum {known}")
    if row.reasons is not None:
        remarks.append(f"{row.reasons_true} of {row.reasons} reasons true")
    if row.broken_rules:
        remarks.append(f"{row.broken_rules} RULES BROKEN")
    return remarks


def _totals(rows: Sequence[Row]) -> list[str]:
    exponent = growth(rows)
    published = [row for row in rows if row.kind is Kind.PUBLISHED]
    totals = [_total(engine, [row for row in published if row.engine is engine]) for engine in Engine]
    said = (
        f"seconds until everything is placed with {LEVEL} idle slots per meeting grow as meetings^{exponent or 0:.2f}"
    )
    limits = f"must ≤ {MUST_GROWTH}, aim ≤ {AIM_GROWTH}; loading included"
    return [*filter(None, totals), *([] if exponent is None else [f"{said} ({limits})"])]


def _total(engine: Engine, rows: Sequence[Row]) -> str:
    if len(rows) < 2:
        return ""
    proven = [row.seconds for row in rows if row.is_proven]
    aim = f" (aim for all: {PUBLISHED_SUM:g} s)" if engine is Engine.OURS else ""
    spent = f"{sum(proven):.0f} s, slowest {max(proven):.0f} s" if proven else "no time"
    return f"{engine}: {len(proven)} of {len(rows)} published instances proven in {spent}{aim}"


def is_fine(rows: Sequence[Row]) -> bool:
    """Nothing that must be reached was missed."""
    exponent = growth(rows)
    too_steep = exponent is not None and exponent > MUST_GROWTH
    return not too_steep and all(verdict(row) is not Verdict.MISSED for row in rows)


def document(machine: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Everything that was measured, traces included, for programs."""
    return {
        "format": FORMAT,
        "machine": machine,
        "growth": growth(rows),
        "rows": [
            {
                **asdict(row),
                "known_optimum": optimum(row.name) if row.kind is Kind.PUBLISHED else None,
                "verdict": verdict(row),
                "ratios": [asdict(one) for one in ratios(row, rows)],
            }
            for row in rows
        ],
    }
