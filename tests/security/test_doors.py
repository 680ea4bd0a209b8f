"""Every route as every role and as a stranger: who is let in, who is sent away, and nobody breaks anything."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventops.accounts.models import Role
from eventops.accounts.permissions import Permission, access_of, may
from eventops.database import db
from tests.conftest import sign_in_to
from tests.factories import make_event, make_part
from tests.security.walking import Door, doors

OUTSIDE_NUMBERS = (0, 2**31 - 1, 2**63, 10**30)


def real_values(app: Flask) -> dict[str, object]:
    """What a published event puts into URLs."""
    with app.app_context():
        event = make_event(db.session())
        part = make_part(db.session(), event)
        db.session.commit()
        return {"event_id": event.id, "slug": event.slug, "part_id": part.id}


@pytest.fixture(params=["made up", "real"])
def values(request) -> str:
    """Once with made-up values in every URL, once with those of an event that exists."""
    return str(request.param)


@pytest.fixture
def all_doors(app, values) -> list[Door]:
    return doors(app, real_values(app) if values == "real" else None)


def knock(client: FlaskClient, door: Door, **headers: str) -> tuple[int, str]:
    response = client.open(door.path, method=door.method, headers=headers)
    return response.status_code, response.headers.get("Location", "")


def goes_to_sign_in(answer: tuple[int, str]) -> bool:
    return answer[0] == 302 and answer[1].startswith("/staff/sign-in")


def test_a_stranger_is_sent_to_the_sign_in_page_by_every_staff_route(app, all_doors):
    staff_doors = [door for door in all_doors if isinstance(door.access, Permission)]
    assert len(staff_doors) > 10
    answers = {str(door): knock(app.test_client(), door) for door in staff_doors}
    assert {door: answer for door, answer in answers.items() if not goes_to_sign_in(answer)} == {}


def test_a_strangers_script_is_refused_in_words_it_can_read(app, all_doors):
    staff_doors = [door for door in all_doors if isinstance(door.access, Permission)]
    answers = {str(door): knock(app.test_client(), door, Accept="application/json")[0] for door in staff_doors}
    assert {door: status for door, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_let_in_exactly_where_it_may(app, all_doors, values, role):
    """Refusals are read as scripts read them: hundreds of pages that differ in nothing would show no more."""
    cookie = dict(_cookie_of(sign_in_to(app, role)))
    wrong = {}
    for door in all_doors:
        if not isinstance(door.access, Permission):
            continue
        is_page = may(role, door.access) and values == "real"
        answer = knock(_with(app, cookie), door, **({} if is_page else {"Accept": "application/json"}))
        if may(role, door.access):
            fine = answer[0] < 500 and answer[0] not in (401, 403)
            fine = fine and (not goes_to_sign_in(answer) or door.endpoint == "accounts.sign_out")
        else:
            fine = answer[0] == 403
        if not fine:
            wrong[str(door)] = answer
    assert wrong == {}


def _cookie_of(client: FlaskClient) -> dict[str, object]:
    with client.session_transaction() as cookie:
        return dict(cookie)


def _with(app: Flask, cookie: dict[str, object]) -> FlaskClient:
    """A client of its own per door, so that signing out behind one door does not close the next."""
    client = app.test_client()
    with client.session_transaction() as fresh:
        fresh.update(cookie)
    return client


def test_every_role_differs_from_every_other_somewhere(app):
    permissions = {access_of(view) for view in app.view_functions.values()}
    may_do = {role: frozenset(p for p in permissions if isinstance(p, Permission) and may(role, p)) for role in Role}
    assert len(set(may_do.values())) == len(Role)


def test_public_routes_answer_strangers_without_breaking(app, all_doors):
    public = [door for door in all_doors if door.access == "public"]
    answers = {str(door): knock(app.test_client(), door) for door in public}
    wrong = {door: answer for door, answer in answers.items() if answer[0] >= 500 or answer[0] in (401, 403)}
    assert wrong == {}


def test_a_station_s_door_opens_to_no_cookie_and_no_made_up_key(app):
    keyed = [door for door in doors(app) if door.access == "station"]
    assert len(keyed) == 14
    admin, body = sign_in_to(app, Role.ADMINISTRATOR), {"sent_at": 1, "items": []}
    for headers in ({}, {"Authorization": "Station made-up"}):
        answers = {str(door): admin.open(door.path, method=door.method, json=body, headers=headers) for door in keyed}
        assert {door: answer.json["error"] for door, answer in answers.items()} == dict.fromkeys(
            answers, "station_refused"
        )


def test_a_made_up_private_link_is_not_found(app):
    private = [door for door in doors(app) if door.access == "private_link"]
    answers = {str(door): knock(app.test_client(), door)[0] for door in private}
    assert {door: status for door, status in answers.items() if status != 404} == {}


@pytest.mark.both_databases
def test_numbers_outside_of_what_a_database_counts_open_nothing(app):
    admin = sign_in_to(app, Role.ADMINISTRATOR)
    wrong = {}
    for number in OUTSIDE_NUMBERS:
        arguments = {
            name: number for rule in app.url_map.iter_rules() for name in rule.arguments if name.endswith("_id")
        }
        for door in doors(app, arguments):
            if door.method == "GET" and str(number) in door.path:
                status = knock(admin, door)[0]
                if status not in (400, 404, 405):
                    wrong[str(door)] = status
    assert wrong == {}


def test_an_unmarked_route_is_shut_for_everybody(app):
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    answers = [sign_in_to(app, role).get("/forgotten") for role in Role] + [app.test_client().get("/forgotten")]
    assert [answer.status_code for answer in answers] == [403] * (len(Role) + 1)
    assert all("secret" not in answer.text for answer in answers)
