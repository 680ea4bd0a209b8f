"""All routes of events, gathered on one blueprint."""

from eventops.events import (
    correspondence,
    routes_announcement,
    routes_calendar,
    routes_editing,
    routes_home,
    routes_overview,
    routes_public,
    routes_ties,
    routes_types,
    routes_zones,
)
from eventops.events.blueprint import bp

__all__ = [
    "bp",
    "correspondence",
    "routes_announcement",
    "routes_calendar",
    "routes_editing",
    "routes_home",
    "routes_overview",
    "routes_public",
    "routes_ties",
    "routes_types",
    "routes_zones",
]
