"""What one kind of sheet of the directory is: its columns, what a row would do, and doing it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from eventops.directory.lookup import Lookup
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import PlannedRow


@dataclass(frozen=True, slots=True)
class Given:
    """The fields that the file has at all, with its headings, and the day of the import."""

    headings: Mapping[str, str]
    today: dt.date

    def __contains__(self, field: str) -> bool:
        return field in self.headings


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet of the directory."""

    kind: str
    title: LazyString
    columns: Callable[[Lookup], tuple[Column, ...]]
    attributes: Mapping[str, str]
    plan: Callable[[Session, tuple[ParsedRow, ...], Given], tuple[list[PlannedRow], list[Fault]]]
    write: Callable[[Session, PlannedRow, dt.date], None]
    ignored: frozenset[str]


def picked(row: ParsedRow, attributes: Mapping[str, str], given: Given) -> dict[str, Any]:
    """The values of the columns that the file has: what is missing must not wipe what is known."""
    return {name: row[field] for field, name in attributes.items() if field in given}
