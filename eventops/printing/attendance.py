"""Who was checked in to which parts, and the certificates of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from eventops.checkin import queries as door
from eventops.checkin.models import Scan
from eventops.events.models import Event, EventKind
from eventops.printing.certificates import Attended, Certificate, Issuer, Kind
from eventops.printing.guests import number_of
from eventops.printing.imprint import Imprint
from eventops.registration.models import Attendee, Registration
from eventops.settings import queries as settings


def usual_kind(event: Event) -> Kind:
    return Kind.COURSE if event.kind == EventKind.SEMINAR else Kind.ATTENDANCE


def issuer(session: Session, event: Event, kind: Kind, *, now: dt.datetime) -> Issuer:
    organiser = settings.organiser(session)
    return Issuer(
        imprint=Imprint(event=event.title, version="", printed_at=now),
        event_en=event.title_en,
        venue=event.venue_name,
        name=organiser.name,
        name_en=organiser.name_en,
        kind=kind,
    )


def certificates(
    session: Session,
    event: Event,
    *,
    now: dt.datetime,
    part_ids: Collection[int] | None = None,
    registration_id: int | None = None,
) -> list[Certificate]:
    """For everybody who was let in to a part that is over, in 五十音順; of these parts and this application alone."""
    over = [part for part in event.parts if part.ends_at <= now and (part_ids is None or part.id in part_ids)]
    came = _parts_by_attendee(session, event, now=now, registration_id=registration_id)
    made = []
    for person in _people(session, event.id, list(came), registration_id):
        parts = tuple(
            Attended(title=part.title, title_en=part.title_en, starts_at=part.starts_at, ends_at=part.ends_at)
            for part in over
            if part.id in came[person.id]
        )
        if parts:
            made.append(_certificate(event, person, parts))
    return made


def _certificate(event: Event, person: Attendee, parts: tuple[Attended, ...]) -> Certificate:
    return Certificate(
        number=f"{event.code}-{number_of(person)}",
        company=person.registration.organisation_name,
        name=person.full_name.strip(),
        parts=parts,
    )


def _parts_by_attendee(
    session: Session, event: Event, *, now: dt.datetime, registration_id: int | None
) -> Mapping[int, set[int]]:
    """Practice of earlier days and what was taken back at the door do not count."""
    asked = select(Scan.attendee_id, Scan.part_id).where(
        Scan.event_id == event.id, door.is_admission(), door.is_counted(event.parts, now=now)
    )
    if registration_id is not None:
        asked = asked.where(Scan.attendee_id.in_(_of_application(registration_id)))
    found: dict[int, set[int]] = defaultdict(set)
    for attendee_id, part_id in session.execute(asked):
        if attendee_id is not None:
            found[attendee_id].add(part_id)
    return found


def _of_application(registration_id: int) -> Select[int]:
    return select(Attendee.id).where(Attendee.registration_id == registration_id)


def _people(session: Session, event_id: int, came: Sequence[int], registration_id: int | None) -> Sequence[Attendee]:
    asked = (
        select(Attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event_id, Attendee.id.in_(came))
        .options(joinedload(Attendee.registration))
        .order_by(Registration.organisation_sort_key, Registration.id, Attendee.sort_key, Attendee.id)
    )
    return session.scalars(asked if registration_id is None else asked.where(Registration.id == registration_id)).all()
