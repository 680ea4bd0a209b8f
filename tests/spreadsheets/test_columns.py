"""Rows read by declared columns: every fault at once, with its line and column, in words."""

import datetime as dt
from pathlib import Path

import pytest

from eventops.spreadsheets import dates, values, words
from eventops.spreadsheets.columns import Column, Fault, parse_rows
from eventops.spreadsheets.headings import knows_most, under_headings
from eventops.spreadsheets.reading import Limits, Problem, UnreadableTable, read_table
from eventops.spreadsheets.values import FaultCode
from tests.spreadsheets import books

DATA = Path(__file__).parents[2] / "eventops" / "demo" / "data"

COLUMNS = (
    Column("code", ("応募番号",), values.code(), required=True, unique=True),
    Column("priority", ("希望順", "順位"), values.integer(minimum=1), required=True),
    Column("tags", ("技術分野",), values.many(values.text()), empty=()),
)


def parsed(text, columns=COLUMNS, **more):
    return parse_rows(read_table(text.encode(), filename="a.csv"), columns, **more)


def sentences(found):
    return [words.of_fault(fault) for fault in found.faults]


def test_clean_rows():
    found = parsed("応募番号,希望順,技術分野\nA1,１,切削;研磨\nA2,2,\n")
    assert found.is_clean
    assert [(row.line, dict(row.values)) for row in found.rows] == [
        (2, {"code": "A1", "priority": 1, "tags": ("切削", "研磨")}),
        (3, {"code": "A2", "priority": 2, "tags": ()}),
    ]
    assert found.rows[0]["priority"] == 1


def test_headings_by_any_of_their_names_and_in_any_order():
    for heading in ("priority,code", "順位(必須),応募番号 *", "【任意】希望順,ＣＯＤＥ"):
        found = parsed(f"{heading}\n3,A1\n")
        assert (sentences(found), found.rows[0]["priority"], found.rows[0]["code"]) == ([], 3, "A1")


def test_headings_below_a_title_are_found():
    text = "2027年1月 応募一覧,,\n,,\n応募番号,希望順,技術分野\nA1,1,切削\nA2,x,\n"
    table = under_headings(read_table(text.encode(), filename="a.csv"), COLUMNS)
    found = parse_rows(table, COLUMNS)
    assert table.heading_line == 3
    assert (found.rows[0].line, found.rows[0]["tags"]) == (4, ("切削",))
    assert sentences(found) == ["5行目「希望順」: 数字ではありません(「x」)。"]
    book = books.xlsx({"応募": [["応募一覧"], [], ["応募番号", "希望順"], ["A1", 1]]})
    assert under_headings(read_table(book, filename="a.xlsx"), COLUMNS).headings == ("応募番号", "希望順")


def test_a_short_line_of_text_is_at_fault_also_below_a_title():
    text = "応募一覧\n応募番号,希望順,技術分野\nA1,1\nA2,2,\n"
    found = parse_rows(under_headings(read_table(text.encode(), filename="a.csv"), COLUMNS), COLUMNS)
    assert sentences(found) == ["3行目: 値が足りません(見出し3列に対して2列)。"]


def test_without_a_required_column_rows_are_not_judged_and_the_table_stays_as_it_is():
    table = read_table("応募番号,技術分野\nA1,\n応募,\n".encode(), filename="a.csv")
    assert under_headings(table, COLUMNS) is table
    assert sentences(parse_rows(table, COLUMNS)) == ["1行目「希望順」: この列がありません。"]


@pytest.mark.parametrize(
    ("headings", "is_of_kind"),
    [
        ("応募番号,順位,技術分野", True),
        ("応募番号,希望順,技術分野,備考", False),
        ("応募番号,技術分野", False),
    ],
)
def test_which_kind_of_sheet_it_is(headings, is_of_kind):
    assert knows_most(headings.split(","), COLUMNS) is is_of_kind


def test_every_faulty_line_is_reported_and_the_good_ones_are_not():
    found = parsed('応募番号,希望順,技術分野\nA1,一,\n応募,0,\n"A\n3",1,\nA4,2,\n,,x\n')
    assert not found.is_clean
    assert sentences(found) == [
        "2行目「希望順」: 数字ではありません(「一」)。",
        "3行目「応募番号」: 半角の英数字と - _ . / だけで書いてください(「応募」)。",
        "3行目「希望順」: 1以上にしてください(「0」)。",
        "4行目「応募番号」: 半角の英数字と - _ . / だけで書いてください(「A 3」)。",
        "7行目「応募番号」: 入力が必要です。",
        "7行目「希望順」: 入力が必要です。",
    ]


