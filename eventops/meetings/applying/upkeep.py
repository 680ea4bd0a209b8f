"""The lane that clears away files of proposals that no application names any more."""

import time

from flask import Flask

from eventops import clock
from eventops.database import db
from eventops.jobs.worker import Lane
from eventops.meetings.applying import papers
from eventops.questions.files import WAITS_SECONDS

LOOKS_EVERY_SECONDS = 3600


def lane(app: Flask) -> Lane:
    """Looks at the start and then every hour."""
    looked_at = float("-inf")

    def look(_worker: str) -> bool:
        nonlocal looked_at
        if time.monotonic() - looked_at < LOOKS_EVERY_SECONDS:
            return False
        looked_at = time.monotonic()
        with app.app_context():
            papers.sweep(db.session(), before=clock.now().timestamp() - WAITS_SECONDS)
        return False

    return look
