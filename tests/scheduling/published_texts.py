"""Published instances small enough to be written by hand, as the text of their files."""

from collections.abc import Sequence


def text(
    firms: int,
    tables: int,
    slots: int,
    requested: Sequence[tuple[int, int, int]],
    *,
    morning: int | None = None,
    forbidden: dict[int, set[int]] | None = None,
    before: dict[int, set[int]] | None = None,
) -> str:
    """A .dzn file: rows are firm, firm, session; `forbidden` is by firm, `before` names what precedes a meeting."""
    rows = "".join(f"|{first}, {second},{session},\n" for first, second, session in requested)
    away = ",\n".join(_set((forbidden or {}).get(firm, {0})) for firm in range(1, firms + 1))
    order = ",\n".join(_set((before or {}).get(place, set())) for place in range(1, len(requested) + 1))
    return f"""nBusiness = {firms};
nMeetings = {len(requested)};
nTables = {tables};
nTotalSlots = {slots};
nMorningSlots = {slots if morning is None else morning};

requested = [{rows}|];

forbidden = [{away}];

fixed = [{",".join("0" for _ in requested)}];

precedences = [{order}];
"""


def _set(numbers: set[int]) -> str:
    return "{" + ",".join(map(str, sorted(numbers))) + "}"


RING = ((1, 2, 3), (2, 3, 3), (3, 4, 3), (4, 5, 3), (5, 1, 3), (1, 3, 3), (2, 4, 3))
"""Everybody meets at least two others."""
