"""The statements that banks give as CSV: every bank names its columns otherwise, some write things above them. Pure."""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eventops.billing.movements import Movement
from eventops.billing.refusals import UnreadableBankFile
from eventops.spreadsheets import dates
from eventops.spreadsheets.values import BadValue

_HIGHEST_HEADING: Final = 30
_DATE = dates.date()
_AMOUNT: Final = re.compile(r"[-▲△−]?[0-9]+")
_SUMS: Final = ("合計", "小計", "計", "件数")


class Column(StrEnum):
    """What a column holds."""

    DAY = "day"
    YEAR = "year"
    MONTH = "month"
    MONTH_DAY = "month_day"
    IN = "in"
    OUT = "out"
    AMOUNT = "amount"
    WAY = "way"
    PAYER = "payer"
    TEXT = "text"
    OTHER = "other"


_OWN_WORDS: Final = (
    (
        Column.OTHER,
        ("残高", "コード", "起算", "時刻", "手形", "小切手", "銀行名", "支店", "仕向", "未資金", "番号", "他店券"),
    ),
    (Column.WAY, ("入払区分", "入出金区分", "取引区分", "入出区分", "貸借")),
    (Column.YEAR, ("(年)",)),
    (Column.MONTH, ("(月)",)),
    (Column.MONTH_DAY, ("(日)",)),
    (Column.PAYER, ("依頼人", "振込人", "取引先名", "相手先")),
    (Column.TEXT, ("内容", "摘要", "適要", "備考", "明細", "取引名", "EDI", "取引種別")),
    (
        Column.DAY,
        ("年月日", "日付", "取引日", "取扱日", "勘定日", "入金日", "振込日", "操作日", "記帳日", "計上日", "払出日"),
    ),
    (Column.AMOUNT, ("入出金",)),
    (Column.IN, ("入金", "預入", "預け入", "預り", "預かり", "受入")),
    (Column.OUT, ("出金", "引出", "引き出", "支払", "払戻", "払出")),
    (Column.AMOUNT, ("金額",)),
)
_OUTWARD: Final = ("出", "払", "支払", "2", "借")


@dataclass(frozen=True, slots=True)
class _Heads:
    """Which columns hold what."""

    row: int
    columns: tuple[Column, ...]

    def cells(self, cells: Sequence[str], column: Column) -> list[str]:
        found = (cell for cell, what in zip(cells, self.columns, strict=False) if what is column)
        return [cell.strip() for cell in found if cell.strip()]

    def first(self, cells: Sequence[str], column: Column) -> str:
        return next(iter(self.cells(cells, column)), "")


def read(text: str) -> list[Movement]:
    """All movements of a statement. A row with an amount that cannot be read refuses the file: nothing is missed."""
    rows = [(number, cells) for number, cells in _rows(text) if any(cell.strip() for cell in cells)]
    heads = _heads(rows)
    found = [_movement(heads, number, cells) for number, cells in rows[heads.row + 1 :]]
    return [movement for movement in found if movement is not None]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    separator = "\t" if text.partition("\n")[0].count("\t") > 1 else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        raise UnreadableBankFile(detail=f"{reader.line_num}行目") from None


def _heads(rows: Sequence[tuple[int, list[str]]]) -> _Heads:
    for index, (_number, cells) in enumerate(rows[:_HIGHEST_HEADING]):
        columns = tuple(map(column_of, cells))
        has_day = Column.DAY in columns or Column.MONTH_DAY in columns
        if has_day and {Column.IN, Column.AMOUNT} & set(columns) and {Column.PAYER, Column.TEXT} & set(columns):
            return _Heads(index, columns)
    raise UnreadableBankFile(detail="日付・入金額・摘要の見出しがある行が見つかりません。")


def column_of(heading: str) -> Column:
    """What a heading says that its column holds."""
    plain = "".join(unicodedata.normalize("NFKC", heading).split()).replace("(円)", "")
    return next((column for column, words in _OWN_WORDS if any(word in plain for word in words)), Column.OTHER)


def _movement(heads: _Heads, number: int, cells: Sequence[str]) -> Movement | None:
    amount = _amount(heads, cells, number)
    written = heads.first(cells, Column.DAY) or _dated(heads, cells)
    if amount is None or (not written and _is_sum(cells)) or _is_sum([written]):
        return None
    if amount == 0:
        return None
    try:
        day = _DATE(written)
    except BadValue:
        raise UnreadableBankFile(detail=f"{number}行目の日付「{written[:20]}」") from None
    assert isinstance(day, dt.date)
    return Movement(number, day, _payer(heads, cells), amount)


def _dated(heads: _Heads, cells: Sequence[str]) -> str:
    return "/".join(heads.first(cells, column) for column in (Column.YEAR, Column.MONTH, Column.MONTH_DAY)).strip("/")


def _is_sum(cells: Sequence[str]) -> bool:
    return any("".join(cell.split()).startswith(_SUMS) for cell in cells)


def _amount(heads: _Heads, cells: Sequence[str], number: int) -> int | None:
    """Above nought what came, below what went; None for a row without any amount."""
    came, went = (_yen(heads.first(cells, column), number) for column in (Column.IN, Column.OUT))
    if came or went:
        return (came or 0) - (went or 0)
    amount = _yen(heads.first(cells, Column.AMOUNT), number)
    if amount is not None and _goes_out(heads.first(cells, Column.WAY)):
        return -abs(amount)
    return amount if amount is not None else came


def _goes_out(way: str) -> bool:
    return way.startswith(_OUTWARD)


def _yen(cell: str, number: int) -> int | None:
    text = unicodedata.normalize("NFKC", cell).translate(str.maketrans("", "", ",円¥\\+ *")).strip()
    if text in ("", "-"):
        return None
    if not _AMOUNT.fullmatch(text):
        raise UnreadableBankFile(detail=f"{number}行目の金額「{cell[:20]}」")
    return -int(text[1:]) if text[0] in "-▲△−" else int(text)


def _payer(heads: _Heads, cells: Sequence[str]) -> str:
    named = heads.cells(cells, Column.PAYER)
    return " ".join(named or heads.cells(cells, Column.TEXT))[:200]
