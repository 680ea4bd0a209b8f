"""Who may do what: one table of roles, one decorator on routes, and a gate that refuses a route without either."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventops.accounts.models import Role


class Permission(StrEnum):
    """What a route may ask for."""

    SIGN_IN = "sign_in"
    VIEW = "view"
    MANAGE_EVENTS = "manage_events"
    MANAGE_REGISTRATIONS = "manage_registrations"
    MANAGE_MATCHING = "manage_matching"
    MANAGE_MONEY = "manage_money"
    SEND_LETTERS = "send_letters"
    READ_LETTERS = "read_letters"
    RECEIVE = "receive"
    SEE_SENSITIVE = "see_sensitive"
    ADMINISTER = "administer"
    SEE_CASES = "see_cases"
    FOLLOW_CASES = "follow_cases"
    MANAGE_CASES = "manage_cases"


_LOOKS = frozenset({Permission.SIGN_IN, Permission.VIEW, Permission.SEE_CASES})
_DOOR = _LOOKS | {Permission.RECEIVE, Permission.SEE_SENSITIVE}
_MANAGER = _DOOR | {
    Permission.MANAGE_EVENTS,
    Permission.MANAGE_REGISTRATIONS,
    Permission.MANAGE_MATCHING,
    Permission.MANAGE_MONEY,
    Permission.SEND_LETTERS,
    Permission.READ_LETTERS,
    Permission.FOLLOW_CASES,
    Permission.MANAGE_CASES,
}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _MANAGER | {Permission.ADMINISTER},
    Role.EVENT_MANAGER: _MANAGER,
    Role.RECEPTION: _DOOR,
    Role.COORDINATOR: frozenset({Permission.SIGN_IN, Permission.SEE_CASES, Permission.FOLLOW_CASES}),
    Role.READ_ONLY: _LOOKS,
}

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def may(role: str, permission: Permission) -> bool:
    """Whether a role carries a permission."""
    return permission in GRANTS.get(Role(role), frozenset())


def user_may(permission: Permission) -> bool:
    """Whether the signed-in user of this request, if any, carries a permission."""
    return bool(current_user.is_authenticated) and may(current_user.role, permission)


def user_may_open(endpoint: str) -> bool:
    """Whether the gate of a route, where there is one of that name, lets the signed-in user in."""
    access = access_of(current_app.view_functions.get(endpoint))
    return user_may(access) if isinstance(access, Permission) else access is not None


def require(permission: Permission) -> Callable[[View], View]:
    """Let only staff with `permission` in; strangers are sent to the sign-in page, others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not may(current_user.role, permission):
                abort(403)
            return cast("ResponseReturnValue", current_app.ensure_sync(view)(*args, **kwargs))

        guarded.access = permission  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def public(view: View) -> View:
    """Say that anybody may open this route."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def private_link(view: View) -> View:
    """Say that a signed link in the URL is this route's key; the view itself reads it."""
    view.access = "private_link"  # type: ignore[attr-defined]
    return view


def access_of(view: Callable[..., Any] | None) -> str | None:
    """What guards a view: a permission, "public", "private_link", or None for a view somebody forgot to mark."""
    return getattr(view, "access", None)


def init_gate(app: Flask) -> None:
    """Refuse every route that does not say who may open it."""

    @app.before_request
    def every_route_is_marked() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and request.endpoint != "static" and access_of(view) is None:
            abort(403)


def _to_sign_in() -> ResponseReturnValue:
    if request.headers.get("HX-Request") or request.accept_mimetypes.best == "application/json":
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target))
