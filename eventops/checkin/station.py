"""Which desk this browser is: its name, part and direction, kept in the session cookie."""

from collections.abc import Sequence

from flask import request, session

from eventops.checkin.rules import Direction
from eventops.events.models import Part

_NAME = "desk_name"
_PART = "desk_part"
_GATE = "desk_gate"


def name() -> str:
    return str(session.get(_NAME, ""))


def remember(*, station: str, part_id: int) -> None:
    session[_NAME] = station
    session[_PART] = part_id


def gate_here() -> Direction:
    """Which way people pass this desk: what the address says is remembered."""
    asked = request.args.get("gate")
    if asked in tuple(Direction):
        session[_GATE] = asked
    return Direction(session.get(_GATE, Direction.IN))


def part_here(parts: Sequence[Part]) -> Part | None:
    """The part in the address, else the one chosen before, else the only one."""
    by_id = {part.id: part for part in parts}
    asked = request.args.get("part", type=int)
    chosen = by_id.get(asked or 0) or by_id.get(int(session.get(_PART, 0)))
    return chosen or (parts[0] if len(parts) == 1 else None)
