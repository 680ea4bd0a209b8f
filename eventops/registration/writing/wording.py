"""What letters about a registration can say: their placeholders, and one registration's values for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from eventops.events import pages
from eventops.events.english import said
from eventops.events.models import Event, Mode
from eventops.mail.kinds import Placeholder, Reader, Sample
from eventops.registration import labels, providers, queries, tickets
from eventops.registration.listing import finding
from eventops.registration.models import Attendee, PlaceState, Registration, RegistrationState
from eventops.registration.writing import addresses
from eventops.settings import queries as settings_queries
from eventops.settings.queries import OrganiserProfile

FOLDER = "registration/letters"
READERS_OFFERED = 20
ABOUT_READERS = (
    Placeholder("氏名", "name", _("申込者の氏名")),
    Placeholder("会社名", "company", _("会社・団体名")),
)
ABOUT_EVENTS = (
    Placeholder("行事名", "event", _("行事の名前")),
    Placeholder("日時", "when", _("開催の日と時刻")),
    Placeholder("会場", "venue", _("会場の名前")),
    Placeholder("行事の案内", "overview", _("行事名・日時・会場を罫線で囲んだ案内")),
    Placeholder("交通案内", "access", _("見出し付きの交通案内（募集に書いてあれば）")),
    Placeholder("持ち物", "bring", _("見出し付きの持ち物（募集に書いてあれば）")),
    Placeholder("キャンセルについて", "rule", _("見出し付きの取消の規定（募集に書いてあれば）")),
    Placeholder("個人情報の取り扱い", "privacy", _("見出し付きの個人情報の取り扱い（募集に書いてあれば）")),
    Placeholder("募集ページ", "public_page", _("行事の募集ページのアドレス")),
    Placeholder("協会名", "organiser", _("主催者の通称")),
    Placeholder("署名", "signature", _("主催者の署名")),
)
ABOUT_REGISTRATIONS = (
    Placeholder("受付番号", "number", _("申込の受付番号")),
    Placeholder("お申込み内容", "details", _("参加者、参加する部、参加費の一覧と、お支払い前の方には振込先と期限")),
    Placeholder("参加費", "fee", _("参加費の合計")),
    Placeholder("専用ページ", "my_page", _("申込者専用ページのアドレス")),
    Placeholder("オンライン参加の方へ", "online", _("配信のアドレス。オンラインで参加が決まった方だけに入ります")),
)
PLACEHOLDERS = (*ABOUT_READERS, *ABOUT_EVENTS, *ABOUT_REGISTRATIONS)
MOVES = Placeholder("今回の変更", "moves", _("お席や順番がどう変わったか（変わった方がいれば）"))
CANCELLED = Placeholder("取消の内容", "cancelled", _("すべての取消か一部の取消かの説明"))


def values(
    session: Session, registration: Registration, *, language: str, event: Event | None = None
) -> dict[str, str]:
    """One registration's values in a language, by the placeholders' English names."""
    event, organiser = event or registration.event, settings_queries.organiser(session)
    with force_locale(language):
        blocks = _blocks(language)
        said = _details(session, registration, event, language)
        return {
            "name": registration.applicant_name,
            "company": registration.organisation_name,
            **about_event(event, organiser, language=language, registration=registration),
            "number": f"{registration.number:04d}",
            "fee": _yen(registration.total_yen),
            "details": said,
            "cancelled": _clean(blocks.cancelled(registration)),
            "my_page": addresses.my_page(registration),
            "online": online(event, registration.attendees, blocks),
        }


def values_of_people(
    session: Session, registration: Registration, people: Sequence[Attendee], *, language: str
) -> dict[str, str]:
    """What may be said to some people of a registration: nothing of the others, and not the applicant's own page."""
    event, organiser = registration.event, settings_queries.organiser(session)
    with force_locale(language):
        blocks = _blocks(language)
        parts, positions = {part.id: part for part in event.parts}, _positions(session, registration)
        times = _times(event, language)
        said = blocks.people(registration, people, parts, times, positions, labels, tickets.number)
        return {
            **about_event(event, organiser, language=language, registration=registration),
            "details": _clean(said),
            "online": online(event, people, blocks),
        }


