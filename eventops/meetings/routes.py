"""All routes of meetings, gathered on one blueprint, and what the feature adds to the worker and the letters."""

from flask import Flask

from eventops.jobs.worker import register_handler
from eventops.mail.attachments import register_maker
from eventops.meetings import before, reports, routes_desk
from eventops.meetings.applying import entry_letters, routes_entry
from eventops.meetings.attending import routes_attending
from eventops.meetings.blueprint import bp
from eventops.meetings.day import routes_day, routes_proposals
from eventops.meetings.frame import routes_round
from eventops.meetings.sheets import routes_import
from eventops.meetings.timetable import (
    calendars,
    idle,
    kept,
    letters,
    marking,
    routes_board,
    routes_compare,
    routes_publication,
    routes_remedies,
    routes_what_if,
    solving,
    what_if,
)
from eventops.meetings.timetable import reports as timetable_reports
from eventops.meetings.timetable.models import MAKING
from eventops.meetings.wishes import routes_applications, routes_limits, routes_needs

__all__ = [
    "bp",
    "init_meetings",
    "routes_applications",
    "routes_attending",
    "routes_board",
    "routes_compare",
    "routes_day",
    "routes_desk",
    "routes_entry",
    "routes_import",
    "routes_limits",
    "routes_needs",
    "routes_proposals",
    "routes_publication",
    "routes_remedies",
    "routes_round",
    "routes_what_if",
]


def init_meetings(app: Flask) -> None:
    """Register what this feature adds to the worker and to the letters."""
    register_handler(app, MAKING, solving.make_timetable)
    register_handler(app, what_if.WHAT_IF, what_if.compute)
    register_maker(app, "meetings_ics", calendars.meetings_ics)
    marking.init_marking(app)
    kept.init_memory(app)
    idle.init_idle(app)
    before.init_before(app)
    entry_letters.init_letters(app)
    letters.init_letters(app)
    routes_publication.init_publication(app)
    routes_attending.init_attending(app)
    reports.register()
    timetable_reports.register()
