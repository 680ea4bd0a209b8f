"""Telling everybody that an event is cancelled: whom it reaches, what it says, and nothing more about its coming."""

import datetime as dt

from sqlalchemy import update
from sqlalchemy.orm import Session

from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.events.providers import CancellationReach
from eventops.mail import placeholders, texts
from eventops.mail.kinds import Text
from eventops.mail.models import Letter, LetterState
from eventops.mail.texts import Worded
from eventops.mailings import audience, kinds, rules, service
from eventops.mailings.audience import Audience
from eventops.mailings.models import Mailing, MailingKind
from eventops.mailings.rules import LeftOut, Selection
from eventops.registration.listing.roster import Filter, Show

WHO = Audience(Filter(show=Show.ACTIVE))
KIND = MailingKind.EVENT_CANCELLED


def reach(session: Session, event_id: int, note: str, now: dt.datetime) -> CancellationReach:
    """Whom the letter would reach, and the letter to the first of them."""
    event = event_queries.event(session, event_id)
    selection = _selection(session, event, now)
    said = _first_letter(session, event, selection, note)
    without = tuple(one.company or one.name for one, reason in selection.left_out if reason is LeftOut.NO_ADDRESS)
    return CancellationReach(len(selection.chosen), without, said.subject, said.body)


def tell(session: Session, event_id: int, note: str, actor_id: int | None, now: dt.datetime) -> int:
    """Write to all who are registered, in the transaction that cancels the event; the number of letters to come."""
    event = event_queries.event(session, event_id)
    selection = _selection(session, event, now)
    if not selection.chosen:
        return 0
    japanese, english = (_text(session, event, language, note) for language in ("ja", "en"))
    mailing = Mailing(
        event_id=event_id,
        kind=KIND,
        audience=audience.to_json(WHO),
        subject=japanese.subject,
        body=japanese.body,
        subject_en=english.subject,
        body_en=english.body,
        with_calendar=True,
        created_at=now,
        created_by_id=actor_id,
        changed_at=now,
        sent_by_id=actor_id,
    )
    session.add(mailing)
    service.begin(session, mailing, selection, now=now)
    return len(selection.chosen)


def withdraw_reminders(session: Session, event_id: int) -> None:
    """Reminders that wait to go out do not go out any more."""
    waiting = update(Letter).where(
        Letter.event_id == event_id, Letter.kind.in_(rules.REMINDERS), Letter.state == LetterState.QUEUED
    )
    session.execute(waiting.values(state=LetterState.CANCELLED))


def _selection(session: Session, event: Event, now: dt.datetime) -> Selection:
    return audience.selection(session, event, WHO, kind=KIND, now=now)


def _text(session: Session, event: Event, language: str, note: str) -> Text:
    text = texts.text(session, kinds.of(KIND), event_id=event.id, language=language)
    name = kinds.REASON.name if language == "ja" else kinds.REASON.english
    other = kinds.REASON.english if language == "ja" else kinds.REASON.name
    return Text(text.subject, placeholders.put(placeholders.put(text.body, name, note), other, note))


def _first_letter(session: Session, event: Event, selection: Selection, note: str) -> Worded:
    if not selection.chosen:
        return Worded("", "")
    first = selection.chosen[0]
    sample = kinds.sample_of(session, KIND, event, first.subject_kind, first.subject_id)
    text = _text(session, event, "en" if sample.language == "en" else "ja", note)
    return kinds.said(KIND, first.subject_kind, text, sample)
