"""部屋別 and 全体表: every meeting in its cell, cut into sheets that can be read."""

import dataclasses

import pytest

from eventops.printing.boards import Paper, rooms_pdf, whole_pdf
from tests.printing.paper import (
    A3_LANDSCAPE,
    A4_LANDSCAPE,
    BREAK,
    HEAD,
    LONG,
    NASTY,
    PRINTED,
    joined,
    make_meeting,
    make_timetable,
    sizes,
    words,
)


def test_each_room_has_its_own_sheet():
    pdf = rooms_pdf(make_timetable(tables=11, slots=2, pauses=(BREAK,)))
    first, second = words(pdf)

    assert sizes(pdf) == {A4_LANDSCAPE}
    assert first.startswith(f"研修室A {HEAD} 時刻 卓1 大手1㈱ 卓2 大手2㈱")
    assert second.startswith(f"研修室B {HEAD} 時刻 卓10 大手10㈱ 卓11 大手11㈱")
    assert "S1 9:00 〜9:20 中小1精機㈲ A001 中小3精機㈲ A003" in first
    assert "9:20〜9:25 休憩" in first
    assert "S2 9:25 〜9:45 中小20精機㈲ A020 中小22精機㈲ A022" in second
    assert [page.split(PRINTED)[1] for page in (first, second)] == [" 1 / 1 ページ"] * 2


def test_an_empty_cell_is_marked_and_a_guest_firm_is_named():
    base = make_timetable(tables=2, slots=1, meetings=0)
    visitor = make_meeting(7, table=base.tables[0], slot=base.slots[0], is_online=True)
    moved = dataclasses.replace(visitor, table=base.tables[1])
    [page] = words(whole_pdf(dataclasses.replace(base, meetings=(moved,))))

    assert "S1 9:00 〜9:20 ― 中小7精機㈲ A007 オンライン 対 大手1㈱" in page


def test_two_meetings_in_one_cell_are_both_shown():
    base = make_timetable(tables=1, slots=1)
    double = make_meeting(2, table=base.tables[0], slot=base.slots[0])
    [page] = words(whole_pdf(dataclasses.replace(base, meetings=(*base.meetings, double))))

    assert "中小1精機㈲ A001 中小2精機㈲ A002" in page


@pytest.mark.parametrize(
    ("paper", "size", "tables_per_sheet"), [(Paper.A4, A4_LANDSCAPE, [9, 9, 6]), (Paper.A3, A3_LANDSCAPE, [9, 15])]
)
def test_nine_slots_by_twenty_four_tables(paper, size, tables_per_sheet):
    pdf = whole_pdf(make_timetable(tables=24, slots=9), paper=paper)
    pages = words(pdf)

    assert sizes(pdf) == {size}
    assert [page.count("大手") for page in pages] == tables_per_sheet
    assert sorted(number for number in range(1, 217) if f"A{number:03d}" in " ".join(pages)) == list(range(1, 217))
    total = len(tables_per_sheet)
    assert [page.split(PRINTED)[1] for page in pages] == [f" {n} / {total} ページ" for n in range(1, total + 1)]


def test_twenty_four_slots_by_nine_tables_repeat_the_head():
    pages = words(rooms_pdf(make_timetable(tables=9, slots=24)))

    assert all("卓1 大手1㈱" in page for page in pages)
    assert len(pages) == 2
    assert sum(page.count("精機㈲") for page in pages) == 9 * 24


def test_a_room_wider_than_a_sheet_is_cut_evenly():
    base = make_timetable(tables=1, slots=1, meetings=0)
    wide = [dataclasses.replace(base.tables[0], label=f"卓{number}", company=f"大手{number}") for number in range(10)]
    pages = words(rooms_pdf(dataclasses.replace(base, tables=tuple(wide))))

    assert [page.count("大手") for page in pages] == [5, 5]
    assert [page.split(PRINTED)[1] for page in pages] == [" 1 / 2 ページ", " 2 / 2 ページ"]


@pytest.mark.parametrize("make", [rooms_pdf, whole_pdf])
def test_without_tables_one_page_says_so(make):
    [page] = words(make(make_timetable(tables=0, slots=0)))

    assert "卓はまだありません。" in page
    assert PRINTED in page


@pytest.mark.parametrize("hostile", [LONG.replace("一般社団法人", ""), NASTY, "A" * 60])
def test_long_and_hostile_names_come_out_whole(hostile):
    base = make_timetable(tables=9, slots=1)
    named = [
        dataclasses.replace(meeting, sme=dataclasses.replace(meeting.sme, company=hostile)) for meeting in base.meetings
    ]
    text = joined("".join(words(rooms_pdf(dataclasses.replace(base, meetings=tuple(named))))))

    assert text.count(joined(hostile)) == 9
