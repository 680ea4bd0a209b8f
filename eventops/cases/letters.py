"""The letter that asks a case's team how things stand; to members of the association's own house, in Japanese."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale, lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eventops.cases import labels
from eventops.cases.models import Case, CaseReminder, ReminderKind
from eventops.directory.models import Organisation
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Reader, Sample
from eventops.mail.outbox import Draft
from eventops.registration.writing.wording import READERS_OFFERED
from eventops.settings import queries as settings_queries
from eventops.urls import absolute

SUBJECT_KIND = "case"
LANGUAGE = "ja"


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, KIND)


def put(session: Session, case: Case, reminder: CaseReminder, *, now: dt.datetime) -> None:
    """One letter to each of the team who has an address."""
    for member in case.team:
        if not member.email:
            continue
        values = _values(session, case, reminder.kind, member.name)
        said = texts.written(session, KIND, event_id=case.event_id, language=LANGUAGE, values=values)
        draft = Draft(
            key=f"case:{case.id}:{reminder.due_on.isoformat()}:{member.id}",
            kind=KIND.code,
            to_name=member.name,
            to_email=member.email,
            subject=said.subject,
            body=said.body,
            language=LANGUAGE,
            event_id=case.event_id,
            subject_kind=SUBJECT_KIND,
            subject_id=case.id,
        )
        outbox.put(session, draft, now=now)


def _values(session: Session, case: Case, kind: str, name: str) -> dict[str, str]:
    with force_locale(LANGUAGE):
        blocks: Any = current_app.jinja_env.get_template("cases/letters/blocks.txt").module
        return {
            "name": name,
            "headline": str(labels.REMINDERS[ReminderKind(kind)]),
            "supported": case.organisation.name,
            "case": str(blocks.case(case, labels)).strip("\n"),
            "case_page": absolute("cases.one", case_id=case.id),
            "organiser": settings_queries.organiser(session).alias,
        }


def _readers(session: Session, event_id: int, search: str) -> Sequence[Reader]:
    """Cases that came from this event or from none, for choosing whose letter to look at."""
    query = (
        select(Case)
        .join(Case.organisation)
        .where(or_(Case.event_id == event_id, Case.event_id.is_(None)))
        .where(or_(*(column.contains(search, autoescape=True) for column in (Case.title, Organisation.name))))
        .order_by(Case.id.desc())
    )
    found = session.scalars(query.limit(READERS_OFFERED))
    return [Reader(one.id, f"{one.organisation.name} {one.title}") for one in found]


def _sample(session: Session, case_id: int, _language: str | None) -> Sample:
    """The letter as whoever leads the case would get it."""
    case = session.get_one(Case, case_id)
    values = _values(session, case, ReminderKind.MONTH, case.lead.name)
    return Sample(case.lead.name, case.lead.email, LANGUAGE, values)


KIND = Kind(
    "case_reminder",
    lazy_gettext("案件の確認のお願い"),
    lazy_gettext("案件の1か月後と、その後3か月ごとに、主担当と副担当へ自動で"),
    "cases/letters/reminder.txt",
    (
        Placeholder("氏名", "name", lazy_gettext("主担当か副担当の氏名")),
        Placeholder("確認の時期", "headline", lazy_gettext("1か月後の確認か、四半期の確認か")),
        Placeholder("支援先", "supported", lazy_gettext("案件の支援先の会社名")),
        Placeholder("案件の内容", "case", lazy_gettext("案件名、支援先、段階、担当、次の行動を罫線で囲んだ一覧")),
        Placeholder("案件のページ", "case_page", lazy_gettext("案件の画面のアドレス。サインインが要ります")),
        Placeholder("協会名", "organiser", lazy_gettext("主催者の通称")),
    ),
    _readers,
    _sample,
    (LANGUAGE,),
)
