"""Letters to the companies behind needs: whom, with which words; asking again is the same letter on another day."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask
from flask_babel import force_locale, lazy_gettext
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts import audit
from eventops.directory.models import Organisation
from eventops.errors import DomainError
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Reader, Sample
from eventops.mail.models import Letter
from eventops.mail.outbox import Draft
from eventops.mail.texts import Worded
from eventops.meetings import letter_keys, queries
from eventops.meetings.hosting import links, rules
from eventops.meetings.models import MatchingRound, Need, NeedState
from eventops.meetings.wishes import screening
from eventops.meetings.wishes.service import Act
from eventops.registration.writing import wording
from eventops.registration.writing.wording import READERS_OFFERED
from eventops.settings import queries as settings_queries

LANGUAGE = "ja"
"""Readers have not said what they read, as with the timetable."""


class NoHostToAsk(DomainError):
    """Every company has confirmed or answered, or none of them has an address."""

    code = "no_host_to_ask"


class Request(StrEnum):
    """What a company is asked for."""

    CONFIRM = "confirm"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody of a company who is to get the letter about a need; `count` are applications that wait."""

    need: Need
    name: str
    email: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whom the letters reach, and the needs that reach nobody."""

    asked: Sequence[Asked]
    without_address: Sequence[Need]


def init_letters(app: Flask) -> None:
    """Let staff word these letters."""
    kinds.register(app, *KINDS.values())


def contacts(need: Need) -> list[tuple[str, str]]:
    """Name and address: the contact that staff wrote down, else whoever sits at the table and has an address."""
    if need.contact_email:
        return [(need.contact_name, need.contact_email)]
    people = (one.person for one in sorted(need.attendees, key=lambda one: one.id))
    found = {person.email.lower(): (person.full_name, person.email) for person in people if person.email}
    return list(found.values())


def whom(session: Session, round_id: int, request: Request) -> Outlook:
    waiting = {need_id: one.waiting for need_id, one in screening.summary(session, round_id).items()}
    needs = [need for need in queries.needs(session, round_id) if _is_due(need, request, waiting)]
    asked = [Asked(need, name, email, waiting.get(need.id, 0)) for need in needs for name, email in contacts(need)]
    return Outlook(asked, [need for need in needs if not contacts(need)])


def _is_due(need: Need, request: Request, waiting: Mapping[int, int]) -> bool:
    if request is Request.SCREEN:
        return waiting.get(need.id, 0) > 0
    return NeedState(need.state) in rules.SECRET and rules.confirmation(need) is not rules.Confirmation.CONFIRMED


def ask(session: Session, act: Act, request: Request) -> int:
    """A letter to everybody, to nobody twice on one day; how many are new. Needs asked about wait for their answer.

    A need that is opened in this moment stays open: the round's lock does not keep it from that.
    """
    found = session.get_one(MatchingRound, act.round_id, with_for_update=True)
    outlook = whom(session, act.round_id, request)
    if not outlook.asked:
        raise NoHostToAsk
    day = wareki.japan_time(act.now).date().isoformat()
    new = 0
    for one in outlook.asked:
        key = letter_keys.fitting(f"need_{request}:{one.need.id}:{day}:{one.email}")
        if session.scalar(select(Letter.id).where(Letter.key == key)) is None:
            _put(session, found, one, request, one.email, key=key, now=act.now)
            new += 1
    if request is Request.CONFIRM:
        _wait(session, {one.need.id for one in outlook.asked}, act.now)
    if new:
        _note(session, found, request, new, act)
    return new


def _wait(session: Session, need_ids: Collection[int], now: dt.datetime) -> None:
    asked = update(Need).where(Need.id.in_(need_ids), Need.state.in_(rules.SECRET))
    session.execute(asked.values(state=NeedState.ASKED, asked_at=now))


def _note(session: Session, found: MatchingRound, request: Request, letters: int, act: Act) -> None:
    audit.record(
        session,
        actor_id=act.actor_id,
        action=f"hosts_asked_{request}",
        subject=("matching_round", found.id),
        event_id=found.event_id,
        now=act.now,
        after={"letters": letters},
    )


def try_out(session: Session, act: Act, request: Request, *, email: str) -> None:
    """The first of the letters, to whoever is about to send them."""
    found = session.get_one(MatchingRound, act.round_id)
    outlook = whom(session, act.round_id, request)
    if not outlook.asked:
        raise NoHostToAsk
    key = letter_keys.fitting(f"need_{request}:{found.id}:trial:{act.now.isoformat()}:{email}")
    _put(session, found, outlook.asked[0], request, email, key=key, now=act.now)


def _put(
    session: Session, found: MatchingRound, one: Asked, request: Request, email: str, *, key: str, now: dt.datetime
) -> None:
    said = example(session, found, one, request)
    draft = Draft(
        key=key,
        kind=KINDS[request].code,
        to_name=f"{one.need.organisation.name} {one.name}".strip(),
        to_email=email,
        subject=said.subject,
        body=said.body,
        language=LANGUAGE,
        event_id=found.event_id,
        subject_kind="need",
        subject_id=one.need.id,
        is_bulk=True,
    )
    outbox.put(session, draft, now=now)


def example(session: Session, found: MatchingRound, one: Asked, request: Request) -> Worded:
    """The letter as this reader gets it."""
    return texts.written(
        session, KINDS[request], event_id=found.event_id, language=LANGUAGE, values=_values(session, found, one)
    )


def _values(session: Session, found: MatchingRound, one: Asked) -> dict[str, str]:
    need = one.need
    with force_locale(LANGUAGE):
        about = wording.about_event(found.event, settings_queries.organiser(session), language=LANGUAGE)
    closes = need.entries_close_at
    return {
        **about,
        "name": one.name or "ご担当者",
        "company": need.organisation.name,
        "need": f"{need.code} {need.title}",
        "closing": f"{wareki.wareki_date(closes)} {wareki.clock(closes)}" if closes else "",
        "applications": str(one.count),
        "need_page": links.address_of(need),
        "screening_page": links.screening_address(need),
    }


def _readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    query = (
        select(Need.id, Need.code, Organisation.name)
        .join(Need.organisation)
        .join(Need.round)
        .where(
            MatchingRound.event_id == event_id,
            or_(*(column.contains(search, autoescape=True) for column in (Organisation.name, Need.code))),
        )
        .order_by(Need.code)
    )
    return [Reader(row.id, f"{row.code} {row.name}") for row in session.execute(query.limit(READERS_OFFERED))]


def _sample(session: Session, need_id: int, _language: str | None) -> Sample:
    need = session.get_one(Need, need_id)
    name, email = next(iter(contacts(need)), ("", ""))
    count = screening.summary(session, need.round_id).get(need_id, screening.NeedCount()).waiting
    values = _values(session, need.round, Asked(need, name, email, count))
    return Sample(f"{need.organisation.name} {name}".strip(), email, LANGUAGE, values)


_ABOUT_NEEDS = (
    *wording.ABOUT_READERS,
    *wording.ABOUT_EVENTS,
    Placeholder("ニーズ", "need", lazy_gettext("ニーズの番号と題名")),
    Placeholder("応募締切", "closing", lazy_gettext("ニーズの応募締切")),
    Placeholder("応募の件数", "applications", lazy_gettext("回答を待っている応募の数")),
    Placeholder("ニーズのページ", "need_page", lazy_gettext("企業専用の確認ページのアドレス")),
    Placeholder("選考のページ", "screening_page", lazy_gettext("企業専用の選考ページのアドレス")),
)
KINDS = {
    Request.CONFIRM: Kind(
        "need_confirmation",
        lazy_gettext("ニーズの確認のお願い"),
        lazy_gettext("職員が「ニーズ」の画面から、公開の前に企業へ送ったとき"),
        "meetings/letters/need_confirmation.txt",
        _ABOUT_NEEDS,
        _readers,
        _sample,
        (LANGUAGE,),
    ),
    Request.SCREEN: Kind(
        "screening_request",
        lazy_gettext("応募の選考のお願い"),
        lazy_gettext("職員が「選考」の画面から、回答のない企業へ送ったとき"),
        "meetings/letters/screening_request.txt",
        _ABOUT_NEEDS,
        _readers,
        _sample,
        (LANGUAGE,),
    ),
}
