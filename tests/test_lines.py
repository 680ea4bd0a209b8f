"""Lines to the database that its server has closed: the next to work takes another one and notices nothing."""

import socket

import psycopg
import pytest
from sqlalchemy import text

from eventops.database import db, has_spoken, transaction

CLOSE_ALL = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_lines_that_the_server_has_closed_are_opened_anew(app, database_url):
    with app.app_context():
        lines = [db.engine.connect() for _ in range(3)]
        before = {line.scalar(text("SELECT pg_backend_pid()")) for line in lines}
        for line in lines:
            line.close()
        with psycopg.connect(database_url.replace("+psycopg", "")) as other:
            assert other.execute(CLOSE_ALL).fetchall() == [(True,)] * 3

        with transaction() as session:
            now = session.scalar(text("SELECT pg_backend_pid()"))

        assert now not in before


def test_who_waits_for_questions_has_not_spoken_and_who_took_leave_has():
    here, there = socket.socketpair()
    with here:
        assert not has_spoken(here.fileno())
        there.close()
        assert has_spoken(here.fileno())
