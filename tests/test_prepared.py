"""Statements handed to the driver: values converted on their way in, several asked at once, and heard by who counts."""

import datetime as dt

import pytest
from sqlalchemy import bindparam, event, insert, literal, select
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from eventops.accounts.models import AuditEntry
from eventops.prepared import Prepared, ask, read
from tests.factories import NOW

TABLE = AuditEntry.__table__
WRITTEN = Prepared(insert(TABLE).inline(), ["at", "action", "subject_kind", "after"])
READ = Prepared(select(TABLE.c.at, TABLE.c.action, TABLE.c.after).where(TABLE.c.action >= bindparam("least")))
NAMED = Prepared(select(literal("said by the statement"), bindparam("said", type_=TABLE.c.action.type)))


def entry(action):
    return {"at": NOW, "action": action, "subject_kind": "s", "after": {"who": "青空"}}


@pytest.mark.both_databases
def test_what_goes_in_comes_back_as_the_session_would_read_it(session):
    connection = session.connection()
    ask(connection, WRITTEN.for_all([entry("a"), entry("b")]), WRITTEN.with_values(**entry("c")))
    rows, named = ask(connection, READ.with_values(least="b"), NAMED.with_values(said="given"))
    columns = (TABLE.c.at, TABLE.c.action, TABLE.c.after)
    found = [tuple(map(read, [connection.dialect] * 3, columns, row)) for row in rows]
    assert sorted(found, key=str) == [(NOW, "b", {"who": "青空"}), (NOW, "c", {"who": "青空"})]
    assert [tuple(row) for row in named] == [("said by the statement", "given")]
    assert {row.at for row in session.scalars(select(AuditEntry))} == {NOW}


def test_a_value_that_was_forgotten_or_makes_no_sense_is_refused(session):
    with pytest.raises((KeyError, ProgrammingError), match="least"):
        ask(session.connection(), READ.with_values())
    with pytest.raises(ValueError, match="time zone"):
        ask(session.connection(), WRITTEN.with_values(**entry("a") | {"at": dt.datetime(2026, 1, 1)}))  # noqa: DTZ001


def test_whoever_counts_statements_counts_these(session):
    heard = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *call: heard.append((call[2].split()[0], call[5])))
    ask(connection, WRITTEN.for_all([entry("a"), entry("b")]), READ.with_values(least=""))
    assert heard == [("INSERT", True), ("SELECT", False)]


@pytest.mark.both_databases
def test_one_that_fails_leaves_nothing_of_the_others(session):
    with pytest.raises(IntegrityError, match=r"NOT NULL|not-null"):
        ask(session.connection(), WRITTEN.with_values(**entry("a")), WRITTEN.with_values(**entry("b") | {"at": None}))
    session.rollback()
    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_what_a_database_cannot_hold_is_refused_as_by_any_other_statement(session):
    for action in ("with\0nothing", "too long" * 100):
        with pytest.raises(DataError) as refused:
            ask(session.connection(), WRITTEN.for_all([entry("a"), entry(action)]), READ.with_values(least=""))
        assert "青空" not in str(refused.value)
        session.rollback()
