"""Files as people send them: every encoding and program, and every way in which a file can be wrong."""

import datetime as dt
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventops.spreadsheets.reading import Kind, Limits, Problem, Row, UnreadableTable, read_table
from tests.spreadsheets import books

FILES = Path(__file__).parent / "files"
DATA = Path(__file__).parents[2] / "eventops" / "demo" / "data"

TEXT = "番号,題名\r\nA001,測定\r\n"


def refusal(data, filename="table.csv", **limits):
    with pytest.raises(UnreadableTable) as caught:
        read_table(data, filename=filename, limits=Limits(**limits))
    error = caught.value
    assert error.code == error.problem.value
    return error.problem, dict(error.details)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("cp932"), "cp932"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-8") + b"\x1a", "utf-8"),
    ],
)
def test_encodings(data, encoding):
    table = read_table(data, filename="応募.csv")
    assert (table.kind, table.encoding, table.heading_line) == (Kind.TEXT, encoding, 1)
    assert table.headings == ("番号", "題名")
    assert table.rows == (Row(2, ("A001", "測定")),)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, newline):
    text = newline.join([separator.join("abc"), separator.join("123"), ""])
    table = read_table(text.encode(), filename="table.txt")
    assert table.headings == ("a", "b", "c")
    assert table.rows == (Row(2, ("1", "2", "3")),)


def test_lines_are_those_of_the_file():
    text = '\n見出し,本文\n\nA,"一行目\n二行目\r\n三行目"\n,\nB,終わり\n'
    table = read_table(text.encode(), filename="table.csv")
    assert table.heading_line == 2
    assert table.rows == (Row(4, ("A", "一行目\n二行目\r\n三行目")), Row(8, ("B", "終わり")))


def test_rows_of_text_keep_their_length_but_not_an_empty_edge():
    table = read_table(b"a,b,,\n1\n1,2,,\n1,2,3,\n", filename="table.csv")
    assert table.headings == ("a", "b")
    assert [row.cells for row in table.rows] == [("1",), ("1", "2"), ("1", "2", "3")]


def test_every_demonstration_file_is_read():
    sizes = {path.name: len(read_table(path.read_bytes(), filename=path.name).rows) for path in DATA.glob("*.csv")}
    assert sizes["organisations.csv"] == 300
    assert sizes["applications.csv"] == 170
    assert len(sizes) == 16


def test_a_workbook_keeps_types_and_row_numbers():
    moment, day, time = dt.datetime(2027, 1, 15, 13, 5), dt.date(2027, 1, 15), dt.time(13, 20)  # noqa: DTZ001
    rows = [["文字", "数", "日付"], ["=1+1", 5, day], [], [True, 1.5, moment], ["", -3, time]]
    table = read_table(books.xlsx({"空": [], "表": rows}, at=(2, 1)), filename="応募.xlsx")
    assert (table.kind, table.sheet, table.heading_line) == (Kind.XLSX, "表", 3)
    assert table.headings == ("文字", "数", "日付")
    assert table.rows == (Row(4, ("=1+1", 5, day)), Row(6, (True, 1.5, moment)), Row(7, ("", -3, time)))
    assert [type(row.cells[1]) for row in table.rows] == [int, float, int]


def test_durations_are_read_as_times_of_day_would_be():
    table = read_table(books.xlsx({"表": [["時間"], [dt.timedelta(hours=13)]]}), filename="a.xlsx")
    assert table.rows == (Row(2, (dt.timedelta(hours=13),)),)


def test_hidden_sheets_are_passed_over():
    book = books.xlsx({"隠し": [["x"], ["y"]], "表": [["a"], ["b"]]}, hidden="隠し")
    assert read_table(book, filename="a.xlsx").sheet == "表"


