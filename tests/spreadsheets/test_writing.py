"""CSV that Japanese offices can open, that runs no formula and that comes back as it was."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventops.clock import TOKYO
from eventops.spreadsheets import words
from eventops.spreadsheets.guard import guarded, unguarded
from eventops.spreadsheets.reading import Row, read_table
from eventops.spreadsheets.writing import Encoding, Lost, write_csv


def test_the_default_is_utf8_with_its_mark():
    file = write_csv(["氏名", "数"], [["𠮷田", 3], ["髙﨑", None]])
    assert file.data.decode("utf-8") == '\ufeff"氏名","数"\r\n"𠮷田",3\r\n"髙﨑",""\r\n'
    assert file.lost == ()


def test_values_are_written_so_that_the_import_reads_them():
    moment = dt.datetime(2026, 10, 14, 0, 24, tzinfo=dt.UTC)
    row = ["a", 1, 1.5, True, False, None, dt.date(2027, 1, 15), dt.time(13, 5), moment, ("樹脂", "切削")]
    data = write_csv([f"h{index}" for index in range(10)], [row]).data
    assert data.decode("utf-8-sig").splitlines()[1] == (
        '"a",1,1.5,1,0,"","2027-01-15","13:05","2026-10-14 09:24","樹脂;切削"'
    )
    with pytest.raises(ValueError, match="time zone"):
        write_csv(["h"], [[dt.datetime(2026, 10, 14, 0, 24)]])  # noqa: DTZ001
    assert moment.astimezone(TOKYO).hour == 9


def test_the_older_encoding_says_what_it_cannot_hold():
    rows = [["髙﨑①㈱", "昭島"], ["改\n行", ""], ["𠮷田𠮷", "鷗☕"]]
    file = write_csv(["氏名", "所在〜"], rows, encoding=Encoding.CP932)
    assert file.data.decode("cp932") == ('"氏名","所在～"\r\n"髙﨑①㈱","昭島"\r\n"改\n行",""\r\n"〓田〓","〓〓"\r\n')
    assert file.lost == (Lost(5, "氏名", "𠮷"), Lost(5, "所在～", "鷗☕"))
    assert words.of_lost(file.lost[0]) == "5行目「氏名」: Shift_JIS にない文字(「𠮷」)を〓に置き換えました。"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+81-42-000-0000", "-1+cmd|' /C calc'!A0", "\t=1", "＝1", "'=1"])
def test_no_text_begins_a_formula(text):
    cell = write_csv(["h"], [[text]]).data.decode("utf-8-sig").split("\r\n")[1]
    assert cell.startswith("\"'")
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["042-000-0000", "-", "", "a=b", "'quoted'", "ー", "00-9980-1346"])
def test_ordinary_text_is_left_alone(text):
    assert guarded(text) == text
    assert unguarded(text) == text


def test_numbers_are_not_taken_for_formulas():
    assert write_csv(["h"], [[-5]]).data.decode("utf-8-sig") == '"h"\r\n-5\r\n'


TEXTS = st.text(alphabet="'=+-@＝\t測定ＡA1,;\" ー", max_size=6)


@settings(max_examples=200)
@given(
    rows=st.lists(st.tuples(TEXTS.map(lambda text: f"{text}x"), TEXTS), min_size=1, max_size=4),
    encoding=st.sampled_from(Encoding),
)
def test_what_was_written_is_read_back(rows, encoding):
    file = write_csv(["見出し", "値"], rows, encoding=encoding)
    table = read_table(file.data, filename="a.csv")
    assert file.lost == ()
    assert table.rows == tuple(Row(line, row) for line, row in enumerate(rows, start=2))
