"""The Excel lists hold what the paper holds, and no codes."""

import dataclasses
import io

import pytest
from python_calamine import CalamineWorkbook

from eventops.printing import lists
from eventops.printing.badges import Badge
from eventops.printing.cards import TableCard
from eventops.printing.reception import Guest, ReceptionList
from eventops.printing.sheets import workbook
from tests.printing.paper import DAY, IMPRINT, at, make_timetable

TIMETABLE = make_timetable(tables=2, slots=2, meetings=3)


def read(sheet) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook([sheet])))
    return book.get_sheet_by_index(0).to_python()


def wall(hour: int, minute: int = 0):
    return at(hour, minute).replace(tzinfo=None)


def test_large_firms():
    head, first, second, third = read(lists.large_sheet(TIMETABLE))

    assert head == [
        "大手企業",
        "部署",
        "枠",
        "開始",
        "終了",
        "会場",
        "卓",
        "面談企業",
        "出席者",
        "ご提案",
        "面談番号",
        "オンライン",
        "メモ",
    ]
    assert first[:9] == [
        "大手1株式会社",
        "開発部",
        "S1",
        wall(9),
        wall(9, 20),
        "研修室A",
        "卓1",
        "中小1精機有限会社",
        "社長 丹羽 修",
    ]
    assert first[9:11] == ["提案1", "A001"]
    assert [row[0] for row in (first, second, third)] == ["大手1株式会社", "大手1株式会社", "大手2株式会社"]


def test_smes():
    head, first, *_ = read(lists.sme_sheet(TIMETABLE))

    assert head == [
        "面談企業",
        "出席者",
        "枠",
        "開始",
        "終了",
        "会場",
        "卓",
        "大手企業",
        "部署",
        "ニーズ",
        "面談番号",
        "オンライン",
    ]
    assert first[:8] == [
        "中小1精機有限会社",
        "社長 丹羽 修",
        "S1",
        wall(9),
        wall(9, 20),
        "研修室A",
        "卓1",
        "大手1株式会社",
    ]
    assert first[8:11] == ["開発部", "大手1株式会社のニーズ", "A001"]


def test_rooms_have_a_tab_each_in_order_of_time():
    sheets = lists.room_sheets(make_timetable(tables=10, slots=2))

    assert [sheet.name for sheet in sheets] == ["研修室A", "研修室B"]
    assert [row[0] for row in sheets[0].rows] == ["S1"] * 9 + ["S2"] * 9
    assert [row[-2] for row in sheets[1].rows] == ["A019", "A020"]


def test_the_board_is_slots_by_tables():
    online = dataclasses.replace(TIMETABLE.meetings[0], is_online=True)
    board = lists.board_sheet(dataclasses.replace(TIMETABLE, meetings=(online, *TIMETABLE.meetings[1:])))

    assert read(board) == [
        ["枠", "開始", "終了", "研修室A\n卓1\n大手1株式会社", "研修室A\n卓2\n大手2株式会社"],
        ["S1", wall(9), wall(9, 20), "中小1精機有限会社", "中小3精機有限会社"],
        ["S2", wall(9, 25), wall(9, 45), "中小2精機有限会社", ""],
    ]


def test_table_cards():
    card = TableCard(table="卓1", company="霞", unit="開発部", room="研修室A")

    assert read(lists.table_cards_sheet(IMPRINT, [card])) == [
        ["会場", "卓", "企業", "部署"],
        ["研修室A", "卓1", "霞", "開発部"],
    ]


def test_badges_without_their_codes():
    badge = Badge(code="EO1:SECRET", company="霞", names=(("=1+1", "イチ"),), category="staff", meetings="卓1")
    rows = read(lists.badges_sheet(IMPRINT, [badge]))

    assert rows == [["会社・団体", "氏名", "フリガナ", "区分", "面談"], ["霞", "=1+1", "イチ", "スタッフ", "卓1"]]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_reception(count):
    guests = tuple(
        Guest(
            company="霞",
            company_key="カスミ",
            name=f"名前{number}",
            kana="ナマエ",
            person_key=f"ナマエ{number:02d}",
            category="general",
            parts=frozenset({"第2部"}),
            fee_yen=5000,
            paid_yen=3000,
            note="車いす",
        )
        for number in range(count)
    )
    head, *rows = read(
        lists.reception_sheet(ReceptionList(imprint=IMPRINT, day=DAY, parts=("第1部", "第2部"), guests=guests[::-1]))
    )

    assert head == ["会社・団体", "氏名", "フリガナ", "区分", "参加費", "入金済", "備考", "第1部", "第2部"]
    assert rows == [
        ["霞", f"名前{number}", "ナマエ", "一般", 5000.0, 3000.0, "車いす", "―", "□"] for number in range(count)
    ]
