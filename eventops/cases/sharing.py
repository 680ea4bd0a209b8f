"""What co-hosts are given: people who agreed, in the columns that guests were told of, and a note of every time."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.accounts.models import AuditEntry
from eventops.cases.models import SharePlan
from eventops.directory import consents
from eventops.directory.models import Person
from eventops.errors import DomainError, NotFound
from eventops.events.models import Event
from eventops.meetings.models import Application, ApplicationState, MatchingRound, Need, NeedAttendee
from eventops.meetings.rules import ACCEPTING
from eventops.registration import host_consents
from eventops.registration.models import Attendee, HostConsent, Registration, RegistrationState
from eventops.registration.providers import ShareWords

ACTION = "people_shared"


class Column(StrEnum):
    """What of a person may be given away."""

    NAME = "name"
    KANA = "kana"
    ORGANISATION = "organisation"
    DEPARTMENT = "department"
    JOB_TITLE = "job_title"
    PREFECTURE = "prefecture"
    EMAIL = "email"
    PHONE = "phone"


WORDS = {
    Column.NAME: _("氏名"),
    Column.KANA: _("フリガナ"),
    Column.ORGANISATION: _("会社・団体"),
    Column.DEPARTMENT: _("部署"),
    Column.JOB_TITLE: _("役職"),
    Column.PREFECTURE: _("都道府県"),
    Column.EMAIL: _("メールアドレス"),
    Column.PHONE: _("電話番号"),
}
_VALUES: Mapping[Column, Callable[[Person], str]] = {
    Column.NAME: lambda one: one.full_name,
    Column.KANA: lambda one: one.full_kana,
    Column.ORGANISATION: lambda one: one.organisation.name if one.organisation else "",
    Column.DEPARTMENT: lambda one: one.department,
    Column.JOB_TITLE: lambda one: one.job_title,
    Column.PREFECTURE: lambda one: one.organisation.prefecture if one.organisation else "",
    Column.EMAIL: lambda one: one.email,
    Column.PHONE: lambda one: one.phone,
}


USUAL = (Column.NAME, Column.ORGANISATION, Column.JOB_TITLE)
"""What guests are asked to agree to as long as nobody has stated anything else."""
_OF_GUESTS: Mapping[Column, Callable[[Attendee], str]] = {
    Column.NAME: lambda one: one.full_name,
    Column.KANA: lambda one: one.full_kana,
    Column.ORGANISATION: lambda one: one.registration.organisation_name,
    Column.DEPARTMENT: lambda one: one.department,
    Column.JOB_TITLE: lambda one: one.job_title,
    Column.PREFECTURE: lambda one: one.registration.organisation.prefecture if one.registration.organisation else "",
    Column.EMAIL: lambda one: one.email or _as_applicant(one, one.registration.email),
    Column.PHONE: lambda one: _as_applicant(one, one.registration.phone),
}


def _as_applicant(one: Attendee, value: str) -> str:
    """What an application says of its applicant is this participant's where it is one person: nobody else agreed."""
    names = (one.registration.applicant_name, one.full_name)
    return value if len({"".join(name.split()) for name in names}) == 1 else ""


class NoColumns(DomainError):
    """Nobody has said what this host may be given."""

    code = "no_columns_stated"


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who would be given to one host, and how many are left out because they have not agreed to that.

    `guests` said so in the form of the event, each to the columns named there.
    """

    people: Sequence[Person]
    guests: Sequence[HostConsent]
    left_out: int

    @property
    def count(self) -> int:
        return len(self.people) + len(self.guests)


@dataclass(frozen=True, slots=True)
class Shared:
    """A table that has been given away."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def plans_of(session: Session, event_id: int) -> Mapping[str, SharePlan]:
    found = session.scalars(select(SharePlan).where(SharePlan.event_id == event_id))
    return {one.host_name: one for one in found}


