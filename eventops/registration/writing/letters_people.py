"""Letters to the people whom an applicant registered, where the applicant wants that: each their own ticket."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from eventops.events.models import Mode
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Sample
from eventops.mail.models import Letter
from eventops.mail.outbox import AttachmentRef, Draft
from eventops.registration import queries
from eventops.registration.models import Attendee, PlaceState, Registration, RegistrationState
from eventops.registration.writing import wording

SUBJECT_KIND = "registration"
GONE = "gone"
LETTERS_A_DAY = 6
"""For each participant: an address that is corrected costs two."""
TOLD = Kind(
    "attendee_told",
    lazy_gettext("参加者ご本人へのお知らせ"),
    lazy_gettext("申込者が「参加者にもメールを送る」を選んだとき、参加が決まるたび、変わるたびに"),
    "registration/letters/attendee.txt",
    (
        *wording.ABOUT_READERS,
        *wording.ABOUT_EVENTS,
        Placeholder("お知らせの件名", "headline", lazy_gettext("はじめてのご案内か、変更か、取消かに合わせた件名")),
        Placeholder("お知らせ", "news", lazy_gettext("はじめてのご案内か、変更か、取消かに合わせた一文")),
        Placeholder("お申込み内容", "details", lazy_gettext("この方の参加する部と参加証の番号")),
        Placeholder("オンライン参加の方へ", "online", lazy_gettext("配信のアドレス。オンラインで参加が決まった方だけ")),
    ),
    wording.readers,
    lambda *asked: _sample(*asked),
)


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, TOLD)


@dataclass(frozen=True, slots=True)
class _Known:
    """The last that an address was told, as a digest, and the name it was told to."""

    said: str
    name: str


def readers(registration: Registration) -> dict[str, list[Attendee]]:
    """Who may be told beside the applicant: people by address, so that one that several share gets one letter."""
    found: dict[str, list[Attendee]] = {}
    for person in registration.attendees:
        email = person.email.strip().lower()
        if email and email != registration.email.strip().lower() and person.state == RegistrationState.ACTIVE:
            found.setdefault(email, []).append(person)
    return found


def has_told(session: Session, registration: Registration, email: str) -> bool:
    """Whether this address was told, and not yet that it is over."""
    known = _known(session, registration).get(email.strip().lower())
    return known is not None and known.said != GONE


def is_worn_out(session: Session, registration: Registration, *, now: dt.datetime) -> bool:
    """Whether a day's changes by the private link have sent people enough: it must not write to whomever it likes."""
    since = Letter.created_at > now - dt.timedelta(days=1)
    sent = session.scalar(select(func.count()).select_from(Letter).where(*_own(registration), since)) or 0
    return sent >= LETTERS_A_DAY * len(registration.attendees)


def tell(session: Session, registration: Registration, *, now: dt.datetime, left: Collection[str] = ()) -> None:
    """One letter to each address for which something has changed since it was told the last time.

    Of addresses that were `left` the people still come, and are told elsewhere.
    """
    if not registration.tells_attendees:
        return
    session.flush()
    told, known = readers(registration), _known(session, registration)
    with force_locale(registration.language):
        for email, people in told.items():
            news = _news(registration, people, known.get(email))
            if news is not None:
                found = values(session, registration, people, registration.language)
                _put(session, registration, (email, _named(registration, _names(people))), found, news, now=now)
        for email, before in known.items():
            if email not in told and before.said != GONE:
                found = values(session, registration, (), registration.language)
                name = before.name.removeprefix(registration.organisation_name).strip()
                news = _moved() if email in left else _gone()
                _put(session, registration, (email, before.name), found | {"name": name}, news, now=now)


def _news(registration: Registration, people: Sequence[Attendee], before: _Known | None) -> "_News | None":
    """What these people do not know yet, if anything; who only waits for a seat hears when there is one."""
    if before is None or before.said == GONE:
        return _first(registration, people) if _comes(people) else None
    return _changed(people) if before.said != _digest(people) else None


def files(people: Sequence[Attendee]) -> tuple[AttachmentRef, ...]:
    """A ticket for everybody whom the door expects, and the dates once."""
    expected = [person for person in people if _held(person, Mode.ONSITE)]
    dated = [person for person in people if _held(person, *Mode)][:1]
    return tuple(
        AttachmentRef(maker, person.id)
        for maker, ones in (("attendee_ticket_pdf", expected), ("attendee_ics", dated))
        for person in ones
    )