def about_event(
    event: Event, organiser: OrganiserProfile, *, language: str, registration: Registration | None = None
) -> dict[str, str]:
    """What is the same for every reader, but for the number in the overview."""
    told = _Told(**{name: said(event, name, language) for name in _TOLD_IN_BOTH})
    return {
        "event": pages.plain_title(event, language),
        "when": pages.when_words(event, language),
        "venue": said(event, "venue_name", language),
        "overview": _clean(_blocks(language).overview(registration, event)),
        **_same_for_all(told, organiser, language),
        "public_page": addresses.absolute("events.public_page", slug=event.slug),
        "organiser": organiser.alias,
    }


_TOLD_IN_BOTH = ("access", "things_to_bring", "cancellation_rule", "privacy_notice", "contact")


@dataclass(frozen=True, slots=True)
class _Told:
    """What an event tells every reader alike."""

    access: str
    things_to_bring: str
    cancellation_rule: str
    privacy_notice: str
    contact: str


@lru_cache(maxsize=100)
def _same_for_all(told: _Told, organiser: OrganiserProfile, language: str) -> Mapping[str, str]:
    """Values in, words out: under a rush the same ones are asked for again and again."""
    blocks = _blocks(language)
    said = {name: _clean(getattr(blocks, name)(told)) for name in ("access", "bring", "rule", "privacy")}
    return {**said, "signature": _clean(blocks.signature(organiser, told))}


def online(event: Event, people: Sequence[Attendee], blocks: Any) -> str:
    """The address of the transmission: for people confirmed online who owe nothing, and for nobody else."""
    watching = [person for person in people if is_online(person)]
    return _clean(blocks.online(event, watching)) if watching and event.online_url else ""


def is_online(person: Attendee) -> bool:
    """Whether somebody takes part online and owes nothing."""
    confirmed = any(place.mode == Mode.ONLINE and place.state == PlaceState.CONFIRMED for place in person.places)
    return person.state == RegistrationState.ACTIVE and confirmed and (not person.fee_yen or person.paid_at is not None)


def _details(session: Session, registration: Registration, event: Event, language: str) -> str:
    parts, positions = {part.id: part for part in event.parts}, _positions(session, registration)
    times = _times(event, language)
    listed = _clean(_blocks(language).details(registration, parts, times, positions, labels, tickets.number))
    how_to_pay = providers.how_to_pay(session, registration, event, language=language)
    return f"{listed}\n{how_to_pay}" if how_to_pay else listed


def _times(event: Event, language: str) -> Mapping[int, str]:
    return {part.id: pages.part_when(event, part, language) for part in event.parts}


def _positions(session: Session, registration: Registration) -> Mapping[int, int]:
    waits = any(place.state == PlaceState.WAITING for person in registration.attendees for place in person.places)
    return queries.positions(session, registration.id) if waits else {}


def _blocks(language: str) -> Any:
    """Rendered without the page's context: the worker and the tests have no request."""
    path = f"{FOLDER}/{'' if language == 'ja' else 'en/'}blocks.txt"
    return current_app.jinja_env.get_template(path).module


def _clean(block: object) -> str:
    return str(block).strip("\n")


def _yen(amount: int) -> str:
    said: str = current_app.jinja_env.filters["yen"](amount)
    return said


def readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    """Registrations of an event that have an address, for choosing whose letter to look at."""
    query = select(Registration).where(Registration.event_id == event_id, Registration.email != "")
    if search.strip():
        query = query.where(Registration.attendees.any(and_(*finding.conditions(search))))
    found = session.scalars(query.order_by(Registration.number).limit(READERS_OFFERED))
    return [Reader(one.id, f"{one.number:04d} {one.organisation_name} {one.applicant_name}") for one in found]


def sample(session: Session, registration_id: int, language: str | None) -> Sample:
    """A letter as this registration would get it."""
    registration = queries.registration(session, registration_id)
    chosen = language or registration.language
    return Sample(to_name(registration), registration.email, chosen, values(session, registration, language=chosen))


def to_name(registration: Registration) -> str:
    return f"{registration.organisation_name} {registration.applicant_name}"
