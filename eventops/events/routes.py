"""Routes of events."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventops.accounts.permissions import Permission, public, require

bp = Blueprint("events", __name__)


@bp.get("/")
@public
def public_list() -> ResponseReturnValue:
    return render_template("events/public_list.html")


@bp.get("/staff/")
@require(Permission.VIEW)
def home() -> ResponseReturnValue:
    return render_template("events/home.html")
