"""Where the headings of a table stand, and which kind of sheet they are those of."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eventops.spreadsheets.table import Cell, Row, Table
from eventops.spreadsheets.values import is_empty, plain

if TYPE_CHECKING:
    from eventops.spreadsheets.columns import Column

FIRST_LINES: Final = 10
"""How many lines may stand above the headings: a title, a date, who it is for."""
_DECORATION: Final = re.compile(r"[\s*※]|\((?:必須|任意)\)|【(?:必須|任意)】")


def folded(heading: str) -> str:
    """The heading without what people add to it."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", heading)).lower()


def under_headings(table: Table, columns: Sequence["Column"]) -> Table:
    """The table from the line on that names every required column; as it is where none of the first lines does."""
    if names_required(table.headings, columns):
        return table
    for index, row in enumerate(table.rows[:FIRST_LINES]):
        headings = tuple(plain(cell).strip() for cell in _filled(row.cells))
        if names_required(headings, columns):
            return replace(table, heading_line=row.line, headings=headings, rows=_as_wide(table, index, len(headings)))
    return table


def _filled(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    width = max((index for index, cell in enumerate(cells, start=1) if not is_empty(cell)), default=0)
    return cells[:width]


def _as_wide(table: Table, index: int, width: int) -> tuple[Row, ...]:
    """The rows below, as wide as the headings or as what stands in them: the edge was cut by the line above.

    A line of text that never had so many cells stays short.
    """
    return tuple(_padded(row, width) for row in table.rows[index + 1 :])


def _padded(row: Row, width: int) -> Row:
    cells = _filled(row.cells)
    return replace(row, cells=cells + ("",) * (min(width, row.stated or width) - len(cells)))


def names_required(headings: Iterable[str], columns: Sequence["Column"]) -> bool:
    """Whether every required column of this kind of sheet is there; a kind that requires none is never recognised."""
    there = {folded(heading) for heading in headings}
    required = [column for column in columns if column.required]
    return bool(required) and all(
        any(folded(name) in there for name in (column.field, *column.headings)) for column in required
    )


def kind_of_sheet(table: Table, kinds: Mapping[str, Sequence["Column"]]) -> str | None:
    """Which of these kinds the table is one of, wherever its headings stand."""
    found = (kind for kind, columns in kinds.items() if knows_most(under_headings(table, columns).headings, columns))
    return next(found, None)


def knows_most(headings: Sequence[str], columns: Sequence["Column"]) -> bool:
    """Whether the sheet is of this kind: all that is required, and hardly a column that the kind does not have."""
    known = {folded(name) for column in columns for name in (column.field, *column.headings)}
    filled = [heading for heading in headings if heading]
    return names_required(filled, columns) and sum(folded(one) in known for one in filled) >= 0.8 * len(filled)
