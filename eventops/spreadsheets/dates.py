"""What a cell means as a day, a time of day or a moment in Japan, in the ways people write them."""

import datetime as dt
import re
from typing import Final

from eventops.clock import TOKYO
from eventops.spreadsheets.table import Cell
from eventops.spreadsheets.values import BadValue, FaultCode, Parse, folded

_ERAS: Final = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_WESTERN_DATE: Final = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?")
_PACKED_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ERA_DATE: Final = re.compile(
    r"(令和|平成|昭和|[rhs])([0-9]{1,2}|元)(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?"
)
_WEEKDAY: Final = re.compile(r"\([月火水木金土日](?:曜日?)?\)")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?|([0-9]{1,2})時(?:([0-9]{1,2})分)?")
_MOMENT: Final = re.compile(r"(.+?[0-9日)])(?:[t\s]\s*)(.+)")


def date() -> Parse:
    return read_date


def read_date(cell: Cell) -> dt.date:
    """A day as people write it: 2027-01-22, 2027年1月22日, R9.1.22; raises `BadValue`."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    written = _WEEKDAY.sub("", folded(cell)).replace(" ", "")
    try:
        return dt.date(*_year_month_day(written))
    except ValueError:
        raise BadValue(FaultCode.NOT_A_DATE) from None


def _year_month_day(written: str) -> tuple[int, int, int]:
    western = _WESTERN_DATE.fullmatch(written) or _PACKED_DATE.fullmatch(written)
    if western:
        year, month, day = map(int, western.groups())
        return year, month, day
    japanese = _ERA_DATE.fullmatch(written)
    if not japanese:
        raise BadValue(FaultCode.NOT_A_DATE)
    era, number, month_text, day_text = japanese.groups()
    return _ERAS[era] + (1 if number == "元" else int(number)), int(month_text), int(day_text)


def time() -> Parse:
    return _time


def _time(cell: Cell) -> dt.time:
    if isinstance(cell, dt.time):
        return cell.replace(second=0, microsecond=0)
    found = _TIME.fullmatch(folded(cell).replace(" ", ""))
    if not found:
        raise BadValue(FaultCode.NOT_A_TIME)
    hour, minute = found[1] or found[3], found[2] or found[4] or "0"
    try:
        return dt.time(int(hour), int(minute))
    except ValueError:
        raise BadValue(FaultCode.NOT_A_TIME) from None


def moment() -> Parse:
    """A day and a time of day in Japan."""
    return _moment


def _moment(cell: Cell) -> dt.datetime:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=TOKYO)
    found = _MOMENT.fullmatch(folded(cell))
    if not found:
        raise BadValue(FaultCode.NOT_A_MOMENT)
    try:
        return dt.datetime.combine(read_date(found[1]), _time(found[2]), tzinfo=TOKYO)
    except BadValue:
        raise BadValue(FaultCode.NOT_A_MOMENT) from None
