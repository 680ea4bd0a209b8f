"""Rows that were just made, written past the unit of work: for what is written under a lock that many wait for.

The session's own way of writing finds out what changed, what hangs on what, and in which order tables come. Of a row
that has just been made all that is known, and finding it out costs several times what the database needs to write it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import insert as insert_into
from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.sql.dml import ReturningInsert

from eventops.database import Base, plain


def insert(session: Session, rows: Sequence[Base], *, differ_in: Sequence[str] = ()) -> None:
    """Insert rows of one table, one statement for all; they get their ids and the values that nobody gave them.

    Databases give the ids of several rows back in no order: `differ_in` names the columns that tell them apart.
    """
    if not rows:
        return
    table = _table(inspect(rows[0]).mapper, tuple(differ_in))
    values = [table.complete(row) for row in rows]
    ids = {tuple(marks): row_id for row_id, *marks in plain(session).execute(table.statement, values)}
    for row, said in zip(rows, values, strict=True):
        instance_dict(row)["id"] = ids[tuple(said[name] for name in differ_in)]


def make_known(session: Session, row: Base, *hanging: Base) -> None:
    """Let the session know an inserted row, and the inserted ones that hang on it, as if it had read them."""
    for one in (row, *hanging):
        make_transient_to_detached(one)
    session.add(row)


@dataclass(frozen=True, slots=True)
class _Table:
    """How a model's rows are written. What a row does not say is its column's default, or nothing."""

    statement: ReturningInsert[*tuple[Any, ...]]
    defaults: Mapping[str, Callable[[], Any]]

    def complete(self, row: Base) -> dict[str, Any]:
        values = instance_dict(row)
        for name, default in self.defaults.items():
            if name not in values:
                values[name] = default()
        return {name: values[name] for name in self.defaults}


@cache
def _table(mapper: Mapper[Any], differ_in: tuple[str, ...]) -> _Table:
    """Models here call their attributes as their columns, and leave their `id` to the database; nothing else, since
    every other column is named in the statement."""
    table: Any = mapper.local_table
    statement = insert_into(table).returning(table.c.id, *(table.c[name] for name in differ_in))
    return _Table(statement, {column.key: _default_of(column) for column in table.columns if column.key != "id"})


def _default_of(column: Any) -> Callable[[], Any]:
    if column.default is None:
        if column.server_default is not None:
            raise TypeError(f"{column} has a default that only the database knows")
        return lambda: None
    value = column.default.arg
    return (lambda: value(None)) if column.default.is_callable else (lambda: value)
