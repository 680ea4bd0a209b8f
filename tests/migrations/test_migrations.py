"""Every migration goes up and down with data in every table, and together they make what the models say."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade

from eventops import ROOT, create_app
from eventops.database import Base, db
from tests.conftest import configuration, dispose
from tests.migrations.filling import fill

pytestmark = pytest.mark.both_databases


@pytest.fixture
def empty_app(database, request, tmp_path) -> Iterator[Flask]:
    """An application on a database without any table."""
    if database == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'empty.db'}", lambda: None
    else:
        server = request.getfixturevalue("postgres_server")
        name = server.create()
        url, drop = server.url(name), lambda: server.drop(name)
    app = create_app(configuration(tmp_path, url))
    with app.app_context():
        yield app
    dispose(app)
    drop()


def revisions() -> list[str]:
    """Oldest first."""
    script = ScriptDirectory(str(ROOT / "migrations"))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def tables() -> dict[str, int]:
    """The tables and their numbers of rows."""
    with db.engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def fill_every_table() -> None:
    with db.engine.execution_options(migrating=True).begin() as connection:
        assert all(fill(connection).values())


def test_every_step_up_and_down_with_a_row_in_every_table(empty_app):
    for revision in revisions():
        upgrade(revision=revision)
        fill_every_table()
    assert set(tables()) == set(Base.metadata.tables)
    for _ in revisions():
        downgrade(revision="-1")
    assert tables() == {}
    upgrade()
    fill_every_table()


def test_the_migrations_make_what_the_models_say(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_head_and_every_step_has_a_way_back(empty_app):
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    assert len(script.get_heads()) == 1
    ways_back = {revision.revision: revision.module.downgrade.__code__.co_code for revision in script.walk_revisions()}

    def nothing() -> None:
        pass

    assert [revision for revision, code in ways_back.items() if code == nothing.__code__.co_code] == []


def test_a_look_that_a_device_could_not_answer_is_of_an_unknown_code_to_the_judge_of_before(empty_app):
    upgrade(revision="0011")
    with db.engine.execution_options(migrating=True).begin() as connection:
        fill(connection)
        connection.execute(sa.text("UPDATE scan SET verdict = 'not_on_device', shown = 'not_on_device'"))
    downgrade(revision="0010")
    with db.engine.connect() as connection:
        assert connection.scalars(sa.text("SELECT verdict FROM scan")).all() == ["unknown_code"]


def test_the_way_back_before_cases_leaves_no_word_that_older_code_cannot_read(empty_app):
    upgrade(revision="0009")
    with db.engine.execution_options(migrating=True).begin() as connection:
        fill(connection)
        connection.execute(sa.text("UPDATE staff_user SET role = 'coordinator'"))
        connection.execute(sa.text("UPDATE consent SET purpose = 'share_consent'"))
    downgrade(revision="0008")
    with db.engine.connect() as connection:
        users = connection.execute(sa.text("SELECT role, enabled, session_issue FROM staff_user")).all()
        consents = connection.scalar(sa.text("SELECT count(*) FROM consent"))
    assert ([tuple(one) for one in users], consents) == ([("read_only", False, 2)], 0)


def test_what_was_marked_as_paid_becomes_an_entry_of_the_ledger(empty_app):
    upgrade(revision="0001")
    with db.engine.execution_options(migrating=True).begin() as connection:
        fill(connection)
    upgrade(revision="0002")
    with db.engine.connect() as connection:
        entries = connection.execute(sa.text("SELECT kind, means, yen, attendee_id FROM payment")).all()
        paid = connection.execute(sa.text("SELECT paid_yen, fee_yen FROM attendee")).all()
    assert entries == [("cash_on_day", "cash", 1, 1)]
    assert paid == [(1, 1)]


def test_a_recommendation_of_before_gets_a_line_that_is_seen_and_can_be_taken_back(empty_app):
    upgrade(revision="0023")
    with db.engine.begin() as connection:
        fill(connection)
        connection.execute(sa.text("DELETE FROM recommendation"))
        connection.execute(sa.text("UPDATE application SET is_recommended = true"))
    for _again in range(2):
        upgrade(revision="0024")
        with db.engine.connect() as connection:
            lines = connection.execute(sa.text("SELECT recommender, reason FROM recommendation")).all()
        assert [tuple(one) for one in lines] == [("事務局", "事務局の推薦")]
        downgrade(revision="0023")


def test_versions_of_before_say_what_was_told_as_the_frame_stood(empty_app):
    upgrade(revision="0021")
    with db.engine.execution_options(migrating=True).begin() as connection:
        fill(connection)
    upgrade(revision="0022")
    with db.engine.connect() as connection:
        told = connection.execute(
            sa.text("SELECT told_from = slot.starts_at, told_room, told_table FROM timetable_meeting JOIN slot ON TRUE")
        ).all()
    assert [tuple(one) for one in told] == [(1, "x", 1)]
