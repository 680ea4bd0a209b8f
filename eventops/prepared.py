"""Statements put into words once for each database, and handed to its driver as they are.

Under a lock that many wait for, working out anew what a statement says and what its columns are costs several times
what the database needs to answer. Here that is done once: values are converted on their way in, and what comes back
is what the driver gives. PostgreSQL is asked for several things before the first answer is waited for.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, Any]
Rows = Sequence[tuple[Any, ...]]


class Prepared:
    """A statement. `columns` are those that an INSERT gives values for."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._words: dict[str, _Words] = {}

    def with_values(self, **values: Any) -> "Asked":
        return Asked(self, (values,))

    def for_all(self, rows: Sequence[Values]) -> "Asked":
        """The same for several rows, which are given nothing back."""
        return Asked(self, tuple(rows))

    def as_read(self, dialect: Dialect, rows: Rows) -> Rows:
        """The rows that it gave, with the values that SQLAlchemy would have made of them."""
        readers = self.words(dialect).readers
        return [tuple(_converted(readers, row)) for row in rows] if readers else rows

    def words(self, dialect: Dialect) -> "_Words":
        known = self._words.get(dialect.name)
        if known is None:
            known = self._words[dialect.name] = _in_words(self._statement, self._columns, dialect)
        return known


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement with its values."""

    prepared: Prepared
    values: Sequence[Values]


@dataclass(frozen=True, slots=True)
class _Words:
    """What a driver is given. `fixed` are the values that the statement itself names, `order` is for marks without
    names, `readers` are for the columns whose values it gives back differently."""

    text: str
    order: Sequence[str] | None
    fixed: Values
    converters: Sequence[tuple[str, Callable[[Any], Any]]]
    gives_rows: bool
    readers: Sequence[tuple[int, Callable[[Any], Any]]]

    def given(self, values: Values) -> Any:
        whole = {**self.fixed, **values}
        for name, converted in self.converters:
            whole[name] = converted(whole[name])
        return whole if self.order is None else [whole[name] for name in self.order]


def ask(connection: Connection, *asked: Asked) -> list[Rows]:
    """The rows that each gives, in their order; what the driver refuses is raised as SQLAlchemy would raise it."""
    driver_error: Any = connection.dialect.loaded_dbapi.Error
    try:
        return _asked(connection, asked)
    except driver_error as error:  # without the values: they are about people, and errors are logged
        texts = "; ".join(one.prepared.words(connection.dialect).text for one in asked)
        raised: Any = DBAPIError.instance(
            texts, None, error, driver_error, hide_parameters=True, dialect=connection.dialect
        )
        raise raised from error


def _asked(connection: Connection, asked: Sequence[Asked]) -> list[Rows]:
    driver: Any = connection.connection.driver_connection
    with _one_trip(driver) if len(asked) > 1 and connection.dialect.name == "postgresql" else nullcontext():
        cursors = [_sent(connection, driver, one) for one in asked]
    dialect = connection.dialect
    return [
        cursor.fetchall() if one.prepared.words(dialect).gives_rows else ()
        for one, cursor in zip(asked, cursors, strict=True)
    ]


def read(dialect: Dialect, column: Any, value: Any) -> Any:
    """What SQLAlchemy would have made of a column's value."""
    processor = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return value if processor is None else processor(value)


def _converted(readers: Sequence[tuple[int, Callable[[Any], Any]]], row: Sequence[Any]) -> list[Any]:
    values = list(row)
    for place, converted in readers:
        values[place] = converted(values[place])
    return values


def _one_trip(driver: Any) -> AbstractContextManager[Any]:
    trip: AbstractContextManager[Any] = driver.pipeline()
    return trip


def _sent(connection: Connection, driver: Any, asked: Asked) -> Any:
    words, cursor, dispatch = asked.prepared.words(connection.dialect), driver.cursor(), connection.dispatch
    given = [words.given(values) for values in asked.values]
    is_many = len(given) > 1
    dispatch.before_cursor_execute(connection, cursor, words.text, given, None, is_many)  # whoever counts, counts this
    if is_many:
        cursor.executemany(words.text, given)
    else:
        cursor.execute(words.text, given[0])
    return cursor


def _in_words(statement: ClauseElement, columns: Sequence[str] | None, dialect: Dialect) -> _Words:
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    types = {name: bind.type for bind, name in compiled.bind_names.items()}
    processors = {name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in types.items()}
    given = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in _given_by(statement)]
    return _Words(
        text=str(compiled),
        order=compiled.positiontup,
        fixed=fixed,
        converters=[(name, made) for name, made in processors.items() if made is not None],
        gives_rows=bool(given),
        readers=[(place, made) for place, made in enumerate(given) if made is not None],
    )


def _given_by(statement: Any) -> Sequence[Any]:
    """The columns of the rows that it gives: none where it only writes."""
    return tuple(statement.exported_columns)
