"""The catalogue and the messages of the program, as bin/translate sees them, and what a page says."""

import re
import runpy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message

TOOL = Path(__file__).resolve().parents[2] / "bin" / "translate"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
LETTER = re.compile(r"[ぁ-んァ-ヶ一-龠]")
STAFF_WROTE = {"新春講演会・賀詞交歓会", "山田 太郎"}
SPOKEN = ("aria-label", "alt", "title", "placeholder", "content")


@cache
def tool() -> dict[str, Any]:
    return runpy.run_path(str(TOOL))


@cache
def program() -> Catalog:
    """What the program says, collected once for all tests, with the English that is stored."""
    return tool()["merged"](tool()["extracted"](), tool()["stored"]())


@cache
def messages() -> tuple[Message, ...]:
    return tuple(message for message in tool()["stored"]() if message.id)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = [value for name, value in attrs if value and (name in SPOKEN or name.startswith("data-says"))]
        self.found += [value.strip() for value in spoken]

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())


def said_on(page: str) -> list[str]:
    """Every piece of text of a page, and what its attributes say."""
    reader = _Reader()
    reader.feed(page)
    return [text for text in reader.found if text]


@cache
def _japanese() -> re.Pattern[str]:
    """A whole piece of text that is one of the program's Japanese messages, whatever its placeholders hold."""
    ids = (str(message.id).strip() for message in messages())
    return re.compile("|".join(_with_gaps(words) for words in ids if len(LETTER.findall(words)) > 1))


def _with_gaps(words: str) -> str:
    return ".+?".join(re.escape(piece) for piece in PLACEHOLDER.split(words))


@cache
def _sentences() -> tuple[str, ...]:
    return tuple(
        str(message.id) for message in messages() if len(message.id) > 7 and not PLACEHOLDER.search(message.id)
    )


@cache
def _english() -> tuple[str, ...]:
    """English messages of more than one word; single words may be names."""
    return tuple(
        str(one.string) for one in messages() if " " in one.string.strip() and not PLACEHOLDER.search(one.string)
    )


def japanese_on(page: str) -> list[str]:
    """The program's own Japanese on a page; what staff wrote is not the program's."""
    said = [text for text in said_on(page) if text not in STAFF_WROTE]
    return [text for text in said if _japanese().fullmatch(text) or any(one in text for one in _sentences())]


def english_on(page: str) -> list[str]:
    return [text for text in said_on(page) if any(one in text for one in _english())]
