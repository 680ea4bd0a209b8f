"""Events in which an organisation or a person took part, for the directory's history."""

from collections.abc import Collection, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventops.directory.happenings import Happening
from eventops.directory.models import Person
from eventops.registration import labels, providers
from eventops.registration.models import Attendee, PlaceState, Registration, RegistrationState

MOST = 200


def of_organisations(session: Session, organisation_ids: Collection[int]) -> Sequence[Happening]:
    return _happenings(session, Registration.organisation_id.in_(organisation_ids))


def of_person(session: Session, person: Person) -> Sequence[Happening]:
    return _happenings(session, is_person(person))


def is_person(person: Person) -> ColumnElement[bool]:
    """By the link to the directory where there is one, else by address, or by name within the organisation."""
    ways: list[ColumnElement[bool]] = [Attendee.person_id == person.id]
    if person.email:
        ways.append(and_(func.lower(Attendee.email) == person.email.lower(), Attendee.sort_key == person.sort_key))
    if person.organisation_id is not None:
        same = Registration.organisation_id == person.organisation_id
        ways.append(and_(same, Attendee.sort_key == person.sort_key))
    return or_(*ways)


def _happenings(session: Session, wanted: ColumnElement[bool]) -> list[Happening]:
    query = (
        select(Attendee)
        .join(Attendee.registration)
        .join(Registration.event)
        .where(wanted)
        .options(
            contains_eager(Attendee.registration).contains_eager(Registration.event),
            selectinload(Attendee.places),
        )
        .order_by(Registration.submitted_at.desc())
        .limit(MOST)
    )
    found = session.scalars(query).all()
    came: set[int] = set()
    for event in {person.registration.event for person in found}:
        mine = [person.id for person in found if person.registration.event is event]
        came |= set(providers.arrival_times(session, event, mine))
    return [_happening(person, has_come=person.id in came) for person in found]


def _happening(person: Attendee, *, has_come: bool) -> Happening:
    registration = person.registration
    word, tone = _standing(person, has_come)
    return Happening(
        day=registration.event.held_on,
        title=registration.event.title,
        what=word,
        url=url_for("registration.staff_one", registration_id=registration.id),
        who=person.full_name,
        tone=tone,
    )


def _standing(person: Attendee, has_come: bool) -> tuple[str, str]:
    if person.state == RegistrationState.CANCELLED:
        return str(labels.STATES[RegistrationState.CANCELLED]), "neutral"
    if has_come:
        return _("来場"), "ok"
    states = {place.state for place in person.places}
    if PlaceState.CONFIRMED in states:
        return _("申込"), "info"
    return (_("キャンセル待ち"), "warn") if PlaceState.WAITING in states else (_("満席"), "neutral")
