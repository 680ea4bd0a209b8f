"""Events made up for measuring: hosts with tables, guests of different popularity, some of them late or away."""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from scheduling.problem import Goal, GoalName, Participant, Problem, Request, Side, Slot, Table

START = dt.datetime(2027, 1, 15, 9, 0, tzinfo=dt.UTC)
FEWEST, MOST = 10, 20_000  # meetings for which `size` has a shape
GOALS = (Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_SLOTS, 40))
PLAIN_POPULARITY = (1, 1, 2, 3)  # some guests are asked for three times as often as others
MOST_MISSES = 10_000  # pairs drawn in a row that were there already


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each, and how crooked.

    `late` is the share of guests who miss the first quarter, `away` the share of (guest, slot) in which a guest cannot
    come, `tables` what each host has. `skew` is the exponent of Zipf's law for how often participants are asked for;
    0 means hosts alike and guests by PLAIN_POPULARITY.
    """

    hosts: int
    guests: int
    meetings: int
    slots: int
    late: float = 0.1
    away: float = 0.0
    tables: int = 1
    skew: float = 0.0


_MEASURED = {
    150: Size(20, 75, 150, 12),
    900: Size(60, 300, 900, 24),
    5_000: Size(200, 1_500, 5_000, 40),
    20_000: Size(500, 5_000, 20_000, 60),
}


def size(meetings: int) -> Size:
    """The shape of an event with so many meetings; those that are always measured are fixed, the rest lie between.

    ValueError outside FEWEST … MOST.
    """
    if not FEWEST <= meetings <= MOST:
        raise ValueError(f"{meetings} meetings: between {FEWEST} and {MOST} are possible")
    slots = round(3.2 * meetings**0.295)
    between = Size(max(2, round(meetings / slots / 0.65)), max(2 * slots, meetings // 3), meetings, slots)
    return _MEASURED.get(meetings, between)


def _twin(one: Size) -> Size:
    return replace(one, hosts=-(-one.hosts // 2), tables=2)


FLAVOURS: dict[str, Callable[[Size], Size]] = {
    "plain": lambda one: one,
    "zipf": lambda one: replace(one, skew=0.8),
    "twin": _twin,
    "away": lambda one: replace(one, late=0.3, away=0.1),
}
"""Other kinds of event of the same size: skewed popularity, two tables per host, many late and away."""


def event(size: Size, *, seed: int) -> Problem:
    """Every pair at most once; nobody is wished for more often than it has slots. Time and memory are linear in it.

    ValueError when so many different pairs cannot be drawn.
    """
    chance = random.Random(seed)
    slots = tuple(_slot(number) for number in range(size.slots))
    guests = tuple(_guests(size, slots, chance))
    hosts = tuple(Participant(f"H{number}", Side.HOST, capacity=size.tables) for number in range(size.hosts))
    pairs = _pairs(size, [one.id for one in hosts], {one.id: _room(one, slots) for one in guests}, chance)
    return Problem(
        slots=slots,
        tables=tuple(
            Table(f"T{number}", f"R{number // 20}", number % 20) for number in range(size.hosts * size.tables)
        ),
        participants=(*hosts, *guests),
        requests=tuple(Request(f"{host}-{guest}", (host, guest)) for host, guest in pairs),
        goals=GOALS,
    )


def _slot(number: int) -> Slot:
    start = START + dt.timedelta(minutes=25 * number)
    return Slot(f"S{number}", start, start + dt.timedelta(minutes=20))


def _guests(size: Size, slots: Sequence[Slot], chance: random.Random) -> Iterator[Participant]:
    arrival = slots[size.slots // 4].start
    for number in range(size.guests):
        arrives = arrival if chance.random() < size.late else None
        away = (slot.id for slot in slots if size.away and chance.random() < size.away)
        yield Participant(f"G{number}", arrives=arrives, unavailable=frozenset(away))


def _room(guest: Participant, slots: Sequence[Slot]) -> int:
    """Four fifths of the slots in which the guest is there."""
    there = [slot for slot in slots if guest.arrives is None or guest.arrives <= slot.start]
    return sum(slot.id not in guest.unavailable for slot in there) * 4 // 5


def _pairs(size: Size, hosts: list[str], room: dict[str, int], chance: random.Random) -> list[tuple[str, str]]:
    ours = _Wheel(dict.fromkeys(hosts, size.slots * size.tables), _popularity(size, len(hosts), (1,), chance), chance)
    theirs = _Wheel(room, _popularity(size, len(room), PLAIN_POPULARITY, chance), chance)
    pairs: dict[tuple[str, str], None] = {}
    misses = 0
    while len(pairs) < size.meetings:
        pair = ours.roomier(), theirs.draw()
        misses = misses + 1 if pair in pairs else 0
        if misses > MOST_MISSES:
            raise ValueError(f"{size.meetings} different pairs are too many for {size.hosts} and {size.guests}")
        if not misses:
            pairs[pair] = None
            ours.take(pair[0])
            theirs.take(pair[1])
    return list(pairs)


def _popularity(size: Size, number: int, plain: Sequence[int], chance: random.Random) -> list[float]:
    if not size.skew:
        return [float(chance.choice(plain)) for _ in range(number)]
    weights = [rank**-size.skew for rank in range(1, number + 1)]
    chance.shuffle(weights)
    return weights


class _Wheel:
    """Names drawn by weight as long as they have room; full ones are swept out when half the weight is theirs."""

    def __init__(self, room: dict[str, int], weights: Iterable[float], chance: random.Random) -> None:
        self.room, self.chance = dict(room), chance
        self.weight = dict(zip(room, weights, strict=True))
        self._sweep()

    def _sweep(self) -> None:
        self.names = [name for name, room in self.room.items() if room]
        if not self.names:
            raise ValueError("more meetings than the participants have room for")
        self.sums = list(accumulate(self.weight[name] for name in self.names))
        self.gone = 0.0

    def draw(self) -> str:
        while not self.room[name := self.chance.choices(self.names, cum_weights=self.sums)[0]]:
            pass
        return name

    def roomier(self) -> str:
        """The one with more room of two drawn."""
        return max(self.draw(), self.draw(), key=lambda name: self.room[name])

    def take(self, name: str) -> None:
        self.room[name] -= 1
        if not self.room[name]:
            self.gone += self.weight[name]
            if self.gone * 2 >= self.sums[-1]:
                self._sweep()
