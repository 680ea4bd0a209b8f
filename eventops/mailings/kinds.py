"""The kinds of mailings as kinds of letters: what they may say, to whom, and with which files."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops.billing import wording
from eventops.directory.models import Person
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.mail import kinds
from eventops.mail.kinds import Kind, Placeholder, Sample
from eventops.mailings.audience import REGISTRATION
from eventops.mailings.models import MailingKind
from eventops.registration import queries as registrations
from eventops.registration import wording as registration_wording
from eventops.registration.wording import readers
from eventops.settings import queries as settings_queries

FOLDER = "mailings/letters"
REASON = Placeholder("中止の理由", "reason", _("中止にするときに書いた言葉"))
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
    sample = _general_sample if kind is MailingKind.ANNOUNCEMENT else wording.sample
    return Kind(str(kind), title, when, f"{FOLDER}/{kind}.txt", _placeholders(kind), readers, sample)


def sample_of(session: Session, kind: MailingKind, event: Event, subject_kind: str, subject_id: int) -> Sample:
    """The letter's values for one reader of a mailing."""
    if kind is not MailingKind.ANNOUNCEMENT:
        return wording.sample(session, subject_id, None)
    if subject_kind == REGISTRATION:
        registration = registrations.registration(session, subject_id)
        name, company, email = registration.applicant_name, registration.organisation_name, registration.email
        return _general(session, event, name, company, email, registration.language)
    person = session.get(Person, subject_id)
    if person is None:
        raise NotFound
    company = person.organisation.name if person.organisation else ""
    return _general(session, event, person.full_name, company, person.email, "ja")


def _placeholders(kind: MailingKind) -> tuple[Placeholder, ...]:
    if kind is MailingKind.ANNOUNCEMENT:
        return GENERAL
    return (*wording.PLACEHOLDERS, REASON) if kind is MailingKind.EVENT_CANCELLED else wording.PLACEHOLDERS


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