def values(session: Session, registration: Registration, people: Sequence[Attendee], language: str) -> dict[str, str]:
    """What a letter may say to these people: of the application no more than what concerns them."""
    said = wording.values_of_people(session, registration, people, language=language)
    return {**said, "name": _names(people), "company": registration.organisation_name}


def _comes(people: Iterable[Attendee]) -> bool:
    return any(_held(person, *Mode) for person in people)


def _held(person: Attendee, *modes: Mode) -> bool:
    return any(place.state == PlaceState.CONFIRMED and place.mode in modes for place in person.places)


def _known(session: Session, registration: Registration) -> Mapping[str, _Known]:
    own = _own(registration)
    rows = session.execute(select(Letter.to_email, Letter.key, Letter.to_name).where(*own).order_by(Letter.id))
    return {email.lower(): _Known(key.rpartition(":")[2], name) for email, key, name in rows}


def _own(registration: Registration) -> tuple[ColumnElement[bool], ...]:
    """Letters to the people of an application, without those that staff sent on to another address."""
    about = (Letter.subject_kind == SUBJECT_KIND, Letter.subject_id == registration.id, Letter.kind == TOLD.code)
    return *about, Letter.key.startswith(f"attendee:{registration.id}:")


def _digest(people: Iterable[Attendee]) -> str:
    """What these people were told, as far as it is theirs: names, tickets, seats and queues."""
    said = []
    for person in people:
        held = sorted(f"{place.part_id} {place.mode} {place.state}" for place in person.places)
        said.append([person.id, person.full_name, person.ticket_issue, *held])
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _names(people: Iterable[Attendee]) -> str:
    return "、".join(person.full_name for person in people)


@dataclass(frozen=True, slots=True)
class _News:
    """What has happened, in the reader's language; `said` stands for it, so that nobody hears it twice."""

    headline: str
    text: str
    said: str
    files: tuple[AttachmentRef, ...] = ()


def _first(registration: Registration, people: Sequence[Attendee]) -> _News:
    text = _("%(name)s様より、次のとおりご参加のお申込みをいただきました。", name=registration.applicant_name)
    return _News(_("ご参加のご案内"), text, _digest(people), files(people))


def _changed(people: Sequence[Attendee]) -> _News:
    text = _("ご参加の内容が次のとおり変わりました。以前の参加証ではなく、このメールの参加証をお使いください。")
    return _News(_("ご参加の内容が変わりました"), text, _digest(people), files(people))


def _gone() -> _News:
    text = _("ご参加のお申込みは取り消されました。以前お送りした参加証は使えません。")
    return _News(_("ご参加のお申込みが取り消されました"), text, GONE)


def _moved() -> _News:
    text = _(
        "お知らせのお届け先が変わりました。ご参加は取り消されていませんが、"
        "以前このアドレスにお送りした参加証は使えません。新しい参加証は、新しいお届け先とお申込みをされた方にお送りします。"
    )
    return _News(_("お知らせのお届け先が変わりました"), text, GONE)


def _put(
    session: Session,
    registration: Registration,
    reader: tuple[str, str],
    found: Mapping[str, str],
    news: _News,
    *,
    now: dt.datetime,
) -> None:
    """One letter; the `reader` is address and name."""
    email, name = reader
    filled = {**found, "headline": news.headline, "news": news.text}
    language, event_id = registration.language, registration.event_id
    worded = texts.written(session, TOLD, event_id=event_id, language=language, values=filled)
    who = hashlib.sha256(email.encode()).hexdigest()[:16]
    draft = Draft(
        key=f"attendee:{registration.id}:{registration.revision}:{who}:{news.said}",
        kind=TOLD.code,
        to_name=name,
        to_email=email,
        subject=worded.subject,
        body=worded.body,
        language=language,
        event_id=event_id,
        subject_kind=SUBJECT_KIND,
        subject_id=registration.id,
        attachments=news.files,
    )
    outbox.put(session, draft, now=now)


def _sample(session: Session, registration_id: int, language: str | None) -> Sample:
    """The letter as the first person of this application would get it."""
    registration = queries.registration(session, registration_id)
    chosen, people = language or registration.language, registration.attendees[:1]
    with force_locale(chosen):
        news = _first(registration, people)
    found = values(session, registration, people, chosen) | {"headline": news.headline, "news": news.text}
    return Sample(_named(registration, _names(people)), people[0].email or registration.email, chosen, found)


def _named(registration: Registration, names: str) -> str:
    return f"{registration.organisation_name} {names}"