def state(
    session: Session,
    *,
    event_id: int,
    host_name: str,
    columns: Sequence[str],
    purpose: str,
    purpose_en: str = "",
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    """Write down what guests were told about this host; exactly these columns may be given."""
    plan = plans_of(session, event_id).get(host_name)
    before = {"columns": plan.columns, "purpose": plan.purpose, "purpose_en": plan.purpose_en} if plan else None
    if plan is None:
        plan = SharePlan(event_id=event_id, host_name=host_name)
        session.add(plan)
    plan.columns = [str(one) for one in Column if one in columns]
    plan.purpose, plan.purpose_en = purpose, purpose_en
    after = {"host": host_name, "columns": plan.columns, "purpose": purpose, "purpose_en": purpose_en}
    audit.record(
        session,
        actor_id=actor_id,
        action="sharing_stated",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        before=before,
        after=after,
    )


def ask_about(
    session: Session, event: Event, *, host_name: str, is_asked: bool, actor_id: int | None, now: dt.datetime
) -> None:
    """Whether guests are asked about a body that is no co-host; co-hosts are asked about always."""
    host = next((one for one in event.hosts if one.name == host_name and one.role != consents.GIVEN_PEOPLE), None)
    if host is None:
        raise NotFound
    before, host.is_given_people = host.is_given_people, is_asked
    audit.record(
        session,
        actor_id=actor_id,
        action="sharing_asked" if is_asked else "sharing_not_asked",
        subject=("event", event.id),
        event_id=event.id,
        now=now,
        before={"asked": before},
        after={"host": host_name, "asked": is_asked},
    )


def words_of(session: Session, event_id: int, hosts: Collection[str]) -> Mapping[str, ShareWords]:
    """What guests are told about these hosts."""
    plans, found = plans_of(session, event_id), {}
    for host in hosts:
        plan = plans.get(host)
        columns = tuple(map(Column, plan.columns)) if plan and plan.columns else USUAL
        words = [WORDS[one] for one in columns]
        purposes = (plan.purpose, plan.purpose_en) if plan else ("", "")
        found[host] = ShareWords(tuple(map(str, columns)), words, *purposes)
    return found


def outlooks(session: Session, event_id: int, hosts: Sequence[str]) -> Mapping[str, Outlook]:
    """By host: the people of the event who agreed that this event's host may have their names."""
    people, elsewhere = people_of(session, event_id), host_consents.agreed_elsewhere(session, event_id)
    said, in_all = host_consents.agreed(session, event_id), _count(session, event_id, people)
    found: dict[str, Outlook] = {}
    for host in hosts:
        guests = said.get(host, [])
        told = {row.attendee.person_id for row in guests}
        known = [one for one in people if one.id in elsewhere.get(host, ()) and one.id not in told]
        found[host] = Outlook(known, guests, in_all - len(known) - len(guests))
    return found


def _count(session: Session, event_id: int, people: Sequence[Person]) -> int:
    """Everybody once: people of the directory, and participants whom it does not know."""
    active = (Registration.event_id == event_id, Attendee.state == RegistrationState.ACTIVE)
    unknown = select(func.count()).select_from(Attendee).join(Attendee.registration)
    return len(people) + (session.scalar(unknown.where(*active, Attendee.person_id.is_(None))) or 0)


def people_of(session: Session, event_id: int) -> Sequence[Person]:
    """People of the event by kana: those who applied or host a need, and the participants known to the directory."""
    ids = _of_meetings(session, event_id) | _of_registrations(session, event_id)
    query = select(Person).where(Person.id.in_(ids)).options(joinedload(Person.organisation))
    return session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def _of_meetings(session: Session, event_id: int) -> set[int]:
    hosts = (
        select(NeedAttendee.person_id)
        .join(Need, Need.id == NeedAttendee.need_id)
        .join(MatchingRound, MatchingRound.id == Need.round_id)
        .where(MatchingRound.event_id == event_id)
    )
    accepted = (Application.state == ApplicationState.RECEIVED, Application.rating.in_(ACCEPTING))
    guests = (
        select(Application.person_id, Application.companion_ids)
        .join(MatchingRound, MatchingRound.id == Application.round_id)
        .where(MatchingRound.event_id == event_id, *accepted)
    )
    found = set(session.scalars(hosts))
    for person_id, companion_ids in session.execute(guests):
        found |= {one for one in (person_id, *companion_ids) if one}
    return found


def _of_registrations(session: Session, event_id: int) -> set[int]:
    query = (
        select(Attendee.person_id)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Registration.event_id == event_id,
            Attendee.state == RegistrationState.ACTIVE,
            Attendee.person_id.is_not(None),
        )
    )
    return {one for one in session.scalars(query) if one}


def share(session: Session, *, event_id: int, host_name: str, actor_id: int | None, now: dt.datetime) -> Shared:
    """The table for one host; who took it, when, which columns and how many people stand in the trail."""
    plan = plans_of(session, event_id).get(host_name)
    if plan is None or not plan.columns:
        raise NoColumns
    columns = [Column(one) for one in plan.columns]
    outlook = outlooks(session, event_id, [host_name])[host_name]
    audit.record(
        session,
        actor_id=actor_id,
        action=ACTION,
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={
            "host": host_name,
            "columns": plan.columns,
            "people": outlook.count,
            "texts": _texts(session, event_id, host_name, outlook),
        },
    )
    known = [[_VALUES[one](person) for one in columns] for person in outlook.people]
    guests = [
        [_OF_GUESTS[one](row.attendee) if one in row.columns else "" for one in columns] for row in outlook.guests
    ]
    return Shared([str(WORDS[one]) for one in columns], [*known, *guests])


def _texts(session: Session, event_id: int, host_name: str, outlook: Outlook) -> list[dict[str, Any]]:
    """What those who are given had read: each text once, with its language and how many agreed to it."""
    said = Counter((row.version, row.language, row.text) for row in outlook.guests)
    said.update(consents.texts_for(session, event_id, host_name, [one.id for one in outlook.people]))
    return [
        {"version": version, "language": language, "text": text, "people": number}
        for (version, language, text), number in sorted(said.items())
    ]


def log(session: Session, event_id: int) -> Sequence[AuditEntry]:
    """Every time that people of this event were given away, newest first."""
    about = (AuditEntry.action == ACTION, AuditEntry.event_id == event_id)
    query = select(AuditEntry).where(*about).options(joinedload(AuditEntry.actor)).order_by(AuditEntry.id.desc())
    return session.scalars(query).all()
