"""What happens before a timetable: the companies' own pages, entry sheets, suggestions; their routes and letters."""

from flask import Flask

from eventops.jobs.worker import register_lane
from eventops.meetings.applying import routes_introducers, routes_own, upkeep
from eventops.meetings.applying import routes_staff as routes_entries
from eventops.meetings.hosting import asking, routes_host
from eventops.meetings.hosting import routes_staff as routes_hosts
from eventops.meetings.suggesting import letters, routes_suggestions

__all__ = [
    "init_before",
    "routes_entries",
    "routes_host",
    "routes_hosts",
    "routes_introducers",
    "routes_own",
    "routes_suggestions",
]


def init_before(app: Flask) -> None:
    """Register what this adds to the worker and to the letters."""
    register_lane(app, "proposals", upkeep.lane(app))
    asking.init_letters(app)
    letters.init_letters(app)
