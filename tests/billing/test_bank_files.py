"""Reading what banks give: columns of many names, fixed-width records, and nothing that is silently left out."""

import datetime as dt

import pytest

from eventops.billing import bank_csv, bank_files
from eventops.billing.bank_csv import Column
from eventops.billing.movements import Movement, fingerprints
from eventops.billing.refusals import UnreadableBankFile
from tests.billing.bank_files import account, notice, statement

TODAY = dt.date(2026, 12, 10)
DAY, LATER = dt.date(2026, 12, 1), dt.date(2026, 12, 2)
ROWS = ((DAY, "ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 14_000), (LATER, "ﾔﾏﾀﾞ ﾀﾛｳ", 3000))


def plain(data):
    return [(one.booked_on, one.payer, one.yen) for one in bank_files.read(data, today=TODAY)]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_a_statement_as_csv(encoding):
    assert plain(statement(*ROWS, encoding=encoding)) == list(ROWS)


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (
            ("年月日", "お引出し", "お預入れ", "お取り扱い内容", "残高", "メモ"),
            ("2026/12/1", "", "14000", "ﾌﾘｺﾐ ｶ)ｳﾐﾍﾞ", "1", ""),
        ),
        (
            ("日付", "摘要", "摘要内容", "支払い金額", "預かり金額", "残高"),
            ("2026/12/1", "振込１", "ｶ)ｳﾐﾍﾞ", "", "14,000", "1"),
        ),
        (("取引日", "入出金(円)", "取引後残高(円)", "入出金内容"), ("20261201", "14000", "1", "ｶ)ｳﾐﾍﾞ")),
        (
            ("日付", "内容", "出金金額(円)", "入金金額(円)", "残高(円)", "メモ"),
            ("2026/12/01", "ｶ)ｳﾐﾍﾞ", "", "14,000", "1", "-"),
        ),
        (
            ("操作日(年)", "操作日(月)", "操作日(日)", "摘要", "お支払金額", "お預り金額", "残高"),
            ("2026", "12", "1", "ｶ)ｳﾐﾍﾞ", "", "14000", "1"),
        ),
        (
            (
                "照会番号",
                "勘定日",
                "起算日",
                "入払区分",
                "取引金額",
                "うち他店券金額",
                "振込依頼人コード",
                "振込依頼人名",
                "仕向銀行名",
            ),
            ("000001", "令和8年12月1日", "08-12-01", "入金", "14000円", "0", "000", "ｶ)ｳﾐﾍﾞ", "ﾍﾞﾂﾉ"),
        ),
    ],
)
def test_every_bank_names_its_columns_otherwise(heading, row):
    ((day, payer, yen),) = plain(statement(row, heading=heading))
    assert (day, yen) == (DAY, 14_000)
    assert "ｶ)ｳﾐﾍﾞ" in payer


def test_what_stands_above_and_below_the_statement_is_no_movement():
    data = statement(*ROWS, ("合計", "", "0", "17,000", ""), above=[("口座番号", "1234567"), ("",)])
    assert plain(data) == list(ROWS)


def test_money_that_went_out_is_below_nought():
    assert plain(statement((DAY, "振込手数料", -440))) == [(DAY, "振込手数料", -440)]
    heading = ("取引日", "入払区分", "金額", "摘要")
    assert plain(statement(("2026/12/1", "出金", "440", "手数料"), heading=heading))[0][2] == -440
    assert plain(statement(("2026/12/1", "", "▲440", "手数料"), heading=heading))[0][2] == -440


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("2026/13/45", "ｶ)ｳﾐﾍﾞ", "", "14,000", "1"), "2行目の日付"),
        (("", "ｶ)ｳﾐﾍﾞ", "", "14,000", "1"), "2行目の日付"),
        (("2026/12/01", "ｶ)ｳﾐﾍﾞ", "", "一万四千", "1"), "2行目の金額"),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_file_and_is_named(row, said):
    with pytest.raises(UnreadableBankFile) as refused:
        plain(statement(row))
    assert said in str(refused.value.details["detail"])


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\0\0\0", b"a,b\r\n1,2\r\n", "氏名,メール\r\n山田,a@example.jp\r\n".encode()]
)
def test_what_is_no_statement_is_refused(data):
    with pytest.raises(UnreadableBankFile):
        plain(data)


@pytest.mark.parametrize(("length", "newline"), [(200, b"\r\n"), (200, b""), (120, b"\r\n"), (120, b"\n"), (120, b"")])
def test_notices_of_transfers_in_fixed_width(length, newline):
    assert plain(notice(*ROWS, length=length, newline=newline)) == list(ROWS)


def test_a_notice_that_is_taken_back_is_a_reversal():
    found = bank_files.read(notice(*ROWS, cancelled={2}), today=TODAY)
    assert [(one.yen, one.is_reversal) for one in found] == [(14_000, False), (-3000, True)]


def test_a_statement_of_account_in_fixed_width():
    rows = (*ROWS, (LATER, "ｶｸｳｼﾖｳｼﾞ", -50_000))
    assert plain(account(*rows)) == list(rows)
    assert plain(account(*rows, newline=b"\r\n")) == list(rows)


def test_a_fixed_width_file_that_was_cut_short_is_refused():
    with pytest.raises(UnreadableBankFile) as refused:
        plain(notice(*ROWS, cut_short=True))
    assert "合計" in str(refused.value.details["detail"])


def test_two_digits_of_a_year_are_the_era_that_is_nearest():
    file = notice(*ROWS)
    as_century = file.replace(b"081201", b"261201").replace(b"081202", b"261202")
    assert plain(as_century) == list(ROWS)


def test_headings_as_banks_write_them():
    heard = [
        "お預け入れ",
        "お引き出し",
        "残高",
        "振込依頼人コード",
        "振込依頼人名",
        "入出金区分",
        "勘定日",
        "金額（円）",
    ]
    assert [bank_csv.column_of(heading) for heading in heard] == [
        Column.IN,
        Column.OUT,
        Column.OTHER,
        Column.OTHER,
        Column.PAYER,
        Column.WAY,
        Column.DAY,
        Column.AMOUNT,
    ]


def test_a_movement_is_known_again_whatever_file_it_stands_in():
    csv = fingerprints(bank_files.read(statement(*ROWS, (DAY, "ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 14_000)), today=TODAY))
    fixed = fingerprints(bank_files.read(notice(*ROWS), today=TODAY))
    assert csv[:2] == fixed
    assert len(set(csv)) == 3
    assert fingerprints([Movement(1, DAY, "ﾌﾘｺﾐ ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 14_000)]) == csv[:1]
