"""The demonstration's guests: most of the companies that meet have registered their people already."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops.billing.models import PaymentTerms
from eventops.directory.models import Organisation, Person
from eventops.events.models import Event, Mode, Part, PartKind
from eventops.meetings import queries as round_queries
from eventops.meetings.models import Application, Need
from eventops.registration import service
from eventops.registration.commands import Application as RegistrationCommand
from eventops.registration.commands import Claim, Entrant, PersonDetails
from eventops.registration.models import AttendeeTag, PaymentMethod, Source

EVERY_FIFTH = 5
"""Each fifth company has not registered yet, so that there is somebody to wait for, and to try the form with."""
PEOPLE_EACH = 2
EVERY_SEVENTH = 7
WANTS_PAPERS = "資料郵送"
ACCOUNT = """架空銀行 八王子支店(デモ)
普通 0000000
シャ)シュトケンサンギョウカッセイカキョウカイ"""


def add(session: Session, event: Event, *, now: dt.datetime) -> None:
    """Register the people of large and small companies for the parts of the event, and name an account."""
    session.add(PaymentTerms(event_id=event.id, transfer_to=ACCOUNT))
    session.flush()
    for number, organisation in enumerate(_companies(session, event.id), start=1):
        if number % EVERY_FIFTH:
            made = service.register(
                session, _command(event, organisation, number), now=now + dt.timedelta(seconds=number)
            )
            if number % EVERY_SEVENTH == 0:
                made.attendees[0].tags.append(AttendeeTag(tag=WANTS_PAPERS))


def _companies(session: Session, event_id: int) -> Sequence[Organisation]:
    found = round_queries.round_of_event(session, event_id)
    round_id = found.id if found else 0
    hosts = select(Need.organisation_id).where(Need.round_id == round_id)
    guests = select(Application.organisation_id).where(Application.round_id == round_id)
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(hosts.union(guests)))
        .options(selectinload(Organisation.people))
        .order_by(Organisation.id)
    ).all()


def _command(event: Event, organisation: Organisation, number: int) -> RegistrationCommand:
    people = organisation.people[:PEOPLE_EACH]
    first = people[0]
    return RegistrationCommand(
        event_id=event.id,
        organisation_name=organisation.name,
        organisation_kana=organisation.kana,
        claim=Claim.UNKNOWN,
        applicant_name=first.full_name,
        applicant_kana=first.full_kana,
        email=first.email,
        phone=first.phone,
        entrants=tuple(_entrant(event, person, number + offset) for offset, person in enumerate(people)),
        payment_method=PaymentMethod.BANK_TRANSFER,
        source=Source.STAFF,
        submission_key=f"demonstration-{event.code}-{number}",
    )


def _entrant(event: Event, person: Person, number: int) -> Entrant:
    return Entrant(
        details=PersonDetails(
            family_name=person.family_name,
            given_name=person.given_name,
            family_kana=person.family_kana,
            given_kana=person.given_kana,
            department=person.department,
            job_title=person.job_title,
            email=person.email,
            dietary_need=person.dietary_need,
            accommodation_request=person.accommodation_request,
            list_consent=person.list_consent,
            photo_consent=person.photo_consent,
        ),
        wishes={part.id: Mode.ONSITE for part in event.parts if _goes(part, number)},
    )


def _goes(part: Part, number: int) -> bool:
    return part.kind != PartKind.SOCIAL or number % 2 == 0
