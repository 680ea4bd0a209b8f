"""Which columns an import expects, and all faults of a table at once, so that nothing is half imported."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eventops.spreadsheets.headings import folded
from eventops.spreadsheets.table import Cell, Kind, Row, Table
from eventops.spreadsheets.values import BadValue, FaultCode, Parse, is_empty, plain

_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Column:
    """One expected column. The first heading is the one that people are told; the field's name is accepted too.

    A required column must be there and filled on every line; any other may be missing and then means `empty`.
    """

    field: str
    headings: tuple[str, ...]
    parse: Parse
    required: bool = False
    unique: bool = False
    empty: object = None

    @property
    def heading(self) -> str:
        return self.headings[0] if self.headings else self.field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with the line and the column as the person sees them in the file."""

    line: int
    heading: str
    code: FaultCode
    value: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """The values of one line by field."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, field_name: str) -> Any:
        return self.values[field_name]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Rows that can be imported and every fault; with any fault a caller imports nothing."""

    rows: tuple[ParsedRow, ...]
    faults: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        return not self.faults


Places = Mapping[str, int]
"""Field name → index of its column in the table."""


def parse_rows(table: Table, columns: Sequence[Column], *, ignored: Collection[str] = ()) -> Parsed:
    """Read every row by the columns; headings in `ignored` are known and not wanted.

    Without a required column no row can be judged: then only the headings are found fault with.
    """
    places, faults = _locate(table, columns, ignored)
    if any(fault.code is FaultCode.MISSING_HEADING for fault in faults):
        return Parsed((), tuple(faults))
    rows: list[ParsedRow] = []
    for row in table.rows:
        values, found = _parse_row(table, row, columns, places)
        rows.append(ParsedRow(row.line, values))
        faults += found
    faults += _repeated(rows, table, columns, places)
    return Parsed(tuple(rows), tuple(sorted(faults, key=lambda fault: fault.line)))


def present(table: Table, columns: Sequence[Column]) -> Mapping[str, str]:
    """Field → heading in the file, of the columns that are there: what is missing must not wipe what is known."""
    places, _faults = _locate(table, columns, ())
    return {field_name: table.headings[index] for field_name, index in places.items()}


def _locate(table: Table, columns: Sequence[Column], ignored: Collection[str]) -> tuple[Places, list[Fault]]:
    known = {folded(name): column for column in columns for name in (column.field, *column.headings)}
    unwanted = {folded(name) for name in ignored}
    places: dict[str, int] = {}
    faults: list[Fault] = []
    for index, heading in enumerate(table.headings):
        column = known.get(folded(heading))
        if column is not None and column.field not in places:
            places[column.field] = index
        elif column is not None:
            faults.append(Fault(table.heading_line, heading, FaultCode.DUPLICATE_HEADING))
        elif heading and folded(heading) not in unwanted:
            faults.append(Fault(table.heading_line, heading, FaultCode.UNKNOWN_HEADING))
    return places, faults + _missing(table, columns, places)


def _missing(table: Table, columns: Sequence[Column], places: Places) -> list[Fault]:
    return [
        Fault(table.heading_line, column.heading, FaultCode.MISSING_HEADING)
        for column in columns
        if column.required and column.field not in places
    ]


def _parse_row(
    table: Table, row: Row, columns: Sequence[Column], places: Places
) -> tuple[dict[str, object], list[Fault]]:
    ragged = _ragged(table, row)
    if ragged is not None:
        return {}, [ragged]
    values: dict[str, object] = {}
    faults: list[Fault] = []
    for column in columns:
        try:
            values[column.field] = _value(column, row, places)
        except BadValue as bad:
            faults.append(_fault(table, row, column, places, bad))
    return values, faults


def _ragged(table: Table, row: Row) -> Fault | None:
    expected, found = len(table.headings), len(row.cells)
    details = {"expected": expected, "found": found}
    if found > expected:
        return Fault(row.line, "", FaultCode.TOO_MANY_CELLS, _shown(row.cells[expected]), details)
    if found < expected and table.kind is Kind.TEXT:
        return Fault(row.line, "", FaultCode.TOO_FEW_CELLS, "", details)
    return _headless(table, row)


def _headless(table: Table, row: Row) -> Fault | None:
    for heading, cell in zip(table.headings, row.cells, strict=False):
        if not heading and not is_empty(cell):
            return Fault(row.line, "", FaultCode.TOO_MANY_CELLS, _shown(cell))
    return None


def _value(column: Column, row: Row, places: Places) -> object:
    cell = _cell(column, row, places)
    if not is_empty(cell):
        return column.parse(cell)
    if column.required and column.field in places:
        raise BadValue(FaultCode.REQUIRED)
    return column.empty


def _cell(column: Column, row: Row, places: Places) -> Cell:
    index = places.get(column.field)
    return row.cells[index] if index is not None and index < len(row.cells) else ""


def _fault(table: Table, row: Row, column: Column, places: Places, bad: BadValue) -> Fault:
    heading = table.headings[places[column.field]]
    return Fault(row.line, heading, bad.code, _shown(_cell(column, row, places)), bad.details)


def _shown(cell: Cell) -> str:
    value = " ".join(plain(cell).split())
    return value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"


def _repeated(rows: Sequence[ParsedRow], table: Table, columns: Sequence[Column], places: Places) -> list[Fault]:
    faults: list[Fault] = []
    for column in columns:
        if column.unique and column.field in places:
            heading = table.headings[places[column.field]]
            faults += _repeated_values(rows, column.field, heading)
    return faults


def _repeated_values(rows: Sequence[ParsedRow], field_name: str, heading: str) -> Iterator[Fault]:
    first_line: dict[object, int] = {}
    for row in rows:
        value = row.values.get(field_name)
        if value is None:
            continue
        first = first_line.setdefault(value, row.line)
        if first != row.line:
            yield Fault(row.line, heading, FaultCode.DUPLICATE_VALUE, _shown(str(value)), {"first": first})
