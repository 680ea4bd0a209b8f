"""Tables from text: which encoding and separator, and rows with the line numbers an editor shows."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from eventops.spreadsheets.guard import unguarded
from eventops.spreadsheets.table import Kind, Limits, Problem, Row, Table, UnreadableTable

_SEPARATORS: Final = ",\t;"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_END_OF_FILE_SIGN: Final = "\x1a"


def read_text(data: bytes, *, limits: Limits) -> Table:
    text, encoding = decode(data)
    rows = _filled_rows(text.rstrip(_END_OF_FILE_SIGN), limits)
    try:
        heading, *body = rows
    except ValueError:
        raise UnreadableTable(Problem.EMPTY) from None
    headings = tuple(str(cell).strip() for cell in heading.cells)
    if len(headings) > limits.max_columns:
        raise UnreadableTable(Problem.TOO_MANY_COLUMNS, limit=limits.max_columns)
    return Table(Kind.TEXT, heading.line, headings, tuple(body), encoding=encoding)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, else UTF-8, else the Japanese Windows one."""
    if data.startswith(_UTF8_MARK):
        return _decoded(data, "utf-8-sig"), "utf-8-sig"
    if data.startswith(_UTF16_MARKS):
        return _decoded(data, "utf-16"), "utf-16"
    failures: list[UnicodeDecodeError] = []
    for encoding in ("utf-8", "cp932"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            failures.append(error)
    raise _undecodable(max(failures, key=lambda failure: failure.start))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error) from error


def _undecodable(error: UnicodeDecodeError) -> UnreadableTable:
    before = bytes(error.object[: error.start])
    lines = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    byte = f"{error.object[error.start]:02X}" if error.start < len(error.object) else ""
    return UnreadableTable(Problem.UNDECODABLE, line=lines + 1, byte=byte, encoding=error.encoding)


def _filled_rows(text: str, limits: Limits) -> list[Row]:
    found: list[Row] = []
    for row in _rows(text, _separator(text)):
        if _is_filled(row):
            found.append(row)
        if len(found) > limits.max_rows + 1:
            raise UnreadableTable(Problem.TOO_MANY_ROWS, limit=limits.max_rows)
    return found


def _is_filled(row: Row) -> bool:
    return any(str(cell).strip() for cell in row.cells)


def _separator(text: str) -> str:
    """The one that cuts the headings into most pieces."""
    return max(_SEPARATORS, key=lambda separator: _width_of_first_row(text, separator))


def _width_of_first_row(text: str, separator: str) -> int:
    try:
        return next(len(row.cells) for row in _rows(text, separator) if len(row.cells) > 1 or _is_filled(row))
    except (StopIteration, UnreadableTable):
        return 0


def _rows(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableTable(Problem.BAD_QUOTES, line=line) from error
        yield Row(line, tuple(map(unguarded, cells)))
        line = reader.line_num + 1
