"""How dates and times are written on Japanese paper and screens, and their English twins."""

import datetime as dt
from typing import Final

import jpholiday

from eventops.clock import TOKYO

_ERAS: Final = (
    (dt.date(2019, 5, 1), "令和"),
    (dt.date(1989, 1, 8), "平成"),
    (dt.date(1926, 12, 25), "昭和"),
)
_WEEKDAYS: Final = "月火水木金土日"
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_FISCAL_YEAR_STARTS_IN: Final = 4


def japan_time(moment: dt.datetime) -> dt.datetime:
    """A moment on Japan's clock; one without a time zone is refused: a guess could be nine hours off."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(TOKYO)


def japan_date(day: dt.date) -> dt.date:
    return japan_time(day).date() if isinstance(day, dt.datetime) else day


def era_year(day: dt.date) -> str:
    """令和9年, 平成元年; before Shōwa the western year."""
    day = japan_date(day)
    for first_day, name in _ERAS:
        if day >= first_day:
            return _era_year(name, day.year - first_day.year + 1)
    return f"{day.year}年"


def _era_year(name: str, number: int) -> str:
    return f"{name}{'元' if number == 1 else number}年"


def weekday(day: dt.date) -> str:
    return _WEEKDAYS[japan_date(day).weekday()]


def wareki_date(day: dt.date) -> str:
    """令和9年1月15日(金)"""
    day = japan_date(day)
    return f"{era_year(day)}{month_day(day)}"


def date_ja(day: dt.date) -> str:
    """2027年1月15日(金)"""
    day = japan_date(day)
    return f"{day.year}年{month_day(day)}"


def month_day(day: dt.date) -> str:
    """1月15日(金)"""
    day = japan_date(day)
    return f"{day.month}月{day.day}日({weekday(day)})"


def date_en(day: dt.date) -> str:
    """Fri 15 January 2027"""
    day = japan_date(day)
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def month_ja(day: dt.date) -> str:
    """2027年1月"""
    return f"{day.year}年{day.month}月"


def month_en(day: dt.date) -> str:
    """January 2027"""
    return f"{_MONTHS_EN[day.month - 1]} {day.year}"


def weekday_en(day: dt.date) -> str:
    return _WEEKDAYS_EN[japan_date(day).weekday()]


def clock(at: dt.datetime | dt.time) -> str:
    """13:00; a bare time of day is taken as it stands."""
    if isinstance(at, dt.datetime):
        at = japan_time(at)
    return f"{at.hour}:{at.minute:02d}"


def time_range(starts: dt.datetime | dt.time, ends: dt.datetime | dt.time | None) -> str:
    """13:00〜13:20, or 13:00〜 when the end is open."""
    return f"{clock(starts)}〜{clock(ends) if ends is not None else ''}"


def time_range_en(starts: dt.datetime | dt.time, ends: dt.datetime | dt.time | None) -> str:
    """13:00–13:20, or 'from 13:00' when the end is open."""
    return f"{clock(starts)}–{clock(ends)}" if ends is not None else f"from {clock(starts)}"


def wareki_period(starts: dt.datetime, ends: dt.datetime | None) -> str:
    """令和8年1月23日(金) 17:00〜20:30; the second day is named only when it is another one."""
    if ends is None or japan_date(starts) == japan_date(ends):
        return f"{wareki_date(starts)} {time_range(starts, ends)}"
    return f"{wareki_date(starts)} {clock(starts)}〜{wareki_date(ends)} {clock(ends)}"


def period_en(starts: dt.datetime, ends: dt.datetime | None) -> str:
    """Fri 23 January 2026, 17:00–20:30"""
    if ends is None or japan_date(starts) == japan_date(ends):
        return f"{date_en(starts)}, {time_range_en(starts, ends)}"
    return f"{date_en(starts)}, {clock(starts)} – {date_en(ends)}, {clock(ends)}"


def fiscal_year(day: dt.date) -> int:
    """The western year in which the fiscal year of this day began (April to March)."""
    day = japan_date(day)
    return day.year if day.month >= _FISCAL_YEAR_STARTS_IN else day.year - 1


def fiscal_year_ja(year: int) -> str:
    """令和8年度, in the era that reigned at the end of that calendar year (2019 is 令和元年度)."""
    return era_year(dt.date(year, 12, 31)) + "度"


def day_off(day: dt.date) -> str | None:
    """Why offices are closed on this day (元日, 土曜日), or None on a working day."""
    day = japan_date(day)
    holiday = jpholiday.is_holiday_name(day)
    if holiday:
        return str(holiday)
    return f"{weekday(day)}曜日" if day.weekday() >= _WEEKDAYS.index("土") else None
