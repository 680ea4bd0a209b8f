"""Whom a mailing is meant for, as staff filtered it, and everybody whom that finds."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from eventops.clock import TOKYO
from eventops.directory import committees
from eventops.directory.models import Person
from eventops.events.models import Event, Mode, Part, PriceCategory
from eventops.mail import unsubscribing
from eventops.mail.models import Letter, LetterState
from eventops.mailings import rules
from eventops.mailings.models import MailingKind
from eventops.mailings.rules import Candidate, Known, Selection
from eventops.registration.listing import roster
from eventops.registration.listing.roster import Filter, Paying, Show
from eventops.registration.models import HELD, Attendee, Place, Registration, RegistrationState
from eventops.registration.writing import letters

REGISTRATION = letters.SUBJECT_KIND
ATTENDEE = "attendee"
PERSON = "person"


EVERYBODY = Filter()


@dataclass(frozen=True, slots=True)
class Audience:
    """A filter over the people of the event, or those who were ticked; for announcements also over other sources.

    Committees narrow a letter to the event's people; for an announcement they are one of the sources.
    """

    people: Filter = EVERYBODY
    mode: Mode | None = None
    ids: tuple[int, ...] = ()
    event_ids: tuple[int, ...] = ()
    committee_ids: tuple[int, ...] = ()
    directory: bool = False


def to_json(audience: Audience) -> dict[str, Any]:
    people = audience.people
    return {
        "show": str(people.show),
        "part": people.part_id,
        "category": people.category,
        "pay": people.paying,
        "tag": people.tag,
        "mode": audience.mode,
        "ids": list(audience.ids),
        "events": list(audience.event_ids),
        "committees": list(audience.committee_ids),
        "directory": audience.directory,
    }


def from_json(stored: Mapping[str, Any]) -> Audience:
    people = Filter(
        show=Show(stored.get("show") or Show.ACTIVE),
        part_id=stored.get("part"),
        category=PriceCategory(stored["category"]) if stored.get("category") else None,
        paying=Paying(stored["pay"]) if stored.get("pay") else None,
        tag=stored.get("tag") or "",
    )
    return Audience(
        people,
        Mode(stored["mode"]) if stored.get("mode") else None,
        tuple(stored.get("ids") or ()),
        tuple(stored.get("events") or ()),
        tuple(stored.get("committees") or ()),
        bool(stored.get("directory")),
    )


def selection(session: Session, event: Event, audience: Audience, *, kind: MailingKind, now: dt.datetime) -> Selection:
    """Who gets the letter, and who does not and why."""
    today = now.astimezone(TOKYO).date()
    candidates = list(_candidates(session, event, audience, kind, today))
    return rules.select(candidates, _known(session, event, candidates, kind), kind=kind, now=now)


def _candidates(
    session: Session, event: Event, audience: Audience, kind: MailingKind, today: dt.date
) -> Iterable[Candidate]:
    asked = _conditions(event, audience)
    if kind is not MailingKind.ANNOUNCEMENT:
        belongs, sent_by_one = _belongs(audience, today)
        yield from _registrations(session, [*asked, or_(belongs, sent_by_one)])
        yield from _attendees(session, [*asked, belongs])
        return
    if audience.ids:
        yield from _registrations(session, asked)
    for event_id in audience.event_ids:
        other = session.get(Event, event_id)
        if other is not None and other.id != event.id:
            yield from _registrations(session, _conditions(other, Audience()))
    if audience.committee_ids:
        yield from _members(session, audience.committee_ids, today)
    if audience.directory:
        yield from _people(session)


def _registrations(session: Session, asked: Sequence[ColumnElement[bool]]) -> Sequence[Candidate]:
    """Applications with at least one person whom the filter shows, by number."""
    fitting = select(Attendee.registration_id).join(Attendee.registration).where(*asked)
    columns = (
        Registration.id,
        Registration.organisation_name,
        Registration.applicant_name,
        Registration.email,
        Registration.language,
        Registration.mail_opt_in,
        Registration.submitted_at,
    )
    rows = session.execute(select(*columns).where(Registration.id.in_(fitting)).order_by(Registration.number))
    return [
        Candidate(REGISTRATION, number, company, name, email.strip(), language, agreed, at)
        for number, company, name, email, language, agreed, at in rows
    ]


def _attendees(session: Session, asked: Sequence[ColumnElement[bool]]) -> Iterable[Candidate]:
    """The people themselves, where their applicant wants that: each address of an application once, after its own."""
    told = (Registration.tells_attendees, Attendee.state == RegistrationState.ACTIVE, Attendee.email != "")
    query = select(Attendee).join(Attendee.registration).options(contains_eager(Attendee.registration))
    found = session.scalars(query.where(*asked, *told).order_by(Registration.number, Attendee.position))
    seen: set[tuple[int, str]] = set()
    for person in found:
        mine, email = person.registration, person.email.strip()
        if email.lower() != mine.email.strip().lower() and (mine.id, email.lower()) not in seen:
            seen.add((mine.id, email.lower()))
            name = (mine.organisation_name, person.full_name)
            yield Candidate(ATTENDEE, person.id, *name, email, mine.language, False, mine.submitted_at)


def _conditions(event: Event, audience: Audience) -> list[ColumnElement[bool]]:
    if audience.ids:
        return [Registration.event_id == event.id, Attendee.id.in_(audience.ids)]
    found = roster.conditions(event, audience.people)
    if audience.mode is not None:
        parts = select(Part.id).where(Part.event_id == event.id)
        if audience.people.part_id is not None:
            parts = parts.where(Part.id == audience.people.part_id)
        held = select(Place.attendee_id).where(
            Place.part_id.in_(parts), Place.mode == audience.mode, Place.state.in_(HELD)
        )
        found.append(Attendee.id.in_(held))
    return found


def _belongs(audience: Audience, today: dt.date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Participants who belong to one of the committees, as the person or by address; applications that one sent."""
    if audience.ids or not audience.committee_ids:
        return true(), true()
    members = committees.member_ids(audience.committee_ids, today)
    addresses = select(func.lower(Person.email)).where(Person.id.in_(members), Person.email != "")
    belongs = or_(Attendee.person_id.in_(members), func.lower(Attendee.email).in_(addresses))
    return belongs, func.lower(Registration.email).in_(addresses)


