"""What people agreed to in the form, word for word, for the directory's history of a person."""

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, selectinload, undefer

from eventops.directory.happenings import Agreed
from eventops.directory.models import Person
from eventops.registration.host_words import mark_of
from eventops.registration.models import Attendee, Registration
from eventops.registration.participation import MOST, is_person


def of_person(session: Session, person: Person) -> Sequence[Agreed]:
    return [agreed for one in _attendees(session, is_person(person)) for agreed in _of(one)]


def of_registration(session: Session, registration_id: int) -> dict[int, list[Agreed]]:
    """By participant."""
    found = _attendees(session, Registration.id == registration_id)
    return {one.id: list(_of(one)) for one in found}


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


def _of(attendee: Attendee) -> Iterator[Agreed]:
    made = attendee.registration
    title, url = made.event.title, url_for("registration.staff_one", registration_id=made.id)
    for key, word in _words(attendee).items():
        if key in made.told:
            text = made.told[key]
            yield Agreed(word, title, url, made.submitted_at, text, made.language, mark_of(text))
    for row in attendee.host_consents:
        what, said = _("%(host)sへの提供", host=row.host_name), (row.text, row.language, row.version)
        yield Agreed(what, title, url, row.given_at, *said, row.withdrawn_at)


def _words(attendee: Attendee) -> dict[str, str]:
    """What the form asked for, as far as this person agreed to it."""
    found = {"privacy": _("個人情報の取り扱い"), "mail_opt_in": _("案内メール")}
    if attendee.list_consent:
        found["list_consent"] = _("名簿への掲載")
    if attendee.photo_consent:
        found["photo_consent"] = _("写真の掲載")
    return found
