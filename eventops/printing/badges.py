"""Knows the 名札: ten of 91 × 55 mm on an A4 sheet, the category as a word, a colour and a pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventops import qr
from eventops.printing.imprint import Imprint, document_title
from eventops.typeset import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a category is recognised: read, by colour, and by pattern where the printer has only black."""

    word: str
    tone: str
    pattern: str


CATEGORIES: dict[str, Look] = {
    "guest_of_honour": Look(word="来賓", tone="#b3121d", pattern="solid"),
    "speaker": Look(word="登壇者", tone="#6a2c91", pattern="checks"),
    "large": Look(word="大手", tone="#0b4f9e", pattern="stripes"),
    "member": Look(word="会員", tone="#0a6b4b", pattern="rules"),
    "general": Look(word="一般", tone="#4a4a4a", pattern="plain"),
    "staff": Look(word="スタッフ", tone="#000000", pattern="dots"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """`category` is a key of CATEGORIES; `number` the 面談番号, where there is one."""

    code: str
    company: str
    name: str
    kana: str
    category: str
    number: str = ""


def badges_pdf(imprint: Imprint, badges: Sequence[Badge]) -> bytes:
    data = {
        "title": document_title("名札", imprint),
        "imprint": imprint.as_data(),
        "categories": {
            key: {"word": look.word, "tone": look.tone, "pattern": look.pattern} for key, look in CATEGORIES.items()
        },
        "badges": [_badge(badge) for badge in badges],
    }
    return typeset("badges", data, at=imprint.printed_at)


def _badge(badge: Badge) -> dict[str, Any]:
    return {
        "qr": qr.svg(badge.code, label="QR"),
        "company": badge.company,
        "name": badge.name,
        "kana": badge.kana,
        "category": badge.category,
        "number": f"面談番号 {badge.number}" if badge.number else "",
    }
