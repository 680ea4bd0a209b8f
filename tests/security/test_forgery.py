"""A form that another site sends: refused everywhere without the token that our own page gave."""

import re

import pytest

from eventops.accounts.models import Role
from eventops.accounts.permissions import access_of
from eventops.checkin.keyed import ACCESS
from tests.conftest import sign_in_to
from tests.security.walking import doors, writing

BY_MAIL_PROGRAMS = {"mail.unsubscribe"}
"""RFC 8058: mail programs post by themselves; the signed link is the key, and it only stops announcements."""
BY_STATIONS = {
    "checkin.door_snapshot",
    "checkin.door_sync",
    "checkin.door_people",
    "checkin.door_fee",
    "checkin.door_walk_in",
    "checkin.door_substitute",
    "printing.door_badge",
}
"""Their key travels in a header that no form of another site can send, and not in a cookie that browsers add."""


@pytest.fixture
def guarded_app(make_app):
    return make_app(WTF_CSRF_ENABLED=True)


def test_every_writing_route_refuses_a_post_without_a_token(guarded_app):
    admin = sign_in_to(guarded_app, Role.ADMINISTRATOR)
    all_doors = [door for door in writing(doors(guarded_app)) if door.endpoint not in BY_MAIL_PROGRAMS | BY_STATIONS]
    assert len(all_doors) > 5
    answers = {str(door): admin.open(door.path, method=door.method) for door in all_doors}
    assert {door: answer.status_code for door, answer in answers.items() if answer.status_code != 400} == {}
    assert {door for door, answer in answers.items() if "画面を開いてから時間がたちました" not in answer.text} == set()


def test_a_station_s_key_is_asked_for_where_no_token_is(guarded_app):
    keyed = {endpoint for endpoint, view in guarded_app.view_functions.items() if access_of(view) == ACCESS}
    assert keyed == BY_STATIONS
    client = guarded_app.test_client()
    for endpoint in BY_STATIONS - {"checkin.door_snapshot"}:
        address = f"/door/ja/{endpoint.rpartition('_')[2] if 'walk_in' not in endpoint else 'walk-in'}"
        assert client.post(address, json={"of": "device-1-0001", "sent_at": 1}).status_code == 401, endpoint


def test_a_script_without_a_token_reads_a_code(guarded_app):
    response = guarded_app.test_client().post("/staff/sign-in", json={}, headers={"Accept": "application/json"})
    assert (response.status_code, response.json["error"]) == (400, "csrf")


def test_the_token_of_the_page_lets_its_form_through(guarded_app):
    client = guarded_app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/staff/first-start").text)
    assert token is not None
    assert client.post("/staff/first-start", data={"csrf_token": token[1]}).status_code == 422
    elsewhere = guarded_app.test_client().post("/staff/first-start", data={"csrf_token": token[1]})
    assert elsewhere.status_code == 400


def test_no_route_changes_anything_when_it_is_only_looked_at(app, session):
    """GET is what other sites, previews and prefetching browsers may do with a user's cookie."""
    from sqlalchemy import func, select

    from eventops.database import Base
    from tests.factories import make_event, make_part

    event = make_event(session)
    make_part(session, event)
    session.commit()
    values = {"event_id": event.id, "slug": event.slug}
    admin = sign_in_to(app, Role.ADMINISTRATOR)

    def rows() -> dict[str, int]:
        session.rollback()
        return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}

    before = rows()
    for door in doors(app, values):
        if door.method == "GET":
            admin.get(door.path).close()
    assert rows() == before
