"""Everything that is owed and everything that came, as the matching looks at them. Values alone."""

import functools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from eventops.billing import payers
from eventops.directory.names import Position

SHORTEST_BEGINNING: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """An application with something open. `readings` are keys of the company's names, `people` those of persons."""

    registration_id: int
    reference: str
    number: int
    open_yen: int
    readings: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    form: str = ""
    position: Position = Position.NONE
    paid_before_as: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money on the account that has to be laid out."""

    line_id: int
    text: str
    yen: int


@dataclass(slots=True)
class Book:
    """Everything open, indexed once for laying out many transfers."""

    debts: Sequence[Debt]
    by_reference: dict[str, Debt] = field(default_factory=dict)
    by_number: defaultdict[int, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    by_reading: defaultdict[str, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    by_loose: defaultdict[str, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    by_beginning: defaultdict[str, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    by_person: defaultdict[str, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    by_past: defaultdict[str, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    by_amount: defaultdict[int, list[Debt]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for debt in self.debts:
            self.by_reference[_squeezed(debt.reference)] = debt
            self.by_number[debt.number].append(debt)
            self.by_amount[debt.open_yen].append(debt)
            for reading in debt.readings:
                self.by_reading[reading].append(debt)
                self.by_loose[payers.loose_key(reading)].append(debt)
                self.by_beginning[reading[:SHORTEST_BEGINNING]].append(debt)
            for person in debt.people:
                self.by_person[person].append(debt)
            for past in debt.paid_before_as:
                self.by_past[past].append(debt)


@functools.lru_cache(maxsize=50_000)
def _squeezed(reference: str) -> str:
    return "".join(letter for letter in reference.upper() if letter.isalnum())
