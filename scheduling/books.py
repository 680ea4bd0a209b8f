"""The books of a local search on plain numbers: what stays the same, where every request lies, who meets when.

Everything works on flat sequences of integers, so that the same text runs as it stands on lists and, compiled, on
arrays. A *unit* is a participant or a person. `number` and `load` always hold what would be true if the chain under
construction were made; `time`, `at` and `cost` change only when it is accepted. `busy` has one bit per slot in words
of at most WORD_BITS, a new word for each stretch of slots, so that waiting is read off by counting bits.
"""

from dataclasses import dataclass
from typing import NamedTuple

Ints = list[int]  # or an array

NOWHERE = -1
WORD_BITS = 62  # one shift to the left still fits a signed machine word


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot: the row and the stretch it belongs to, and the bit of the word that stands for it."""

    row: int
    stretch: int
    word: int
    bit: int


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word of bits: its first slot and the stretch it belongs to."""

    base: int
    stretch: int


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request: its length and where its parts of the long lists begin and end."""

    length: int
    units: int
    units_end: int
    waiters: int  # the units that mind waiting
    waiters_end: int
    starts: int
    starts_number: int
    halls: int
    halls_end: int
    pairs: int
    pairs_end: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: its part of the list of requests, the most meetings it may have, and what it minds."""

    of: int = 0
    of_end: int = 0
    most: int = 0
    waits: int = 0  # 1 if it minds waiting
    counts: int = 0  # 1 if it minds anything
    is_guest: int = 0
    price_slot: int = 0  # of an idle slot
    price_period: int = 0  # of an idle period
    price_far: int = 0  # of a slot between first and last that is no meeting
    longest: int = 0  # slots in a row before a rest, 0 = no limit
    price_rest: int = 0
    transition: int = 0  # free slots after a meeting


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair rule seen from one of its requests."""

    other: int
    kind: int
    price: int


class Net(NamedTuple):
    """What does not change during a search. `a x b` = flat, a outside."""

    slots: int
    width: int  # the largest limit
    is_plain: int  # 1 if nobody has two meetings at once, all are one slot long, and none is followed by a transition
    words: int
    widest: int  # slots of the longest meeting
    most_periods: int  # idle periods that nobody should exceed
    price_uneven: int  # for each idle period beyond
    price_dislike: int
    slot: list[SlotRow]
    word: list[WordRow]
    request: list[RequestRow]
    unit: list[UnitRow]
    pair: list[PairRow]
    units: Ints
    waiters: Ints
    of: Ints
    starts: Ints
    halls: Ints
    open: Ints  # request x word -> bits of the starts
    limit: Ints  # unit x slot -> meetings at the same time
    hall_limit: Ints  # hall set x slot -> tables
    dislikes: Ints  # unit x word -> bits


@dataclass(slots=True)
class Place:
    """Where a request lies, and, while it belongs to the chain, where it would lie."""

    time: int = NOWHERE
    target: int = NOWHERE
    is_in: int = 0


@dataclass(slots=True)
class Account:
    """What a unit has: requests placed, what its day costs now and after the chain, its place among those who wait."""

    total: int = 0
    cost: int = 0
    fresh: int = NOWHERE  # NOWHERE = not looked at
    waiting_at: int = NOWHERE  # NOWHERE = costs nothing


@dataclass(slots=True)
class Desk:
    """The chain under construction: how long it is and may become, the two stretches of time it swaps; counters."""

    random: int
    waiting: int = 0  # units that wait
    length: int = 0  # of the chain under construction
    longest: int = 0
    here: int = 0
    there: int = 0
    wide: int = 1


class State(NamedTuple):
    """Where every request lies, and the books kept about it."""

    request: list[Place]
    unit: list[Account]
    desk: list[Desk]  # one
    at: Ints  # unit x slot x width -> request
    number: Ints  # unit x slot -> meetings
    ends: Ints  # unit x slot -> meetings that end there, kept for units with a transition
    load: Ints  # hall set x slot -> meetings
    busy: Ints  # unit x word -> bits
    chain: Ints  # requests
    waiting: Ints  # the units whose cost is not 0


def draw(state: State, below: int) -> int:
    """A number from 0 to below - 1; a linear congruence, so that compiled and plain runs agree.

    Multiplier and increment are those of the example of `rand` in the C standard (ISO C, 1989), with all its 31 bits.
    """
    state.desk[0].random = (state.desk[0].random * 1103515245 + 12345) & 0x7FFFFFFF
    return (state.desk[0].random >> 8) % below


def shift(net: Net, state: State, request: int, slot: int, by: int) -> None:
    """Count the request's meeting at this slot once more or once less."""
    length = net.request[request].length
    for index in range(net.request[request].units, net.request[request].units_end):
        unit = net.units[index]
        first = unit * net.slots + slot
        for place in range(first, first + length):
            state.number[place] += by
        if net.unit[unit].transition > 0:
            state.ends[first + length - 1] += by
    for index in range(net.request[request].halls, net.request[request].halls_end):
        first = net.halls[index] * net.slots + slot
        for place in range(first, first + length):
            state.load[place] += by


def mark(net: Net, state: State, request: int, slot: int) -> None:
    """Bring the bits of those who attend in line with their numbers."""
    for index in range(net.request[request].units, net.request[request].units_end):
        unit = net.units[index]
        if net.unit[unit].counts != 0:
            for place in range(slot, slot + net.request[request].length):
                word = unit * net.words + net.slot[place].word
                if state.number[unit * net.slots + place] > 0:
                    state.busy[word] |= net.slot[place].bit
                else:
                    state.busy[word] &= ~net.slot[place].bit


def enter(net: Net, state: State, request: int, slot: int, old: int, new: int) -> None:
    """In the lists of who is where: `new` takes a place of `old`; one of the two is the request, the other NOWHERE."""
    for index in range(net.request[request].units, net.request[request].units_end):
        for place in range(slot, slot + net.request[request].length):
            entry = (net.units[index] * net.slots + place) * net.width
            while state.at[entry] != old:
                entry += 1
            state.at[entry] = new
