"""The seats' lane of the worker: offers that are over or paid, and reserves whose day has come."""

import time

from flask import Flask

from eventops import clock
from eventops.database import db, transaction
from eventops.registration.seats import offers

LOOK_EVERY_SECONDS = 5.0


def settle_next(app: Flask) -> bool:
    """Settle what is due in one event; True when there was one."""
    with app.app_context():
        event_id = offers.due_event_id(db.session(), now=clock.now())
        if event_id is None:
            return False
        with transaction() as session:
            offers.settle_due(session, event_id=event_id, now=clock.now())
    return True


class SeatsLane:
    """Looks every few seconds: hours and days are what offers and reserves are counted in."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next_look = 0.0

    def __call__(self, _worker: str) -> bool:
        if time.monotonic() < self._next_look:
            return False
        if settle_next(self._app):
            return True
        self._next_look = time.monotonic() + LOOK_EVERY_SECONDS
        return False
