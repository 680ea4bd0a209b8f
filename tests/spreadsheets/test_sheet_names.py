"""Sheets take the words of people: an organisation with a slash in its name gets its list too."""

import io
import re
from zipfile import ZipFile

import pytest

from eventops.meetings.hosting import sheet
from eventops.meetings.models import Need
from eventops.spreadsheets.blank import blank_workbook
from eventops.spreadsheets.exporting import Format, export
from eventops.spreadsheets.sheet_names import sheet_name

NAMES = {
    "多摩/八王子商工会議所": "多摩 八王子商工会議所",
    "'[N:1]*?\\'": "N 1",
    "a" * 30 + "''b": "a" * 30,
    "/": "一覧",
    "": "一覧",
}


@pytest.mark.parametrize(("words", "name"), NAMES.items())
def test_what_excel_does_not_take_is_left_out(words, name):
    assert sheet_name(words) == name


def test_every_workbook_that_is_named_by_people_can_be_made():
    made = [
        export("多摩/八王子商工会議所", ["社名"], [["A"]], form=Format.XLSX).data,
        blank_workbook("ニーズ[様式]", []),
        sheet.write(Need(code="N/1", title="穴あけ"), []),
    ]
    books = [ZipFile(io.BytesIO(one)).read("xl/workbook.xml").decode() for one in made]
    titles = [re.findall('<sheet name="([^"]*)"', book) for book in books]
    assert titles == [["多摩 八王子商工会議所"], ["ニーズ 様式"], ["選考表_N 1"]]