def test_the_twelfth_line():
    rows = "".join(f"A{number},{number},\n" for number in range(2, 12))
    found = parsed(f"応募番号,希望順,技術分野\n{rows}A12,一,\n")
    assert found.faults == (Fault(12, "希望順", FaultCode.NOT_A_NUMBER, "一"),)
    assert sentences(found) == ["12行目「希望順」: 数字ではありません(「一」)。"]


def test_headings_missing_twice_or_unknown():
    assert sentences(parsed("応募番号,備考\nA1,\n")) == [
        "1行目「備考」: 取り込めない列です。列名を直すか、列を削除してください。",
        "1行目「希望順」: この列がありません。",
    ]
    assert sentences(parsed("応募番号,希望順,順位\nA1,1,1\n")) == ["1行目「順位」: 同じ列が2つあります。"]
    assert parsed("応募番号,希望順,備考\nA1,1,x\n", ignored=("備考",)).is_clean


def test_the_heading_line_is_where_the_headings_are():
    assert sentences(parsed("\n\n応募番号\nA1\n")) == ["3行目「希望順」: この列がありません。"]


def test_ragged_rows():
    assert sentences(parsed("応募番号,希望順,技術分野\nA1,1\nA2,2,切削,余り\nA3,3,\n")) == [
        "2行目: 値が足りません(見出し3列に対して2列)。",
        "3行目: 見出しのない列に値があります(「余り」)。",
    ]
    assert sentences(parsed("応募番号,希望順,,技術分野\nA1,1,隙間,\nA2,2,,\n")) == [
        "2行目: 見出しのない列に値があります(「隙間」)。"
    ]


def test_a_value_that_may_stand_only_once():
    assert sentences(parsed("応募番号,希望順\nA1,1\nA2,1\nＡ1,2\n")) == [
        "4行目「応募番号」: 2行目と同じ値です(「A1」)。"
    ]


def test_long_values_are_shown_shortened():
    fault = parsed(f"応募番号,希望順\nA1,{'一' * 100}\n").faults[0]
    assert fault.value == "一" * 39 + "…"


def test_workbooks_are_parsed_alike():
    book = books.xlsx({"応募": [["応募番号", "希望順", "日付"], ["A1", 1, dt.date(2027, 1, 15)], ["A2", "一", "x"]]})
    columns = (*COLUMNS, Column("on", ("日付",), dates.date()))
    found = parse_rows(read_table(book, filename="a.xlsx"), columns)
    assert found.rows[0].values == {"code": "A1", "priority": 1, "tags": (), "on": dt.date(2027, 1, 15)}
    assert sentences(found) == [
        "3行目「希望順」: 数字ではありません(「一」)。",
        "3行目「日付」: 日付として読めません(「x」)。2027/1/15 のように書いてください。",
    ]


def test_the_demonstration_applications_are_clean():
    columns = (
        Column("code", ("応募番号",), values.code(), required=True, unique=True),
        Column("need", ("ニーズ番号",), values.code(), required=True),
        Column("priority", ("希望順",), values.integer(minimum=1)),
        Column("submitted_at", ("応募日時",), dates.moment(), required=True),
        Column("technology_tags", ("技術分野",), values.many(values.text()), empty=()),
    )
    names = {"application_id": "code", "need_id": "need"}
    table = read_table((DATA / "applications.csv").read_bytes(), filename="applications.csv")
    found = parse_rows(table, [_named(column, names) for column in columns], ignored=table.headings)
    assert (len(found.rows), sentences(found)) == (170, [])


def _named(column, names):
    aliases = tuple(name for name, field in names.items() if field == column.field)
    return Column(column.field, column.headings + aliases, column.parse, column.required, column.unique, column.empty)


@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_has_words(code):
    details = {"limit": 3, "length": 4, "choices": "はい", "first": 2, "expected": 3, "found": 2}
    sentence = words.of_fault(Fault(5, "列", code, "値", details))
    assert sentence.startswith("5行目「列」: ")
    assert "{" not in sentence


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_words(problem):
    sentence = words.of_file(UnreadableTable(problem, limit=10 * 1024 * 1024, line=3))
    assert sentence
    assert "{" not in sentence


def test_the_size_is_told_in_megabytes():
    with pytest.raises(UnreadableTable) as caught:
        read_table(b"a" * (2 * 1024 * 1024 + 1), filename="a.csv", limits=Limits(max_bytes=2 * 1024 * 1024))
    assert words.of_file(caught.value) == "ファイルが大きすぎます。2MB までにしてください。"
