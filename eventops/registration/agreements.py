"""What people agreed to in the form, word for word, for the directory's history of a person."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, selectinload, undefer

from eventops.accounts.models import AuditEntry
from eventops.directory.happenings import Agreed
from eventops.directory.models import Person
from eventops.registration import history
from eventops.registration.host_words import mark_of
from eventops.registration.models import Attendee, Registration
from eventops.registration.participation import MOST, is_person

SUBSTITUTED: Final = "attendee_substituted"
_CHANGES: Final = ("attendee_changed", SUBSTITUTED)
Moments = dict[tuple[int, int, str], dt.datetime]
"""By application, position and field: when a box was ticked that was not ticked in the application."""


def of_person(session: Session, person: Person) -> Sequence[Agreed]:
    found = _attendees(session, is_person(person))
    later = _ticked_later(session, found)
    return [agreed for one in found for agreed in _of(one, later)]


def of_registration(session: Session, registration_id: int) -> dict[int, list[Agreed]]:
    """By participant."""
    found = _attendees(session, Registration.id == registration_id)
    later = _ticked_later(session, found)
    return {one.id: list(_of(one, later)) for one in found}


def _attendees(session: Session, wanted: ColumnElement[bool]) -> Sequence[Attendee]:
    """With the words, which no other page reads."""
    registration = contains_eager(Attendee.registration)
    query = (
        select(Attendee)
        .join(Attendee.registration)
        .join(Registration.event)
        .where(wanted)
        .options(
            registration.contains_eager(Registration.event),
            registration.options(undefer(Registration.told)),
            selectinload(Attendee.host_consents),
        )
        .order_by(Registration.submitted_at.desc())
        .limit(MOST)
    )
    return session.scalars(query).all()


def _ticked_later(session: Session, found: Sequence[Attendee]) -> Moments:
    """From the history: a substitute ticks anew, and a correction may tick what was left empty."""
    changed = {one.registration_id for one in found if one.registration.revision}
    if not changed:
        return {}
    mine = (AuditEntry.subject_kind == history.SUBJECT, AuditEntry.subject_id.in_(changed))
    query = select(AuditEntry).where(*mine, AuditEntry.action.in_(_CHANGES)).order_by(AuditEntry.id)
    moments: Moments = {}
    for entry in session.scalars(query):
        before, after = entry.before or {}, entry.after or {}
        for name in ("list_consent", "photo_consent"):
            if after.get(name) and (entry.action == SUBSTITUTED or not before.get(name)):
                moments[entry.subject_id or 0, after["position"], name] = entry.at
    return moments


def _of(attendee: Attendee, later: Moments) -> Iterator[Agreed]:
    made = attendee.registration
    title, url = made.event.title, url_for("registration.staff_one", registration_id=made.id)
    for key, word in _words(attendee).items():
        at = later.get((made.id, attendee.position, key))
        if at is not None:
            yield Agreed(word, title, url, at, "", "", "")
        elif key in made.told:
            text = made.told[key]
            yield Agreed(word, title, url, made.submitted_at, text, made.language, mark_of(text))
    for row in attendee.host_consents:
        what, said = _("%(host)sへの提供", host=row.host_name), (row.text, row.language, row.version)
        yield Agreed(what, title, url, row.given_at, *said, row.withdrawn_at)


def _words(attendee: Attendee) -> dict[str, str]:
    """What this person agreed to: some boxes are the applicant's alone, others stand beside each participant."""
    found = {}
    if _applied(attendee):
        found = {"privacy": _("個人情報の取り扱い"), "mail_opt_in": _("案内メール")}
    if attendee.list_consent:
        found["list_consent"] = _("名簿への掲載")
    if attendee.photo_consent:
        found["photo_consent"] = _("写真の掲載")
    return found


def _applied(attendee: Attendee) -> bool:
    """Whether this is the one who sent the application: of that name, and of no other address."""
    made = attendee.registration
    names = ("".join(name.split()) for name in (attendee.full_name, made.applicant_name))
    return len(set(names)) == 1 and attendee.email.strip().lower() in ("", made.email.strip().lower())
