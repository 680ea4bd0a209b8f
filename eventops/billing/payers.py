"""What a bank's line says about who paid: numbers before the name, the legal form, and the reading. Pure."""

import functools
import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from eventops.directory import kana, names
from eventops.directory.names import Position

# Legal forms as a payer may spell them out, in the large kana of the banks; the longest first.
_SPELLED: Final = tuple(
    sorted(
        {
            "カブシキガイシヤ": "株式会社",
            "カブシキカイシヤ": "株式会社",
            "ユウゲンガイシヤ": "有限会社",
            "ユウゲンカイシヤ": "有限会社",
            "ゴウドウガイシヤ": "合同会社",
            "ゴウドウカイシヤ": "合同会社",
            "ゴウシガイシヤ": "合資会社",
            "ゴウメイガイシヤ": "合名会社",
            "イツパンシヤダンホウジン": "一般社団法人",
            "コウエキシヤダンホウジン": "公益社団法人",
            "シヤダンホウジン": "社団法人",
            "イツパンザイダンホウジン": "一般財団法人",
            "コウエキザイダンホウジン": "公益財団法人",
            "ザイダンホウジン": "財団法人",
            "トクテイヒエイリカツドウホウジン": "特定非営利活動法人",
            "コクリツダイガクホウジン": "国立大学法人",
            "コウリツダイガクホウジン": "公立大学法人",
            "ガツコウホウジン": "学校法人",
            "イリヨウホウジン": "医療法人",
            "シヤカイフクシホウジン": "社会福祉法人",
            "キヨウドウクミアイ": "協同組合",
        }.items(),
        key=lambda pair: -len(pair[0]),
    )
)
_BANKS_OWN: Final = re.compile(
    r"^(?:(?:振込入金|振込|フリコミニユウキン|フリコミ|ソウゴウフリコミ|FBフリコミ|ネツト振込|入金|被仕向)[*\s:.]*)+"
)
_LATIN: Final = re.compile(r"[A-Z0-9]+")
_NUMBER: Final = re.compile(r"[0-9]{2,6}")
_SEPARATORS: Final = str.maketrans("", "", " ・.,-ー'&/")
_REMEMBERED: Final = 50_000
_OPENED: Final = re.compile(r"^\(([ァ-ヺ]{1,5})\)")
_NO: Final = re.compile(r"\bNO[.:]? ?(?=[0-9])")
_AFTER_NUMBER: Final = re.compile(r"(?<=[0-9])(?=[ァ-ヺ(])")
_DASHES: Final = re.compile(r"(?<=[A-Z0-9])[-ー‐−](?=[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Payer:
    """A line taken apart. `references` are runs of letters and digits, alone and joined with their neighbours."""

    references: frozenset[str]
    numbers: frozenset[int]
    key: str
    form: str
    position: Position


@functools.lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """The bank's letters: wide, large kana, capitals, without what the bank itself put before the name."""
    wide = kana.large(kana.katakana(text)).upper()
    return _BANKS_OWN.sub("", unicodedata.normalize("NFKC", wide)).strip()


def squeezed(text: str) -> str:
    """A line as it is compared with itself in other files, whatever the file's columns were."""
    return plain(text).translate(_SEPARATORS)[:200]


@functools.lru_cache(maxsize=_REMEMBERED)
def read(text: str) -> Payer:
    """Take the text of a transfer apart."""
    written = _AFTER_NUMBER.sub(" ", _DASHES.sub(" ", _NO.sub("", plain(text))))
    runs = [run.group() for run in _LATIN.finditer(written)]
    joined = {first + second for first, second in itertools.pairwise(runs)}
    numbers = frozenset(int(run) for run in runs if _NUMBER.fullmatch(run))
    form, position, key = _name(_without_numbers(written))
    return Payer(frozenset({*runs, *joined}), numbers, key, form, position)


def _without_numbers(written: str) -> str:
    """The name alone: numbers and the event's code stand before it, or behind it."""
    words = written.split()
    is_number = [bool(re.fullmatch(r"[A-Z]*[0-9]+", word)) for word in words]
    kept = [
        word
        for word, here, next_one in itertools.zip_longest(words, is_number, is_number[1:], fillvalue=False)
        if not here and not (next_one and _LATIN.fullmatch(str(word)))
    ]
    return " ".join(map(str, kept))


def _name(text: str) -> tuple[str, Position, str]:
    short = names.parse_payer(_OPENED.sub(r"\1)", text))
    if short is not None:
        return short.form, short.position, name_key(short.core)
    return _spelled(name_key(text, keeps_form=True))


def _spelled(key: str) -> tuple[str, Position, str]:
    for spelling, form in _SPELLED:
        if key.startswith(spelling) and key != spelling:
            return form, Position.FRONT, key.removeprefix(spelling)
        if key.endswith(spelling) and key != spelling:
            return form, Position.BACK, key.removesuffix(spelling)
    return "", Position.NONE, key


@functools.lru_cache(maxsize=_REMEMBERED)
def name_key(reading: str, *, keeps_form: bool = False) -> str:
    """A reading as banks would have it, for comparison: large kana, no spaces, no long marks, no legal form."""
    key = kana.large(kana.katakana(reading)).upper().translate(_SEPARATORS)
    return key if keeps_form else _spelled(key)[2]


@functools.lru_cache(maxsize=_REMEMBERED)
def loose_key(key: str) -> str:
    """The same without voicing, for what was mistyped or worn off on the way."""
    return kana.sort_key(key)
