"""Reminders by themselves: a mailing for each event that is a week or a day ahead, and for those who come later."""

import datetime as dt
from collections.abc import Collection

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import db, transaction
from eventops.events import queries as event_queries
from eventops.events.models import Event, EventState
from eventops.mail import texts
from eventops.mailings import audience, kinds, rules, service
from eventops.mailings.audience import Audience
from eventops.mailings.models import Mailing, MailingKind, MailingReader, MailingState, ReminderPause
from eventops.mailings.rules import Selection
from eventops.registration.listing.roster import Filter, Show

TAKES_PLACE = (EventState.PUBLISHED, EventState.CLOSED)
WHO = Audience(Filter(show=Show.CONFIRMED))
EVERY = dt.timedelta(seconds=30)


class Watch:
    """The reminders' lane of one worker: looks every now and then whether something is due."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next = dt.datetime.min.replace(tzinfo=dt.UTC)

    def __call__(self, _worker: str) -> bool:
        now = clock.now()
        if now < self._next:
            return False
        self._next = now + EVERY
        return remind(self._app)


def remind(app: Flask) -> bool:
    """Make what is due; True when something was."""
    with app.app_context():
        near = _near(db.session(), now=clock.now())
        made = [_remind_of(event_id, kind) for event_id in near for kind in rules.REMINDERS]
        return any(made)


def _remind_of(event_id: int, kind: MailingKind) -> bool:
    if not _something_to_do(db.session(), event_id, kind, now=clock.now()):
        return False
    with transaction() as session:
        event_queries.event_for_update(session, event_id)
        return make(session, event_id, kind, now=clock.now())


def make(session: Session, event_id: int, kind: MailingKind, *, now: dt.datetime) -> bool:
    """The mailing, or more readers for it; the caller holds the event's lock."""
    event = event_queries.event(session, event_id)
    mailing = _known(session, event, kind)
    selection = _still_to_tell(session, event, kind, mailing, now)
    if not is_wanted(session, event, kind, mailing, now=now) or not selection.chosen:
        return False
    if mailing is None:
        mailing = _new(session, event, kind, now)
        session.add(mailing)
    else:
        selection = Selection(selection.chosen, ())
    service.begin(session, mailing, selection, now=now)
    return True


def is_wanted(session: Session, event: Event, kind: MailingKind, mailing: Mailing | None, *, now: dt.datetime) -> bool:
    """Whether this reminder is to go now. Who comes to know of the event on its eve is told as well; the letter of
    the week before goes out once."""
    starts_at = min((part.starts_at for part in event.parts), default=None)
    if event.state not in TAKES_PLACE or not rules.is_due(kind, event.held_on, starts_at, now=now):
        return False
    if session.get(ReminderPause, (event.id, str(kind))) is not None:
        return False
    is_over = mailing is not None and mailing.state == MailingState.STOPPED
    return not is_over and (mailing is None or kind is MailingKind.REMINDER_DAY)


def _something_to_do(session: Session, event_id: int, kind: MailingKind, *, now: dt.datetime) -> bool:
    """A look without a lock, so that a worker that finds nothing holds up nobody."""
    event = event_queries.event(session, event_id)
    mailing = _known(session, event, kind)
    wanted = is_wanted(session, event, kind, mailing, now=now)
    return wanted and bool(_still_to_tell(session, event, kind, mailing, now).chosen)


def _still_to_tell(
    session: Session, event: Event, kind: MailingKind, mailing: Mailing | None, now: dt.datetime
) -> Selection:
    selection = audience.selection(session, event, WHO, kind=kind, now=now)
    told = _told(session, mailing)
    return Selection(tuple(one for one in selection.chosen if one.key not in told), selection.left_out)


def _told(session: Session, mailing: Mailing | None) -> Collection[tuple[str, int]]:
    if mailing is None:
        return ()
    rows = session.execute(
        select(MailingReader.subject_kind, MailingReader.subject_id).where(MailingReader.mailing_id == mailing.id)
    )
    return {(kind, number) for kind, number in rows}


def _known(session: Session, event: Event, kind: MailingKind) -> Mailing | None:
    occasion = rules.occasion(kind, event.id, event.held_on)
    return session.scalar(select(Mailing).where(Mailing.occasion == occasion))


def _new(session: Session, event: Event, kind: MailingKind, now: dt.datetime) -> Mailing:
    japanese, english = (
        texts.text(session, kinds.of(kind), event_id=event.id, language=language) for language in ("ja", "en")
    )
    return Mailing(
        event_id=event.id,
        kind=kind,
        occasion=rules.occasion(kind, event.id, event.held_on),
        audience=audience.to_json(WHO),
        subject=japanese.subject,
        body=japanese.body,
        subject_en=english.subject,
        body_en=english.body,
        with_calendar=True,
        created_at=now,
        changed_at=now,
    )


def _near(session: Session, *, now: dt.datetime) -> list[int]:
    today = now.astimezone(clock.TOKYO).date()
    within = Event.held_on.between(today, today + dt.timedelta(days=rules.WEEK_AHEAD))
    return list(session.scalars(select(Event.id).where(Event.state.in_(TAKES_PLACE), within).order_by(Event.id)))
