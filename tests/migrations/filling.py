"""One row in every table of a database, made from its own schema, so that migrations meet data."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

MOMENT = dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)
LATER = MOMENT + dt.timedelta(hours=1)


def fill(connection: sa.Connection) -> dict[str, int]:
    """Put one row into every table that has none; the numbers of rows of all tables."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    keys: dict[str, object] = {}
    for table in metadata.sorted_tables:
        if table.name == "alembic_version":
            continue
        if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
            connection.execute(table.insert().values(_row(table, keys)))
        keys[table.name] = connection.execute(sa.select(*table.primary_key.columns).limit(1)).one()[0]
    rows = sa.select(sa.func.count())
    return {name: connection.scalar(rows.select_from(metadata.tables[name])) or 0 for name in keys}


def _row(table: sa.Table, keys: Mapping[str, object]) -> dict[str, object]:
    """Foreign keys point at the rows made before; a nullable one may wait, as it may point at its own table."""
    row: dict[str, object] = {}
    for column in table.columns:
        parents = [key.column.table.name for key in column.foreign_keys]
        if parents:
            row[column.name] = keys.get(parents[0])
        elif not (column.primary_key and isinstance(column.type, sa.Integer)):
            row[column.name] = _value(column)
    return row


def _value(column: sa.Column[Any]) -> object:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.DateTime):
        moment = LATER if column.name.startswith("ends") else MOMENT  # check constraints ask for an end after the start
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return MOMENT.date()
    if isinstance(kind, sa.Time):
        return MOMENT.time()
    if isinstance(kind, sa.Integer | sa.Numeric | sa.Float):
        return 1
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    if isinstance(kind, sa.String):
        return "x"
    raise TypeError(f"{column}: no value for {kind!r}")
