"""Staff's pages of the desk: they open for whom they should, with as many queries for much as for little."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sa_event

from eventops.accounts.models import Role
from eventops.database import db, transaction
from tests.meetings.sheets import load_round, make_round

PAGES = ("", "/needs", "/applications", "/screening", "/requests", "/limits")
MANAGED = ("/round", "/pairs", "/needs/new", "/applications/new", "/limits/new", "/pairs/new", "/exclusions/new")


@pytest.fixture
def event_id(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        return make_round(session).event_id


@pytest.mark.parametrize("page", PAGES)
def test_empty_pages_open_for_readers(event_id: int, sign_in: Callable[[Role], FlaskClient], page: str) -> None:
    answer = sign_in(Role.READ_ONLY).get(f"/staff/events/{event_id}/matching{page}")

    assert answer.status_code == 200


@pytest.mark.parametrize("page", MANAGED)
def test_pages_that_change_things_are_for_managers(
    event_id: int, sign_in: Callable[[Role], FlaskClient], page: str
) -> None:
    assert sign_in(Role.READ_ONLY).get(f"/staff/events/{event_id}/matching{page}").status_code == 403
    assert sign_in(Role.EVENT_MANAGER).get(f"/staff/events/{event_id}/matching{page}").status_code == 200


def queries_of(app: Flask, client: FlaskClient, address: str) -> int:
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa_event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        sa_event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_full_pages_ask_as_many_questions_as_small_ones(app: Flask, sign_in: Callable[[Role], FlaskClient]) -> None:
    with app.app_context(), transaction() as session:
        found = load_round(session)
        for need in found.needs[2:]:
            session.delete(need)
        small = make_round(session, slug="empty")
        full_id, small_id = found.event_id, small.event_id
    client = sign_in(Role.EVENT_MANAGER)

    for page in (*PAGES, "/round", "/pairs"):
        few = queries_of(app, client, f"/staff/events/{small_id}/matching{page}")
        many = queries_of(app, client, f"/staff/events/{full_id}/matching{page}")
        assert many - few <= 8, page
