"""Rows that were just made, written past the unit of work: for what is written under a lock that many wait for.

The session's own way of writing finds out what changed, what hangs on what, and in which order tables come. Of a row
that has just been made all that is known, and finding it out costs several times what the database needs to write it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Integer, Select, bindparam, cast, func, inspect, literal, select, union_all
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from eventops.database import Base, plain
from eventops.prepared import Asked, Prepared, Rows, Values, ask

WATCHED = "watched"
"""Stands in a table's `info` where somebody listens for statements; those from here would not be heard."""

AModel = TypeVar("AModel", bound=Base)


def made(model: type[AModel], **values: Any) -> AModel:
    """A row with these values, of which no session is to be told what changed."""
    manager: Any = inspect(model).class_manager
    row: AModel = manager.new_instance()
    instance_dict(row).update(values)
    return row


def give_ids(session: Session, rows: Sequence[Base], *also: Asked) -> list[Rows]:
    """Ids of their own for rows that are not written yet, so that others can refer to them; what else is asked for with
    them is given back."""
    connection, wanted = plain(session), Counter(row.__tablename__ for row in rows)
    on_sqlite = connection.dialect.name == "sqlite"
    asked = _highest(tuple(wanted)).with_values() if on_sqlite else _next(tuple(wanted)).with_values(**wanted)
    found, *further = ask(connection, asked, *also)
    ids = _by_table(found, counts_on=on_sqlite)
    for row in rows:
        instance_dict(row)["id"] = next(ids[row.__tablename__])
    return further


def insert(session: Session, *groups: Sequence[Base]) -> None:
    """Insert groups of rows, each of one table, in one statement for each group; what hangs on others comes later."""
    asked = [_inserted(rows) for rows in groups if rows]
    if asked:
        ask(plain(session), *asked)


def make_known(session: Session, row: Base, *hanging: Base) -> None:
    """Let the session know an inserted row, and the inserted ones that hang on it, as if it had read them."""
    for one in (row, *hanging):
        make_transient_to_detached(one)
    session.add(row)


@cache
def _highest(tables: tuple[str, ...]) -> Prepared:
    """For the only writer: nobody else gives ids away meanwhile."""
    ids = ((name, Base.metadata.tables[name].c.id) for name in tables)
    return Prepared(union_all(*(select(literal(name), func.coalesce(func.max(column), 0)) for name, column in ids)))


@cache
def _next(tables: tuple[str, ...]) -> Prepared:
    """From the tables' sequences, where others take theirs at the same time."""

    def numbers(name: str) -> Select[Any]:
        wanted = func.generate_series(1, bindparam(name, type_=Integer)).alias(f"wanted_{name}")
        sequence = func.pg_get_serial_sequence(literal(name), literal("id"))
        return select(literal(name), func.nextval(cast(sequence, REGCLASS))).select_from(wanted)

    return Prepared(union_all(*map(numbers, tables)))


def _by_table(rows: Rows, *, counts_on: bool) -> dict[str, Iterator[int]]:
    """The ids to take for each table; on from the highest one, or exactly those that were given."""
    if counts_on:
        return {table: iter(range(highest + 1, 2**63)) for table, highest in rows}
    return {table: iter([number for other, number in rows if other == table]) for table, _number in rows}


def _inserted(rows: Sequence[Base]) -> Asked:
    table = _table(inspect(rows[0]).mapper, "id" in instance_dict(rows[0]))
    return table.statement.for_all([table.complete(row) for row in rows])


@dataclass(frozen=True, slots=True)
class _Table:
    """How a model's rows are written. What a row does not say is its column's default, or nothing."""

    statement: Prepared
    defaults: Mapping[str, Callable[[], Any]]

    def complete(self, row: Base) -> Values:
        values = instance_dict(row)
        for name, default in self.defaults.items():
            if name not in values:
                values[name] = default()
        return {name: values[name] for name in self.defaults}


@cache
def _table(mapper: Mapper[Any], has_id: bool) -> _Table:
    """Models here call their attributes as their columns. An `id` that nobody asked for is left to the database."""
    table: Any = mapper.local_table
    if WATCHED in table.info:
        raise TypeError(f"what is written to {table} has to be seen")
    named = [column for column in table.columns if has_id or column.key != "id"]
    defaults = {column.key: _default_of(column) for column in named}
    return _Table(Prepared(insert_into(table).inline(), list(defaults)), defaults)


def _default_of(column: Any) -> Callable[[], Any]:
    if column.default is None:
        if column.server_default is not None:
            raise TypeError(f"{column} has a default that only the database knows")
        return lambda: None
    value = column.default.arg
    return (lambda: value(None)) if column.default.is_callable else (lambda: value)
