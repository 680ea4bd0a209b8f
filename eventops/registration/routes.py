"""All routes of registration, and what the feature tells the features below."""

from flask import Flask

from eventops.mail.attachments import register_maker
from eventops.registration import calendar, routes_apply, routes_my_page, routes_self_service
from eventops.registration.blueprint import bp

__all__ = ["bp", "init_registration", "routes_apply", "routes_my_page", "routes_self_service"]


def init_registration(app: Flask) -> None:
    """Register what this feature adds to the letters and to the pages about events."""
    register_maker(app, "event_ics", calendar.event_ics)
