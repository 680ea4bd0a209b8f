"""Routes of printing."""

from flask import Blueprint, Flask

bp = Blueprint("printing", __name__)


def init_printing(app: Flask) -> None:
    """Register what this feature adds to the worker and to the letters."""
