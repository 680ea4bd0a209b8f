"""Who sits at the tables of the published timetable, beside who is among the event's participants."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from eventops.directory import names
from eventops.directory.models import Organisation, Person
from eventops.events.models import Part
from eventops.meetings import queries as round_queries
from eventops.meetings.models import NeedAttendee
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import TimetableMeeting
from eventops.registration.models import Attendee, Registration, RegistrationState


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person at a table. `was_there` is who was among the participants and is cancelled."""

    person: Person
    organisation: Organisation
    is_host: bool
    was_there: bool


@dataclass(frozen=True, slots=True)
class Attending:
    """The people of the meetings: who is new, who is a participant already, how many take part from elsewhere."""

    part: Part
    new: tuple[Somebody, ...]
    known: tuple[Somebody, ...]
    remote: int
    nameless: tuple[Organisation, ...]
    """Companies at the venue of which nobody is named."""


def read(session: Session, event_id: int) -> Attending | None:
    """None as long as no timetable is published."""
    found = round_queries.round_of_event(session, event_id)
    version = queries.published(session, found.id) if found is not None else None
    if found is None or version is None:
        return None
    tables = _tables(session, queries.meetings_of(session, version.id))
    register = _Register.read(session, event_id)
    people = _named(session, tables, register)
    return Attending(
        part=found.part,
        new=tuple(one for one in people if not register.has(one.person, one.organisation)),
        known=tuple(one for one in people if register.has(one.person, one.organisation)),
        remote=len(tables.remote - set(tables.seats)),
        nameless=tables.nameless(),
    )


@dataclass(slots=True)
class _Tables:
    """Who sits there, for which company and on which side; `remote` are hosts who take part from elsewhere."""

    companies: dict[int, Organisation] = field(default_factory=dict)
    seats: dict[int, tuple[Organisation, bool]] = field(default_factory=dict)
    remote: set[int] = field(default_factory=set)

    def seat(self, company: Organisation, person_ids: Iterable[int | None], *, is_host: bool) -> None:
        self.companies[company.id] = company
        for one in person_ids:
            if one is not None:
                self.seats.setdefault(one, (company, is_host))

    def nameless(self) -> tuple[Organisation, ...]:
        named = {company.id for company, _is_host in self.seats.values()}
        found = [company for company in self.companies.values() if company.id not in named]
        return tuple(sorted(found, key=lambda one: (one.sort_key, one.id)))


def _tables(session: Session, meetings: Sequence[TimetableMeeting]) -> _Tables:
    hosts, found = _hosts(session, {one.application.need_id for one in meetings}), _Tables()
    for application in (one.application for one in meetings):
        need = application.need
        if need.online_only:
            found.remote.update(hosts[need.id])
        else:
            found.seat(need.organisation, hosts[need.id], is_host=True)
        found.seat(application.organisation, (application.person_id, *application.companion_ids), is_host=False)
    return found


def _hosts(session: Session, need_ids: Iterable[int]) -> Mapping[int, list[int]]:
    query = select(NeedAttendee.need_id, NeedAttendee.person_id).where(NeedAttendee.need_id.in_(set(need_ids)))
    found: defaultdict[int, list[int]] = defaultdict(list)
    for need_id, person_id in session.execute(query.order_by(NeedAttendee.id)):
        found[need_id].append(person_id)
    return found


def _named(session: Session, tables: _Tables, register: "_Register") -> list[Somebody]:
    """Hosts first, then companies and people as the syllabary has them."""
    people = session.scalars(select(Person).where(Person.id.in_(tables.seats)))
    found = [Somebody(one, *tables.seats[one.id], was_there=one.id in register.cancelled_ids) for one in people]
    return sorted(found, key=lambda one: (not one.is_host, one.organisation.sort_key, one.person.sort_key))


class _Participant(NamedTuple):
    """What the list has of somebody, in the order of the statement below."""

    person_id: int | None
    state: str
    email: str
    family_name: str
    given_name: str
    organisation_id: int | None
    organisation_name: str


_PARTICIPANTS = (
    select(
        Attendee.person_id,
        Attendee.state,
        Attendee.email,
        Attendee.family_name,
        Attendee.given_name,
        Registration.organisation_id,
        Registration.organisation_name,
    )
    .join(Attendee.registration)
    .where(Registration.event_id == bindparam("event_id"))
)
_Name = tuple[int | str, str]
"""A company, by its row or by the core of its name, and a name without spaces."""


@dataclass(slots=True)
class _Register:
    """The participants as somebody can be found among them: by row, by address, by company and name."""

    ids: set[int | None] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    named: set[_Name] = field(default_factory=set)
    cancelled_ids: set[int | None] = field(default_factory=set)

    @classmethod
    def read(cls, session: Session, event_id: int) -> "_Register":
        register = cls()
        for row in session.execute(_PARTICIPANTS, {"event_id": event_id}):
            register._note(_Participant(*row))
        return register

    def _note(self, row: _Participant) -> None:
        if row.state == RegistrationState.CANCELLED:
            self.cancelled_ids.add(row.person_id)
            return
        name = _plain(row.family_name + row.given_name)
        self.ids.add(row.person_id)
        self.addresses.add(row.email.strip().lower())
        self.named.add((names.parse(row.organisation_name).core, name))
        if row.organisation_id is not None:
            self.named.add((row.organisation_id, name))

    def has(self, person: Person, company: Organisation) -> bool:
        if person.id in self.ids or (person.email and person.email.strip().lower() in self.addresses):
            return True
        name = _plain(person.family_name + person.given_name)
        return (company.id, name) in self.named or (company.match_core, name) in self.named


def _plain(name: str) -> str:
    return "".join(name.split())
