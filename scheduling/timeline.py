"""The order of the slots: which follow each other in a row, which only touch, and where waiting ends."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from scheduling.problem import Slot


class Timeline:
    """Slots as positions 0, 1, 2 ... with the breaks between them."""

    def __init__(self, slots: Sequence[Slot], changeover_minutes: int, long_break_minutes: int) -> None:
        self.slots = tuple(slots)
        self.position = {slot.id: place for place, slot in enumerate(slots)}
        changeover = dt.timedelta(minutes=changeover_minutes)
        long_break = dt.timedelta(minutes=long_break_minutes)
        pauses = [later.start - earlier.end for earlier, later in pairwise(slots)]
        self.row = _numbered([pause > changeover for pause in pauses])
        self.stretch = _numbered([pause > changeover and pause >= long_break for pause in pauses])

    def __len__(self) -> int:
        """How many slots there are."""
        return len(self.slots)

    def covered(self, start: int, length: int) -> tuple[int, ...]:
        """The positions of a meeting; empty when it would run over a break or past the end."""
        end = start + length
        if end > len(self) or self.row[start] != self.row[end - 1]:
            return ()
        return tuple(range(start, end))

    def touch(self, earlier: int, later: int) -> bool:
        """One right after the other, at most a short break between them."""
        return later == earlier + 1 and self.stretch[earlier] == self.stretch[later]

    def rows(self) -> list[range]:
        """Positions by row: within one, slots follow each other without a break."""
        return _groups(self.row)

    def stretches(self) -> list[range]:
        """Positions by stretch: within one, waiting counts, over short breaks too."""
        return _groups(self.stretch)


def _numbered(breaks: Sequence[bool]) -> list[int]:
    numbers = [0]
    for is_break in breaks:
        numbers.append(numbers[-1] + is_break)
    return numbers


def _groups(numbers: Sequence[int]) -> list[range]:
    starts = [place for place, number in enumerate(numbers) if place == 0 or number != numbers[place - 1]]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True)]
