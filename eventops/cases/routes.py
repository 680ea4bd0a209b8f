"""All routes of cases, gathered on one blueprint, and what the feature adds to the worker and the letters."""

from flask import Flask

from eventops.cases import reminders, routes_cases, routes_registry, routes_sharing, routes_statistics
from eventops.cases.blueprint import bp
from eventops.cases.records import asking, routes_asking
from eventops.cases.records import routes as routes_records
from eventops.cases.routes_proposal import proposal
from eventops.jobs.worker import register_lane

__all__ = [
    "bp",
    "init_cases",
    "routes_asking",
    "proposal",
    "routes_cases",
    "routes_records",
    "routes_registry",
    "routes_sharing",
    "routes_statistics",
]


def init_cases(app: Flask) -> None:
    """Register the lane that reminds the teams, and the letter that asks for records."""
    register_lane(app, "cases", reminders.Watch(app))
    asking.init_letters(app)
