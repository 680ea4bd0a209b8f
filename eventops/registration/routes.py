"""All routes of registration, and what the feature tells the features below."""

from flask import Flask

from eventops.directory import happenings, reviewing
from eventops.events import providers as event_providers
from eventops.jobs.worker import register_lane
from eventops.mail.attachments import register_maker
from eventops.registration import agreements, participation, routes_handling, routes_staff, unplaced
from eventops.registration.answers import routes as routes_answers
from eventops.registration.applying import form_facts, known_events, routes_apply
from eventops.registration.blueprint import bp
from eventops.registration.counting import figures, routes_figures
from eventops.registration.listing import routes_bulk, routes_roster
from eventops.registration.own import calendar, routes_my_page, routes_self_service
from eventops.registration.seats import jobs, routes_queue, routes_seats
from eventops.registration.writing import letters, letters_people, letters_seats

__all__ = [
    "bp",
    "init_registration",
    "routes_answers",
    "routes_apply",
    "routes_bulk",
    "routes_figures",
    "routes_handling",
    "routes_my_page",
    "routes_queue",
    "routes_roster",
    "routes_seats",
    "routes_self_service",
    "routes_staff",
]


def init_registration(app: Flask) -> None:
    """Register what this feature adds to the letters and to the pages about events."""
    register_maker(app, "event_ics", calendar.event_ics)
    register_maker(app, "attendee_ics", calendar.attendee_ics)
    letters.init_letters(app)
    letters_seats.init_letters(app)
    letters_people.init_letters(app)
    form_facts.init_memory(app)
    known_events.init_known_events(app)
    register_lane(app, "seats", jobs.SeatsLane(app))
    routes_answers.init_answers(app)
    reviewing.SOURCES["registration"] = unplaced.SOURCE
    happenings.ORGANISATIONS["registration"] = participation.of_organisations
    happenings.PEOPLE["registration"] = participation.of_person
    happenings.AGREED["registration"] = agreements.of_person
    event_providers.registry.places["registration"] = figures.place_counts
    event_providers.registry.figures["registration"] = figures.event_figures
    event_providers.registry.parts_in_use["registration"] = figures.parts_in_use
