"""Which desk this browser is: its name, part and direction, kept in the session cookie."""

from collections.abc import Sequence

from flask import request, session

from eventops.checkin.rules import Direction
from eventops.events.models import Part

_NAME = "desk_name"
_PART = "desk_part"
_EXIT = "desk_exit"


def name() -> str:
    return str(session.get(_NAME, ""))


def remember(*, station: str, part_id: int) -> None:
    session[_NAME] = station
    session[_PART] = part_id
    session.pop(_EXIT, None)


def gate_here(part: Part) -> Direction:
    """Which way people pass this desk: what the address says is remembered for this part, elsewhere people come in."""
    asked = request.args.get("gate")
    if asked == Direction.OUT:
        session[_EXIT] = part.id
    elif asked == Direction.IN:
        session.pop(_EXIT, None)
    return Direction.OUT if session.get(_EXIT) == part.id else Direction.IN


def part_here(parts: Sequence[Part]) -> Part | None:
    """The part in the address, else the one chosen before, else the only one."""
    by_id = {part.id: part for part in parts}
    asked = request.args.get("part", type=int)
    chosen = by_id.get(asked or 0) or by_id.get(int(session.get(_PART, 0)))
    return chosen or (parts[0] if len(parts) == 1 else None)
