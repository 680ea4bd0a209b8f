"""The team is reminded by the worker's clock: rows stand from the start, letters follow when their day has come."""

import datetime as dt
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eventops import clock
from eventops.cases import letters, rules
from eventops.cases.models import Case, CaseReminder
from eventops.database import db, transaction

EVERY = dt.timedelta(seconds=30)


class Watch:
    """The cases' lane of one worker: days are what reminders are counted in."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next = dt.datetime.min.replace(tzinfo=dt.UTC)

    def __call__(self, _worker: str) -> bool:
        now = clock.now()
        if now < self._next:
            return False
        if remind_next(self._app):
            return True
        self._next = now + EVERY
        return False


def remind_next(app: Flask) -> bool:
    """Write to the team of one case; True when there was one."""
    with app.app_context():
        if not _due(db.session(), now=clock.now()):
            return False
        with transaction() as session:
            return write_next(session, now=clock.now())


def write_next(session: Session, *, now: dt.datetime) -> bool:
    """The letters of one case that is due. Several days that went by unnoticed are one letter to each."""
    found = session.scalars(_due_query(now).limit(1).with_for_update(of=Case)).first()
    if found is None:
        return False
    today = now.astimezone(clock.TOKYO).date()
    due = [one for one in found.reminders if _waits(one, today)]
    if not due:  # another worker was faster while this one waited for the case
        return True
    for reminder in due:
        reminder.written_at = now
        reminder.answered_at = None if reminder is due[-1] else now
    letters.put(session, found, due[-1], now=now)
    return True


def _waits(reminder: CaseReminder, today: dt.date) -> bool:
    return reminder.due_on <= today and reminder.written_at is None and reminder.answered_at is None


def _due(session: Session, *, now: dt.datetime) -> Sequence[Case]:
    return session.scalars(_due_query(now).limit(1)).all()


def _due_query(now: dt.datetime) -> Select[Case]:
    today = now.astimezone(clock.TOKYO).date()
    waiting = select(CaseReminder.case_id).where(
        CaseReminder.due_on <= today, CaseReminder.written_at.is_(None), CaseReminder.answered_at.is_(None)
    )
    return select(Case).where(Case.stage.in_(rules.OPEN), Case.id.in_(waiting)).order_by(Case.id)
