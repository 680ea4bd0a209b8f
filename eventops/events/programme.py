"""The programme of a part, as staff write it: one line for each talk, with its time, its title and who speaks."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

_TIME = r"(\d{1,2})[:：](\d{2})"
_SPEAKER = re.compile(r"\s+/\s+|\s*／\s*")
_TIMES = re.compile(rf"{_TIME}(?:\s*[〜~～–—-]\s*(?:{_TIME})?)?[\s　]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a programme; what was not written is left open."""

    title: str
    starts: dt.time | None = None
    ends: dt.time | None = None
    speaker: str = ""


def items(text: str) -> tuple[Item, ...]:
    """The lines that say something."""
    return tuple(_item(line.strip()) for line in text.splitlines() if line.strip())


def _item(line: str) -> Item:
    starts = ends = None
    found = _TIMES.match(unicodedata.normalize("NFKC", line))
    if found:
        starts, ends = _clock(found[1], found[2]), _clock(found[3], found[4])
    if found and starts is not None:
        line = line[found.end() :].strip()
    else:
        starts = ends = None
    title, *speakers = _SPEAKER.split(line, maxsplit=1)
    return Item(title.strip(), starts, ends, speakers[0].strip() if speakers else "")


def _clock(hour: str | None, minute: str | None) -> dt.time | None:
    if hour is None or minute is None or int(hour) > 23 or int(minute) > 59:
        return None
    return dt.time(int(hour), int(minute))
