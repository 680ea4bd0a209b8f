"""What an import would do: which rows are new, changed or as they were, and everything that is wrong."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from eventops.clock import TOKYO
from eventops.errors import DomainError
from eventops.spreadsheets.columns import Fault, ParsedRow

_LONGEST_SHOWN: Final = 60


class ImportRefused(DomainError):
    """A file with faults: nothing of it is taken over."""

    code = "import_refused"


class RowState(StrEnum):
    """What becomes of a row of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a known row that would change, as words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A line of the file, the row it is about where that exists, and the values it should have.

    `also` are changes to rows beside it, such as the beginning of a membership, and `source` the line they come from.
    """

    line: int
    label: str
    existing: Any
    values: Mapping[str, Any]
    also: tuple[Change, ...] = ()
    source: ParsedRow | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        if self.existing is None:
            return ()
        pairs = ((name, getattr(self.existing, name), value) for name, value in self.values.items())
        return (*(Change(name, _shown(old), _shown(new)) for name, old, new in pairs if old != new), *self.also)

    @property
    def state(self) -> RowState:
        if self.existing is None:
            return RowState.NEW
        return RowState.CHANGED if self.changes else RowState.UNCHANGED


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a file. `headings` names each value as the file's columns do; `removed` are rows that would go.

    `counts` are of the plan as it was made: once it is carried out, every row reads as planned.
    """

    rows: tuple[PlannedRow, ...]
    faults: tuple[Fault, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[Any, ...] = ()
    counts: Mapping[RowState, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter(row.state for row in self.rows))

    @property
    def is_clean(self) -> bool:
        return not self.faults

    def count(self, state: RowState) -> int:
        return self.counts.get(state, 0)

    def require_clean(self) -> None:
        if self.faults:
            raise ImportRefused(count=len(self.faults))


def _shown(value: object) -> str:
    match value:
        case None | "" | () | []:
            return "―"
        case bool():
            return "○" if value else "×"
        case dt.datetime():
            return value.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
        case list() | tuple():
            return _short("、".join(map(str, value)))
        case _:
            return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
