"""A table as read from a file: headings, rows with the line numbers of the file, and why a file is refused."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from eventops.errors import DomainError

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta
"""What stands in a cell; an empty one is the empty text."""

MEBIBYTE: Final = 1024 * 1024


class Kind(StrEnum):
    """The kinds of file that hold a table."""

    TEXT = "text"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


class Problem(StrEnum):
    """Why a whole file is refused."""

    WRONG_KIND = "file_wrong_kind"
    TOO_LARGE = "file_too_large"
    TOO_LARGE_INSIDE = "file_too_large_inside"
    TOO_MANY_ROWS = "file_too_many_rows"
    TOO_MANY_COLUMNS = "file_too_many_columns"
    UNDECODABLE = "file_undecodable"
    BAD_QUOTES = "file_bad_quotes"
    ENCRYPTED = "file_encrypted"
    DAMAGED = "file_damaged"
    EMPTY = "file_empty"
    NO_ROWS = "file_no_rows"


class UnreadableTable(DomainError):
    """A file that is not a table which can be read; `problem` says why, `details` where."""

    def __init__(self, problem: Problem, **details: object) -> None:
        self.code = problem.value
        self.problem = problem
        super().__init__(**details)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is accepted; the size inside is that of an unpacked workbook."""

    max_bytes: int = 10 * MEBIBYTE
    max_bytes_inside: int = 100 * MEBIBYTE
    max_rows: int = 20_000
    max_columns: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line on which it begins, counted as the file's own program counts.

    `stated`: how many cells a file of text has in it, whatever was cut off since; None where all rows are as wide.
    """

    line: int
    cells: tuple[Cell, ...]
    stated: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows. Rows of text keep their own length, those of a workbook have one cell per heading."""

    kind: Kind
    heading_line: int
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str = ""
    sheet: str = ""
