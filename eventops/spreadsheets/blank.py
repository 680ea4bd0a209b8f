"""Empty workbooks to fill in: headings that the import knows, the required ones marked."""

import io
from collections.abc import Sequence
from typing import Final

import xlsxwriter

from eventops.spreadsheets.columns import Column
from eventops.spreadsheets.sheet_names import sheet_name

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REQUIRED: Final = "(必須)"
_NARROWEST: Final = 12


def blank_workbook(title: str, columns: Sequence[Column]) -> bytes:
    """One sheet with a frozen line of headings."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DFEFF0", "border": 1})
        sheet = book.add_worksheet(sheet_name(title))
        for index, column in enumerate(columns):
            heading = column.heading + (_REQUIRED if column.required else "")
            sheet.write_string(0, index, heading, bold)
            sheet.set_column(index, index, max(_NARROWEST, len(heading) * 2))
        sheet.freeze_panes(1, 0)
    return target.getvalue()
