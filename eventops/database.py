"""The database: declarative base, column types, and the only transaction owner of the program."""

import datetime as dt
import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, String, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from eventops.turns import Turns

BUSY_MILLISECONDS = 15_000


class Base(DeclarativeBase):
    """Base of all models; the naming convention lets migrations drop what they made, on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware moment, kept in UTC: SQLite has no time zones, so it is stored naive there and given back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class UtcHour(FunctionElement[str]):
    """The hour of a moment as text, 2026-11-21 01, so that moments can be counted by days of any time zone."""

    type = String()
    inherit_cache = True


@compiles(UtcHour, "sqlite")
def _utc_hour_on_sqlite(element: UtcHour, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"strftime('%Y-%m-%d %H', {compiler.process(element.clauses, **kwargs)})"


@compiles(UtcHour, "postgresql")
def _utc_hour_on_postgresql(element: UtcHour, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kwargs)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


@contextmanager
def transaction() -> Iterator[Session]:
    """The only commit of the program: a write transaction on the application's session, which does not nest.

    Whatever the page read before is forgotten first, so that nothing is judged on rows older than the lock. On SQLite
    the transaction is the one writer from its first statement on (`BEGIN IMMEDIATE`); on PostgreSQL rows are locked
    by the queries named `..._for_update`.
    """
    session: Session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("transactions do not nest")
    session.rollback()
    with _turn(db.engine):
        session.info["writing"] = session.connection(execution_options={"immediate": True})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing")


def _turn(engine: Engine) -> AbstractContextManager[None]:
    """On SQLite, the one writer's turn; elsewhere everybody may write at once."""
    turns: Turns | None = current_app.extensions["turns"].get(engine)
    return turns.mine() if turns is not None else nullcontext()


def read_session() -> Session:
    """The request's session, for pages that only look."""
    session: Session = db.session()
    return session


def plain(session: Session) -> Connection:
    """The session's connection, for statements about columns alone; what the session changed is written before.

    Where a value or two are asked for under a lock, that is half the price of asking the session.
    """
    session.flush()
    writing: Connection | None = session.info.get("writing")
    return writing if writing is not None else session.connection()


def init_database(app: Flask) -> None:
    """Bind the database to the application and teach SQLite its manners."""
    db.init_app(app)
    with app.app_context():
        app.extensions["turns"] = {}
        if db.engine.dialect.name == "sqlite":
            _teach_sqlite(db.engine)
            app.extensions["turns"][db.engine] = Turns(Path(f"{db.engine.url.database}-turn"))
        else:
            _notice_closed_lines(db.engine)


def _notice_closed_lines(engine: Engine) -> None:
    """A server that was started anew has closed its lines: that is seen without asking over each of them each time."""

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, _record: object, _proxy: object) -> None:
        if connection.closed or has_spoken(connection.fileno()):
            raise InvalidatePoolError


def has_spoken(descriptor: int) -> bool:
    """Whether the other side has said something unasked: who waits for questions does so to take leave alone."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))


def _teach_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
