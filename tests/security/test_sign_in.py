"""The sign-in against guessing, stolen cookies and cookies that were planted before."""

import datetime as dt

import pytest
import time_machine

from eventops import config
from eventops.accounts import passwords
from eventops.accounts.models import Role, StaffUser
from eventops.database import transaction
from eventops.limits import limiter
from tests.conftest import NOW

PASSWORD = "a long password of a test"
LIMIT = 10


def add_user(app, email="hanako@example.jp"):
    with app.app_context(), transaction() as session:
        session.add(
            StaffUser(
                email=email,
                name="花子",
                role=Role.EVENT_MANAGER,
                password_hash=passwords.hash_password(PASSWORD),
                created_at=NOW,
            )
        )


@pytest.fixture
def limited_app(make_app):
    app = make_app(RATELIMIT_ENABLED=True)
    with app.app_context():
        limiter.reset()
    add_user(app)
    return app


def attempt(client, password, email="hanako@example.jp", address="192.0.2.1"):
    form = {"email": email, "password": password}
    return client.post("/staff/sign-in", data=form, environ_overrides={"REMOTE_ADDR": address})


def test_guessing_one_users_password_is_slowed_from_any_address_and_only_for_a_while(limited_app):
    client = limited_app.test_client()
    with time_machine.travel(NOW, tick=False) as clock:
        tries = [attempt(client, "wrong", address=f"192.0.2.{number}").status_code for number in range(1, LIMIT + 1)]
        assert tries == [422] * LIMIT
        refused = attempt(client, PASSWORD, address="192.0.2.99")
        assert refused.status_code == 429
        assert "短い時間に操作が続きました" in refused.text
        assert attempt(client, "wrong", email="taro@example.jp", address="192.0.2.99").status_code == 422
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        assert attempt(client, PASSWORD).status_code == 302


def test_one_address_cannot_try_many_users(limited_app):
    client = limited_app.test_client()
    with time_machine.travel(NOW, tick=False):
        tries = [attempt(client, "wrong", email=f"user{number}@example.jp").status_code for number in range(21)]
    assert tries == [422] * 20 + [429]


def test_a_session_planted_before_signing_in_does_not_survive_it(app):
    add_user(app)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["csrf_token"] = "known to somebody else"
    before = client.get_cookie("session")
    assert client.post("/staff/sign-in", data={"email": "hanako@example.jp", "password": PASSWORD}).status_code == 302
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "known to somebody else"
    assert client.get_cookie("session").value != before.value


def test_signing_out_empties_the_session(app):
    add_user(app)
    client = app.test_client()
    client.post("/staff/sign-in", data={"email": "hanako@example.jp", "password": PASSWORD})
    assert client.get("/staff/").status_code == 200
    client.post("/staff/sign-out")
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize(("address", "secure"), [("https://events.example.jp", True), ("http://localhost:8000", False)])
def test_cookies_are_kept_from_scripts_other_sites_and_plain_connections(make_app, tmp_path, address, secure):
    settings = config.from_environment({"EVENTOPS_HOME": str(tmp_path), "PUBLIC_URL": address})
    cookies = {name: value for name, value in settings.items() if "COOKIE" in name}
    app = make_app(**cookies)
    add_user(app)
    response = app.test_client().post("/staff/sign-in", data={"email": "hanako@example.jp", "password": PASSWORD})
    flags = {part.strip() for part in response.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert ("Secure" in flags) is secure


def test_secrets_are_made_once_per_installation_and_for_the_owner_alone(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = config.load_secrets(tmp_path / "one")
    assert config.load_secrets(tmp_path / "one") == first
    other = config.load_secrets(tmp_path / "two")
    assert len({first.secret_key, first.ticket_key, other.secret_key, other.ticket_key}) == 4
    assert min(len(first.secret_key), len(first.ticket_key)) >= 64
    assert (tmp_path / "one" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_stored_password_is_argon2id_and_never_the_same_twice():
    first, second = passwords.hash_password(PASSWORD), passwords.hash_password(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert passwords.verify(first, PASSWORD)
    assert not passwords.verify(first, PASSWORD + "x")
