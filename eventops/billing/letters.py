"""Letters about money: that it came, and that it is awaited."""

import datetime as dt
from dataclasses import replace

from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops.billing import wording
from eventops.billing.models import Payment
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind
from eventops.mail.models import Letter
from eventops.mail.outbox import Draft
from eventops.registration.models import Registration
from eventops.registration.writing import letters
from eventops.registration.writing.wording import readers

REMINDER_KIND = "payment_reminder"
PAID = Kind(
    "payment_paid",
    _("ご入金の確認"),
    _("参加費の全額が入金されたとき"),
    "billing/letters/paid.txt",
    wording.PLACEHOLDERS,
    readers,
    wording.sample,
)
REMINDER = Kind(
    REMINDER_KIND,
    _("お支払いのお願い"),
    _("職員が「入金」の画面から送るとき"),
    "billing/letters/reminder.txt",
    wording.PLACEHOLDERS,
    readers,
    wording.sample,
)


def init_letters(app: Flask) -> None:
    """Let staff word these letters."""
    kinds.register(app, PAID, REMINDER)


def paid(session: Session, registration: Registration, entry: Payment, *, now: dt.datetime) -> Letter | None:
    """All that was owed has come: the receipt is ready on the private page."""
    if not registration.email:
        return None
    return outbox.put(session, draft(session, registration, PAID, key=f"payment:{entry.id}:paid"), now=now)


def reminder(session: Session, registration: Registration, *, batch: str) -> Draft:
    """What is still awaited; one batch writes to an application once, at the pace of letters to many."""
    written = draft(session, registration, REMINDER, key=f"payment_reminder:{batch}:{registration.id}")
    return replace(written, is_bulk=True)


def draft(session: Session, registration: Registration, kind: Kind, *, key: str) -> Draft:
    """A letter in the applicant's language."""
    language = registration.language
    values = wording.values(session, registration, language=language)
    said = texts.written(session, kind, event_id=registration.event_id, language=language, values=values)
    return letters.draft(registration, kind.code, said, key=key)
