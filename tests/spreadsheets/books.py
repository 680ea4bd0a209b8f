"""Workbooks made for the tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

CONTENT_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="応募">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
TYPE_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], *, at: tuple[int, int] = (0, 0), hidden: str = "") -> bytes:
    """Sheets by name, each beginning at the cell `at`."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = {name: book.add_format({"num_format": code}) for name, code in _FORMATS.items()}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            else:
                sheet.activate()
            for row, cells in enumerate(rows, start=at[0]):
                for column, value in enumerate(cells, start=at[1]):
                    sheet.write(row, column, value, formats.get(type(value).__name__))
    return file.getvalue()


def xlsx_filled_at(*places: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place in places:
            sheet.write(place, "x")
    return file.getvalue()


_FORMATS = {
    "date": "yyyy/mm/dd",
    "datetime": "yyyy/mm/dd hh:mm",
    "time": "hh:mm",
    "timedelta": "[h]:mm",
}


def ods(rows: Sequence[Sequence[str]], *, manifest: str = "") -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return archive(
        {
            "mimetype": TYPE_ODS.encode(),
            "content.xml": CONTENT_ODS.format(rows=cells).encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def archive(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return file.getvalue()
