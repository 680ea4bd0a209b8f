"""All routes of events, gathered on one blueprint."""

from eventops.events import correspondence, routes_editing, routes_home, routes_overview, routes_public
from eventops.events.blueprint import bp

__all__ = ["bp", "correspondence", "routes_editing", "routes_home", "routes_overview", "routes_public"]
