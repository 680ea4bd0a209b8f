"""All routes of meetings, gathered on one blueprint, and what the feature adds to the worker and the letters."""

from flask import Flask

from eventops.meetings import routes_desk
from eventops.meetings.blueprint import bp

__all__ = ["bp", "init_meetings", "routes_desk"]


def init_meetings(app: Flask) -> None:
    """Register what this feature adds to the worker and to the letters."""
