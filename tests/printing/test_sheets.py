"""Excel: values come back as they went in, and the sheet is ready for a printer."""

import datetime as dt
import io
import zipfile
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from eventops.printing.imprint import Imprint
from eventops.printing.sheets import Column, Kind, Sheet, tab_names, workbook
from tests.printing.paper import IMPRINT, NASTY, RARE, at

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(columns, rows, name="名簿", imprint=IMPRINT) -> Sheet:
    return Sheet(name=name, columns=columns, rows=rows, imprint=imprint)


def read(book: bytes, index: int = 0) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(index).to_python()


def xml(book: bytes, part: str = "xl/worksheets/sheet1.xml") -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(book)).read(part))


@pytest.mark.parametrize(
    "name", ["=1+1", "+81-3", "-1", "@SUM(A1)", "{=A1}", "https://example.jp/", "0123", "1e5", RARE, NASTY, "a\nb"]
)
def test_text_stays_text(name):
    book = workbook([sheet((Column(title="氏名"),), [[name]])])

    assert read(book) == [["氏名"], [name]]
    assert list(xml(book).iter(f"{MAIN}f")) == []
    assert list(xml(book).iter(f"{MAIN}hyperlink")) == []


def test_every_kind_comes_back_as_its_value():
    kinds = (Kind.TEXT, Kind.NUMBER, Kind.YEN, Kind.DATE, Kind.TIME, Kind.MARK)
    row = ["霞", 12, 3000, dt.date(2027, 1, 15), at(13).astimezone(dt.UTC), "□"]
    book = workbook([sheet(tuple(Column(title=kind, kind=kind) for kind in kinds), [row, [None] * 6])])

    assert read(book)[1] == ["霞", 12.0, 3000.0, dt.date(2027, 1, 15), at(13).replace(tzinfo=None), "□"]
    assert [cell for cell in (read(book)[2:] or [[""] * 6])[0] if cell != ""] == []


def test_a_moment_without_a_time_zone_is_refused():
    naive = at(13).replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        workbook([sheet((Column(title="開始", kind=Kind.TIME),), [[naive]])])


@pytest.mark.parametrize("count", [0, 1, 30])
def test_any_number_of_rows(count):
    book = workbook([sheet((Column(title="氏名"),), [[f"名前{number}"] for number in range(count)])])

    assert len(read(book)) == count + 1


def test_it_is_ready_for_an_a4_printer():
    page = xml(workbook([sheet((Column(title="氏名"),), [["霞"]])]))

    pane = page.find(f".//{MAIN}pane")
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    setup = page.find(f"{MAIN}pageSetup")
    assert (setup.get("paperSize"), setup.get("orientation"), setup.get("fitToHeight")) == ("9", "landscape", "0")
    assert page.find(f".//{MAIN}oddHeader").text == "&L&B名簿&R第8回 TAMA技術連携交流会"
    assert page.find(f".//{MAIN}oddFooter").text == ("&L第3版  印刷 令和8年11月21日(土) 14:05&R&P / &N ページ")


def test_the_heading_row_is_repeated_on_paper():
    names = xml(workbook([sheet((Column(title="氏名"),), [["霞"]])]), "xl/workbook.xml").iter(f"{MAIN}definedName")

    assert {name.get("name"): name.text for name in names}["_xlnm.Print_Titles"] == "名簿!$1:$1"


def test_an_ampersand_in_an_event_is_not_a_command_of_the_header():
    imprint = Imprint(event="R&D交流会" + "長" * 300, version="1&2", printed_at=IMPRINT.printed_at)
    page = xml(workbook([sheet((Column(title="氏名"),), [], imprint=imprint)]))

    assert "R&&D交流会" in page.find(f".//{MAIN}oddHeader").text
    assert len(page.find(f".//{MAIN}oddHeader").text) <= 255
    assert "&L1&&2  " in page.find(f".//{MAIN}oddFooter").text


def test_columns_are_wide_enough_for_kanji_but_not_for_novels():
    columns = (Column(title="甲"), Column(title="乙"), Column(title="丙", width=20))
    page = xml(workbook([sheet(columns, [["株式会社霞精密", "長" * 200, "短"]])]))

    assert [round(float(column.get("width"))) for column in page.iter(f"{MAIN}col")] == [18, 45, 21]


@pytest.mark.parametrize(
    ("names", "tabs"),
    [
        (["研修室A/B", "研修室A B"], ["研修室A B", "研修室A B (2)"]),
        (["[a]:*?\\", "''", ""], ["a", "一覧", "一覧 (2)"]),
        (["Room", "ROOM", "room"], ["Room", "ROOM (2)", "room (3)"]),
        (["長" * 40, "長" * 40], ["長" * 31, "長" * 25 + " (2)"]),
        (["History"], ["History (2)"]),
    ],
)
def test_tab_names_are_such_as_excel_allows(names, tabs):
    book = workbook([sheet((Column(title="氏名"),), [], name=name) for name in names])

    assert tab_names(names) == tabs
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names == tabs


def test_no_sheets_still_make_a_file_that_opens():
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(workbook([]))).sheet_names) == 1
