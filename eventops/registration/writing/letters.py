"""The letters to applicants: what was received, changed and cancelled."""

import datetime as dt
from collections.abc import Callable, Mapping

from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops.events.models import Event, Mode
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind
from eventops.mail.models import Letter
from eventops.mail.outbox import AttachmentRef, Draft
from eventops.mail.texts import Worded
from eventops.registration.models import PlaceState, Registration, RegistrationState
from eventops.registration.writing import letters_people, wording

SUBJECT_KIND = letters_people.SUBJECT_KIND
RECEIVED = Kind(
    "registration_received",
    _("お申込みの受付"),
    _("申込みがあったとき"),
    "registration/letters/received.txt",
    wording.PLACEHOLDERS,
    wording.readers,
    wording.sample,
)
CHANGED = Kind(
    "registration_changed",
    _("お申込みの変更"),
    _("代理の方への変更、参加区分の変更、専用リンクの再発行のとき"),
    "registration/letters/changed.txt",
    (*wording.PLACEHOLDERS, wording.MOVES),
    wording.readers,
    wording.sample,
)
CANCELLED = Kind(
    "registration_cancelled",
    _("お申込みの取消"),
    _("全員または一部の方を取り消したとき"),
    "registration/letters/cancelled.txt",
    (*wording.PLACEHOLDERS, wording.MOVES, wording.CANCELLED),
    wording.readers,
    wording.sample,
)


def init_letters(app: Flask) -> None:
    """Let staff word these letters."""
    kinds.register(app, RECEIVED, CHANGED, CANCELLED)


def received(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    """Not in the outbox yet: the caller writes it with whatever else is new."""
    return put(session, registration, event, RECEIVED, now=now, into_outbox=outbox.first)


def changed(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    return put(session, registration, event, CHANGED, now=now)


def cancelled(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    return put(session, registration, event, CANCELLED, now=now)


def put(
    session: Session,
    registration: Registration,
    event: Event,
    kind: Kind,
    *,
    now: dt.datetime,
    said_besides: Mapping[str, str] | None = None,
    into_outbox: Callable[..., Letter] = outbox.put,
) -> Letter | None:
    """One letter for one revision of a registration, in the transaction of its cause and the applicant's language.

    `said_besides` are values that this letter alone has. Who was registered at the door without an address gets none.
    The people themselves are told as well where the applicant wants that.
    """
    if not registration.email:
        letters_people.tell(session, registration, now=now)
        return None
    session.flush()
    language = registration.language
    said = texts.written(
        session,
        kind,
        event_id=event.id,
        language=language,
        values=wording.values(session, registration, language=language, event=event) | dict(said_besides or {}),
    )
    key = f"registration:{registration.id}:{registration.revision}:{kind.code.removeprefix('registration_')}"
    written = draft(registration, kind.code, said, key=key, attachments=files(registration))
    letter = into_outbox(session, written, now=now)
    letters_people.tell(session, registration, now=now)
    return letter


def draft(
    registration: Registration, kind: str, said: Worded, *, key: str, attachments: tuple[AttachmentRef, ...] = ()
) -> Draft:
    """A letter to the applicant of a registration, in the applicant's language."""
    return Draft(
        key=key,
        kind=kind,
        to_name=wording.to_name(registration),
        to_email=registration.email,
        subject=said.subject,
        body=said.body,
        language=registration.language,
        event_id=registration.event_id,
        subject_kind=SUBJECT_KIND,
        subject_id=registration.id,
        attachments=attachments,
    )


def files(registration: Registration) -> tuple[AttachmentRef, ...]:
    """A ticket for whom the door expects, dates for whoever has had any."""
    held = [place for person in registration.attendees for place in person.places]
    confirmed = [place for place in held if place.state == PlaceState.CONFIRMED]
    refs = []
    if any(place.mode == Mode.ONSITE for place in confirmed):
        refs.append(AttachmentRef("ticket_pdf", registration.id))
    if confirmed or registration.state == RegistrationState.CANCELLED:
        refs.append(dates(registration))
    return tuple(refs)


def dates(registration: Registration) -> AttachmentRef:
    """The calendar file as it is when the letter goes out."""
    return AttachmentRef("event_ics", registration.id)
