"""Files that staff take away: the same table as CSV for one of two readers or as a workbook, and what it lost."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import xlsxwriter

from eventops.spreadsheets.blank import XLSX
from eventops.spreadsheets.sheet_names import sheet_name
from eventops.spreadsheets.writing import Encoding, Lost, Value, write_csv, written

CSV: Final = "text/csv"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,  # a name that begins with "=" is a name
    "strings_to_urls": False,
    "strings_to_numbers": False,  # telephone numbers and codes keep their zeros
}
_NARROWEST, _WIDEST = 8, 40


class Format(StrEnum):
    """What the reader's program expects."""

    XLSX = "xlsx"
    UTF8 = "csv"
    CP932 = "csv-sjis"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to send; `lost` names the characters that its encoding does not have."""

    data: bytes
    mimetype: str
    ending: str
    lost: tuple[Lost, ...] = ()


def export(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], *, form: Format) -> ExportedFile:
    """The table as a file; nothing in it is taken for a formula."""
    if form is Format.XLSX:
        return ExportedFile(_workbook(title, headings, rows), XLSX, ".xlsx")
    made = write_csv(headings, rows, encoding=Encoding.CP932 if form is Format.CP932 else Encoding.UTF8)
    return ExportedFile(made.data, CSV, ".csv", made.lost)


def _workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DFEFF0", "border": 1})
        sheet = book.add_worksheet(sheet_name(title))
        widths = [len(heading) * 2 for heading in headings]
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, start=1):
            cells = [written(value) for value in row]
            sheet.write_row(number, 0, cells)
            widths = [max(width, 2 * len(str(cell))) for width, cell in zip(widths, cells, strict=True)]
        _arrange(sheet, widths)
    return target.getvalue()


def _arrange(sheet: Any, widths: Sequence[int]) -> None:
    for index, width in enumerate(widths):
        sheet.set_column(index, index, min(max(width, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
