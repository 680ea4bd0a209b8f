"""Which desk this browser is: its name and part, kept in the session cookie."""

from collections.abc import Sequence

from flask import request, session

from eventops.events.models import Part

_NAME = "desk_name"
_PART = "desk_part"


def name() -> str:
    return str(session.get(_NAME, ""))


def remember(*, station: str, part_id: int) -> None:
    session[_NAME] = station
    session[_PART] = part_id


def part_here(parts: Sequence[Part]) -> Part | None:
    """The part in the address, else the one chosen before, else the only one."""
    by_id = {part.id: part for part in parts}
    asked = request.args.get("part", type=int)
    chosen = by_id.get(asked or 0) or by_id.get(int(session.get(_PART, 0)))
    return chosen or (parts[0] if len(parts) == 1 else None)
