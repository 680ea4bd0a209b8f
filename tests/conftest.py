"""Fixtures of all tests: a fresh database per test, the application on it, and ways to be somebody."""

import datetime as dt
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from eventops import create_app
from eventops.accounts.models import Role, StaffUser
from eventops.database import db, transaction
from eventops.demo.loading import load
from tests import postgres
from tests.fast_database import keep_statements
from tests.fast_routing import keep_routes

NOW = dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)
DATABASES = ("sqlite", "postgres")
GARBAGE = (20_000, 10, 10)
"""When Python looks for cycles. By its own thresholds a third of the tests' processor time goes into looking."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=DATABASES,
        default="sqlite",
        help="Where tests keep their data. With postgres, only tests that have a database are run.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both_databases` run on both whatever the option says: races, locks, migrations."""
    marked = metafunc.definition.get_closest_marker("both_databases")
    if marked and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", DATABASES, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database") == "sqlite":
        return
    without = [item for item in items if "database" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end; no use in going through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


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


def dispose(app: Flask) -> None:
    """Close the connections that an application holds."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def migrate(home: Path, database_url: str) -> None:
    app = create_app(configuration(home, database_url))
    with app.app_context():
        upgrade()
    dispose(app)


@pytest.fixture(scope="session", autouse=True)
def shared_work() -> Iterator[None]:
    """What the applications of all tests would each work out again, alike."""
    with pytest.MonkeyPatch.context() as patch:
        keep_routes(patch)
        keep_statements(patch)
        yield


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes of one `bin/test` leave for each other what each would make alike."""
    folder = os.environ.get("EVENTOPS_TESTS_SHARE")
    return Path(folder) if folder else tmp_path_factory.mktemp("share")


def made_once(file: Path, home: Path, make: Callable[[Path], None]) -> Path:
    """The shared file, which `make` has filled here or in another process; it is never seen half made."""
    if not file.exists():
        make(home / file.name)
        Path(shutil.copy(home / file.name, f"{file}.{os.getpid()}")).replace(file)
    return file


@pytest.fixture(scope="session")
def migrated_file(share: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database as the migrations make it; tests work on copies."""
    home = tmp_path_factory.mktemp("template")
    return made_once(share / "template.db", home, lambda file: migrate(home, f"sqlite:///{file}"))


@pytest.fixture(scope="session")
def demonstration_file(share: Path, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the demonstration in it; tests work on copies."""
    home = tmp_path_factory.mktemp("demonstration")

    def make(file: Path) -> None:
        shutil.copy(migrated_file, file)
        application = create_app(configuration(home, f"sqlite:///{file}"))
        load_demonstration(application)
        dispose(application)

    return made_once(share / "demonstration.db", home, make)


def load_demonstration(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        load(session, now=NOW)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """The PostgreSQL of this test run, started when the first test asks for it."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_server(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> postgres.Server:
    """The server with an empty database as the migrations make it; tests work on copies."""
    postgres_server.make_template(lambda url: migrate(tmp_path_factory.mktemp("template"), url))
    return postgres_server


@pytest.fixture(scope="session")
def demonstration_server(migrated_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> postgres.Server:
    """The server with a database that holds the demonstration; tests work on copies."""
    home = tmp_path_factory.mktemp("demonstration")

    def fill(url: str) -> None:
        application = create_app(configuration(home, url))
        load_demonstration(application)
        dispose(application)

    migrated_server.make_template(fill, name=postgres.DEMONSTRATION, template=postgres.TEMPLATE)
    return migrated_server


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database this test runs on: "sqlite" or "postgres"."""
    return str(getattr(request, "param", request.config.getoption("database")))


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of this test alone."""
    if database == "sqlite":
        file = tmp_path / "eventops.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
    else:
        server: postgres.Server = request.getfixturevalue("migrated_server")
        name = server.borrow()
        yield server.url(name)
        server.give_back(name)


@pytest.fixture(scope="session")
def compiled_templates(share: Path) -> FileSystemBytecodeCache:
    """Every test has an application of its own; their templates are compiled once."""
    folder = share / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def make_app(
    database_url: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Callable[..., Flask]]:
    """`make_app(WTF_CSRF_ENABLED=True)` gives an application on this test's database with settings of its own."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        made.append(create_app(configuration(tmp_path, database_url) | settings))
        made[-1].jinja_env.bytecode_cache = compiled_templates
        return made[-1]

    yield make
    for app in made:
        dispose(app)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def demonstration(app: Flask, database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Flask:
    """The application with the demonstration in its database."""
    dispose(app)
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("demonstration_file"), tmp_path / "eventops.db")
    else:
        server: postgres.Server = request.getfixturevalue("demonstration_server")
        with app.app_context():
            server.refill(str(db.engine.url.database), template=postgres.DEMONSTRATION)
    return app


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
    return lambda role: sign_in_to(app, role)


def sign_in_to(app: Flask, role: Role) -> FlaskClient:
    """A client whose cookie belongs to a new user of that role."""
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
