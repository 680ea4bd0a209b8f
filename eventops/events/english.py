"""What an event says in English beside its Japanese, and the Japanese where nobody has written any."""

from collections.abc import Mapping
from typing import Protocol


class Spoken(Protocol):
    """An event or a part: texts by name in Japanese, and those that there are in English."""

    @property
    def english(self) -> Mapping[str, str]: ...


def said(one: Spoken, name: str, lang: str) -> str:
    """The text in the reader's language; what was taken away in Japanese is gone in English, too."""
    japanese: str = getattr(one, name)
    return (one.english.get(name) if lang == "en" and japanese else "") or japanese


def left_behind(before: Spoken, after: Spoken) -> list[str]:
    """The texts whose Japanese was changed while their English still says what it said."""
    return [
        name
        for name, text in after.english.items()
        if text == before.english.get(name) and getattr(before, name) != getattr(after, name)
    ]
