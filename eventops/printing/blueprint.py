"""The blueprint to which every routes file of this feature attaches; routes.py imports them all."""

from flask import Blueprint, g

bp = Blueprint("printing", __name__)
GUESTS_A_MINUTE = "30/minute"


@bp.before_request
def _frame() -> None:
    """Every page of this feature stands under 印刷 in the event's frame."""
    g.nav_endpoint = "printing.papers"
