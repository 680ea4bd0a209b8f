"""Dates on paper: era boundaries, Japan's clock, fiscal years and days off."""

import datetime as dt

import pytest

from eventops import wareki


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (dt.date(2027, 1, 15), "令和9年1月15日(金)"),
        (dt.date(2019, 5, 1), "令和元年5月1日(水)"),
        (dt.date(2019, 4, 30), "平成31年4月30日(火)"),
        (dt.date(1989, 1, 8), "平成元年1月8日(日)"),
        (dt.date(1989, 1, 7), "昭和64年1月7日(土)"),
        (dt.date(1926, 12, 25), "昭和元年12月25日(土)"),
        (dt.date(1926, 12, 24), "1926年12月24日(金)"),
    ],
)
def test_each_era_begins_on_its_first_day(day, written):
    assert wareki.wareki_date(day) == written


def test_western_dates_in_both_languages():
    day = dt.date(2027, 1, 15)
    assert wareki.date_ja(day) == "2027年1月15日(金)"
    assert wareki.date_en(day) == "Fri 15 January 2027"
    assert wareki.month_day(day) == "1月15日(金)"


def test_every_date_writer_moves_a_moment_to_japan_first():
    new_year_in_japan = dt.datetime(2026, 12, 31, 15, 5, tzinfo=dt.UTC)
    assert wareki.wareki_date(new_year_in_japan) == "令和9年1月1日(金)"
    assert wareki.date_ja(new_year_in_japan) == "2027年1月1日(金)"
    assert wareki.date_en(new_year_in_japan) == "Fri 1 January 2027"
    assert wareki.clock(new_year_in_japan) == "0:05"
    assert wareki.fiscal_year(dt.datetime(2027, 3, 31, 15, tzinfo=dt.UTC)) == 2027
    assert wareki.day_off(new_year_in_japan) == "元日"


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        wareki.clock(dt.datetime(2027, 1, 15, 13, 0))  # noqa: DTZ001


def test_ranges_of_one_day():
    assert wareki.clock(dt.time(13, 0)) == "13:00"
    assert wareki.time_range(dt.time(13, 0), dt.time(13, 20)) == "13:00〜13:20"
    assert wareki.time_range(dt.time(13, 0), None) == "13:00〜"
    assert wareki.time_range_en(dt.time(13, 0), dt.time(13, 20)) == "13:00–13:20"
    assert wareki.time_range_en(dt.time(13, 0), None) == "from 13:00"


def test_periods_name_the_second_day_only_when_it_differs():
    starts = dt.datetime(2026, 1, 23, 8, 0, tzinfo=dt.UTC)
    same_evening = dt.datetime(2026, 1, 23, 11, 30, tzinfo=dt.UTC)
    next_morning = dt.datetime(2026, 1, 24, 0, 0, tzinfo=dt.UTC)
    assert wareki.wareki_period(starts, same_evening) == "令和8年1月23日(金) 17:00〜20:30"
    assert wareki.wareki_period(starts, next_morning) == "令和8年1月23日(金) 17:00〜令和8年1月24日(土) 9:00"
    assert wareki.wareki_period(starts, None) == "令和8年1月23日(金) 17:00〜"
    assert wareki.period_en(starts, same_evening) == "Fri 23 January 2026, 17:00–20:30"
    assert wareki.period_en(starts, next_morning) == "Fri 23 January 2026, 17:00 – Sat 24 January 2026, 9:00"


def test_the_fiscal_year_turns_in_april():
    assert wareki.fiscal_year(dt.date(2027, 3, 31)) == 2026
    assert wareki.fiscal_year(dt.date(2027, 4, 1)) == 2027
    assert wareki.fiscal_year_ja(2026) == "令和8年度"
    assert wareki.fiscal_year_ja(2019) == "令和元年度"
    assert wareki.fiscal_year_ja(2018) == "平成30年度"


def test_days_off_say_why():
    assert wareki.day_off(dt.date(2027, 1, 15)) is None
    assert wareki.day_off(dt.date(2027, 1, 16)) == "土曜日"
    assert wareki.day_off(dt.date(2027, 1, 17)) == "日曜日"
    assert wareki.day_off(dt.date(2027, 1, 11)) == "成人の日"
    assert wareki.day_off(dt.date(2027, 3, 21)) == "春分の日"
    assert wareki.day_off(dt.date(2027, 3, 22)) == "春分の日 振替休日"
