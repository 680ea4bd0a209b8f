"""Knows how lists become an Excel workbook that opens ready to read and to print in a Japanese office."""

import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import xlsxwriter

from eventops import wareki
from eventops.printing.imprint import Imprint
from eventops.spreadsheets.sheet_names import sheet_name

Cell = str | int | dt.date | None


class Kind(StrEnum):
    """What a column holds. Times are aware moments, shown as the clock in Japan."""

    TEXT = "text"
    NUMBER = "number"
    YEN = "yen"
    DATE = "date"
    TIME = "time"
    MARK = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` in half-width characters; None fits it to the longest cell."""

    title: str
    kind: Kind = Kind.TEXT
    width: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    imprint: Imprint


_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"text_wrap": True, "num_format": "@"},
    Kind.NUMBER: {"num_format": "0"},
    Kind.YEN: {"num_format": '#,##0"円"'},
    Kind.DATE: {"num_format": "yyyy/m/d"},
    Kind.TIME: {"num_format": "h:mm", "align": "center"},
    Kind.MARK: {"align": "center"},
}
_CELL = {"font_name": "Yu Gothic", "font_size": 10, "valign": "vcenter", "border": 4}
_HEAD = {**_CELL, "bold": True, "align": "center", "bg_color": "#E4E4E4", "bottom": 1, "text_wrap": True}
_NARROWEST, _WIDEST = 6, 44
_A4 = 9
_LONGEST_CELL = 32767
_LONGEST_NAME = 31
_LONGEST_MARGIN_TEXT = 90  # of 255 for the whole footer, which carries two such texts
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,  # a name that begins with "=" is a name
    "strings_to_urls": False,
    "strings_to_numbers": False,  # telephone numbers and codes keep their zeros
}


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """One tab per sheet, in this order. A workbook needs a tab: no sheets make an empty one."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    formats = {kind: book.add_format({**_CELL, **look}) for kind, look in _FORMATS.items()}
    head = book.add_format(_HEAD)
    for sheet, name in zip(sheets, tab_names(sheet.name for sheet in sheets), strict=True):
        page = book.add_worksheet(name)
        _fill(page, sheet, formats, head)
        _arrange_paper(page, sheet)
    if not sheets:
        book.add_worksheet()
    book.close()
    return file.getvalue()


def tab_names(names: Iterable[str]) -> list[str]:
    """As Excel allows them: 31 characters, no []:*?/\\, no quote at the ends, none twice (capitals aside)."""
    taken: list[str] = []
    for name in names:
        taken.append(_free_name(sheet_name(name), {other.casefold() for other in taken}))
    return taken


def _free_name(name: str, taken: set[str]) -> str:
    if name.casefold() not in taken and name.casefold() != "history":  # a name that Excel keeps for itself
        return name
    return next(
        candidate
        for number in range(2, len(taken) + 3)
        if (candidate := f"{name[: _LONGEST_NAME - 6]} ({number})").casefold() not in taken
    )


def _fill(page: Any, sheet: Sheet, formats: dict[Kind, Any], head: Any) -> None:
    for x, column in enumerate(sheet.columns):
        page.write_string(0, x, column.title, head)
        page.set_column(x, x, _width(column, [row[x] for row in sheet.rows]))
    for y, row in enumerate(sheet.rows, start=1):
        for x, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _write(page, y, x, cell, formats[column.kind])


def _write(page: Any, y: int, x: int, cell: Cell, look: Any) -> None:
    match cell:
        case None | "":
            page.write_blank(y, x, None, look)
        case str():
            page.write_string(y, x, cell[:_LONGEST_CELL], look)
        case dt.datetime():
            page.write_datetime(y, x, wareki.japan_time(cell).replace(tzinfo=None), look)
        case dt.date():
            page.write_datetime(y, x, cell, look)
        case _:
            page.write_number(y, x, cell, look)


def _arrange_paper(page: Any, sheet: Sheet) -> None:
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_header(f"&L&B{_in_margin(sheet.name)}&R{_in_margin(sheet.imprint.event)}")
    version, printed = _in_margin(sheet.imprint.version), sheet.imprint.printed
    page.set_footer(f"&L{version}  印刷 {printed}&R&P / &N ページ")
    if sheet.rows and sheet.columns:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _in_margin(words: str) -> str:
    return words[:_LONGEST_MARGIN_TEXT].replace("&", "&&")


def _width(column: Column, cells: Sequence[Cell]) -> int:
    if column.width is not None:
        return column.width
    longest = max((_half_widths(_shown(cell)) for cell in [column.title, *cells]), default=0)
    return min(max(longest + 3, _NARROWEST), _WIDEST)


def _shown(cell: Cell) -> str:
    """Near enough to know how wide it is; the formats decide what is really shown."""
    match cell:
        case dt.datetime():
            return "00:00"
        case dt.date():
            return "2027/12/31"
        case int():
            return f"{cell:,}円"
        case _:
            return cell or ""


def _half_widths(words: str) -> int:
    """Of the longest line; a kanji or kana is as wide as two digits."""
    lines = words.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(sign) in "FWA" else 1 for sign in line) for line in lines)
