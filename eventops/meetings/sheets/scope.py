"""What every import of meetings knows: the round, the directory, and how a kind of sheet is read and written."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from eventops import clock
from eventops.directory.lookup import Lookup
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable.edits import Edit
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Plan, PlannedRow
from eventops.spreadsheets.table import Cell
from eventops.spreadsheets.values import BadValue, FaultCode, folded


@dataclass(frozen=True, slots=True)
class Scope:
    """The round that a sheet is for, the day it is held, and what codes mean there."""

    round: MatchingRound | None = None
    held_on: dt.date | None = None
    lookup: Lookup = field(default_factory=Lookup)
    needs: Mapping[str, int] = field(default_factory=dict)

    @property
    def round_id(self) -> int:
        if self.round is None:
            raise LookupError("a scope without round only knows headings")
        return self.round.id

    def need(self, cell: Cell) -> int:
        known = self.needs.get(folded(cell))
        if known is None:
            raise BadValue(FaultCode.UNKNOWN_NEED)
        return known

    def moment(self, time: dt.time | None) -> dt.datetime | None:
        """A time of day on the day of the event."""
        return clock.tokyo(self.held_on, time) if self.held_on and time is not None else None


@dataclass(frozen=True, slots=True)
class Rows:
    """The readable rows of a sheet, and the heading of each field that has a column."""

    rows: Sequence[ParsedRow]
    present: Mapping[str, str]

    def picked(self, row: ParsedRow, attributes: Mapping[str, str]) -> dict[str, Any]:
        """Values by attribute, of the columns that are there: a missing column does not wipe what is known."""
        return {name: row[field_name] for field_name, name in attributes.items() if field_name in self.present}


@dataclass(frozen=True, slots=True)
class Planned:
    """What a kind of sheet makes of its rows."""

    rows: Sequence[PlannedRow]
    faults: Iterable[Fault] = ()
    removed: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet. `attributes` says which attribute each column fills; `ignored` headings are let pass.

    What `write` gives back can be taken back; None for rows on which others are built at once.
    """

    kind: str
    title: LazyString
    columns: Callable[[Scope], tuple[Column, ...]]
    attributes: Mapping[str, str]
    plan: Callable[[Session, Scope, Rows], Planned]
    write: Callable[[Session, Scope, Plan, dt.datetime], Sequence[Edit] | None]
    ignored: frozenset[str] = frozenset()


def set_values(row: PlannedRow) -> None:
    """Give an existing row its new values."""
    for name, value in row.values.items():
        setattr(row.existing, name, value)
