"""Binding of the staff sign-in to the application: who the current user is."""

from flask import Flask, url_for
from flask_login import LoginManager

from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, user_may
from eventops.database import read_session

login_manager = LoginManager()
login_manager.session_protection = "basic"


def init_sign_in(app: Flask) -> None:
    login_manager.user_loader(load_user)
    login_manager.init_app(app)


def load_user(cookie_id: str) -> StaffUser | None:
    user_id, _, issue = cookie_id.partition(".")
    if not (user_id.isdigit() and issue.isdigit()):
        return None
    user = read_session().get(StaffUser, int(user_id))
    if user is None or not user.enabled or user.session_issue != int(issue):
        return None
    return user


def start_url() -> str:
    """Where the signed-in user begins: a coordinator of cases sees nothing of the events."""
    return url_for("events.home" if user_may(Permission.VIEW) else "cases.index")
