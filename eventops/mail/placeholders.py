"""Placeholders in letters that staff write: finding them, judging them, filling them in. Knows words alone."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_BRACES = str.maketrans("｛｝", "{}")
_LITERAL = {"{{": "{", "}}": "}"}
_HOLDS_NOTHING = re.compile(r"【\s*】|\(\s*\)|（\s*）|「\s*」|\[\s*\]")
MOST_SHOWN = 5


class Fault(StrEnum):
    """What can be wrong with a text."""

    UNKNOWN = "unknown"
    LONE_BRACE = "lone_brace"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One fault: the words it is about, the line it stands in, and the placeholder that was probably meant."""

    fault: Fault
    words: str
    line: int
    meant: str = ""


def flaws(text: str, known: Collection[str]) -> list[Flaw]:
    """Everything that keeps the text from being filled, each unknown name once."""
    found: dict[str, Flaw] = {}
    for token, name, line in _tokens(text):
        if name is None and token not in _LITERAL:
            found.setdefault(f"brace {line}", Flaw(Fault.LONE_BRACE, token, line))
        elif name is not None and _plain(name) not in known:
            found.setdefault(name, Flaw(Fault.UNKNOWN, name, line, _nearest(name, known)))
    return list(found.values())[:MOST_SHOWN]


def names(text: str) -> set[str]:
    """The placeholders of a text."""
    return {_plain(name) for _token, name, _line in _tokens(text) if name is not None}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values. What a value holds is never read again as a placeholder.

    A line that held nothing but empty placeholders goes, and blank lines in a row become one.
    """
    lines = [_filled_line(pieces, values) for pieces in _taken_apart(text)]
    kept = "\n".join(line.rstrip() for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", kept).strip() + "\n"


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """As `fill`, for a subject: whatever a value holds, it stays one line."""
    return " ".join(fill(text, values).split())


def put(text: str, name: str, value: str) -> str:
    """The text with this one placeholder replaced for good; all others stay to be filled later."""
    safe = value.replace("{", "{{").replace("}", "}}")

    def said(match: re.Match[str]) -> str:
        return safe if match[1] is not None and _plain(match[1]) == _plain(name) else match[0]

    lines = [(line, _TOKEN.sub(said, line.translate(_BRACES))) for line in _usual_breaks(text).split("\n")]
    return "\n".join(after for before, after in lines if after.strip() or not before.strip())


def without(text: str, unwanted: Collection[str]) -> str:
    """The text without the paragraphs that speak of any of these placeholders."""
    paragraphs = re.split(r"\n[ \t]*\n", _usual_breaks(text))
    return "\n\n".join(one for one in paragraphs if names(one).isdisjoint(map(_plain, unwanted)))


def line_without(line: str, unwanted: Collection[str]) -> str:
    """A subject without these placeholders, and without brackets that held nothing else; other words stay."""
    for name in unwanted:
        line = put(line, name, "")
    return " ".join(_HOLDS_NOTHING.sub("", line).split())


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of a line, and the placeholder that they are, if they are one."""

    words: str
    name: str | None = None


@lru_cache(maxsize=200)
def _taken_apart(text: str) -> tuple[tuple[_Piece, ...], ...]:
    """Lines with their placeholders: under a rush the same text is filled for one reader after the other."""
    return tuple(tuple(_pieces(line.translate(_BRACES))) for line in _usual_breaks(text).split("\n"))


def _pieces(line: str) -> Iterator[_Piece]:
    end = 0
    for match in _TOKEN.finditer(line):
        yield _Piece(line[end : match.start()])
        yield _Piece(_LITERAL.get(match[0], match[0]), None if match[1] is None else _plain(match[1]))
        end = match.end()
    yield _Piece(line[end:])


def _filled_line(pieces: Sequence[_Piece], values: Mapping[str, str]) -> str | None:
    said = "".join(one.words if one.name is None else values.get(one.name, one.words) for one in pieces)
    had_placeholder = any(one.name is not None for one in pieces)
    return None if had_placeholder and not said.strip() else said


def _tokens(text: str) -> Iterator[tuple[str, str | None, int]]:
    for number, line in enumerate(_usual_breaks(text).split("\n"), start=1):
        for match in _TOKEN.finditer(line.translate(_BRACES)):
            yield match[0], match[1], number


def _usual_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=1000)
def _plain(name: str) -> str:
    """Spaces, width and capital letters of a name do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()


def _nearest(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(_plain(name), list(known), n=1, cutoff=0.6)
    return close[0] if close else ""
