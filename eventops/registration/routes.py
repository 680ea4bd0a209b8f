"""Routes of registration."""

from flask import Blueprint, Flask

bp = Blueprint("registration", __name__)


def init_registration(app: Flask) -> None:
    """Register what this feature adds to the worker and to the letters."""
