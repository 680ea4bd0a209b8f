"""Letters about money: that it came, and that it is awaited."""

import datetime as dt
import re

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops.billing import queries, terms
from eventops.billing.models import Payment
from eventops.events import pages
from eventops.mail import outbox
from eventops.mail.models import Letter
from eventops.mail.outbox import Draft
from eventops.registration import addresses, letters
from eventops.registration.models import Registration
from eventops.settings import queries as settings_queries

TEMPLATES = {"ja": "billing/letters/{}.txt", "en": "billing/letters/en/{}.txt"}
SUBJECTS = {
    "paid": _("ご入金を確認しました"),
    "reminder": _("参加費のお支払いについて"),
}
REMINDER_KIND = "payment_reminder"


def paid(session: Session, registration: Registration, entry: Payment, *, now: dt.datetime) -> Letter | None:
    """All that was owed has come: the receipt is ready on the private page."""
    if not registration.email:
        return None
    return outbox.put(session, draft(session, registration, "paid", key=f"payment:{entry.id}:paid"), now=now)


def reminder(session: Session, registration: Registration, *, batch: str) -> Draft:
    """What is still awaited; one batch writes to an application once."""
    return draft(session, registration, "reminder", key=f"payment_reminder:{batch}:{registration.id}")


def draft(session: Session, registration: Registration, kind: str, *, key: str) -> Draft:
    """A letter in the applicant's language."""
    event, organiser = registration.event, settings_queries.organiser(session)
    agreed = terms.of_event(session, event)
    paid_yen = queries.paid_yen(session, registration.id)
    with force_locale(registration.language):
        subject = f"【{organiser.alias}】{SUBJECTS[kind]}({pages.plain_title(event, registration.language)})"
        template = current_app.jinja_env.get_template(TEMPLATES[registration.language].format(kind))
        body = template.render(
            registration=registration,
            event=event,
            organiser=organiser,
            paid_yen=paid_yen,
            open_yen=registration.total_yen - paid_yen,
            due_on=terms.due_on(agreed, registration),
            transfer_to=agreed.transfer_to,
            reference=terms.reference(registration),
            link=addresses.absolute("billing.my_payments", token=addresses.token(registration)),
        )
    return Draft(
        key=key,
        kind=f"payment_{kind}",
        to_name=f"{registration.organisation_name} {registration.applicant_name}",
        to_email=registration.email,
        subject=subject,
        body=re.sub(r"\n{3,}", "\n\n", body).strip() + "\n",
        language=registration.language,
        event_id=event.id,
        subject_kind=letters.SUBJECT_KIND,
        subject_id=registration.id,
    )
