"""The letters to applicants: what was received, changed, cancelled, and who moved up."""

import datetime as dt
import re

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops.events import pages
from eventops.events.models import Event, Mode
from eventops.mail import outbox
from eventops.mail.models import Letter
from eventops.mail.outbox import AttachmentRef, Draft
from eventops.registration import addresses, labels, queries, tickets
from eventops.registration.models import PlaceState, Registration, RegistrationState
from eventops.settings import queries as settings_queries
from eventops.settings.queries import OrganiserProfile

SUBJECT_KIND = "registration"
TEMPLATES = {"ja": "registration/letters/{}.txt", "en": "registration/letters/en/{}.txt"}
SUBJECTS = {
    "received": _("お申込みを受け付けました"),
    "changed": _("お申込みの内容を変更しました"),
    "promoted": _("お席をご用意できました"),
    "cancelled": _("お申込みを取り消しました"),
}


def received(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    return _put(session, registration, event, "received", now=now)


def changed(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    return _put(session, registration, event, "changed", now=now)


def promoted(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    return _put(session, registration, event, "promoted", now=now)


def cancelled(session: Session, registration: Registration, event: Event, *, now: dt.datetime) -> Letter | None:
    return _put(session, registration, event, "cancelled", now=now)


def _put(session: Session, registration: Registration, event: Event, kind: str, *, now: dt.datetime) -> Letter | None:
    """One letter for one revision of a registration, in the transaction of its cause and the applicant's language.

    Who was registered at the door without an address gets none.
    """
    if not registration.email:
        return None
    session.flush()
    organiser = settings_queries.organiser(session)
    with force_locale(registration.language):
        subject = f"【{organiser.alias}】{SUBJECTS[kind]}({pages.plain_title(event, registration.language)})"
        body = _body(session, registration, event, kind, organiser)
    draft = Draft(
        key=f"registration:{registration.id}:{registration.revision}:{kind}",
        kind=f"registration_{kind}",
        to_name=f"{registration.organisation_name} {registration.applicant_name}",
        to_email=registration.email,
        subject=subject,
        body=body,
        language=registration.language,
        event_id=event.id,
        subject_kind=SUBJECT_KIND,
        subject_id=registration.id,
        attachments=_attachments(registration),
    )
    return outbox.put(session, draft, now=now)


def _body(session: Session, registration: Registration, event: Event, kind: str, organiser: OrganiserProfile) -> str:
    """Rendered without the page's context: the worker and the tests have no request."""
    template = current_app.jinja_env.get_template(TEMPLATES[registration.language].format(kind))
    text = template.render(
        registration=registration,
        event=event,
        parts={part.id: part for part in event.parts},
        organiser=organiser,
        link=addresses.my_page(registration),
        positions=queries.positions(session, registration.id) if _waits(registration) else {},
        ticket_number=tickets.number,
        labels=labels,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _attachments(registration: Registration) -> tuple[AttachmentRef, ...]:
    """A ticket for whom the door expects, dates for whoever has had any."""
    held = [place for person in registration.attendees for place in person.places]
    confirmed = [place for place in held if place.state == PlaceState.CONFIRMED]
    refs = []
    if any(place.mode == Mode.ONSITE for place in confirmed):
        refs.append(AttachmentRef("ticket_pdf", registration.id))
    if confirmed or registration.state == RegistrationState.CANCELLED:
        refs.append(AttachmentRef("event_ics", registration.id))
    return tuple(refs)


def _waits(registration: Registration) -> bool:
    return any(place.state == PlaceState.WAITING for person in registration.attendees for place in person.places)
