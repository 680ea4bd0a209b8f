"""Before the first request: the database brought up to date, and the demonstration data where it was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alembic.util import CommandError
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts import queries as accounts
from eventops.database import Base, db, read_session, transaction
from eventops.demo import sign_ins
from eventops.demo.loading import load_lived_in
from eventops.demo.sign_ins import DemoSignIn
from eventops.launch.obstacles import CannotStart


def migrate(app: Flask) -> None:
    """Create the tables, or bring those of an older version up to date."""
    try:
        with app.app_context():
            upgrade()
    except CommandError as error:
        raise CannotStart(
            "データベースはこのプログラムより新しい版のものです。新しい版の EventOps で開いてください。",
            "The database belongs to a newer version of EventOps. Open it with that version.",
        ) from error
    except SQLAlchemyError as error:
        raise CannotStart(
            f"データベースを開けません({_address(app)})。動いているか、DATABASE_URL が正しいか確認してください。",
            f"The database cannot be opened ({_address(app)}). Check that it runs and that DATABASE_URL is right.",
        ) from error


FILLED_BY_MIGRATIONS: Final = frozenset({"facts_mark"})
"""A database that holds nothing else is empty."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What `--demo` did, and the demonstration's users that can sign in now."""

    loaded: bool
    sign_ins: Sequence[DemoSignIn]


def load_demonstration(app: Flask) -> Demonstration:
    """Fill an empty database; one that holds something already stays as it is."""
    with app.app_context(), transaction() as session:
        if _is_empty(session):
            return Demonstration(True, load_lived_in(session, now=clock.now()))
        return Demonstration(False, sign_ins.known(session, key=app.config["SECRET_KEY"]))


def has_users(app: Flask) -> bool:
    with app.app_context():
        return accounts.user_count(read_session()) > 0


def runs_on_sqlite(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "sqlite"


def let_go(app: Flask) -> None:
    """Close every connection: the processes that are forked from this one must open their own."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _is_empty(session: Session) -> bool:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in FILLED_BY_MIGRATIONS]
    return not any(session.scalar(select(func.count()).select_from(table)) for table in tables)


def _address(app: Flask) -> str:
    with app.app_context():
        return db.engine.url.render_as_string(hide_password=True)
