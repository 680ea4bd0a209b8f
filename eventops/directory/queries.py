"""Reads of the directory: lists by kana, one organisation with its people, names to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops.directory import kana, names
from eventops.directory.models import Consent, Organisation, Person
from eventops.errors import NotFound

PAGE_SIZE = 50
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list, and how long the whole is."""

    rows: Sequence[R]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def organisations(session: Session, *, text: str = "", category: str = "", page: int = 1) -> Page[Organisation]:
    """Organisations in the order of the syllabary whose name, reading or number contains the text."""
    wanted = _wanted(text, category)
    total = session.scalar(select(func.count()).select_from(Organisation).where(*wanted)) or 0
    query = select(Organisation).options(selectinload(Organisation.memberships)).where(*wanted)
    ordered = query.order_by(Organisation.sort_key, Organisation.id)
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    return Page(session.scalars(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all(), total, number)


def every_organisation(session: Session, *, text: str = "", category: str = "") -> Sequence[Organisation]:
    """As `organisations`, all pages of it, with sites."""
    query = select(Organisation).where(*_wanted(text, category))
    loading = (selectinload(Organisation.memberships), selectinload(Organisation.sites))
    return session.scalars(query.options(*loading).order_by(Organisation.sort_key, Organisation.id)).all()


def _wanted(text: str, category: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Organisation.merged_into_id.is_(None)]
    if text:
        found.append(_matches(text))
    if category:
        found.append(Organisation.category == category)
    return found


def _matches(text: str) -> ColumnElement[bool]:
    """By reading when it can be read, by name, and by number; `%` and `_` stand for themselves."""
    key, core = kana.sort_key(text), names.parse(text).core
    return or_(
        Organisation.sort_key.contains(key, autoescape=True) if key else false(),
        Organisation.name.contains(text, autoescape=True),
        Organisation.match_core.contains(core, autoescape=True) if core else false(),
        func.upper(Organisation.code) == text.upper(),
    )


def category_counts(session: Session) -> dict[str, int]:
    counts = select(Organisation.category, func.count().label("organisations")).group_by(Organisation.category)
    counts = counts.where(Organisation.merged_into_id.is_(None))
    return {row.category: row.organisations for row in session.execute(counts)}


def organisation(session: Session, organisation_id: int) -> Organisation:
    """With memberships and people; raises `NotFound`."""
    query = select(Organisation).options(
        selectinload(Organisation.memberships),
        selectinload(Organisation.sites),
        selectinload(Organisation.people),
    )
    found = session.scalar(query.where(Organisation.id == organisation_id))
    if found is None:
        raise NotFound
    return found


Conditions = Sequence[ColumnElement[bool]]


def people(session: Session, *, text: str, limit: int | None = PAGE_SIZE, among: Conditions = ()) -> Sequence[Person]:
    """People whose reading, name or address contains the text, by reading; all of them without a limit."""
    query = select(Person).options(joinedload(Person.organisation)).where(*_of_people(text), *among)
    return session.scalars(query.order_by(Person.sort_key, Person.id).limit(limit)).all()


def page_of_people(session: Session, *, text: str = "", page: int = 1, among: Conditions = ()) -> Page[Person]:
    wanted = [*_of_people(text), *among]
    total = session.scalar(select(func.count()).select_from(Person).where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    query = select(Person).options(joinedload(Person.organisation)).where(*wanted).order_by(Person.sort_key, Person.id)
    return Page(session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all(), total, number)


def _of_people(text: str) -> list[ColumnElement[bool]]:
    standing = Person.merged_into_id.is_(None)
    if not text:
        return [standing]
    key, squeezed = kana.sort_key(text), text.replace(" ", "").replace("　", "")
    ways = (
        Person.sort_key.contains(key, autoescape=True) if key else false(),
        (Person.family_name + Person.given_name).contains(squeezed, autoescape=True),
        Person.email.contains(text, autoescape=True),
    )
    return [standing, or_(*ways)]


def person(session: Session, person_id: int) -> Person:
    """With organisation, its sites, and consents; raises `NotFound`."""
    query = select(Person).options(
        joinedload(Person.organisation).selectinload(Organisation.sites),
        joinedload(Person.site),
        selectinload(Person.consents).options(joinedload(Consent.recorded_by), joinedload(Consent.event)),
    )
    found = session.scalar(query.where(Person.id == person_id))
    if found is None:
        raise NotFound
    return found


def organisation_choices(session: Session) -> list[str]:
    """「O0001 名称」 for the boxes in which an organisation is typed."""
    query = select(Organisation.code, Organisation.name).where(Organisation.merged_into_id.is_(None))
    query = query.order_by(Organisation.sort_key, Organisation.id)
    return [f"{code} {name}" if code else name for code, name in session.execute(query)]
