"""Everything that refers to an organisation or a person, found in the schema and never listed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Table, UniqueConstraint

from eventops.database import Base

REFERS_TO = "refers_to"
"""The key in a JSON column's `info` that names the table whose ids its list holds."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column with ids of rows of another table; a JSON column holds a list of them."""

    table: Table
    column: Column[Any]

    @property
    def is_list(self) -> bool:
        return isinstance(self.column.type, JSON)


def references_to(name: str) -> list[Reference]:
    """All columns that hold ids of the table, the table's own ones included, in a fixed order."""
    return [
        Reference(table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get(REFERS_TO) == name or any(key.column.table.name == name for key in column.foreign_keys)
    ]


def unique_with(reference: Reference) -> list[Sequence[Column[Any]]]:
    """For each rule of uniqueness that the column is part of: the other columns of the rule."""
    rules = [rule for rule in reference.table.constraints if isinstance(rule, UniqueConstraint)]
    return [
        [column for column in rule.columns if column is not reference.column]
        for rule in rules
        if reference.column in list(rule.columns)
    ]
