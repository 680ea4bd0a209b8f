"""Routes of mail."""

from flask import Blueprint, Flask

bp = Blueprint("mail", __name__)


def init_mail(app: Flask) -> None:
    """Register what this feature adds to the worker and to the letters."""
