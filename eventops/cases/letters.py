"""The letter that asks a case's team how things stand; to members of the association's own house, in Japanese."""

import datetime as dt

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from eventops.cases import labels
from eventops.cases.models import Case, CaseReminder
from eventops.mail import outbox
from eventops.mail.outbox import Draft
from eventops.urls import absolute

KIND = "case_reminder"
SUBJECT_KIND = "case"
LANGUAGE = "ja"


def put(session: Session, case: Case, reminder: CaseReminder, *, now: dt.datetime) -> None:
    """One letter to each of the team who has an address."""
    subject, body = _said(case, reminder)
    for member in case.team:
        if not member.email:
            continue
        draft = Draft(
            key=f"case:{case.id}:{reminder.due_on.isoformat()}:{member.id}",
            kind=KIND,
            to_name=member.name,
            to_email=member.email,
            subject=subject,
            body=f"{member.name} 様\n\n{body}",
            language=LANGUAGE,
            event_id=case.event_id,
            subject_kind=SUBJECT_KIND,
            subject_id=case.id,
        )
        outbox.put(session, draft, now=now)


def _said(case: Case, reminder: CaseReminder) -> tuple[str, str]:
    with force_locale(LANGUAGE):
        template = current_app.jinja_env.get_template("cases/letters/reminder.txt")
        text = template.render(case=case, labels=labels, reminder=reminder, url=absolute("cases.one", case_id=case.id))
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"
