"""A password set anew by a link: who gives it, that it works once, how long, and what ends with it."""

import datetime as dt
import re

import pytest

from eventops.accounts import passwords, resetting, service
from eventops.accounts.models import AuditEntry, Role, StaffUser
from eventops.database import db, transaction
from tests.conftest import NOW
from tests.rushing import rush

OLD, NEW = "a long password of before", "a long password of after"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def hanako(app) -> int:
    with app.app_context(), transaction() as session:
        user = StaffUser(
            email="hanako@example.jp",
            name="花子",
            role=Role.EVENT_MANAGER,
            password_hash=passwords.hash_password(OLD),
            created_at=NOW,
        )
        session.add(user)
        session.flush()
        return user.id


def given(admin, user_id: int) -> str:
    page = admin.post(f"/staff/users/{user_id}/reset-link")
    assert page.status_code == 200
    return re.search(r"/staff/reset/[\w-]+", page.text).group()


def may_sign_in(app, password: str) -> bool:
    form = {"email": "hanako@example.jp", "password": password}
    return app.test_client().post("/staff/sign-in", data=form).status_code == 302


def test_the_link_sets_the_password_once_and_ends_open_sessions(app, sign_in, hanako):
    path = given(sign_in(Role.ADMINISTRATOR), hanako)
    open_session = app.test_client()
    open_session.post("/staff/sign-in", data={"email": "hanako@example.jp", "password": OLD})
    guest = app.test_client()
    assert "花子さん" in guest.get(path).text
    assert guest.post(path, data={"password": "short", "repeated": "short"}).status_code == 422
    assert guest.post(path, data={"password": NEW, "repeated": NEW}).headers["Location"] == "/staff/sign-in"
    assert open_session.get("/staff/").status_code == 302
    assert (may_sign_in(app, OLD), may_sign_in(app, NEW)) == (False, True)
    again = guest.post(path, data={"password": OLD, "repeated": OLD})
    assert (again.status_code, may_sign_in(app, NEW)) == (404, True)
    with app.app_context():
        actions = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [one for one in actions if one != "signed_in"] == ["password_link_given", "password_changed"]


def test_the_secret_itself_is_kept_nowhere(app, sign_in, hanako):
    secret = given(sign_in(Role.ADMINISTRATOR), hanako).rpartition("/")[2]
    with app.app_context():
        assert secret not in str(db.session.get(StaffUser, hanako).__dict__)
        assert secret not in str([entry.__dict__ for entry in db.session.query(AuditEntry)])


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 404)])
def test_the_link_lasts_an_hour(app, client, hanako, time_machine, minutes, status):
    with app.app_context(), transaction() as session:
        secret = resetting.give(session, user_id=hanako, actor_id=None, now=NOW)
    time_machine.move_to(NOW + minutes * MINUTE, tick=False)
    assert client.get(f"/staff/reset/{secret}").status_code == status


def test_a_newer_link_a_changed_password_and_a_closed_account_end_it(app, hanako):
    with app.app_context(), transaction() as session:
        first, second = (resetting.give(session, user_id=hanako, actor_id=None, now=NOW) for _ in range(2))
        with pytest.raises(resetting.ResetLinkOver):
            resetting.owner(session, first, now=NOW)
        assert resetting.owner(session, second, now=NOW).id == hanako
        service.change_password(session, user_id=hanako, password=NEW, actor_id=hanako, now=NOW)
        with pytest.raises(resetting.ResetLinkOver):
            resetting.owner(session, second, now=NOW)
        third = resetting.give(session, user_id=hanako, actor_id=None, now=NOW)
        session.get_one(StaffUser, hanako).enabled = False
        session.flush()
        with pytest.raises(resetting.ResetLinkOver):
            resetting.owner(session, third, now=NOW)


@pytest.mark.both_databases
def test_of_two_who_use_a_link_at_once_one_is_late(app, hanako):
    with app.app_context(), transaction() as session:
        secret = resetting.give(session, user_id=hanako, actor_id=None, now=NOW)

    def work(number: int) -> str:
        try:
            with transaction() as session:
                resetting.use(session, secret, password=f"{NEW} {number}", now=NOW)
        except resetting.ResetLinkOver:
            return "late"
        return "set"

    assert rush(app, work, 2) == {"set": 1, "late": 1}


def test_the_only_administrator_gets_a_link_from_the_command_line(app, client, hanako):
    said = app.test_cli_runner().invoke(args=["reset-link", "Hanako@example.jp"])
    assert said.exit_code == 0
    assert client.get(re.search(r"/staff/reset/[\w-]+", said.output).group()).status_code == 200
    assert app.test_cli_runner().invoke(args=["reset-link", "nobody@example.jp"]).exit_code == 1
