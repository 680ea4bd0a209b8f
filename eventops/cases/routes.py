"""All routes of cases, gathered on one blueprint, and what it adds to the worker, the letters and the forms."""

from flask import Flask

from eventops.cases import letters, reminders, routes_cases, routes_registry, routes_sharing, routes_statistics, sharing
from eventops.cases.blueprint import bp
from eventops.cases.records import asking, routes_asking
from eventops.cases.records import routes as routes_records
from eventops.cases.routes_proposal import proposal
from eventops.jobs.worker import register_lane
from eventops.registration import providers as registration_providers

__all__ = [
    "bp",
    "init_cases",
    "proposal",
    "routes_asking",
    "routes_cases",
    "routes_records",
    "routes_registry",
    "routes_sharing",
    "routes_statistics",
]


def init_cases(app: Flask) -> None:
    """Register the lane that reminds teams, the letters to teams and companies, and what guests are told of hosts."""
    register_lane(app, "cases", reminders.Watch(app))
    letters.init_letters(app)
    asking.init_letters(app)
    registration_providers.registry.share_words = sharing.words_of