def test_old_excel_and_opendocument():
    old = read_table((FILES / "small.xls").read_bytes(), filename="small.xls")
    assert (old.kind, old.sheet, old.headings) == (Kind.XLS, "応募", ("番号", "希望順", "日付"))
    assert old.rows == (Row(2, ("A001", 1, dt.date(2027, 1, 15))),)
    open_document = read_table(books.ods([["番号", "題名"], ["A001", "測定"]]), filename="a.ods")
    assert (open_document.kind, open_document.sheet) == (Kind.ODS, "応募")
    assert open_document.rows == (Row(2, ("A001", "測定")),)


def test_content_decides_what_a_file_is():
    assert read_table(TEXT.encode(), filename="saved as.xlsx").kind is Kind.TEXT
    assert read_table(books.xlsx({"表": [["a"], ["b"]]}), filename="renamed.csv").kind is Kind.XLSX


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"<html><table><tr><td>a</td></tr></table></html>",
        b"\xef\xbb\xbf  <!DOCTYPE html>",
        b"<?xml version='1.0'?>",
        b"{\\rtf1 text}",
        b"a,b\n1,\x00\n",
        bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le"),
        books.archive({"word/document.xml": b"<a/>"}),
        books.archive({"mimetype": b"application/epub+zip", "content.xml": b"<a/>"}),
    ],
)
def test_other_kinds_are_refused_whatever_they_are_called(data):
    assert refusal(data, "table.csv")[0] is Problem.WRONG_KIND
    assert refusal(data, "table.xlsx")[0] is Problem.WRONG_KIND


def test_names_of_other_kinds_are_refused():
    assert refusal(TEXT.encode(), "table.exe") == (Problem.WRONG_KIND, {"filename": "table.exe"})
    assert refusal(TEXT.encode(), "table") == (Problem.WRONG_KIND, {"filename": "table"})


def test_size_is_judged_before_content():
    data = b"\x00" * 101
    assert refusal(data, max_bytes=100) == (Problem.TOO_LARGE, {"limit": 100, "size": 101})
    assert refusal(b"\x00" * (10 * 1024 * 1024 + 1))[0] is Problem.TOO_LARGE


def test_rows_and_columns_have_limits():
    rows = [["a", "b"], ["1", "2"], ["3", "4"]]
    text = "\n".join(",".join(row) for row in rows).encode()
    book = books.xlsx({"表": rows})
    for data, name in ((text, "a.csv"), (book, "a.xlsx")):
        assert len(read_table(data, filename=name, limits=Limits(max_rows=2, max_columns=2)).rows) == 2
        assert refusal(data, name, max_rows=1) == (Problem.TOO_MANY_ROWS, {"limit": 1})
        assert refusal(data, name, max_columns=1) == (Problem.TOO_MANY_COLUMNS, {"limit": 1})


@pytest.mark.parametrize(
    ("data", "details"),
    [
        (b"a,b\r\n1,2\r\n\x83\x65\x82", {"line": 3, "byte": "82", "encoding": "cp932"}),
        ("題,名\n測,\n".encode() + b"\xff", {"line": 3, "byte": "FF", "encoding": "utf-8"}),
        (b"\xef\xbb\xbfa\rb\n\x82\xa0", {"line": 3, "byte": "82", "encoding": "utf-8"}),
    ],
)
def test_a_byte_that_is_no_letter_is_reported_with_its_line(data, details):
    assert refusal(data) == (Problem.UNDECODABLE, details)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,2\n"3,4\n5,6\n', 3),
        ('a,b\n"1"2,3\n', 2),
        ("a,b\n1,2\n" + "x" * 140_000 + ",2\n", 3),
    ],
)
def test_broken_quotes_are_reported_where_the_row_begins(text, line):
    assert refusal(text.encode()) == (Problem.BAD_QUOTES, {"line": line})


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b",,\n", "　\n".encode()])
def test_empty_files(data):
    assert refusal(data)[0] is Problem.EMPTY


def test_empty_workbooks_and_lone_headings():
    assert refusal(books.xlsx({"表": []}), "a.xlsx")[0] is Problem.EMPTY
    assert refusal(books.xlsx({"表": [["a", "b"]]}), "a.xlsx") == (Problem.NO_ROWS, {"line": 1})
    assert refusal(b"\na,b\n,\n") == (Problem.NO_ROWS, {"line": 2})


