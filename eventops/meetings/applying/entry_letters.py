"""The letter of receipt to a company that applied to a need, in the form's language."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale, lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Reader, Sample
from eventops.mail.outbox import Draft
from eventops.meetings import words
from eventops.meetings.applying import own
from eventops.meetings.models import Application, MatchingRound
from eventops.registration.writing import wording
from eventops.registration.writing.wording import READERS_OFFERED
from eventops.settings import queries as settings_queries

ABOUT_APPLICATIONS = (
    Placeholder("応募の番号", "code", lazy_gettext("応募の受付番号")),
    Placeholder("応募の内容", "application", lazy_gettext("ニーズ、企業、ご提案を罫線で囲んだ一覧")),
    Placeholder("応募先の企業", "host", lazy_gettext("ニーズを出した企業の名前。社名非公開のときは公開の呼び名")),
    Placeholder("応募のページ", "my_application", lazy_gettext("応募した方専用のページのアドレス")),
)


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, KIND)


def put_receipt(
    session: Session, application: Application, *, company: str, name: str, email: str, language: str, now: dt.datetime
) -> None:
    """To the address that was typed: whoever sent the form reads it, whatever the directory knows."""
    event = application.need.round.event
    values = _values(session, application, company=company, name=name, language=language)
    said = texts.written(session, KIND, event_id=event.id, language=language, values=values)
    draft = Draft(
        key=f"application:{application.id}:received",
        kind=KIND.code,
        to_name=f"{company} {name}",
        to_email=email,
        subject=said.subject,
        body=said.body,
        language=language,
        event_id=event.id,
        subject_kind="application",
        subject_id=application.id,
    )
    outbox.put(session, draft, now=now)


def _values(session: Session, application: Application, *, company: str, name: str, language: str) -> dict[str, str]:
    need = application.need
    folder = "meetings/letters/" if language == "ja" else "meetings/letters/en/"
    with force_locale(language):
        blocks: Any = current_app.jinja_env.get_template(f"{folder}blocks.txt").module
        host, unit = words.public_host(need), words.public_unit(need)
        box = blocks.application(application, application.proposal_title, application.priority, need, host, unit)
        return {
            "name": name,
            "company": company,
            **wording.about_event(need.round.event, settings_queries.organiser(session), language=language),
            "code": application.code,
            "application": str(box).strip("\n"),
            "host": host,
            "my_application": own.address_of(application),
        }


def _readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    """Applications to the event's needs, for choosing whose letter to look at."""
    query = (
        select(Application.id, Application.code, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(MatchingRound, MatchingRound.id == Application.round_id)
        .where(
            MatchingRound.event_id == event_id,
            or_(*(column.contains(search, autoescape=True) for column in (Organisation.name, Application.code))),
        )
        .order_by(Application.id)
    )
    return [Reader(row.id, f"{row.code} {row.name}") for row in session.execute(query.limit(READERS_OFFERED))]


def _sample(session: Session, application_id: int, language: str | None) -> Sample:
    """The letter as the contact of this application would get it."""
    application = session.get_one(Application, application_id)
    company, person, chosen = application.organisation.name, application.person, language or "ja"
    name, email = (person.full_name, person.email) if person else ("", "")
    values = _values(session, application, company=company, name=name, language=chosen)
    return Sample(f"{company} {name}", email, chosen, values)


KIND = Kind(
    "application_received",
    lazy_gettext("ニーズへの応募の受付"),
    lazy_gettext("公開したニーズに企業が応募したとき"),
    "meetings/letters/entry.txt",
    (*wording.ABOUT_READERS, *wording.ABOUT_EVENTS, *ABOUT_APPLICATIONS),
    _readers,
    _sample,
)
