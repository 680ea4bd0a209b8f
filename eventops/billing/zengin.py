"""The banks' fixed-width files (全銀): notices of transfers received (01) and statements of account (03). Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from eventops.billing.movements import Movement
from eventops.billing.refusals import UnreadableBankFile

LENGTHS: Final = (200, 120)
_NOTICE, _STATEMENT = b"01", b"03"
_HEADER, _DATA, _TRAILER, _END = b"1", b"2", b"8", b"9"
_ERA_BEGINS: Final = (2018, 1988, 2000)
"""Years are two digits, counted in the era; some banks count them in the century."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns stand, counted from 0, the end excluded."""

    day: slice
    amount: slice
    payer: slice
    text: slice


_LAYOUTS: Final = {
    # Transfers received: number 6, day 6, value day 6, amount 10, other cheques 10, code 10, payer 48, bank, branch.
    _NOTICE: _Layout(slice(7, 13), slice(19, 29), slice(49, 97), slice(128, 148)),
    # Statements: number 8, day 6, value day 6, in or out 1, kind 2, amount 12, …, code 10, payer 48, …, text 20.
    _STATEMENT: _Layout(slice(9, 15), slice(24, 36), slice(81, 129), slice(159, 179)),
}
_NOTICE_CANCELS: Final = slice(127, 128)
_STATEMENT_WAY: Final = slice(21, 22)
_SHORTEST: Final = {_NOTICE: 97, _STATEMENT: 129}


def looks_like(data: bytes) -> bool:
    """Whether the file begins with the header record of one of the two kinds."""
    return data[:1] == _HEADER and data[1:3] in _LAYOUTS and b"," not in data[:60]


def read(data: bytes, *, today: dt.date) -> list[Movement]:
    """All movements of the file; anything that is no record of it refuses the file as a whole."""
    kind = b""
    found: list[Movement] = []
    seen = 0
    for number, record in enumerate(_records(data), start=1):
        sort = record[:1]
        if sort == _HEADER:
            kind, seen = record[1:3], len(found)
        elif sort == _DATA and kind in _LAYOUTS and len(record) >= _SHORTEST[kind]:
            found.append(_movement(kind, record, number, today))
        elif sort == _TRAILER:
            _check_count(kind, record, found[seen:], number)
        elif sort != _END:
            raise UnreadableBankFile(detail=f"{number}行目")
    return found


def _records(data: bytes) -> Iterator[bytes]:
    body = data.rstrip(b"\x1a\x00\r\n ")
    if b"\n" in body or b"\r" in body:
        yield from (line for line in body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n") if line.strip())
        return
    length = next((length for length in LENGTHS if _fits(body, length)), None)
    if length is None:
        raise UnreadableBankFile(detail="")
    yield from (body[start : start + length] for start in range(0, len(body), length))


def _fits(body: bytes, length: int) -> bool:
    starts = [body[start : start + 1] for start in range(0, len(body), length)]
    return starts[0] == _HEADER and starts[-1] in (_TRAILER, _END) and set(starts) <= {_HEADER, _DATA, _TRAILER, _END}


def _movement(kind: bytes, record: bytes, number: int, today: dt.date) -> Movement:
    layout = _LAYOUTS[kind]
    amount = _number(record[layout.amount], number)
    goes_out = record[_NOTICE_CANCELS] == b"1" if kind == _NOTICE else record[_STATEMENT_WAY] == b"2"
    payer = _text(record[layout.payer]) or _text(record[layout.text])
    day = _day(record[layout.day], number, today)
    return Movement(number, day, payer, -amount if goes_out else amount, is_reversal=goes_out and kind == _NOTICE)


def _check_count(kind: bytes, record: bytes, found: list[Movement], number: int) -> None:
    """The trailer says how many came and what they sum up to: a file cut short on its way is refused."""
    width = 12 if kind == _NOTICE else 13
    count, total = record[1:7], record[7 : 7 + width]
    if not (count.isdigit() and total.isdigit()):
        return
    came = [movement.yen for movement in found if movement.yen > 0]
    if (int(count), int(total)) != (len(came), sum(came)):
        raise UnreadableBankFile(detail=f"{number}行目の合計件数・合計金額が明細と一致しません。")


def _day(digits: bytes, number: int, today: dt.date) -> dt.date:
    value = _number(digits, number)
    year, month, day = value // 10_000, value // 100 % 100, value % 100
    try:
        days = [dt.date(begins + year, month, day) for begins in _ERA_BEGINS]
    except ValueError:
        raise UnreadableBankFile(detail=f"{number}行目の日付") from None
    return min(days, key=lambda candidate: abs((candidate - today).days))


def _number(digits: bytes, number: int) -> int:
    text = digits.strip()
    if not text.isdigit():
        raise UnreadableBankFile(detail=f"{number}行目の数字")
    return int(text)


def _text(letters: bytes) -> str:
    return letters.decode("cp932", errors="replace").strip()
