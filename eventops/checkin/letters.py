"""The letter that tells one of the staff that a guest of honour has arrived; within the house, in Japanese."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eventops import clock, wareki
from eventops.accounts.models import StaffUser
from eventops.checkin import reading
from eventops.checkin.reading import DoorPart, Holder, Seen
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Reader, Sample
from eventops.mail.outbox import Draft
from eventops.registration.models import Attendee, BadgeCategory, Registration
from eventops.registration.writing.wording import READERS_OFFERED
from eventops.urls import absolute

LANGUAGE: Final = "ja"
SUBJECT_KIND: Final = "attendee"


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, KIND)


def put(session: Session, user: StaffUser, holder: Holder, look: Seen, part: DoorPart, *, undone: int) -> None:
    """Once for each guest, reader and day: a second part of the same day is no second arrival.

    `undone` is how many looks at this guest were taken back: who was told of a wrong one is told of the real one too.
    """
    values = _values(holder, user.name, part_title=part.title, station=look.station, at=look.scanned_at)
    said = texts.written(session, KIND, event_id=look.event_id, language=LANGUAGE, values=values)
    day = look.scanned_at.astimezone(clock.TOKYO).date()
    draft = Draft(
        key=f"arrival:{look.event_id}:{holder.id}:{user.id}:{day:%Y%m%d}:{undone}",
        kind=KIND.code,
        to_name=user.name,
        to_email=user.email,
        subject=said.subject,
        body=said.body,
        language=LANGUAGE,
        event_id=look.event_id,
        subject_kind=SUBJECT_KIND,
        subject_id=holder.id,
        expires_at=clock.tokyo(day + dt.timedelta(days=1), dt.time()),
    )
    outbox.put(session, draft, now=look.scanned_at)


def _values(holder: Holder, name: str, *, part_title: str, station: str, at: dt.datetime) -> Mapping[str, str]:
    return {
        "name": name,
        "guest": f"{holder.family_name} {holder.given_name}".strip(),
        "guest_kana": f"{holder.family_kana} {holder.given_kana}".strip(),
        "organisation": holder.company,
        "position": " ".join(filter(None, (holder.department, holder.job_title))),
        "event": holder.event_title,
        "part": part_title,
        "time": wareki.clock(at),
        "station": station,
        "desk_page": absolute("checkin.monitor", event_id=holder.event_id),
    }


def _readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    """Guests of honour of the event, for choosing whose arrival to look at."""
    words = (Attendee.family_name, Attendee.family_kana, Registration.organisation_name)
    found = session.scalars(
        select(Attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event_id, Attendee.badge_category == BadgeCategory.GUEST_OF_HONOUR)
        .where(or_(*(column.contains(search, autoescape=True) for column in words)))
        .order_by(Attendee.sort_key, Attendee.id)
        .limit(READERS_OFFERED)
    )
    return [Reader(one.id, f"{one.registration.organisation_name} {one.full_name}") for one in found]


def _sample(session: Session, attendee_id: int, _language: str | None) -> Sample:
    """As it would read at the beginning of the event."""
    person = session.get_one(Attendee, attendee_id)
    holder = reading.holder(reading.line(session), attendee_id)
    assert holder is not None
    part = person.registration.event.parts[0]
    values = _values(holder, "事務局", part_title=part.title, station="受付1", at=part.starts_at)
    return Sample("事務局", "", LANGUAGE, values)


KIND = Kind(
    "honour_arrival",
    lazy_gettext("来賓の到着"),
    lazy_gettext("来賓の方を受付したとき、受付の「来賓の知らせ」でメールを選んだ職員へ自動で"),
    "checkin/letters/honour.txt",
    (
        Placeholder("氏名", "name", lazy_gettext("知らせを受ける職員の氏名")),
        Placeholder("来賓", "guest", lazy_gettext("到着した方の氏名")),
        Placeholder("来賓フリガナ", "guest_kana", lazy_gettext("到着した方のフリガナ")),
        Placeholder("所属", "organisation", lazy_gettext("到着した方の会社・団体名")),
        Placeholder("役職", "position", lazy_gettext("到着した方の部署と役職")),
        Placeholder("行事名", "event", lazy_gettext("行事の名前")),
        Placeholder("部", "part", lazy_gettext("受付した部")),
        Placeholder("時刻", "time", lazy_gettext("受付した時刻")),
        Placeholder("窓口", "station", lazy_gettext("受付した窓口か端末の名前")),
        Placeholder("受付のページ", "desk_page", lazy_gettext("受付の状況の画面のアドレス。サインインが要ります")),
    ),
    _readers,
    _sample,
    (LANGUAGE,),
)
