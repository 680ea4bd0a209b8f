"""How wide words are in the fonts of the house, read from the fonts themselves, so that sizes need no trial setting."""

import struct
from bisect import bisect_right
from functools import cache
from typing import Final

from eventops.typeset import TEMPLATES

_FILES: Final = {False: "NotoSansJP_400Regular.ttf", True: "NotoSansJP_700Bold.ttf"}
_SEGMENTED: Final = 12
"""The format of a character map that reaches beyond the first 65,536 characters, as 𠮷 does."""


def em(words: str, *, bold: bool = False) -> float:
    """The width of the words on one line, in sizes of the font; a character that the font lacks counts as a whole."""
    font = _font(bold)
    return sum(font.advance(ord(letter)) for letter in words)


@cache
def _font(bold: bool) -> "_Font":
    return _Font((TEMPLATES / "fonts" / _FILES[bold]).read_bytes())


class _Font:
    def __init__(self, data: bytes) -> None:
        tables = _tables(data)
        self._units: int = struct.unpack_from(">H", data, tables["head"] + 18)[0]
        count = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
        self._advances: tuple[int, ...] = struct.unpack_from(">" + "Hh" * count, data, tables["hmtx"])[::2]
        self._groups = _groups(data, tables["cmap"])
        self._starts = [start for start, _end, _glyph in self._groups]
        self._known: dict[int, float] = {}

    def advance(self, letter: int) -> float:
        if letter not in self._known:
            self._known[letter] = self._advance(letter)
        return self._known[letter]

    def _advance(self, letter: int) -> float:
        start, end, glyph = self._groups[max(bisect_right(self._starts, letter) - 1, 0)]
        if not start <= letter <= end:
            return 1.0
        units: int = self._advances[min(glyph + letter - start, len(self._advances) - 1)]
        return units / self._units


def _tables(data: bytes) -> dict[str, int]:
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(count))
    return {tag.decode(): offset for tag, _sum, offset, _length in records}


def _groups(data: bytes, at: int) -> list[tuple[int, int, int]]:
    """First and last character of each run, with the glyph of the first."""
    count = struct.unpack_from(">H", data, at + 2)[0]
    offsets = (struct.unpack_from(">HHI", data, at + 4 + 8 * number)[2] for number in range(count))
    table = next(at + one for one in offsets if struct.unpack_from(">H", data, at + one)[0] == _SEGMENTED)
    runs = struct.unpack_from(">I", data, table + 12)[0]
    return [struct.unpack_from(">III", data, table + 16 + 12 * number) for number in range(runs)]
