"""Binding of the staff sign-in to the application: who the current user is."""

from dataclasses import dataclass
from functools import cached_property

from flask import Flask, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.http import parse_cookie

from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, user_may
from eventops.database import read_session

login_manager = LoginManager()
login_manager.session_protection = "basic"


def init_sign_in(app: Flask) -> None:
    login_manager.user_loader(load_user)
    login_manager.init_app(app)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a cookie names. Only the database knows whether it still holds."""

    user_id: int
    issue: int

    @classmethod
    def read(cls, cookie_id: str) -> "Holder | None":
        user_id, _, issue = cookie_id.partition(".")
        return cls(int(user_id), int(issue)) if user_id.isdecimal() and issue.isdecimal() else None


def load_user(cookie_id: str) -> StaffUser | None:
    holder = Holder.read(cookie_id)
    user = read_session().get(StaffUser, holder.user_id) if holder else None
    if holder is None or user is None or not user.enabled or user.session_issue != holder.issue:
        return None
    return user


class Cookies:
    """Reads the sign-in from a request's header, for what is answered before there is a request of the application."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def holder(self, header: str) -> Holder | None:
        """Nobody for a cookie that is missing, altered or too old."""
        text = parse_cookie(header).get(self._app.config["SESSION_COOKIE_NAME"], "")
        try:
            said = self._serializer.loads(text, max_age=int(self._app.permanent_session_lifetime.total_seconds()))
        except BadSignature:
            return None
        return Holder.read(str(said.get("_user_id", "")))

    @cached_property
    def _serializer(self) -> URLSafeTimedSerializer:
        sessions = self._app.session_interface
        found = (
            sessions.get_signing_serializer(self._app) if isinstance(sessions, SecureCookieSessionInterface) else None
        )
        if found is None:
            raise RuntimeError("sessions are not kept in signed cookies")
        return found


def start_url() -> str:
    """Where the signed-in user begins: a coordinator of cases sees nothing of the events."""
    return url_for("events.home" if user_may(Permission.VIEW) else "cases.index")
