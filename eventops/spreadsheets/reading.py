"""Read an uploaded file as a table, whatever program wrote it, or say by code why not."""

from dataclasses import replace

from eventops.spreadsheets.kind import kind_of
from eventops.spreadsheets.table import Cell, Kind, Limits, Problem, Row, Table, UnreadableTable
from eventops.spreadsheets.text import read_text
from eventops.spreadsheets.workbook import read_workbook


def read_table(data: bytes, *, filename: str, limits: Limits | None = None) -> Table:
    """Headings and rows of the file; raises `UnreadableTable` and nothing else."""
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise UnreadableTable(Problem.TOO_LARGE, limit=limits.max_bytes, size=len(data))
    if not data.strip():
        raise UnreadableTable(Problem.EMPTY)
    kind = kind_of(data, filename=filename)
    table = read_text(data, limits=limits) if kind is Kind.TEXT else read_workbook(data, kind=kind, limits=limits)
    if not table.rows:
        raise UnreadableTable(Problem.NO_ROWS, line=table.heading_line)
    return _without_empty_edge(table)


def _without_empty_edge(table: Table) -> Table:
    """Drop columns at the right that have neither a heading nor a value, as spreadsheets like to leave behind."""
    width = _filled_width(table.headings)
    rows = tuple(_trimmed(table.kind, row, width) for row in table.rows)
    return replace(table, headings=table.headings[:width], rows=rows)


def _trimmed(kind: Kind, row: Row, width: int) -> Row:
    stated = len(row.cells) if kind is Kind.TEXT else None
    return Row(row.line, row.cells[: max(width, _filled_width(row.cells))], stated)


def _filled_width(cells: tuple[Cell, ...]) -> int:
    return max((index for index, cell in enumerate(cells, start=1) if _is_filled(cell)), default=0)


def _is_filled(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True
