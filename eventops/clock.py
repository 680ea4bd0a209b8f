"""The one place that knows what time it is, and where the association lives."""

import datetime as dt
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> dt.datetime:
    """The current moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The calendar day in Tokyo."""
    return now().astimezone(TOKYO).date()


def tokyo(day: dt.date, time: dt.time) -> dt.datetime:
    """A wall-clock time in Tokyo as an aware moment."""
    return dt.datetime.combine(day, time, tzinfo=TOKYO)
