"""Events made up for measuring: hosts with tables, guests of different popularity, some of them late."""

import datetime as dt
import random
from dataclasses import dataclass

from scheduling.problem import Participant, Problem, Request, Side, Slot, Table

START = dt.datetime(2027, 1, 15, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each; `late` is the share of guests who miss the first quarter."""

    hosts: int
    guests: int
    meetings: int
    slots: int
    late: float = 0.1


SIZES = {
    "75": Size(20, 75, 150, 12),
    "900": Size(60, 300, 900, 24),
    "5000": Size(200, 1500, 5000, 40),
    "20000": Size(500, 5000, 20000, 60),
}


def event(size: Size, *, seed: int) -> Problem:
    """Every pair at most once; nobody is wished for more often than it has slots."""
    chance = random.Random(seed)
    slots = tuple(_slot(number) for number in range(size.slots))
    guests = [f"G{number}" for number in range(size.guests)]
    late = {guest for guest in guests if chance.random() < size.late}
    pairs = _pairs(size, guests, late, chance)
    arrival = slots[size.slots // 4].start
    return Problem(
        slots=slots,
        tables=tuple(Table(f"T{number}", f"R{number // 20}", number % 20) for number in range(size.hosts)),
        participants=(
            *(Participant(f"H{number}", Side.HOST) for number in range(size.hosts)),
            *(Participant(guest, arrives=arrival if guest in late else None) for guest in guests),
        ),
        requests=tuple(Request(f"{host}-{guest}", (host, guest)) for host, guest in pairs),
    )


def _slot(number: int) -> Slot:
    start = START + dt.timedelta(minutes=25 * number)
    return Slot(f"S{number}", start, start + dt.timedelta(minutes=20))


def _pairs(size: Size, guests: list[str], late: set[str], chance: random.Random) -> list[tuple[str, str]]:
    """Some guests are asked for three times as often as others."""
    room = {guest: size.slots * 3 // 5 if guest in late else size.slots * 4 // 5 for guest in guests}
    popularity = [chance.choice((1, 1, 2, 3)) for _ in guests]
    free = {f"H{number}": size.slots for number in range(size.hosts)}
    pairs: dict[tuple[str, str], None] = {}
    while len(pairs) < size.meetings:
        host = max(chance.sample(sorted(free), 2), key=lambda one: free[one])
        guest = chance.choices(guests, popularity)[0]
        if free[host] and room[guest] and (host, guest) not in pairs:
            pairs[host, guest] = None
            free[host] -= 1
            room[guest] -= 1
    return list(pairs)
