"""The scheduler's arithmetic in the words of a round: slots of a window, tables needed, places of a participant."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scheduling import capacity as arithmetic

_BLOCKS: Final = {1: ("",), 2: ("前半", "後半")}


@dataclass(frozen=True, slots=True)
class Pause:
    """A break for everybody, half open."""

    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """The window of a round and how long a meeting and the change after it take."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    slot_minutes: int
    changeover_minutes: int
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotTime:
    """One slot that fits, with its code and the block between two breaks."""

    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    block: str = ""


def slot_times(frame: Frame) -> tuple[SlotTime, ...]:
    """The slots from the beginning on: a break that a slot would run into moves it behind the break."""
    numbers = [str(number) for number in range(len(frame.pauses) + 1)]
    made = arithmetic.slots(
        frame.starts_at,
        frame.ends_at,
        minutes=frame.slot_minutes,
        changeover=frame.changeover_minutes,
        breaks=[(pause.starts_at, pause.ends_at) for pause in frame.pauses],
        block_names=numbers,
    )
    used = dict.fromkeys(slot.block for slot in made)
    names = dict(zip(used, block_names(len(used)), strict=True))
    return tuple(SlotTime(slot.id, slot.start, slot.end, names[slot.block]) for slot in made)


def block_names(count: int) -> tuple[str, ...]:
    """前半 and 後半 for one break, numbers for more."""
    return _BLOCKS.get(count, tuple(f"第{number}" for number in range(1, count + 1)))


@dataclass(frozen=True, slots=True)
class TableNeed:
    """How many tables a number of meetings takes: at least, and with the 10 to 20 % that experience adds."""

    needed: int
    advised_from: int
    advised_to: int


def table_need(meetings: int, slots: int) -> TableNeed | None:
    """None where there is no slot to divide by."""
    if slots == 0:
        return None
    return TableNeed(arithmetic.tables_needed(meetings, slots), *arithmetic.tables_advised(meetings, slots))


@dataclass(frozen=True, slots=True)
class Interval:
    """A time during which something is so, half open."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def contains(self, other: "Interval") -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def meets(self, other: "Interval") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Presence:
    """When a participant is there, and at how many tables it can be at once."""

    tables: int
    arrives: dt.datetime | None = None
    leaves: dt.datetime | None = None
    away: tuple[Interval, ...] = ()
    extra: tuple[tuple[int, Interval | None], ...] = ()
    most: int | None = None


def places(presence: Presence, slots: Iterable[Interval]) -> int:
    """In how many meetings the participant can be at most."""
    total = sum(_tables_in(presence, slot) for slot in slots if _is_there(presence, slot))
    return total if presence.most is None else min(total, presence.most)


def _is_there(presence: Presence, slot: Interval) -> bool:
    if presence.arrives is not None and slot.starts_at < presence.arrives:
        return False
    if presence.leaves is not None and slot.ends_at > presence.leaves:
        return False
    return not any(away.meets(slot) for away in presence.away)


def _tables_in(presence: Presence, slot: Interval) -> int:
    extra = sum(count for count, when in presence.extra if when is None or when.contains(slot))
    return presence.tables + extra
