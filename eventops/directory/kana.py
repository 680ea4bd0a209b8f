"""How names are read: one way of writing kana, the order of the syllabary, and searching by sound."""

import unicodedata
from typing import Final

_HIRAGANA_TO_KATAKANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_LOOSE_MARKS: Final = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
_LARGE: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_DASHES: Final = frozenset("-‐‑‒–—―−─")
_LONG: Final = "ー"
_REPEATS: Final = frozenset("ヽヾ")
_VOICING_MARKS: Final = {"\u3099": "濁", "\u309a": "半濁"}

_VOWELS: Final = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリヰ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレヱ",
    "オ": "オコソトノホモヨロヲ",
}
_VOWEL_OF: Final = {kana: vowel for vowel, row in _VOWELS.items() for kana in row}

_ROWS: Final = {
    "ア": "アイウエオ",
    "カ": "カキクケコ",
    "サ": "サシスセソ",
    "タ": "タチツテト",
    "ナ": "ナニヌネノ",
    "ハ": "ハヒフヘホ",
    "マ": "マミムメモ",
    "ヤ": "ヤユヨ",
    "ラ": "ラリルレロ",
    "ワ": "ワヰヱヲン",
}
_ROW_OF: Final = {kana: row for row, members in _ROWS.items() for kana in members}
OTHER_ROW: Final = "他"
ROWS: Final = (*_ROWS, OTHER_ROW)


def katakana(text: str) -> str:
    """Full-width katakana whatever was typed: hiragana, half width, a dash as the long mark."""
    wide = unicodedata.normalize("NFKC", text.translate(_LOOSE_MARKS)).translate(_HIRAGANA_TO_KATAKANA)
    return _with_long_marks(" ".join(wide.split()))


def _with_long_marks(text: str) -> str:
    letters: list[str] = []
    for letter in text:
        after_kana = bool(letters) and is_katakana(letters[-1])
        letters.append(_LONG if letter in _DASHES and after_kana else letter)
    return "".join(letters)


def is_katakana(text: str) -> bool:
    """Whether every letter is katakana or a long mark, and there is at least one."""
    return bool(text) and all("ァ" <= letter <= "ヺ" or letter in "ーヽヾ" for letter in text)


def sort_key(kana: str) -> str:
    """The order of the syllabary (JIS X 4061, first level): voicing, size and spaces do not count."""
    key: list[str] = []
    for letter in katakana(kana).upper():
        plain = _plain(letter, key[-1] if key else "")
        if plain.isalnum():
            key.append(plain)
    return "".join(key)


def _plain(letter: str, previous: str) -> str:
    if letter == _LONG:
        return _VOWEL_OF.get(previous, "")
    if letter in _REPEATS:
        return previous
    return large(unicodedata.normalize("NFD", letter)[0])


def large(kana: str) -> str:
    """Small kana written large, as old company names (キヤノン) and the banks' character set have them."""
    return kana.translate(_LARGE)


def tie_key(kana: str) -> str:
    """Decides between equal sort keys: small before plain before voiced before half-voiced."""
    return "".join(_shade(letter) for letter in katakana(kana) if letter.isalnum() or letter in "ーヽヾ")


def _shade(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)[1:]
    if marks:
        return "2" if _VOICING_MARKS.get(marks) == "濁" else "3"
    return "0" if letter == _LONG or large(letter) != letter else "1"


def row_of(key: str) -> str:
    """The heading of the divider under which a sort key stands: ア, カ, … ワ, or 他."""
    return _ROW_OF.get(key[:1], OTHER_ROW)


def matches(fragment: str, kana: str) -> bool:
    """Whether the reading contains the fragment, in whatever script it was typed."""
    return _squeezed(fragment) in _squeezed(kana)


def sounds_like(fragment: str, kana: str) -> bool:
    """As `matches`, but タ also finds ダ, and ヨ also finds ョ: for hurried typing at the desk."""
    return sort_key(fragment) in sort_key(kana)


def _squeezed(text: str) -> str:
    return katakana(text).replace(" ", "").replace("・", "").upper()
