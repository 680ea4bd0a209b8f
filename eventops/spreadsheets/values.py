"""What a single cell means: text, codes, numbers, choices and addresses, leniently typed by people."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from email_validator import EmailNotValidError, validate_email

from eventops.spreadsheets.table import Cell

T = TypeVar("T")
Parse = Callable[[Cell], object]


class FaultCode(StrEnum):
    """What can be wrong with a line of a table."""

    MISSING_HEADING = "missing_heading"
    DUPLICATE_HEADING = "duplicate_heading"
    UNKNOWN_HEADING = "unknown_heading"
    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    REQUIRED = "required"
    DUPLICATE_VALUE = "duplicate_value"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    NOT_A_CODE = "not_a_code"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"
    NOT_YES_NO = "not_yes_no"
    NOT_A_DATE = "not_a_date"
    NOT_A_TIME = "not_a_time"
    NOT_A_MOMENT = "not_a_moment"
    NOT_A_CHOICE = "not_a_choice"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_POSTAL_CODE = "not_a_postal_code"
    NOT_A_PHONE = "not_a_phone"
    UNKNOWN_ORGANISATION = "unknown_organisation"
    AMBIGUOUS_ORGANISATION = "ambiguous_organisation"
    UNKNOWN_PERSON = "unknown_person"
    NOBODY_MEANT = "nobody_meant"
    MERGED_ORGANISATION = "merged_organisation"
    MERGED_PERSON = "merged_person"
    UNKNOWN_NEED = "unknown_need"
    ENDS_BEFORE_START = "ends_before_start"
    OVERLAPS = "overlaps"
    STILL_IN_USE = "still_in_use"
    SAME_TWICE = "same_twice"
    NEEDS_VALUE = "needs_value"
    FOREIGN_ROW = "foreign_row"
    STALE_ROW = "stale_row"
    ALTERED_CELL = "altered_cell"
    NAMES_COMPANY = "names_company"
    OWN_COMPANY = "own_company"


class BadValue(Exception):
    """A cell that does not mean what its column asks for."""

    def __init__(self, code: FaultCode, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, object] = details


_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ─", "-"))
_YES: Final = frozenset(
    {"1", "はい", "○", "◯", "〇", "◎", "有", "有り", "あり", "可", "yes", "y", "true", "✓", "✔", "レ"}
)
_NO: Final = frozenset({"0", "いいえ", "×", "✕", "☓", "✗", "x", "無", "無し", "なし", "不可", "no", "n", "false"})
_LONGEST_EMAIL: Final = 254
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./-]*")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,15}")
_PHONE: Final = re.compile(r"0[0-9]*(?:-[0-9]+)*")
_LIST_ENDS: Final = re.compile(r"[;；\n]")


def plain(cell: Cell) -> str:
    """The cell as a person would have typed it."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case dt.datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case dt.time():
            return cell.isoformat(timespec="minutes")
        case _:
            return str(cell)


def folded(cell: Cell) -> str:
    """Full width, letter case and edges do not count."""
    return unicodedata.normalize("NFKC", plain(cell)).strip().lower()


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def text(*, max_length: int = 200) -> Parse:
    """One line of text: characters composed, inner breaks turned into spaces."""

    def parse(cell: Cell) -> str:
        return _checked(" ".join(unicodedata.normalize("NFC", plain(cell)).split()), max_length)

    return parse


def lines(*, max_length: int = 4000) -> Parse:
    """Text of several lines, whose breaks are kept."""

    def parse(cell: Cell) -> str:
        composed = unicodedata.normalize("NFC", plain(cell)).replace("\r\n", "\n").replace("\r", "\n")
        return _checked(composed.strip(), max_length)

    return parse


def _checked(value: str, max_length: int) -> str:
    if len(value) > max_length:
        raise BadValue(FaultCode.TOO_LONG, limit=max_length, length=len(value))
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in value):
        raise BadValue(FaultCode.CONTROL_CHARACTER)
    return value


def code(*, max_length: int = 40) -> Parse:
    """An identifier of ASCII letters and digits, in whatever width it was typed."""

    def parse(cell: Cell) -> str:
        value = unicodedata.normalize("NFKC", plain(cell)).translate(_DASHES).strip()
        if not _CODE.fullmatch(value):
            raise BadValue(FaultCode.NOT_A_CODE)
        return _checked(value, max_length)

    return parse


def integer(*, minimum: int | None = None, maximum: int | None = None) -> Parse:
    def parse(cell: Cell) -> int:
        value = _integer(cell)
        if minimum is not None and value < minimum:
            raise BadValue(FaultCode.TOO_SMALL, limit=minimum)
        if maximum is not None and value > maximum:
            raise BadValue(FaultCode.TOO_BIG, limit=maximum)
        return value

    return parse


def _integer(cell: Cell) -> int:
    digits = folded(cell).translate(_DASHES).replace(",", "")
    if isinstance(cell, bool) or not _INTEGER.fullmatch(digits):
        raise BadValue(FaultCode.NOT_A_NUMBER)
    return int(digits)


def yes_no() -> Parse:
    def parse(cell: Cell) -> bool:
        word = folded(cell)
        if word in _YES or word in _NO:
            return word in _YES
        raise BadValue(FaultCode.NOT_YES_NO)

    return parse


def choice(words: Mapping[str, T]) -> Callable[[Cell], T]:
    """One of the words, each with what it stands for; several words may stand for the same."""
    meanings = {folded(word): meaning for word, meaning in words.items()}

    def parse(cell: Cell) -> T:
        word = folded(cell)
        if word not in meanings:
            raise BadValue(FaultCode.NOT_A_CHOICE, choices="・".join(words))
        return meanings[word]

    return parse


def email() -> Parse:
    return _email


def _email(cell: Cell) -> str:
    typed = unicodedata.normalize("NFKC", plain(cell)).strip()
    try:
        address = validate_email(typed[: _LONGEST_EMAIL + 1], check_deliverability=False)
    except EmailNotValidError:
        raise BadValue(FaultCode.NOT_AN_EMAIL) from None
    return address.normalized


def many(parse_one: Callable[[Cell], T]) -> Callable[[Cell], tuple[T, ...]]:
    """Values separated by semicolons (or lines), each once."""

    def parse(cell: Cell) -> tuple[T, ...]:
        pieces = [piece for piece in _LIST_ENDS.split(plain(cell)) if piece.strip()]
        return tuple(dict.fromkeys(parse_one(piece) for piece in pieces))

    return parse


def postal() -> Parse:
    return _postal


def _postal(cell: Cell) -> str:
    digits = folded(cell).translate(_DASHES).removeprefix("〒").replace("-", "").replace(" ", "")
    if type(cell) is int:
        digits = digits.zfill(7)  # a spreadsheet that took it for a number has dropped the zeros in front
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise BadValue(FaultCode.NOT_A_POSTAL_CODE)
    return f"{digits[:3]}-{digits[3:]}"


def phone() -> Parse:
    return _phone


def _phone(cell: Cell) -> str:
    number = folded(cell).translate(_DASHES)
    number = re.sub(r"[\s()]+", "-", re.sub(r"^\+81[-\s]*(\(0\))?", "0", number)).strip("-")
    number = re.sub(r"-+", "-", number)
    if type(cell) is int:
        number = "0" + number  # as above: Japanese numbers begin with a zero
    if not _PHONE.fullmatch(number) or not 10 <= sum(letter.isdigit() for letter in number) <= 11:
        raise BadValue(FaultCode.NOT_A_PHONE)
    return number
