"""The kinds of mailings as kinds of letters: what they may say, to whom, and with which files."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from flask import Flask
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.billing import wording
from eventops.directory.models import Person
from eventops.errors import NotFound
from eventops.events import notices
from eventops.events.models import Event
from eventops.mail import kinds, placeholders, texts
from eventops.mail.kinds import Kind, Placeholder, Sample, SampleOf, Text
from eventops.mail.texts import Worded
from eventops.mailings.audience import ATTENDEE, REGISTRATION
from eventops.mailings.models import Mailing, MailingKind, MailingState
from eventops.registration import queries as registrations
from eventops.registration.models import Attendee, Registration
from eventops.registration.writing import letters_people
from eventops.registration.writing import wording as registration_wording
from eventops.registration.writing.wording import readers
from eventops.settings import queries as settings_queries

FOLDER = "mailings/letters"
WRITTEN = (MailingState.WRITTEN, MailingState.STOPPED)
CHANGES = Placeholder("変更点", "changes", _("申込の後（前回の変更のお知らせの後）に変わったところの一覧"))
REASON = Placeholder("中止の理由", "reason", _("中止にするときに書いた言葉"))
_OF_THE_APPLICANT = ("number", "fee", "my_page")
NOT_THEIRS = tuple(
    word
    for one in wording.PLACEHOLDERS
    if one in wording.ABOUT_MONEY or one.english in _OF_THE_APPLICANT
    for word in (one.name, one.english)
)
GENERAL = (*registration_wording.ABOUT_READERS, *registration_wording.ABOUT_EVENTS)
_WORDS = {
    MailingKind.NOTICE: (_("連絡"), _("一斉送信で、この行事の申込者に何かを伝えるとき")),
    MailingKind.EVENT_CHANGED: (_("変更のお知らせ"), _("一斉送信で、日時や会場の変更を伝えるとき")),
    MailingKind.THANKS: (_("御礼"), _("一斉送信で、行事の後に御礼を伝えるとき")),
    MailingKind.ANNOUNCEMENT: (_("ご案内"), _("一斉送信で、同意した方に行事を案内するとき")),
    MailingKind.EVENT_CANCELLED: (_("中止のお知らせ"), _("行事を中止にするとき")),
    MailingKind.REMINDER_WEEK: (_("7日前のお知らせ"), _("開催の7日前の10時に、参加が決まった方へ自動で")),
    MailingKind.REMINDER_DAY: (_("前日のお知らせ"), _("開催の前日の10時に、参加が決まった方へ自動で")),
}
TITLES = {kind: title for kind, (title, _when) in _WORDS.items()}


def init_kinds(app: Flask) -> None:
    """Let staff word these letters."""
    kinds.register(app, *map(of, MailingKind))


def of(kind: MailingKind) -> Kind:
    """The kind of letter."""
    title, when = _WORDS[kind]
    return Kind(str(kind), title, when, f"{FOLDER}/{kind}.txt", _placeholders(kind), readers, _sample_giver(kind))


def sample_of(session: Session, kind: MailingKind, event: Event, subject_kind: str, subject_id: int) -> Sample:
    """The letter's values for one reader of a mailing."""
    if subject_kind == ATTENDEE:
        return _attendee_sample(session, kind, subject_id)
    if kind is not MailingKind.ANNOUNCEMENT:
        return of(kind).sample(session, subject_id, None)
    if subject_kind == REGISTRATION:
        registration = registrations.registration(session, subject_id)
        name, company, email = registration.applicant_name, registration.organisation_name, registration.email
        return _general(session, event, name, company, email, registration.language)
    person = session.get(Person, subject_id)
    if person is None:
        raise NotFound
    company = person.organisation.name if person.organisation else ""
    return _general(session, event, person.full_name, company, person.email, "ja")


def said(kind: MailingKind, subject_kind: str, text: Text, sample: Sample) -> Worded:
    """The letter to one reader; who was registered by somebody else gets no paragraph about that person's matters.

    Nor does the subject name them.
    """
    if subject_kind == ATTENDEE:
        subject = placeholders.line_without(text.subject, NOT_THEIRS)
        text = Text(subject, placeholders.without(text.body, NOT_THEIRS))
    return texts.worded(of(kind), text, sample.values)


def _placeholders(kind: MailingKind) -> tuple[Placeholder, ...]:
    if kind is MailingKind.ANNOUNCEMENT:
        return GENERAL
    besides = {MailingKind.EVENT_CANCELLED: (REASON,), MailingKind.EVENT_CHANGED: (CHANGES,)}
    return (*wording.PLACEHOLDERS, *besides.get(kind, ()))


def _sample_giver(kind: MailingKind) -> SampleOf:
    besides = {MailingKind.ANNOUNCEMENT: _general_sample, MailingKind.EVENT_CHANGED: _changed_sample}
    return besides.get(kind, wording.sample)


def _attendee_sample(session: Session, kind: MailingKind, attendee_id: int) -> Sample:
    """One person's letter, or that of several who share an address: nothing of the applicant's page and money."""
    person = session.get(Attendee, attendee_id)
    if person is None:
        raise NotFound
    registration = registrations.registration(session, person.registration_id)
    people = letters_people.readers(registration).get(person.email.strip().lower(), [])
    said = letters_people.values(session, registration, people, registration.language)
    name = f"{registration.organisation_name} {said['name']}"
    sample = Sample(name, person.email.strip() if people else "", registration.language, said)
    return _with_changes(session, registration, sample) if kind is MailingKind.EVENT_CHANGED else sample


def _changed_sample(session: Session, registration_id: int, language: str | None) -> Sample:
    registration = registrations.registration(session, registration_id)
    return _with_changes(session, registration, wording.sample(session, registration_id, language))


def _with_changes(session: Session, registration: Registration, sample: Sample) -> Sample:
    """What changed since this reader applied, or was last told."""
    since = max(filter(None, (registration.submitted_at, last_told(session, registration.event_id))))
    with force_locale(sample.language):
        found = notices.since(session, registration.event, since)
        lines = [
            f"・{one.field}: {one.before or '―'} → {one.after or '―'}" for notice in found for one in notice.changes
        ]
    return replace(sample, values={**sample.values, "changes": "\n".join(lines)})


def last_told(session: Session, event_id: int) -> dt.datetime | None:
    """When the event's people were last told of changes; the mailing that is being written does not count."""
    told = select(func.max(Mailing.sent_at)).where(Mailing.event_id == event_id, Mailing.state.in_(WRITTEN))
    return session.scalar(told.where(Mailing.kind == MailingKind.EVENT_CHANGED))


def _general_sample(session: Session, registration_id: int, language: str | None) -> Sample:
    """An announcement as an applicant of the event would get it."""
    registration = registrations.registration(session, registration_id)
    name, company, email = registration.applicant_name, registration.organisation_name, registration.email
    return _general(session, registration.event, name, company, email, language or registration.language)


def _general(session: Session, event: Event, name: str, company: str, email: str, language: str) -> Sample:
    """What can be said to somebody who has not applied: nothing of anybody's registration."""
    organiser = settings_queries.organiser(session)
    said: Mapping[str, str] = registration_wording.about_event(event, organiser, language=language)
    return Sample(f"{company} {name}".strip(), email, language, {"name": name, "company": company, **said})
