"""Applications that companies send themselves through the public form, and the letter of receipt."""

import datetime as dt
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory import service as directory
from eventops.directory.models import Organisation, Person
from eventops.directory.service import PersonAsTyped
from eventops.errors import DomainError
from eventops.events import pages
from eventops.events.models import Event, EventState
from eventops.languages import language
from eventops.mail import outbox
from eventops.mail.outbox import Draft
from eventops.meetings import rules
from eventops.meetings.models import Application, MatchingRound, Need, NeedState
from eventops.settings import queries as settings_queries

LETTERS = {"ja": "meetings/letters/entry.txt", "en": "meetings/letters/entry_en.txt"}


class EntriesClosed(DomainError):
    """The need takes no applications: not published, closed, or past its hour."""

    code = "entries_closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """An application as a company typed it."""

    company: str
    company_kana: str
    contact: PersonAsTyped
    proposal_title: str
    proposal_text: str
    priority: int | None


def is_open(event: Event, need: Need, now: dt.datetime) -> bool:
    """Whether the need takes applications now."""
    in_time = need.entries_close_at is None or now < need.entries_close_at
    return event.state == EventState.PUBLISHED and need.state == NeedState.OPEN and in_time


def enter(session: Session, *, need_id: int, entry: Entry, now: dt.datetime) -> Application:
    """Take an application in: company and person found or made, a number given, receipt written."""
    need = session.get_one(Need, need_id)
    found = session.get_one(MatchingRound, need.round_id, with_for_update=True)
    if not is_open(found.event, need, now):
        raise EntriesClosed
    organisation = directory.find_or_make_organisation(session, name=entry.company, kana_name=entry.company_kana)
    person = directory.find_or_make_person(session, organisation_id=organisation.id, typed=entry.contact)
    codes = session.scalars(select(Application.code).where(Application.round_id == found.id))
    application = Application(
        round_id=found.id,
        code=rules.next_code(codes, prefix="A", digits=3),
        need_id=need_id,
        organisation_id=organisation.id,
        person_id=person.id,
        priority=entry.priority,
        submitted_at=now,
        proposal_title=entry.proposal_title,
        proposal_text=entry.proposal_text,
    )
    session.add(application)
    session.flush()  # the letter's key needs its id
    _put_receipt(session, application, need, organisation, person, entry, now=now)
    return application


def _put_receipt(
    session: Session,
    application: Application,
    need: Need,
    organisation: Organisation,
    person: Person,
    entry: Entry,
    *,
    now: dt.datetime,
) -> None:
    """To the address that was typed, in the form's language: whoever sent it reads it, whatever the directory knows."""
    event, organiser, lang = need.round.event, settings_queries.organiser(session), language()
    name = f"{entry.contact.family_name} {entry.contact.given_name}".strip()
    title = pages.plain_title(event, lang)
    outbox.put(
        session,
        Draft(
            key=f"application:{application.id}:received",
            kind="application_received",
            to_name=f"{entry.company} {name}",
            to_email=entry.contact.email,
            subject=f"【{organiser.alias}】{_('ご応募を受け付けました')}({application.code} {title})",
            body=render_template(
                LETTERS[lang],
                application=application,
                entry=entry,
                event=event,
                name=name,
                need=need,
                organiser=organiser,
            ),
            language=lang,
            event_id=event.id,
            subject_kind="application",
            subject_id=application.id,
        ),
        now=now,
    )
