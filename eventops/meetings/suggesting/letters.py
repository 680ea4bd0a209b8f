"""The letter that invites a company to apply to a need; it is an announcement, with a way to stop such letters."""

import datetime as dt
from collections.abc import Sequence

from flask import Flask
from flask_babel import force_locale, lazy_gettext
from sqlalchemy.orm import Session

from eventops import clock, wareki
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Reader, Sample
from eventops.mail.outbox import Draft
from eventops.mail.texts import Worded
from eventops.meetings import letter_keys, queries, words
from eventops.meetings.models import MatchingRound, Need
from eventops.meetings.suggesting import offers
from eventops.meetings.suggesting.offers import Offer
from eventops.registration.writing import wording
from eventops.registration.writing.wording import READERS_OFFERED
from eventops.settings import queries as settings_queries
from eventops.urls import absolute

LANGUAGE = "ja"
"""Readers have not said what they read."""


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, KIND)


def put(session: Session, found: MatchingRound, one: Offer, *, now: dt.datetime) -> None:
    assert one.person is not None
    said = example(session, found, one)
    draft = Draft(
        key=offers.letter_key(one.need.id, one.company.id, one.person.email),
        kind=KIND.code,
        to_name=f"{one.company.name} {one.person.full_name}",
        to_email=one.person.email,
        subject=said.subject,
        body=said.body,
        language=LANGUAGE,
        event_id=found.event_id,
        subject_kind="need",
        subject_id=one.need.id,
        is_bulk=True,
        is_announcement=True,
    )
    outbox.put(session, draft, now=now)


def put_trial(session: Session, found: MatchingRound, one: Offer, *, email: str, now: dt.datetime) -> None:
    """The letter as the first reader would get it, to whoever is about to send it."""
    said = example(session, found, one)
    draft = Draft(
        key=letter_keys.fitting(f"need_invitation:trial:{now.isoformat()}:{email}"),
        kind=KIND.code,
        to_name=f"{one.company.name} {one.person.full_name if one.person else ''}".strip(),
        to_email=email,
        subject=said.subject,
        body=said.body,
        language=LANGUAGE,
        event_id=found.event_id,
        is_announcement=True,
    )
    outbox.put(session, draft, now=now)


def example(session: Session, found: MatchingRound, one: Offer) -> Worded:
    values = _values(
        session, found, one.need, one.company.name, one.person.full_name if one.person else "", one.why.tags
    )
    return texts.written(session, KIND, event_id=found.event_id, language=LANGUAGE, values=values)


def _values(
    session: Session, found: MatchingRound, need: Need, company: str, name: str, tags: Sequence[str]
) -> dict[str, str]:
    event, closes = found.event, need.entries_close_at
    with force_locale(LANGUAGE):
        about = wording.about_event(event, settings_queries.organiser(session), language=LANGUAGE)
        host = words.public_host(need)
    return {
        **about,
        "name": name,
        "company": company,
        "need": f"{need.code} {need.title}",
        "description": need.description,
        "host": host,
        "fit": f"貴社の技術分野「{'、'.join(tags)}」に近いニーズです。" if tags else "",
        "closing": f"{wareki.wareki_date(closes)} {wareki.clock(closes)}" if closes else "",
        "apply_page": absolute("meetings.apply_to_need", slug=event.slug, code=need.code),
    }


def _readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    found = queries.round_of_event(session, event_id)
    needs = queries.needs(session, found.id) if found else ()
    labels = [Reader(need.id, f"{need.code} {need.title}") for need in needs]
    return [one for one in labels if search in one.label][:READERS_OFFERED]


def _sample(session: Session, need_id: int, _language: str | None) -> Sample:
    """The letter about this need to the company that fits it best."""
    need = session.get_one(Need, need_id)
    best = next((one for one in offers.offers(session, need.round_id, now=clock.now()) if one.need.id == need_id), None)
    company, person, tags = (best.company.name, best.person, best.why.tags) if best else ("", None, ())
    name, email = (person.full_name, person.email) if person else ("", "")
    values = _values(session, need.round, need, company, name, tags)
    return Sample(f"{company} {name}".strip(), email, LANGUAGE, values)


KIND = Kind(
    "need_invitation",
    lazy_gettext("ニーズへの応募のご案内"),
    lazy_gettext("職員が「候補」の画面から、合いそうな企業に送ったとき"),
    "meetings/letters/need_invitation.txt",
    (
        *wording.ABOUT_READERS,
        *wording.ABOUT_EVENTS,
        Placeholder("ニーズ", "need", lazy_gettext("ニーズの番号と題名")),
        Placeholder("ニーズの内容", "description", lazy_gettext("求める技術の説明")),
        Placeholder("応募先の企業", "host", lazy_gettext("ニーズを出した企業の名前。社名非公開のときは公開の呼び名")),
        Placeholder("合う理由", "fit", lazy_gettext("共通する技術分野(あれば)")),
        Placeholder("応募締切", "closing", lazy_gettext("ニーズの応募締切")),
        Placeholder("応募のページ", "apply_page", lazy_gettext("このニーズの応募ページのアドレス")),
    ),
    _readers,
    _sample,
    (LANGUAGE,),
)
