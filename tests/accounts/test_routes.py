"""Signing in, the first start and who gets where."""

import pytest
import time_machine

from eventops.accounts import passwords
from eventops.accounts.models import Role, StaffUser
from eventops.database import transaction
from tests.conftest import NOW

PASSWORD = "a long password of a test"
ANOTHER = "another long password"


def add_user(app, role=Role.EVENT_MANAGER, enabled=True):
    with app.app_context(), transaction() as session:
        session.add(
            StaffUser(
                email="hanako@example.jp",
                name="花子",
                role=role,
                enabled=enabled,
                password_hash=passwords.hash_password(PASSWORD),
                created_at=NOW,
            )
        )


def test_the_first_start_makes_an_administrator_once(app, client):
    form = {"name": "花子", "email": "Hanako@Example.jp", "password": PASSWORD, "repeated": PASSWORD}
    assert client.get("/").headers["Location"] == "/staff/first-start"
    assert client.get("/staff/").headers["Location"].startswith("/staff/sign-in")
    assert client.get("/staff/sign-in").headers["Location"] == "/staff/first-start"
    assert client.post("/staff/first-start", data=form).headers["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    again = app.test_client().post("/staff/first-start", data=form | {"email": "other@example.jp"})
    assert again.headers["Location"] == "/staff/sign-in"
    with app.app_context(), transaction() as session:
        assert [(u.email, u.role) for u in session.query(StaffUser)] == [("hanako@example.jp", "administrator")]


def test_a_wrong_password_and_an_unknown_address_read_the_same(app, client):
    add_user(app)
    with time_machine.travel(NOW, tick=False):  # the form's token names the second it was made in
        wrong = client.post("/staff/sign-in", data={"email": "hanako@example.jp", "password": "wrong"})
        unknown = client.post("/staff/sign-in", data={"email": "nobody@example.jp", "password": "wrong"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "メールアドレスかパスワードが違います" in wrong.text
    assert wrong.text.replace("hanako", "nobody") == unknown.text


def test_signing_in_leads_to_where_the_user_wanted_but_never_to_another_site(app, client):
    add_user(app)
    form = {"email": "hanako@example.jp", "password": PASSWORD}
    assert client.post("/staff/sign-in?next=/staff/password", data=form).headers["Location"] == "/staff/password"
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        response = app.test_client().post("/staff/sign-in", query_string={"next": target}, data=form)
        assert response.headers["Location"] == "/staff/"


def test_a_disabled_user_stays_outside(app, client):
    add_user(app, enabled=False)
    assert client.post("/staff/sign-in", data={"email": "hanako@example.jp", "password": PASSWORD}).status_code == 422


def sign_in_as_hanako(app):
    client = app.test_client()
    response = client.post("/staff/sign-in", data={"email": "hanako@example.jp", "password": PASSWORD})
    return client if response.status_code == 302 else None


def test_a_changed_password_ends_other_sessions(app):
    add_user(app)
    here, elsewhere = sign_in_as_hanako(app), sign_in_as_hanako(app)
    form = {"current": PASSWORD, "password": ANOTHER, "repeated": ANOTHER}
    assert here.post("/staff/password", data=form).status_code == 302
    assert elsewhere.get("/staff/").status_code == 302
    assert here.get("/staff/").status_code == 200


@pytest.mark.parametrize("current", ["", ANOTHER])
def test_a_password_is_changed_only_by_who_knows_the_old_one(app, current):
    add_user(app)
    here = sign_in_as_hanako(app)
    response = here.post("/staff/password", data={"current": current, "password": ANOTHER, "repeated": ANOTHER})
    assert response.status_code == 422
    assert sign_in_as_hanako(app) is not None


def test_the_last_administrator_cannot_be_taken_away(app, sign_in):
    admin = sign_in(Role.ADMINISTRATOR)
    with app.app_context(), transaction() as session:
        user_id = session.query(StaffUser).one().id
    response = admin.post(f"/staff/users/{user_id}", data={"name": "x", "role": "reception", "enabled": "y"})
    assert response.status_code == 422
    assert "管理者がいなくなります" in response.text
