"""面談スケジュール表 per large firm and per SME: the right meetings, in order, counted per sheet."""

import dataclasses

import pytest

from eventops.printing.schedules import large_pdf, sme_pdf
from eventops.printing.timetable import Party, PrintedMeeting, PrintedTimetable
from tests.printing.paper import (
    A4,
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


def with_meetings(base: PrintedTimetable, *meetings: PrintedMeeting) -> PrintedTimetable:
    return dataclasses.replace(base, meetings=meetings, guide="受付は2階です。")


def test_a_large_firm_sees_its_day_with_pauses_and_free_slots():
    pdf = large_pdf(make_timetable(tables=1, slots=3, meetings=2, pauses=(BREAK,)))
    [page] = words(pdf)

    assert sizes(pdf) == {A4_LANDSCAPE}
    for line in (
        f"面談スケジュール表(大手企業用) 大手1株式会社 {HEAD} 開発部",
        "ご出席者 部長 蓮見 亮 ニーズ 大手1株式会社のニーズ",
        "枠 時刻 会場・卓 面談企業・出席者 ご提案 メモ",
        "S1 9:00〜9:20 研修室A 卓1 中小1精機有限会社 社長 丹羽 修 提案1 面談番号 A001",
        "9:20〜9:25 休憩 S2 9:25〜9:45 研修室A 卓1 中小2精機有限会社",
        "S3 9:50〜10:10 空き 初回の面談では秘密情報を開示せず",
        PRINTED + " 1 / 1 ページ",
    ):
        assert line in page


def test_a_large_firm_sees_nobody_elses_meetings():
    first, second = words(large_pdf(make_timetable(tables=2, slots=2)))

    assert ("中小2精機" in first, "中小3精機" in first) == (True, False)
    assert ("中小2精機" in second, "中小3精機" in second) == (False, True)


def test_an_sme_sees_all_its_meetings_in_order_of_time():
    base = make_timetable(tables=2, slots=2, meetings=0)
    sme = Party(key="O0031", company="霞精密株式会社", attendees=("社長 若宮 大輔",))
    late = make_meeting(1, table=base.tables[0], slot=base.slots[1], sme=sme, is_online=True)
    early = make_meeting(2, table=base.tables[1], slot=base.slots[0], sme=sme)
    other = make_meeting(3, table=base.tables[0], slot=base.slots[0])
    pdf = sme_pdf(with_meetings(base, late, early, other))
    page, others_page = words(pdf)

    assert sizes(pdf) == {A4}
    assert "霞精密株式会社 御中" in page
    assert "会場のご案内 受付は2階です。 初回の面談では" in page
    assert "ご出席者 社長 若宮 大輔" in page
    assert "9:00〜9:20 S1 研修室A 卓2 大手2株式会社 開発部 部長 蓮見 亮 大手2株式会社のニーズ 面談番号 A002" in page
    assert "9:25〜9:45 S2 研修室A 卓1 大手1株式会社" in page
    assert "面談番号 A001 ・オンライン" in page
    assert page.index("A002") < page.index("A001")
    assert "A003" not in page
    assert "霞精密" not in others_page


@pytest.mark.parametrize("make", [large_pdf, sme_pdf])
def test_without_meetings_one_page_says_so(make):
    [page] = words(make(make_timetable(meetings=0)))

    assert "面談はまだありません。" in page
    assert PRINTED in page


def test_a_long_day_is_counted_per_firm_not_per_file():
    pages = words(large_pdf(make_timetable(tables=2, slots=30)))

    ends = [page[-len("1 / 3 ページ") :] for page in pages]
    assert ends == ["1 / 3 ページ", "2 / 3 ページ", "3 / 3 ページ"] * 2
    assert all("枠 時刻 会場・卓" in page for page in pages)


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 120])
@pytest.mark.parametrize("make", [large_pdf, sme_pdf])
def test_long_and_hostile_words_come_out_whole(make, hostile):
    base = make_timetable(tables=1, slots=1, meetings=0)
    party = Party(key="x", company=hostile, unit=hostile, attendees=(hostile,))
    meeting = make_meeting(
        1, table=base.tables[0], slot=base.slots[0], sme=party, large=party, proposal_title=hostile, need_title=hostile
    )
    text = joined("".join(words(make(with_meetings(base, meeting)))))

    assert text.count(joined(hostile)) >= 6


def test_a_meeting_off_the_grid_is_refused_rather_than_lost():
    stranger = make_timetable(tables=3, slots=4, meetings=12).meetings[-1]

    with pytest.raises(ValueError, match="A012"):
        with_meetings(make_timetable(tables=2, slots=3, meetings=0), stranger)
