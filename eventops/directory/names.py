"""Company names: legal form, its position and the core, and which known organisation a typed name means."""

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Generic, TypeVar

from eventops.directory import kana
from eventops.directory.legal_forms import BANK_FORMS, FORMS, SPELLINGS

K = TypeVar("K", bound=Hashable)

_SIGNS: Final = {"株式会社": "㈱", "有限会社": "㈲"}
_REMEMBERED: Final = 50_000
_HONORIFICS: Final = ("御中", "様", "殿")
_IGNORED: Final = str.maketrans("", "", "ー-‐‑‒–—―−・.,、。,'’&")
_HALF_WIDTH_KANA: Final = ("\uff61", "\uff9f")
_OLD_SHAPES: Final = str.maketrans(
    "髙﨑德邊邉澤濱濵嶋嶌齋齊斎廣國櫻瀧眞惠藏龍冨曾鐵學榮圓淺條實與壽黑栁澁靜關來萬會",
    "高崎徳辺辺沢浜浜島島斉斉斉広国桜滝真恵蔵竜富曽鉄学栄円浅条実与寿黒柳渋静関来万会",
)


class Position(StrEnum):
    """Where the legal form stands: 前株, 後株, or there is none."""

    FRONT = "front"
    BACK = "back"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name taken apart; `core` is folded for comparison and is not for display."""

    form: str
    position: Position
    core: str


class Decision(StrEnum):
    """AUTO may be taken as it is; REVIEW offers candidates to a person; NONE knows nobody."""

    AUTO = "auto"
    REVIEW = "review"
    NONE = "none"


class Reason(StrEnum):
    """Why a match was decided as it was."""

    SAME_NAME = "same_name"
    HALF_WIDTH_KANA = "half_width_kana"
    SEVERAL = "several"
    FORM_MISSING = "form_missing"
    OTHER_POSITION = "other_position"
    OTHER_FORM = "other_form"
    SPELLING = "spelling"
    READING = "reading"
    BANK_READING = "bank_reading"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate(Generic[K]):
    """An organisation that a typed name may mean; the kana is registered without the legal form.

    One that goes by several names, as after a merge, is a candidate once for each.
    """

    id: K
    name: str
    kana: str = ""


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """The organisations that a name may mean, the closest first."""

    decision: Decision
    reason: Reason
    ids: tuple[K, ...] = ()

    @property
    def id(self) -> K | None:
        """The one organisation when no person needs to look."""
        return self.ids[0] if self.decision is Decision.AUTO else None


@lru_cache(maxsize=_REMEMBERED)
def parse(raw: str) -> CompanyName:
    """Take a name apart: ' ㈱ 楡見坂樹脂 御中' is 株式会社, in front, 楡見坂樹脂."""
    text = _without_honorific("".join(unicodedata.normalize("NFKC", raw).split())).upper()
    for spelling, form in SPELLINGS:
        if text == spelling:
            break
        if text.startswith(spelling):
            return CompanyName(form, Position.FRONT, text.removeprefix(spelling))
        if text.endswith(spelling):
            return CompanyName(form, Position.BACK, text.removesuffix(spelling))
    return CompanyName("", Position.NONE, text)


def _without_honorific(text: str) -> str:
    for honorific in _HONORIFICS:
        if text.endswith(honorific) and text != honorific:
            return text.removesuffix(honorific)
    return text


def parse_payer(raw: str) -> CompanyName | None:
    """A payer's name as banks write it: 'ｶ)ﾅﾚﾑｰ', 'ﾅﾚﾑｰ(ｶ', 'ﾅﾚﾑｰ(ｶ)ﾄｳｷﾖｳ'; None without such a form."""
    text = "".join(kana.katakana(raw).split())
    front, closing, rest = text.partition(")")
    if closing and rest and front in BANK_FORMS:
        return CompanyName(BANK_FORMS[front], Position.FRONT, _reading(rest))
    name, opening, rest = text.partition("(")
    code = rest.partition(")")[0]
    if opening and name and code in BANK_FORMS:
        return CompanyName(BANK_FORMS[code], Position.BACK, _reading(name))
    return None


@lru_cache(maxsize=_REMEMBERED)
def _reading(text: str) -> str:
    return kana.large("".join(kana.katakana(text).split())).replace("・", "")


@lru_cache(maxsize=_REMEMBERED)
def _loose(core: str) -> str:
    folded = kana.large(kana.katakana(core)).translate(_OLD_SHAPES).translate(_IGNORED)
    return folded or core


def loose_core(name: str) -> str:
    """The core of a name without what is written now this way, now that: old characters, small kana, dashes."""
    return _loose(parse(name).core)


def _is_half_width_kana(raw: str) -> bool:
    first, last = _HALF_WIDTH_KANA
    return all(first <= letter <= last for letter in "".join(raw.split()))


@dataclass(frozen=True, slots=True)
class _Known(Generic[K]):
    id: K
    name: CompanyName


class Register(Generic[K]):
    """Known organisations, indexed once for matching many names."""

    def __init__(self, candidates: Iterable[Candidate[K]]) -> None:
        self._by_core: defaultdict[str, list[_Known[K]]] = defaultdict(list)
        self._by_loose: defaultdict[str, list[_Known[K]]] = defaultdict(list)
        self._by_reading: defaultdict[str, list[_Known[K]]] = defaultdict(list)
        for candidate in candidates:
            self._add(candidate)

    def _add(self, candidate: Candidate[K]) -> None:
        known = _Known(candidate.id, parse(candidate.name))
        if known in self._by_core.get(known.name.core, ()):
            return  # an organisation stands here once under each way of writing it
        self._by_core[known.name.core].append(known)
        self._by_loose[_loose(known.name.core)].append(known)
        if candidate.kana:
            self._by_reading[_reading(candidate.kana)].append(known)

    def match(self, raw: str) -> Match[K]:
        """Which organisation a typed name means: the same name decides, anything less asks a person."""
        payer = parse_payer(raw)
        if payer is not None:
            return _review(Reason.BANK_READING, payer, self._by_reading.get(payer.core, ()))
        name = parse(raw)
        same_core = self._by_core.get(name.core, ())
        if same_core:
            return _judge(raw, name, same_core)
        return self._guess(name)

    def _guess(self, name: CompanyName) -> Match[K]:
        similar = self._by_loose.get(_loose(name.core), ())
        if similar:
            return _review(Reason.SPELLING, name, similar)
        return _review(Reason.READING, name, self._by_reading.get(_reading(name.core), ()))


def match(raw: str, candidates: Iterable[Candidate[K]]) -> Match[K]:
    """Match one name; for many names make a `Register` once."""
    return Register(candidates).match(raw)


def _judge(raw: str, name: CompanyName, same_core: Sequence[_Known[K]]) -> Match[K]:
    exact = {known.id for known in same_core if known.name == name}
    alone = len({known.id for known in same_core}) == 1
    if len(exact) == 1 and (name.form or alone):
        return Match(Decision.AUTO, Reason.SAME_NAME, tuple(exact))
    # Systems that write half-width kana drop the legal form, so its absence says nothing there.
    if alone and not name.form and _is_half_width_kana(raw):
        return Match(Decision.AUTO, Reason.HALF_WIDTH_KANA, (same_core[0].id,))
    return _review(_doubt(name, same_core), name, same_core)


def _doubt(name: CompanyName, same_core: Sequence[_Known[K]]) -> Reason:
    if len({known.id for known in same_core}) > 1:
        return Reason.SEVERAL
    if not name.form:
        return Reason.FORM_MISSING
    return Reason.OTHER_POSITION if same_core[0].name.form == name.form else Reason.OTHER_FORM


def _review(reason: Reason, name: CompanyName, found: Sequence[_Known[K]]) -> Match[K]:
    if not found:
        return Match(Decision.NONE, Reason.UNKNOWN)
    closest_first = sorted(found, key=lambda known: _distance(name, known.name))
    return Match(Decision.REVIEW, reason, tuple(dict.fromkeys(known.id for known in closest_first)))


def _distance(name: CompanyName, other: CompanyName) -> tuple[bool, bool]:
    return name.form != other.form, name.position != other.position


def abbreviated(name: str) -> str:
    """The name with its legal form shortened, as on any Japanese seating plan, for narrow columns."""
    for form in FORMS:
        if form.name in name and form.short:
            return name.replace(form.name, _SIGNS.get(form.name, f"({form.short[0]})"))
    return name
