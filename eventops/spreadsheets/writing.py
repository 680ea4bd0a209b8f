"""Tables as CSV for Japanese offices: UTF-8 with its mark, or the older encoding, saying what that one cannot hold."""

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eventops.spreadsheets.guard import guarded
from eventops.wareki import japan_time

Value = str | int | float | bool | dt.date | dt.time | Sequence[str] | None
Plain = str | int | float

_SUBSTITUTE: Final = "〓"
# The same signs under the numbers that the Windows encoding knows.
_SAME_SIGN: Final = str.maketrans("〜−—‖¢£¬", "～－―∥￠￡￢")
_SUBSTITUTING: Final = "eventops.substitute"
_LINE_END: Final = "\r\n"
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Encoding(StrEnum):
    """What the reader's program expects."""

    UTF8 = "utf-8-sig"
    CP932 = "cp932"


@dataclass(frozen=True, slots=True)
class Lost:
    """Characters of one cell that the encoding does not have; 〓 stands in their place."""

    line: int
    heading: str
    characters: str


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of the file and what could not be written."""

    data: bytes
    lost: tuple[Lost, ...]


def write_csv(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], *, encoding: Encoding = Encoding.UTF8
) -> Written:
    """Text never begins a formula; numbers stay numbers; what was written is read back as it was."""
    table: list[list[Plain]] = [list(headings), *([written(value) for value in row] for row in rows)]
    if encoding is Encoding.UTF8:
        return Written(_joined(table).encode(encoding), ())
    table = [[_with_known_signs(cell) for cell in cells] for cells in table]
    return Written(_joined(table).encode(encoding, errors=_SUBSTITUTING), tuple(_losses(table)))


def written(value: Value) -> Plain:
    """A value as it stands in the file, in a way that the import understands."""
    match value:
        case None:
            return ""
        case bool():
            return int(value)
        case int() | float() | str():
            return value
        case dt.datetime():
            return japan_time(value).strftime("%Y-%m-%d %H:%M")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat(timespec="minutes")
        case _:
            return ";".join(value)


def _with_known_signs(cell: Plain) -> Plain:
    return cell.translate(_SAME_SIGN) if isinstance(cell, str) else cell


def _joined(table: Iterable[Sequence[Plain]]) -> str:
    text = io.StringIO(newline="")
    # Quotes around all text keep it in its cell even where a program takes another sign as separator.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator=_LINE_END)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in cells] for cells in table)
    return text.getvalue()


def _losses(table: Sequence[Sequence[Plain]]) -> Iterator[Lost]:
    line = 1
    for cells in table:
        for heading, cell in zip(table[0], cells, strict=False):
            missing = "".join(letter for letter in dict.fromkeys(str(cell)) if not _is_known(letter))
            if missing:
                yield Lost(line, str(heading), missing)
        line += 1 + sum(_breaks(cell) for cell in cells)


def _breaks(cell: Plain) -> int:
    return len(_LINE_BREAK.findall(str(cell)))


def _is_known(letter: str) -> bool:
    try:
        letter.encode(Encoding.CP932)
    except UnicodeEncodeError:
        return False
    return True


def _substitute(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _SUBSTITUTE * (error.end - error.start), error.end


codecs.register_error(_SUBSTITUTING, _substitute)