def test_protected_workbooks():
    assert refusal((FILES / "encrypted.xlsx").read_bytes(), "a.xlsx")[0] is Problem.ENCRYPTED
    locked = books.ods([["a"], ["b"]], manifest="<manifest:encryption-data/>")
    assert refusal(locked, "a.ods")[0] is Problem.ENCRYPTED


def test_damaged_workbooks():
    book = books.xlsx({"表": [["a"], ["b"]]})
    assert refusal(book[:-30], "a.xlsx")[0] is Problem.DAMAGED
    assert refusal(books.archive({"xl/workbook.xml": b"<workbook"}), "a.xlsx")[0] is Problem.DAMAGED
    old = (FILES / "small.xls").read_bytes()
    assert refusal(old[:2048], "a.xls")[0] in {Problem.DAMAGED, Problem.WRONG_KIND}


def test_a_small_file_that_unpacks_to_a_huge_one():
    bomb = books.archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 3_000_000})
    assert len(bomb) < 10_000
    assert refusal(bomb, "a.xlsx", max_bytes_inside=2_000_000) == (Problem.TOO_LARGE_INSIDE, {"limit": 2_000_000})


def test_a_bomb_that_lies_about_its_size():
    bomb = books.archive({"xl/workbook.xml": b" " * 3_000_000})
    true_size, lie = struct.pack("<I", 3_000_000), struct.pack("<I", 10)
    assert bomb.count(true_size) == 2
    liar = bomb.replace(true_size, lie)
    assert refusal(liar, "a.xlsx", max_bytes_inside=2_000_000)[0] is Problem.TOO_LARGE_INSIDE


def test_two_cells_at_the_far_corners_do_not_exhaust_the_memory():
    assert refusal(books.xlsx_filled_at("A1", "XFD1048576"), "a.xlsx")[0] is Problem.TOO_LARGE_INSIDE


def attempt(data, filename, limits=None):
    """The table or the problem; anything else that is raised fails the test."""
    try:
        return read_table(data, filename=filename, limits=limits)
    except UnreadableTable as error:
        return error.problem


ANY_TEXT = st.text(
    alphabet=st.one_of(st.sampled_from(list('",;\t\r\n測番A1 ')), st.characters(exclude_categories=["Cs"]))
)
NAMES = st.sampled_from(["a.csv", "a.xlsx", "a"])


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), ANY_TEXT.map(str.encode)), name=NAMES)
def test_any_bytes_are_a_table_or_a_coded_refusal(data, name):
    read = attempt(data, name, Limits(max_rows=50))
    assert isinstance(read, Problem) or (0 < len(read.rows) <= 50 and any(read.headings))


WORKBOOKS = {
    "a.xlsx": books.xlsx({"表": [["番号", "題名"], ["A001", 5]]}),
    "a.ods": books.ods([["番号", "題名"], ["A001", "測定"]]),
    "a.xls": (FILES / "small.xls").read_bytes(),
}


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(WORKBOOKS)),
    at=st.floats(min_value=0, max_value=1, exclude_max=True),
    bites=st.binary(min_size=1, max_size=8),
)
def test_any_damage_to_a_workbook_is_a_table_or_a_coded_refusal(name, at, bites):
    data = WORKBOOKS[name]
    place = int(at * len(data))
    read = attempt(data[:place] + bites + data[place + len(bites) :], name)
    assert isinstance(read, Problem) or len(read.rows) > 0


CELL = st.text(alphabet="測定番号アイウｶﾅ漢字ABC123,;\"'\n ー", max_size=8)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp932"]),
)
def test_what_was_written_is_read_back(rows, encoding):
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [("見出し", "値"), *rows]]
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    read = attempt("\r\n".join(quoted).encode(encoding), "a.csv")
    if read is Problem.NO_ROWS:
        assert filled == []
    else:
        assert read.headings == ("見出し", "値")
        assert [row.cells for row in read.rows] == filled
