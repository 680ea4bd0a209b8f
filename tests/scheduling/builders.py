"""Small problems for tests: four slots, two tables, one host and two guests unless said otherwise."""

import datetime as dt
from typing import Any

from scheduling.problem import Participant, Problem, Request, Side, Slot, Table
from scheduling.solution import Meeting

START = dt.datetime(2027, 1, 15, 13, 0, tzinfo=dt.UTC)


def slots(number: int = 4, *, pause_after: int = 0, pause_minutes: int = 15) -> tuple[Slot, ...]:
    """S1, S2 … of 20 minutes, 5 apart, with one longer pause after slot `pause_after`."""
    made = []
    for place in range(number):
        late = pause_minutes if pause_after and place >= pause_after else 0
        start = START + dt.timedelta(minutes=25 * place + late)
        block = "late" if pause_after and place >= pause_after else "early"
        made.append(Slot(f"S{place + 1}", start, start + dt.timedelta(minutes=20), block))
    return tuple(made)


def host(name: str = "H", **fields: Any) -> Participant:
    return Participant(name, Side.HOST, **fields)


def guest(name: str = "A", **fields: Any) -> Participant:
    return Participant(name, Side.GUEST, **fields)


def tables(number: int = 2, room: str = "R") -> tuple[Table, ...]:
    return tuple(Table(f"T{place}", room, place) for place in range(1, number + 1))


def request(name: str, *participants: str, **fields: Any) -> Request:
    return Request(name, participants, **fields)


def problem(**fields: Any) -> Problem:
    """The host H meets the guests A and B."""
    default: dict[str, Any] = {
        "slots": slots(),
        "tables": tables(),
        "participants": (host(), guest("A"), guest("B")),
        "requests": (request("a", "H", "A"), request("b", "H", "B")),
    }
    return Problem(**{**default, **fields})


def at(text: str) -> tuple[Meeting, ...]:
    """`a:S1:T1 b:S2:T1` as meetings."""
    parts = (one.split(":") for one in text.split())
    return tuple(Meeting(request_id, slot_id, table_id) for request_id, slot_id, table_id in parts)
