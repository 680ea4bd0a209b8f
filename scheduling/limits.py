"""How much a problem may hold: lengths of its lists and ranges of its numbers, for the reader and for the schema."""

from collections.abc import Mapping

LONGEST_TEXT = 100_000_000
"""Characters of a document; 200,000 requests written out in full need about half of it."""
MOST_VALUES = 10_000_000
"""Values in a document: each takes about a hundred bytes while it is read, so reading stays below about a gigabyte."""
MOST_FAULTS = 10_000
"""Faults named in one error; a document with more of them is of another kind altogether."""
LARGEST = 1_000_000_000
"""The largest number in a field, either way."""
HEAVIEST = 10**15
"""The most that all requests may weigh together, multiplied by the weight of their goal: exact in every engine."""
MOST: Mapping[str, int] = {
    "slots": 5_000,
    "rooms": 5_000,
    "tables": 20_000,
    "people": 200_000,
    "participants": 200_000,
    "requests": 200_000,
    "pair_rules": 200_000,
    "previous": 200_000,
    "meetings": 200_000,
    "frozen": 200_000,
    "goals": 100,
}
"""The longest list by its path in a document."""
Range = tuple[int, int]
_ANY: Range = (-LARGEST, LARGEST)
_COUNT: Range = (0, LARGEST)
RANGES: Mapping[str, Mapping[str, Range]] = {
    "Room": {"distance": _ANY},
    "Table": {"position": _ANY},
    "Participant": {
        "capacity": (0, MOST["tables"]),
        "capacity_at": (0, MOST["tables"]),
        "min_meetings": _COUNT,
        "max_meetings": _COUNT,
        "max_run": (0, MOST["slots"]),
        "transition": (0, MOST["slots"]),
    },
    "Request": {"weight": _COUNT, "length": (1, MOST["slots"])},
    "PairRule": {"weight": _COUNT},
    "Goal": {"band": _COUNT, "weight": _COUNT},
    "Problem": {"changeover_minutes": _COUNT, "long_break_minutes": _COUNT, "max_idle_difference": _COUNT},
}
"""Smallest and largest value by dataclass and field; for a mapping, of each of its values."""
