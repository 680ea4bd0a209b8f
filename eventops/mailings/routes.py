"""All routes of mailings, and what the feature tells the features below."""

from flask import Flask

from eventops.events import providers
from eventops.events.providers import CancellationNews
from eventops.jobs.worker import register_lane
from eventops.mailings import cancelling, drafting, kinds, routes_drafts, routes_mailings, routes_texts, writing
from eventops.mailings.blueprint import bp
from eventops.mailings.reminders import Watch

__all__ = ["bp", "init_mailings", "routes_drafts", "routes_mailings", "routes_texts"]


def init_mailings(app: Flask) -> None:
    """Give the worker its lanes for mailings and reminders, and events a way to say that they are cancelled."""
    kinds.init_kinds(app)
    register_lane(app, "mailings", lambda _worker: writing.write_next(app))
    register_lane(app, "reminders", Watch(app))
    providers.registry.untold_changes = lambda session, event: len(drafting.untold_changes(session, event))
    providers.registry.cancellation = CancellationNews(cancelling.reach, cancelling.tell, cancelling.withdraw_reminders)
