"""Makes participants of the people of the meetings, as staff register by hand: companies apart. Never commits."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.events.models import Event, Mode, Part
from eventops.meetings.attending import people
from eventops.meetings.attending.people import Somebody
from eventops.registration import queries
from eventops.registration import service as registering
from eventops.registration.commands import Application, Claim, Entrant, PersonDetails
from eventops.registration.listing import bulk
from eventops.registration.models import BadgeCategory, Registration, Source

TAG: Final = "面談"
"""By this word staff find these people again, such as to cancel them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it."""

    people: int
    letters: int


def take_in(
    session: Session, *, event_id: int, person_ids: Collection[int], tells: bool, actor_id: int, now: dt.datetime
) -> Taken:
    """Register those of these people who are not there yet; judged under the lock of the event."""
    event = queries.event_for_update(session, event_id)
    found = people.read(session, event_id)
    if found is None:
        raise NotFound
    groups = applications([one for one in found.new if one.person.id in person_ids], event.group_size_max)
    made = [_register(session, event, found.part, group, tells=tells, actor_id=actor_id, now=now) for group in groups]
    session.flush()
    ids = [person.id for registration in made for person in registration.attendees]
    bulk.put_tag(session, bulk.Act(actor_id, now), event_id=event_id, ids=ids, tag=TAG)
    return Taken(len(ids), sum(bool(one.email) for one in made) if tells else 0)


def applications(newcomers: Iterable[Somebody], most: int) -> Iterator[Sequence[Somebody]]:
    """One for each company and side, and more where it has more people than an application may have."""
    for _company, together in groupby(newcomers, key=lambda one: (one.is_host, one.organisation.id)):
        group = list(together)
        for start in range(0, len(group), most):
            yield group[start : start + most]


def written_to(group: Sequence[Somebody]) -> Somebody:
    """Who stands for the application: the first who has an address."""
    return next((one for one in group if one.person.email), group[0])


def _register(
    session: Session,
    event: Event,
    part: Part,
    group: Sequence[Somebody],
    *,
    tells: bool,
    actor_id: int,
    now: dt.datetime,
) -> Registration:
    command = _command(event, part, group, tells=tells)
    made = registering.register(session, command, now=now, actor_id=actor_id)
    made.organisation_id = group[0].organisation.id
    for attendee, one in zip(made.attendees, group, strict=True):
        attendee.person_id = one.person.id
        if one.is_host:
            attendee.badge_category = BadgeCategory.LARGE
    return made


def _command(event: Event, part: Part, group: Sequence[Somebody], *, tells: bool) -> Application:
    """Everybody has a table, so that the part has room for them however many seats it offers to others."""
    company, first = group[0].organisation, written_to(group).person
    return Application(
        event_id=event.id,
        organisation_name=company.name,
        organisation_kana=company.kana,
        claim=Claim.GENERAL,
        applicant_name=first.full_name,
        applicant_kana=first.full_kana,
        email=first.email,
        phone=first.phone,
        entrants=tuple(Entrant(details=_details(one), wishes={part.id: Mode.ONSITE}) for one in group),
        source=Source.STAFF,
        over_capacity=True,
        free_part_id=part.id,
        tells_applicant=tells,
    )


def _details(one: Somebody) -> PersonDetails:
    person = one.person
    return PersonDetails(
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        department=person.department,
        job_title=person.job_title,
        email=person.email,
    )