def _people(session: Session) -> Sequence[Candidate]:
    """Everybody in the directory who agreed to announcements; when they did, the flag does not say."""
    agreed = select(Person).where(Person.mail_opt_in, Person.merged_into_id.is_(None), Person.email != "")
    query = agreed.options(joinedload(Person.organisation)).order_by(Person.sort_key, Person.id)
    return [_person(one, agreed=True) for one in session.scalars(query)]


def _members(session: Session, committee_ids: Sequence[int], today: dt.date) -> Sequence[Candidate]:
    """Who belongs to a committee; announcements want an agreement from them as from everybody."""
    members = Person.id.in_(committees.member_ids(committee_ids, today))
    query = select(Person).where(members, Person.merged_into_id.is_(None)).order_by(Person.sort_key, Person.id)
    loaded = query.options(joinedload(Person.organisation))
    return [_person(one, agreed=one.mail_opt_in) for one in session.scalars(loaded)]


def _person(person: Person, *, agreed: bool) -> Candidate:
    company = person.organisation.name if person.organisation else ""
    return Candidate(PERSON, person.id, company, person.full_name, person.email.strip(), "ja", agreed, None)


def _known(session: Session, event: Event, candidates: Sequence[Candidate], kind: MailingKind) -> Known:
    if kind is not MailingKind.ANNOUNCEMENT:
        return Known()
    addresses = {one.email.lower() for one in candidates if one.email}
    ticked = {one.subject_id for one in candidates if one.subject_kind == REGISTRATION}
    return Known(
        unsubscribing.refused_at(session, addresses),
        _came_back(session),
        _registered(session, event, ticked),
    )


def _came_back(session: Session) -> frozenset[str]:
    """Addresses whose last letter came back."""
    email = func.lower(Letter.to_email)
    back = func.max(case((Letter.state == LetterState.BOUNCED, Letter.id)))
    sent = func.coalesce(func.max(case((Letter.state == LetterState.SENT, Letter.id))), 0)
    return frozenset(session.scalars(select(email).group_by(email).having(back > sent)))


def _registered(session: Session, event: Event, ticked_ids: set[int]) -> frozenset[str]:
    """Addresses that take part in the event already; those that staff ticked among them are meant all the same."""
    rows = session.execute(
        select(Registration.id, func.lower(Registration.email)).where(
            Registration.event_id == event.id, Registration.state == RegistrationState.ACTIVE
        )
    )
    return frozenset(email for number, email in rows if number not in ticked_ids)
