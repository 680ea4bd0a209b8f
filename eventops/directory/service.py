"""Finding or making the organisation and the person behind a public form, and what staff change in the directory."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.directory import kana, lookup, names
from eventops.directory.models import Membership, Organisation, OrganisationCategory, OrganisationSize, Person
from eventops.directory.rules import membership_on


@dataclass(frozen=True, slots=True)
class PersonAsTyped:
    """A person as a guest typed it."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    email: str
    phone: str = ""
    department: str = ""
    job_title: str = ""

    @property
    def squeezed(self) -> str:
        return f"{self.family_name}{self.given_name}".replace(" ", "").replace("　", "")


@dataclass(frozen=True, slots=True)
class OrganisationValues:
    """What staff may write about an organisation."""

    name: str
    kana: str
    category: str
    size: str
    unit: str
    prefecture: str
    city: str
    phone: str
    note: str
    is_member: bool
    member_number: str


def find_or_make_organisation(session: Session, *, name: str, kana_name: str) -> Organisation:
    """The one known organisation of that name; anything less certain becomes a new one for staff to look at."""
    known = lookup.read(session).register.match(name).id
    if known is not None:
        return session.get_one(Organisation, known)
    organisation = Organisation(
        name=name,
        kana=kana.katakana(kana_name),
        sort_key=kana.sort_key(kana_name),
        match_core=names.parse(name).core,
        category=OrganisationCategory.CORPORATION,
        size=OrganisationSize.SME,
        note="応募フォームから登録",
    )
    session.add(organisation)
    session.flush()  # callers refer to its id
    return organisation


def find_or_make_person(session: Session, *, organisation_id: int, typed: PersonAsTyped) -> Person:
    """The person of that organisation with the address; what is known of them is not overwritten by a form."""
    same = (Person.organisation_id == organisation_id, func.lower(Person.email) == typed.email.lower())
    unmerged = Person.merged_into_id.is_(None)
    known = session.scalar(select(Person).where(*same, unmerged).order_by(Person.id).limit(1))
    return known or _make_person(session, organisation_id, typed)


def find_or_make_by_name(session: Session, *, organisation_id: int, typed: PersonAsTyped) -> Person:
    """Somebody named without an address, as those who come along are."""
    same = (Person.organisation_id == organisation_id, Person.family_name + Person.given_name == typed.squeezed)
    unmerged = Person.merged_into_id.is_(None)
    known = session.scalar(select(Person).where(*same, unmerged).order_by(Person.id).limit(1))
    return known or _make_person(session, organisation_id, typed)


def _make_person(session: Session, organisation_id: int, typed: PersonAsTyped) -> Person:
    person = Person(
        organisation_id=organisation_id,
        family_name=typed.family_name,
        given_name=typed.given_name,
        family_kana=kana.katakana(typed.family_kana),
        given_kana=kana.katakana(typed.given_kana),
        sort_key=kana.sort_key(typed.family_kana + typed.given_kana),
        department=typed.department,
        job_title=typed.job_title,
        email=typed.email,
        phone=typed.phone,
    )
    session.add(person)
    session.flush()  # callers refer to its id
    return person


def save_organisation(
    session: Session,
    *,
    organisation_id: int | None,
    values: OrganisationValues,
    actor_id: int | None,
    now: dt.datetime,
    today: dt.date,
) -> Organisation:
    """Add an organisation or change it; membership begins or ends today."""
    organisation = session.get_one(Organisation, organisation_id) if organisation_id else Organisation(memberships=[])
    for name in ("name", "category", "size", "unit", "prefecture", "city", "phone", "note"):
        setattr(organisation, name, getattr(values, name))
    organisation.kana = kana.katakana(values.kana)
    organisation.sort_key = kana.sort_key(values.kana)
    organisation.match_core = names.parse(values.name).core
    _set_membership(organisation, values, today)
    session.add(organisation)
    session.flush()
    subject = ("organisation", organisation.id)
    audit.record(session, actor_id=actor_id, action="organisation_saved", subject=subject, now=now)
    return organisation


def _set_membership(organisation: Organisation, values: OrganisationValues, today: dt.date) -> None:
    current = membership_on(organisation.memberships, today)
    if current is not None and not values.is_member:
        current.ends_on = today
    elif current is not None:
        current.member_number = values.member_number
    elif values.is_member:
        organisation.memberships.append(Membership(member_number=values.member_number, starts_on=today))
