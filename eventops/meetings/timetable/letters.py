"""The letter that a published timetable sends to the people of one company."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import links
from eventops.directory.models import Organisation, Person
from eventops.links import LinkRef, Purpose
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Reader, Sample
from eventops.mail.outbox import AttachmentRef, Draft
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import days, queries
from eventops.meetings.timetable import told as telling
from eventops.meetings.timetable.days import Day
from eventops.meetings.timetable.models import ParticipantPage, Timetable
from eventops.registration.writing import addresses, wording
from eventops.registration.writing.wording import READERS_OFFERED
from eventops.settings import queries as settings_queries

SUBJECT_KIND = "participant_page"
FIRST = 1
LANGUAGE = "ja"
"""Readers have not said what they read, and whoever publishes may read English."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says of its version beside the meetings."""

    version: int
    is_preliminary: bool
    address: str


ABOUT_TIMETABLES = (
    Placeholder("お知らせの件名", "headline", lazy_gettext("はじめての時間割か、変更かに合わせた件名")),
    Placeholder("時間割のお知らせ", "news", lazy_gettext("はじめての時間割か、変更かに合わせた一文と版の番号")),
    Placeholder("面談の一覧", "meetings", lazy_gettext("この会社の面談の時刻、卓、相手、内容")),
    Placeholder("時間割ページ", "timetable_page", lazy_gettext("会社ごとの時間割のページのアドレス")),
)


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, KIND)


def token_of(page: ParticipantPage) -> str:
    """The secret part of the page's address."""
    return links.issue(LinkRef(page.id, page.link_issue), Purpose.MEETINGS, key=current_app.config["SECRET_KEY"])


def address_of(page: ParticipantPage) -> str:
    """The page's whole address, for letters."""
    return addresses.absolute("meetings.personal_page", token=token_of(page))


def put(
    session: Session,
    timetable: Timetable,
    page: ParticipantPage,
    organisation: Organisation,
    name: str,
    email: str,
    *,
    is_bulk: bool,
    now: dt.datetime,
) -> None:
    """One letter for one address and version, in the transaction of the publication."""
    event = timetable.round.event
    values = _as_it_stands(session, timetable, page, organisation, name)
    said = texts.written(session, KIND, event_id=event.id, language=LANGUAGE, values=values)
    draft = Draft(
        key=f"timetable:{timetable.id}:{page.id}:{email}",
        kind=KIND.code,
        to_name=f"{organisation.name} {name}",
        to_email=email,
        subject=said.subject,
        body=said.body,
        language=LANGUAGE,
        event_id=event.id,
        subject_kind=SUBJECT_KIND,
        subject_id=page.id,
        attachments=(AttachmentRef("meetings_ics", page.id),),
        is_bulk=is_bulk,
    )
    outbox.put(session, draft, now=now)


def foreseen(
    session: Session,
    timetable: Timetable,
    organisation: Organisation,
    name: str,
    *,
    version: int,
    is_preliminary: bool,
) -> texts.Worded:
    """The letter that publishing the draft as this version would send; the page's address is made only then."""
    with force_locale(LANGUAGE):
        address = _("(貴社専用ページのアドレス)")
    day = days.day_of(session, timetable, organisation.id, telling.lying)
    told = Told(version, is_preliminary, address)
    values = _values(session, timetable, organisation, name, day, told)
    return texts.written(session, KIND, event_id=timetable.round.event_id, language=LANGUAGE, values=values)


def _values(
    session: Session,
    timetable: Timetable,
    organisation: Organisation,
    name: str,
    day: Day,
    told: Told,
) -> dict[str, str]:
    older = telling.version_of(session, timetable.round_id, told.version - 1)
    changes = days.changes(days.day_of(session, older, organisation.id), day) if older is not None else ()
    is_settled = older is not None and older.is_preliminary and not told.is_preliminary
    with force_locale(LANGUAGE):
        blocks: Any = current_app.jinja_env.get_template("meetings/letters/blocks.txt").module
        return {
            "name": name,
            "company": organisation.name,
            **wording.about_event(timetable.round.event, settings_queries.organiser(session), language=LANGUAGE),
            "headline": _headline(told, is_settled=is_settled),
            "news": str(blocks.news(told, told.version == FIRST, is_settled, changes)).strip(),
            "meetings": str(blocks.meetings(day, timetable.round.event.online_url)).strip("\n"),
            "timetable_page": told.address,
        }


def _headline(told: Told, *, is_settled: bool) -> str:
    if told.is_preliminary:
        return str(_("面談時間割(予定)のお知らせ") if told.version == FIRST else _("面談時間割(予定)の変更のお知らせ"))
    if is_settled:
        return str(_("面談時間割の確定のお知らせ"))
    return str(_("面談時間割のお知らせ") if told.version == FIRST else _("面談時間割の変更のお知らせ"))


def readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    """Companies that have a page of their own, for choosing whose letter to look at."""
    query = (
        select(ParticipantPage.id, Organisation.name)
        .join(Organisation, Organisation.id == ParticipantPage.organisation_id)
        .join(MatchingRound, MatchingRound.id == ParticipantPage.round_id)
        .where(MatchingRound.event_id == event_id, Organisation.name.contains(search, autoescape=True))
        .order_by(Organisation.sort_key)
    )
    return [Reader(row.id, row.name) for row in session.execute(query.limit(READERS_OFFERED))]


def _sample(session: Session, page_id: int, _language: str | None) -> Sample:
    """The letter as somebody of this company would get it now."""
    page = session.get_one(ParticipantPage, page_id)
    timetable = queries.published(session, page.round_id) or queries.draft_of(session, page.round_id)
    organisation = session.get_one(Organisation, page.organisation_id)
    person = session.scalars(
        select(Person).where(Person.organisation_id == organisation.id).order_by(Person.id)
    ).first()
    name, email = (person.full_name, person.email) if person else ("", "")
    values = _as_it_stands(session, timetable, page, organisation, name) if timetable else {}
    return Sample(f"{organisation.name} {name}", email, LANGUAGE, values)


def _as_it_stands(
    session: Session, timetable: Timetable, page: ParticipantPage, organisation: Organisation, name: str
) -> dict[str, str]:
    day = days.day_of(session, timetable, organisation.id)
    told = Told(timetable.version or FIRST, timetable.is_preliminary, address_of(page))
    return _values(session, timetable, organisation, name, day, told)


KIND = Kind(
    "timetable",
    lazy_gettext("面談時間割のお知らせ"),
    lazy_gettext("時間割を確定したとき。2回目からは変わった会社だけに"),
    "meetings/letters/timetable.txt",
    (*wording.ABOUT_READERS, *wording.ABOUT_EVENTS, *ABOUT_TIMETABLES),
    readers,
    _sample,
    (LANGUAGE,),
)
