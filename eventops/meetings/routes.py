"""Routes of meetings."""

from flask import Blueprint, Flask

bp = Blueprint("meetings", __name__)


def init_meetings(app: Flask) -> None:
    """Register what this feature adds to the worker and to the letters."""
