"""What people type into cells, leniently read."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventops.clock import TOKYO
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.values import BadValue, FaultCode


def fault(parse, cell):
    with pytest.raises(BadValue) as caught:
        parse(cell)
    return caught.value.code


def test_text_is_composed_and_on_one_line():
    assert values.text()(" カ\u3099ラス  工房\r\n昭島 ") == "ガラス 工房 昭島"
    assert values.text()("(株)①ﾃｽﾄ") == "(株)①ﾃｽﾄ"
    assert values.text()(12) == "12"
    assert values.lines()(" 一行目\r\n\r\n二行目 ") == "一行目\n\n二行目"


def test_text_has_a_length_and_no_control_characters():
    assert values.text(max_length=3)("一二三") == "一二三"
    with pytest.raises(BadValue) as caught:
        values.text(max_length=3)("一二三四")
    assert (caught.value.code, caught.value.details) == (FaultCode.TOO_LONG, {"limit": 3, "length": 4})
    assert fault(values.text(), "a\x00b") is FaultCode.CONTROL_CHARACTER
    assert fault(values.lines(), "a\x07b") is FaultCode.CONTROL_CHARACTER


def test_codes_take_any_width():
    assert values.code()(" Ａ００１－x ") == "A001-x"
    assert values.code()(31) == "31"
    assert fault(values.code(), "応募1") is FaultCode.NOT_A_CODE
    assert fault(values.code(), "A 1") is FaultCode.NOT_A_CODE
    assert fault(values.code(max_length=3), "A001") is FaultCode.TOO_LONG


@pytest.mark.parametrize(
    ("cell", "number"), [("12", 12), (" １２ ", 12), ("1,200", 1200), ("-3", -3), ("−3", -3), (5, 5), ("+4", 4)]
)
def test_integers(cell, number):
    assert values.integer()(cell) == number


@pytest.mark.parametrize("cell", ["一", "1.5", 1.5, "", True, "٣", "1 2", "9" * 5000, float("inf")])
def test_what_is_no_integer(cell):
    assert fault(values.integer(), cell) is FaultCode.NOT_A_NUMBER


def test_integers_have_bounds():
    priority = values.integer(minimum=1, maximum=9)
    assert [priority("1"), priority("9")] == [1, 9]
    assert fault(priority, "0") is FaultCode.TOO_SMALL
    assert fault(priority, "10") is FaultCode.TOO_BIG


def test_yes_and_no_in_many_ways():
    yes, no = (
        ["1", 1, True, "はい", "○", "〇", "◯", "あり", "Yes", "１"],
        ["0", 0, False, "いいえ", "×", "✕", "なし", "NO"],
    )
    assert [values.yes_no()(cell) for cell in yes] == [True] * len(yes)
    assert [values.yes_no()(cell) for cell in no] == [False] * len(no)
    assert fault(values.yes_no(), "たぶん") is FaultCode.NOT_YES_NO


@pytest.mark.parametrize(
    "cell",
    [
        "2027-01-15",
        "2027/1/15",
        "２０２７．１．１５",
        "2027年1月15日(金)",
        "2027年1月15日(金曜)",
        "令和9年1月15日",
        "令和 9年 1月 15日（金）",
        "R9.1.15",
        "20270115",
        20270115,
        dt.date(2027, 1, 15),
        dt.datetime(2027, 1, 15),  # noqa: DTZ001
    ],
)
def test_dates(cell):
    read = dates.date()(cell)
    assert (type(read), read) == (dt.date, dt.date(2027, 1, 15))


def test_dates_of_earlier_eras():
    assert dates.date()("令和元年5月1日") == dt.date(2019, 5, 1)
    assert dates.date()("平成31年4月30日") == dt.date(2019, 4, 30)
    assert dates.date()("S46.6.9") == dt.date(1971, 6, 9)


@pytest.mark.parametrize("cell", ["2027/2/30", "1/15", "来週", "", 45000.5, "令和0年13月1日", "0000-01-01"])
def test_what_is_no_date(cell):
    assert fault(dates.date(), cell) is FaultCode.NOT_A_DATE


@pytest.mark.parametrize(
    "cell", ["13:05", "１３：０５", "13:05:00", "13時5分", dt.time(13, 5, 30), dt.timedelta(hours=13, minutes=5)]
)
def test_times(cell):
    assert dates.time()(cell) == dt.time(13, 5)


def test_what_is_no_time():
    assert dates.time()("9時") == dt.time(9, 0)
    assert [fault(dates.time(), cell) for cell in ["24:00", "13:60", "午後", "", 0.5]] == [FaultCode.NOT_A_TIME] * 5


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-14 09:24",
        "2026-10-14T09:24",
        "2026/10/14　9:24",
        "令和8年10月14日(水) 9時24分",
        dt.datetime(2026, 10, 14, 9, 24),  # noqa: DTZ001
    ],
)
def test_moments_are_in_japan(cell):
    assert dates.moment()(cell) == dt.datetime(2026, 10, 14, 9, 24, tzinfo=TOKYO)
    assert dates.moment()(cell).utcoffset() == dt.timedelta(hours=9)


@pytest.mark.parametrize("cell", ["2026-10-14", "09:24", "2026-10-14 25:00", "", dt.date(2026, 10, 14)])
def test_what_is_no_moment(cell):
    assert fault(dates.moment(), cell) is FaultCode.NOT_A_MOMENT


def test_choices_by_their_words():
    result = values.choice({"採択": "accepted", "見送り": "declined", "A": "accepted"})
    assert [result(cell) for cell in ["採択", " 見送り ", "ａ"]] == ["accepted", "declined", "accepted"]
    with pytest.raises(BadValue) as caught:
        result("保留")
    assert caught.value.details == {"choices": "採択・見送り・A"}


def test_addresses():
    assert values.email()(" Ｐ1@O0001.Example.JP ") == "P1@o0001.example.jp"
    wrong = ["p1", "p1@", "a b@example.jp", "p1@example.jp;p2@example.jp", "a" * 100_000 + "@example.jp"]
    assert [fault(values.email(), cell) for cell in wrong] == [FaultCode.NOT_AN_EMAIL] * 5
    assert [values.postal()(cell) for cell in ["〒192-0001", "１９２ー０００１", 600001]] == [
        "192-0001",
        "192-0001",
        "060-0001",
    ]
    assert fault(values.postal(), "192-001") is FaultCode.NOT_A_POSTAL_CODE


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("00-9980-1346", "00-9980-1346"),
        ("００－９９８０ー１３４６", "00-9980-1346"),
        ("(042)000-0000", "042-000-0000"),
        ("042（000）0000", "042-000-0000"),
        ("+81 42-000-0000", "042-000-0000"),
        ("+81-(0)42-000-0000", "042-000-0000"),
        ("0420000000", "0420000000"),
        (420000000, "0420000000"),
    ],
)
def test_phones(cell, number):
    assert values.phone()(cell) == number


@pytest.mark.parametrize("cell", ["1234", "12-3456-7890", "042-000-0000 内線5", "", "042-000-0000-0000", 1.5])
def test_what_is_no_phone(cell):
    assert fault(values.phone(), cell) is FaultCode.NOT_A_PHONE


def test_lists_are_separated_and_each_value_counts_once():
    tags = values.many(values.text())
    assert tags("樹脂・複合材;リサイクル；樹脂・複合材; ") == ("樹脂・複合材", "リサイクル")
    assert fault(values.many(values.integer()), "1;二") is FaultCode.NOT_A_NUMBER


PARSERS = [
    values.text(max_length=5),
    values.lines(max_length=5),
    values.code(),
    values.integer(minimum=0),
    values.yes_no(),
    values.email(),
    values.postal(),
    values.phone(),
    values.choice({"はい": 1}),
    values.many(values.code()),
    dates.date(),
    dates.time(),
    dates.moment(),
]
CELLS = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="0123456789０１-/.:年月日時分()令和R元@; ー", max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(cell=CELLS, parse=st.sampled_from(PARSERS))
def test_any_cell_is_a_value_or_a_coded_fault(cell, parse):
    try:
        parse(cell)
    except BadValue as bad:
        code = bad.code
        assert code in FaultCode
