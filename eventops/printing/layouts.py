"""Knows what a badge shows, how large and in which order, and how that is kept as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from eventops.printing import stocks


class Shown(StrEnum):
    """What may stand on a badge beside the category and the code."""

    EVENT = "event"
    COMPANY = "company"
    DEPARTMENT = "department"
    JOB_TITLE = "job_title"
    NAME = "name"
    KANA = "kana"
    MEETINGS = "meetings"
    FREE = "free"


class Size(StrEnum):
    """How large a line is; one that is off takes no room."""

    OFF = "off"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Script(StrEnum):
    """In which kana a reading is printed."""

    KATAKANA = "katakana"
    HIRAGANA = "hiragana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a category is recognised: read, by colour, and by pattern where the printer has only black."""

    word: str
    tone: str
    pattern: str


CATEGORIES: Final[dict[str, Look]] = {
    "guest_of_honour": Look(word="来賓", tone="#b3121d", pattern="solid"),
    "speaker": Look(word="登壇者", tone="#6a2c91", pattern="checks"),
    "large": Look(word="大手", tone="#0b4f9e", pattern="stripes"),
    "member": Look(word="会員", tone="#0a6b4b", pattern="rules"),
    "general": Look(word="一般", tone="#4a4a4a", pattern="plain"),
    "staff": Look(word="スタッフ", tone="#000000", pattern="dots"),
}

USUAL_LINES: Final[tuple[tuple[Shown, Size], ...]] = (
    (Shown.EVENT, Size.SMALL),
    (Shown.COMPANY, Size.MEDIUM),
    (Shown.DEPARTMENT, Size.OFF),
    (Shown.JOB_TITLE, Size.OFF),
    (Shown.KANA, Size.OFF),
    (Shown.NAME, Size.LARGE),
    (Shown.MEETINGS, Size.SMALL),
    (Shown.FREE, Size.OFF),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`lines` stand in the order in which they are printed; `ruby` sets the reading above each part of the name."""

    stock: str = stocks.USUAL
    desk_stock: str = stocks.USUAL
    lines: tuple[tuple[Shown, Size], ...] = USUAL_LINES
    ruby: bool = True
    script: Script = Script.KATAKANA
    qr: bool = True
    band: bool = True
    free_text: str = ""
    crop_marks: bool = False
    shift_x: float = 0.0
    shift_y: float = 0.0
    looks: Mapping[str, Look] = field(default_factory=lambda: dict(CATEGORIES))

    @property
    def shown(self) -> tuple[tuple[Shown, Size], ...]:
        return tuple((line, size) for line, size in self.lines if size != Size.OFF)

    @property
    def has_ruby(self) -> bool:
        """A reading on a line of its own is not printed twice."""
        return self.ruby and Shown.KANA not in dict(self.shown)


def as_json(layout: Layout) -> dict[str, Any]:
    plain = {name: getattr(layout, name) for name in _PLAIN}
    looks = {key: {"word": look.word, "tone": look.tone} for key, look in layout.looks.items()}
    return {**plain, "lines": [[str(line), str(size)] for line, size in layout.lines], "looks": looks}


def from_json(stored: Mapping[str, Any]) -> Layout:
    """What an older program did not know yet is as usual."""
    plain = {name: stored[name] for name in _PLAIN if name in stored}
    layout = Layout(**plain, lines=_lines(stored.get("lines", ())), looks=_looks(stored.get("looks", {})))
    return replace(layout, stock=_known(layout.stock), desk_stock=_known(layout.desk_stock))


_PLAIN: Final = (
    "stock",
    "desk_stock",
    "ruby",
    "script",
    "qr",
    "band",
    "free_text",
    "crop_marks",
    "shift_x",
    "shift_y",
)


def _known(stock: str) -> str:
    return stock if stock in stocks.BADGES else stocks.USUAL


def _lines(stored: Any) -> tuple[tuple[Shown, Size], ...]:
    kept = {Shown(line): Size(size) for line, size in stored if line in set(Shown)}
    return tuple({**kept, **{line: size for line, size in USUAL_LINES if line not in kept}}.items())


def _looks(stored: Mapping[str, Any]) -> dict[str, Look]:
    return {
        key: replace(look, **{name: stored[key][name] for name in ("word", "tone")}) if key in stored else look
        for key, look in CATEGORIES.items()
    }
