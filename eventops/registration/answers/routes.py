"""All routes of answers, and what the worker does about them from time to time."""

import time
from collections.abc import Callable

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import db, transaction
from eventops.events.providers import PublicLink
from eventops.jobs.worker import register_lane
from eventops.questions import queries as question_queries
from eventops.registration import providers
from eventops.registration.answers import erasing, pages, queries, routes_guest, routes_staff, rules, storing
from eventops.registration.models import Registration, RegistrationState
from eventops.registration.writing import addresses

__all__ = ["init_answers", "routes_guest", "routes_staff"]
LOOKS_EVERY_SECONDS = 15 * 60


def init_answers(app: Flask) -> None:
    """Offer guests the page of their answers, and let the worker erase what is due."""
    providers.registry.my_page_links["answers"] = _answers_link
    register_lane(app, "upkeep", _now_and_then(app))


def _answers_link(session: Session, registration: Registration) -> PublicLink | None:
    questions = question_queries.asked(session, registration.event_id)
    if not questions or registration.state == RegistrationState.CANCELLED:
        return None
    answers = queries.of_registration(session, registration.id)
    people = [one.id for one in registration.attendees if one.state == RegistrationState.ACTIVE]
    shown = [pages.shown(questions, answers, who, sensitive=True, is_erased=False) for who in (None, *people)]
    open_ones = [one for answered in shown for one in answered if one.is_missing]
    url = url_for("registration.my_answers", token=addresses.token(registration))
    note = ""
    if open_ones and rules.may_answer(registration.event, now=clock.now()):
        note = _("まだお答えいただいていない質問が%(count)sつあります。", count=len(open_ones))
    return PublicLink(_("質問への回答"), url, note)


def _now_and_then(app: Flask) -> Callable[[str], bool]:
    """A lane that looks at the start and then every quarter of an hour."""
    looked_at = float("-inf")

    def look(_worker: str) -> bool:
        nonlocal looked_at
        if time.monotonic() - looked_at < LOOKS_EVERY_SECONDS:
            return False
        looked_at = time.monotonic()
        with app.app_context():
            upkeep()
        return False

    return look


def upkeep() -> None:
    """Erase what is due, event by event; then delete files that nobody names any more."""
    now = clock.now()
    due = erasing.due(db.session(), today=clock.today())
    for event_id in due:
        with transaction() as session:
            erasing.erase(session, event_id=event_id, now=now)
    storing.sweep(db.session(), now=now)
