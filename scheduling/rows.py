"""Lists of lists laid end to end, and slots as bits: how a search on plain numbers likes to have them."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from scheduling.books import WORD_BITS, SlotRow, WordRow
from scheduling.timeline import Timeline

T = TypeVar("T")


class Spread(Generic[T]):
    """Rows end to end: row i is `values[first[i]:end[i]]`."""

    def __init__(self, rows: Sequence[Sequence[T]]) -> None:
        self.rows = rows
        self.end = list(accumulate(map(len, rows)))
        self.first = [0, *self.end[:-1]]
        self.values = [value for row in rows for value in row]


class Shared:
    """Rows of which many are equal, each kept once: row i is the `number[i]` values from `first[i]` on."""

    def __init__(self, rows: Sequence[tuple[int, ...]]) -> None:
        self.rows = rows
        kinds = Spread(list(dict.fromkeys(rows)))
        first = dict(zip(kinds.rows, kinds.first, strict=True))
        self.first = [first[row] for row in rows]
        self.number = [len(row) for row in rows]
        self.values = kinds.values


def turned(rows: Sequence[Sequence[int]], number: int) -> list[list[int]]:
    """For each value below `number`, the rows in which it stands."""
    found: list[list[int]] = [[] for _ in range(number)]
    for place, row in enumerate(rows):
        for value in row:
            found[value].append(place)
    return found


class Words:
    """Slots as bits of machine words; every stretch between long breaks begins a new word."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.base: list[int] = []
        self.word_of: list[int] = []
        for slot in range(len(timeline)):
            is_new = slot == 0 or timeline.stretch[slot] != timeline.stretch[slot - 1]
            if is_new or slot - self.base[-1] == WORD_BITS:
                self.base.append(slot)
            self.word_of.append(len(self.base) - 1)
        self.bit_of = [1 << (slot - self.base[word]) for slot, word in enumerate(self.word_of)]

    def bits(self, slots: Iterable[int]) -> list[int]:
        """One word after the other, with the bits of these slots set."""
        words = [0] * len(self.base)
        for slot in slots:
            words[self.word_of[slot]] |= self.bit_of[slot]
        return words

    def slot_rows(self) -> list[SlotRow]:
        """What the kernel knows of each slot."""
        return list(map(SlotRow, self.timeline.row, self.timeline.stretch, self.word_of, self.bit_of))

    def word_rows(self) -> list[WordRow]:
        """What the kernel knows of each word."""
        return [WordRow(base, self.timeline.stretch[base]) for base in self.base]
