"""Events under their lock, without making new objects of rows that were read before.

An application reads its event with all parts, pools and fees after it was given the lock: that is what seats and prices
are judged on. Reading is cheap, making objects of what was read costs more than anything else that an application does.
So the rows are compared as the driver gives them, and where they are the same the objects that were made of them are
taken.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import Dialect, bindparam, select
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from eventops.database import Base, plain
from eventops.errors import NotFound
from eventops.events.models import Event, Fee, Part, Pool
from eventops.prepared import Asked, Prepared, Rows, ask, read

Read = tuple[Rows, Rows]
AModel = TypeVar("AModel", bound=Base)
_COUNTER = "last_registration_number"
"""The one column that every application changes; nothing is judged on it."""


def _columns(model: type[Base]) -> list[Any]:
    return [column for column in model.__table__.columns if column.key != _COUNTER]


_MODELS = (Event, Part, Pool)
_ENDS = tuple(sum(len(_columns(model)) for model in _MODELS[: number + 1]) for number in range(len(_MODELS)))
_EVENT_ROWS = Prepared(
    select(*(column for model in _MODELS for column in _columns(model)))
    .select_from(Event.__table__.outerjoin(Part.__table__).outerjoin(Pool.__table__))
    .where(Event.__table__.c.id == bindparam("event_id"))
    .order_by(Part.__table__.c.position, Part.__table__.c.id, Pool.__table__.c.mode.desc())
)
_FEE_ROWS = Prepared(
    select(Fee.__table__).where(Fee.__table__.c.event_id == bindparam("event_id")).order_by(Fee.__table__.c.id)
)
_LOCK = Prepared(select(Event.id).where(Event.id == bindparam("event_id")).with_for_update())


class KnownEvents:
    """The events of one process, each with the rows that it was made of. Nobody changes them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Read, Event]] = {}

    def locked(self, session: Session, event_id: int, also: Sequence[Asked]) -> tuple[Event, list[Rows]]:
        """The lock comes first: rows that are read while waiting for it may be old."""
        connection = plain(session)
        lock = [] if connection.dialect.name == "sqlite" else [_LOCK]  # there this transaction is the only writer
        own = [one.with_values(event_id=event_id) for one in (*lock, _EVENT_ROWS, _FEE_ROWS)]
        event_rows, fee_rows, *further = ask(connection, *own, *also)[len(lock) :]
        if not event_rows:
            raise NotFound
        rows, known = (event_rows, fee_rows), self._known.get(event_id)
        if known is None or known[0] != rows:
            known = self._known[event_id] = (rows, _made(connection.dialect, *rows))
        return known[1], further


def _made(dialect: Dialect, rows: Rows, fees: Rows) -> Event:
    """The event; whatever is asked of it beyond these rows is an error, as it belongs to no session."""
    whole = _ENDS[0]
    event = _one(dialect, Event, rows[0][:whole])
    parts = [
        _part(dialect, list(of_part)) for key, of_part in groupby(rows, key=lambda row: row[whole]) if key is not None
    ]
    set_committed_value(event, "parts", parts)
    set_committed_value(event, "fees", [_one(dialect, Fee, row) for row in fees])
    return event


def _part(dialect: Dialect, rows: Rows) -> Part:
    begin, middle, end = _ENDS
    part = _one(dialect, Part, rows[0][begin:middle])
    set_committed_value(
        part, "pools", [_one(dialect, Pool, row[middle:end]) for row in rows if row[middle] is not None]
    )
    return part


def _one(dialect: Dialect, model: type[AModel], values: Sequence[Any]) -> AModel:
    made = model(**{column.key: read(dialect, column, said) for column, said in _pairs(model, values)})
    make_transient_to_detached(made)
    return made


def _pairs(model: type[Base], values: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(_columns(model), values, strict=True)


def init_known_events(app: Flask) -> None:
    app.extensions["known_events"] = KnownEvents()


def locked(session: Session, event_id: int, *also: Asked) -> tuple[Event, list[Rows]]:
    """The event with its parts, pools and fees, to look at: locked as by `queries.event_for_update`.

    What is asked beside it is answered under the same lock.
    """
    known: KnownEvents = current_app.extensions["known_events"]
    return known.locked(session, event_id, also)
