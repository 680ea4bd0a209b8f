"""A CSV file taken apart: its rows as plain values of the JSON format, each with the number that people see."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from scheduling.faults import Fault
from scheduling.limits import LONGEST_TEXT
from scheduling.reading import shown

ENCODINGS = ("utf-8-sig", "cp932")  # what spreadsheets write in Japan, with or without a byte order mark
BETWEEN = ";"
"""Stands between the names in a cell that holds several."""
TRUE, FALSE = frozenset({"yes", "true", "1", "○"}), frozenset({"no", "false", "0", "×"})


@dataclass(frozen=True, slots=True)
class File:
    """A CSV file as it came: its name for people, and its bytes."""

    name: str
    data: bytes


class Sheet:
    """One file taken apart: its rows as plain values, each with its number."""

    def __init__(self, file: File, columns: Mapping[str, Any], needed: frozenset[str], zone: ZoneInfo) -> None:
        self.name, self.columns, self.zone = shown(file.name), columns, zone
        self.faults: list[Fault] = []
        self.rows: list[dict[str, Any]] = []
        self.numbers: list[int] = []
        self.is_readable = True
        lines = iter(self._lines(_decoded(file.data)))
        headings = [cell.strip().lower() for cell in next(lines, (1, []))[1]]
        self._head(headings, needed)
        for number, cells in lines:
            self._row(headings, number, cells)

    def at(self, number: int, column: str = "") -> str:
        """The path of a cell, or of a whole row."""
        return f"{self.name}:{number}:{column}" if column else f"{self.name}:{number}"

    def unreadable(self, path: str, code: str, value: str = "") -> None:
        """A fault after which the rows mean nothing."""
        self.faults.append(Fault(path, code, shown(value)))
        self.is_readable = False

    def _lines(self, text: str | None) -> Iterator[tuple[int, list[str]]]:
        """The rows that hold anything, numbered as spreadsheets do."""
        number = 0
        if text is None or len(text) > LONGEST_TEXT:
            return self.unreadable(self.name, "not_readable" if text is None else "too_long", "UTF-8, cp932")
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except csv.Error as error:
            self.unreadable(self.at(number + 1), "not_csv", str(error))
        return None

    def _head(self, headings: list[str], needed: frozenset[str]) -> None:
        for place, heading in enumerate(headings):
            if heading in headings[:place]:
                self.unreadable(self.at(1, shown(heading)), "duplicate", heading)
            elif heading and heading not in self.columns:
                self.faults.append(Fault(self.at(1, shown(heading)), "unknown_field", shown(heading)))
        for heading in sorted(needed - set(headings)):
            if self.is_readable:
                self.faults.append(Fault(self.at(1, heading), "missing", heading))
        self.is_readable = self.is_readable and needed <= set(headings)

    def _row(self, headings: list[str], number: int, cells: list[str]) -> None:
        if any(cell.strip() for cell in cells[len(headings) :]):
            self.faults.append(Fault(self.at(number), "too_many_cells", str(len(cells))))
        named = zip(headings, (cell.strip() for cell in cells), strict=False)
        known = ((heading, cell) for heading, cell in named if cell and heading in self.columns)
        self.rows.append({heading: plain(self.columns[heading], cell, self.zone) for heading, cell in known})
        self.numbers.append(number)


def _decoded(data: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def plain(kind: Any, cell: str, zone: ZoneInfo) -> Any:
    """A cell as the JSON format has it; one that is not of the kind stays text, which the reader then refuses."""
    if get_origin(kind) is UnionType:
        kind = get_args(kind)[0]
    if get_origin(kind) in (tuple, frozenset):
        return [name.strip() for name in cell.split(BETWEEN) if name.strip()]
    if kind is int and WHOLE.fullmatch(cell):
        return int(cell)
    if kind is bool and cell.lower() in TRUE | FALSE:
        return cell.lower() in TRUE
    return _moment(cell, zone) if kind is dt.datetime else cell


WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_TIME = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")


def _moment(cell: str, zone: ZoneInfo) -> str:
    """Times without an offset are those of the zone, also when a spreadsheet has rewritten them as 2027/1/15 9:00."""
    found = _TIME.fullmatch(cell)
    if found is None:
        return cell
    try:
        return dt.datetime(*(int(part or 0) for part in found.groups()), tzinfo=zone).isoformat()  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return cell
