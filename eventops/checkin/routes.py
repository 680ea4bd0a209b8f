"""All routes of the door, and what the feature tells the pages about events."""

from flask import Flask

from eventops.checkin import (
    arrivals,
    figures,
    keyed,
    letters,
    routes_conflicts,
    routes_door,
    routes_door_acts,
    routes_honours,
    routes_monitor,
    routes_overruling,
    routes_scans,
    routes_station,
    routes_stations,
    routes_substitute,
    routes_walk_in,
)
from eventops.checkin.blueprint import bp
from eventops.events import providers
from eventops.registration import providers as registration_providers

__all__ = [
    "bp",
    "init_checkin",
    "routes_conflicts",
    "routes_door",
    "routes_door_acts",
    "routes_honours",
    "routes_monitor",
    "routes_overruling",
    "routes_scans",
    "routes_station",
    "routes_stations",
    "routes_substitute",
    "routes_walk_in",
]


def init_checkin(app: Flask) -> None:
    """Register the figure on the overview, who has come, and the parts that must not be taken away."""
    providers.registry.figures["checkin"] = figures.of_events
    providers.registry.parts_in_use["checkin"] = figures.parts_in_use
    registration_providers.registry.arrivals = arrivals.ARRIVALS
    keyed.without_tokens(app)
    letters.init_letters(app)
