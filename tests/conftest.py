"""Fixtures of all tests: a fresh database per test, the application on it, and ways to be somebody."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from eventops import create_app
from eventops.accounts.models import Role, StaffUser
from eventops.database import db, transaction

NOW = dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)


def configuration(home: Path, database_url: str) -> dict[str, object]:
    """Settings of an application under test: everything real but the limits on knocking and the CSRF tokens."""
    return {
        "TESTING": True,
        "HOME": home,
        "SECRET_KEY": "a key of the tests alone",
        "TICKET_KEY": "a ticket key of the tests alone",
        "SQLALCHEMY_DATABASE_URI": database_url,
        "MAIL_URL": f"folder:{home / 'letters'}",
        "PUBLIC_URL": "http://localhost",
        "RATELIMIT_ENABLED": False,
        "WTF_CSRF_ENABLED": False,
    }


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database as the migrations make it; tests work on copies."""
    home = tmp_path_factory.mktemp("template")
    file = home / "template.db"
    app = create_app(configuration(home, f"sqlite:///{file}"))
    with app.app_context():
        upgrade()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return file


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    file = tmp_path / "eventops.db"
    shutil.copy(migrated_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    application = create_app(configuration(tmp_path, database_url))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session for arranging and looking; committing is the test's own act here, through `session.commit()`."""
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Role], FlaskClient]:
    """`sign_in(Role.RECEPTION)` gives a client whose cookie belongs to a new user of that role."""

    def as_role(role: Role) -> FlaskClient:
        with app.app_context(), transaction() as session:
            user = StaffUser(
                email=f"{role}-{session.query(StaffUser).count()}@secretariat.example.jp",
                name=f"試験 {role}",
                role=role,
                password_hash="not a hash: nobody signs in with it",
                created_at=NOW,
            )
            session.add(user)
            session.flush()
            cookie_id = user.get_id()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = cookie_id
            cookie["_fresh"] = True
        return client

    return as_role
