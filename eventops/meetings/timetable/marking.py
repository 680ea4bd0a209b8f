"""A mark on the facts that timetables are made from: another one with every change, in the change's own transaction.

Who keeps what was read together with the mark that stood beside it knows with one look whether it still holds, in every
process. Statements are watched, not objects: whatever writes to these tables is seen, one row or many.
"""

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, Insert, Table, UpdateBase, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventops.database import Base, db, plain
from eventops.directory.models import Organisation
from eventops.fresh import WATCHED
from eventops.meetings.models import (
    Application,
    CompetitorPair,
    Exclusion,
    MatchingRound,
    MeetingTable,
    Need,
    ParticipantLimit,
    Room,
    Slot,
)
from eventops.meetings.timetable.models import FactsMark

ONLY = 1
_OF_ROUNDS = (
    Application,
    CompetitorPair,
    Exclusion,
    MatchingRound,
    MeetingTable,
    Need,
    ParticipantLimit,
    Room,
    Slot,
)
_ELSEWHERE = (Organisation,)
_CHANGED = "facts_changed"


def watched() -> frozenset[str]:
    """The tables of which every change is seen."""
    return frozenset(one.__tablename__ for one in (*_OF_ROUNDS, *_ELSEWHERE))


def mark_of(session: Session) -> str | None:
    """The mark as it stands; None where nothing may be kept: this very transaction has changed the facts."""
    connection = plain(session)
    if connection.info.get(_CHANGED):
        return None
    found: str | None = connection.scalar(_READ)
    return found


_READ = select(FactsMark.mark).where(FactsMark.id == ONLY)


def init_marking(app: Flask) -> None:
    with app.app_context():
        _watch(db.engine)


def _watch(engine: Engine) -> None:
    """The mark is the last thing that a transaction writes: whoever holds its row waits for nobody."""

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.info.pop(_CHANGED, None)

    @event.listens_for(engine, "before_execute")
    def on_statement(connection: Connection, statement: Any, *_rest: object) -> None:
        if isinstance(statement, UpdateBase) and _matters(statement):
            connection.info[_CHANGED] = True

    @event.listens_for(engine, "commit")
    def on_commit(connection: Connection) -> None:
        if connection.info.pop(_CHANGED, False) and _has_mark(connection):
            connection.execute(_another(connection.dialect.name))


def _has_mark(connection: Connection) -> bool:
    """Migrations begin before there is any."""
    is_migrating = connection.get_execution_options().get("migrating", False)
    return not is_migrating or inspect(connection).has_table(FactsMark.__tablename__)


def _matters(statement: UpdateBase) -> bool:
    """A new company stands in no round before something there names it."""
    table = statement.table
    if not isinstance(table, Table):
        return True
    is_new = isinstance(statement, Insert)
    return table.name in _NAMES_OF_ROUNDS or (table.name in _NAMES_ELSEWHERE and not is_new)


_NAMES_OF_ROUNDS = frozenset(one.__tablename__ for one in _OF_ROUNDS)
_NAMES_ELSEWHERE = frozenset(one.__tablename__ for one in _ELSEWHERE)

for _one in _NAMES_OF_ROUNDS:
    Base.metadata.tables[_one].info[WATCHED] = True


def _another(dialect: str) -> UpdateBase:
    new = {"mark": uuid.uuid4().hex}
    if dialect == "postgresql":
        written = postgresql.insert(FactsMark).values(id=ONLY, **new)
        return written.on_conflict_do_update(index_elements=["id"], set_=new)
    stored = sqlite.insert(FactsMark).values(id=ONLY, **new)
    return stored.on_conflict_do_update(index_elements=["id"], set_=new)
