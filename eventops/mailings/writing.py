"""The mailings' lane of the worker: from a mailing's readers to letters in the outbox, a handful per transaction.

A batch is one transaction, and a letter's key names mailing and reader: a worker that dies leaves either all of a
batch or nothing, and no reader is ever written to twice.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import db, transaction
from eventops.errors import DomainError
from eventops.events.models import Event, EventState
from eventops.mail import outbox
from eventops.mail.kinds import Sample, Text
from eventops.mail.outbox import AttachmentRef, Draft
from eventops.mailings import kinds, rules
from eventops.mailings.audience import ATTENDEE, REGISTRATION
from eventops.mailings.models import Mailing, MailingKind, MailingReader, MailingState, ReaderState
from eventops.mailings.rules import LeftOut
from eventops.registration import queries as registrations
from eventops.registration.models import Attendee, PlaceState, Registration, RegistrationState
from eventops.registration.writing import letters, letters_people

log = logging.getLogger(__name__)
BATCH = 25
NEEDS_A_SEAT = rules.REMINDERS


def write_next(app: Flask) -> bool:
    """Write one batch of letters; True when there was one to write."""
    with app.app_context():
        waiting = select(Mailing.id).where(Mailing.state == MailingState.WRITING).order_by(Mailing.id).limit(1)
        mailing_id = db.session().scalar(waiting)
        if mailing_id is None:
            return False
        with transaction() as session:
            write_batch(session, mailing_id, now=clock.now())
    return True


def write_batch(session: Session, mailing_id: int, *, now: dt.datetime) -> None:
    """Letters for the next readers; a mailing without any left is written. Another worker's batch is left to it."""
    locked = select(Mailing).where(Mailing.id == mailing_id, Mailing.state == MailingState.WRITING)
    mailing = session.scalar(
        locked.with_for_update(skip_locked=True, of=Mailing).execution_options(populate_existing=True)
    )
    if mailing is None:
        return
    readers = _next_readers(session, mailing)
    for reader in readers:
        _write(session, mailing, reader, now)
    if len(readers) < BATCH:
        mailing.state = MailingState.WRITTEN


def _next_readers(session: Session, mailing: Mailing) -> Sequence[MailingReader]:
    waiting = select(MailingReader).where(
        MailingReader.mailing_id == mailing.id, MailingReader.state == ReaderState.WAITING
    )
    return session.scalars(waiting.order_by(MailingReader.id).limit(BATCH)).all()


def _write(session: Session, mailing: Mailing, reader: MailingReader, now: dt.datetime) -> None:
    """One reader's letter. Who went away meanwhile is left out; what nobody foresaw holds up nobody else's letter."""
    try:
        with session.begin_nested():
            draft = letter_for(session, mailing, reader)
            if draft is not None:
                outbox.put(session, draft, now=now)
    except DomainError:
        draft = None
    except Exception as error:
        log.error("mailing %s: reader %s failed with %s", mailing.id, reader.id, type(error).__name__)
        draft = None
    reader.state = ReaderState.WRITTEN if draft is not None else ReaderState.LEFT_OUT
    reader.reason = "" if draft is not None else LeftOut.GONE


def letter_for(session: Session, mailing: Mailing, reader: MailingReader) -> Draft | None:
    """The letter to one reader, as things stand now; None where there is no reason for it any more."""
    kind = MailingKind(mailing.kind)
    files: tuple[AttachmentRef, ...] = ()
    if reader.subject_kind == REGISTRATION and kind is not MailingKind.ANNOUNCEMENT:
        registration = registrations.registration(session, reader.subject_id)
        if not still_fits(kind, registration.event, registration.attendees):
            return None
        files = _files(mailing, kind, registration)
    about = (reader.subject_kind, reader.subject_id)
    if reader.subject_kind == ATTENDEE:
        people = _people(session, reader.subject_id)
        if not people or not still_fits(kind, mailing.event, people):
            return None
        about = (REGISTRATION, people[0].registration_id)
        files = letters_people.files(people) if kind is MailingKind.REMINDER_DAY else ()
    sample = kinds.sample_of(session, kind, mailing.event, reader.subject_kind, reader.subject_id)
    if not sample.to_email:
        return None
    said = kinds.said(kind, reader.subject_kind, text_for(mailing, sample), sample)
    return Draft(
        key=f"mailing:{mailing.id}:{reader.subject_kind}:{reader.subject_id}",
        kind=str(kind),
        to_name=sample.to_name,
        to_email=sample.to_email,
        subject=said.subject,
        body=said.body,
        language=language_for(mailing, sample),
        event_id=mailing.event_id,
        subject_kind=about[0],
        subject_id=about[1],
        attachments=files,
        mailing_id=mailing.id,
        is_bulk=True,
        is_announcement=kind is MailingKind.ANNOUNCEMENT,
        expires_at=_expiry(kind, mailing.event),
    )


def _people(session: Session, attendee_id: int) -> Sequence[Attendee]:
    """Everybody of the application who is told at this person's address."""
    person = session.get(Attendee, attendee_id)
    if person is None or not person.registration.tells_attendees:
        return ()
    return letters_people.readers(person.registration).get(person.email.strip().lower(), ())


def still_fits(kind: MailingKind, event: Event, people: Iterable[Attendee]) -> bool:
    """Whether the letter still makes sense: reminders only to those who come to an event that takes place."""
    if kind not in NEEDS_A_SEAT:
        return True
    takes_place = event.state in (EventState.PUBLISHED, EventState.CLOSED)
    comes = any(
        place.state == PlaceState.CONFIRMED
        for person in people
        if person.state == RegistrationState.ACTIVE
        for place in person.places
    )
    return takes_place and comes


def language_for(mailing: Mailing, sample: Sample) -> str:
    return "en" if sample.language == "en" and mailing.body_en else "ja"


def text_for(mailing: Mailing, sample: Sample) -> Text:
    if language_for(mailing, sample) == "en":
        return Text(mailing.subject_en or mailing.subject, mailing.body_en)
    return Text(mailing.subject, mailing.body)


def _files(mailing: Mailing, kind: MailingKind, registration: Registration) -> tuple[AttachmentRef, ...]:
    if kind is MailingKind.REMINDER_DAY:
        return letters.files(registration)
    return (letters.dates(registration),) if mailing.with_calendar else ()


def _expiry(kind: MailingKind, event: Event) -> dt.datetime | None:
    """After the event has begun nobody needs to be reminded of it."""
    if kind not in rules.REMINDERS:
        return None
    return min((part.starts_at for part in event.parts), default=clock.tokyo(event.held_on, dt.time(23, 59)))
