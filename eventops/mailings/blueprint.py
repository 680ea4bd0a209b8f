"""The blueprint to which every routes file of this feature attaches; routes.py imports them all."""

from flask import Blueprint, g, request

bp = Blueprint("mailings", __name__)


@bp.before_request
def _frame() -> None:
    """Pages of an event stand under 連絡 in its frame; those for all events under 連絡 in the top bar."""
    if (request.view_args and "event_id" in request.view_args) or request.endpoint != "mailings.all_texts":
        g.nav_endpoint = "mail.event_letters"
