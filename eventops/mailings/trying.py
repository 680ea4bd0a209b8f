"""Looking at a mailing as one reader would get it, and sending a letter on trial to oneself."""

import secrets
from dataclasses import dataclass

from flask import flash
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import transaction
from eventops.events.models import Event
from eventops.mail import composing, outbox
from eventops.mail.outbox import Draft
from eventops.mail.texts import Worded
from eventops.mailings import kinds, writing
from eventops.mailings.models import Mailing, MailingKind
from eventops.mailings.rules import Candidate


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter as one reader would get it."""

    reader: Candidate
    said: Worded
    language: str
    added: str


def letter_to(session: Session, event: Event, mailing: Mailing, reader: Candidate) -> Preview:
    kind = MailingKind(mailing.kind)
    sample = kinds.sample_of(session, kind, event, reader.subject_kind, reader.subject_id)
    said = kinds.said(kind, reader.subject_kind, writing.text_for(mailing, sample), sample)
    language = writing.language_for(mailing, sample)
    link = "https://…" if kind is MailingKind.ANNOUNCEMENT else ""
    return Preview(reader, said, language, composing.stopping_words(language, link))


def send_to_oneself(said: Worded, language: str, *, event_id: int | None, added: str = "") -> None:
    """A letter on trial goes to whoever pressed the button, and stands with no registration."""
    name, email = current_user.name, current_user.email
    with transaction() as session:
        outbox.put(
            session,
            Draft(
                key=f"test:{secrets.token_urlsafe(12)}",
                kind="test",
                to_name=name,
                to_email=email,
                subject=f"{_('【試し送り】')}{said.subject}",
                body=f"{said.body}{added}",
                language=language,
                event_id=event_id,
            ),
            now=clock.now(),
        )
    flash(_("%(email)s に試し送りをしました。", email=email), "ok")
