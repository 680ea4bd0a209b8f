"""Reads of the directory: lists by kana, one organisation with its people, names to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops.directory import kana, names
from eventops.directory.models import Organisation, Person
from eventops.errors import NotFound

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how long the whole is."""

    rows: Sequence[Organisation]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def organisations(session: Session, *, text: str = "", category: str = "", page: int = 1) -> Page:
    """Organisations in the order of the syllabary whose name, reading or number contains the text."""
    wanted = [*([_matches(text)] if text else []), *([Organisation.category == category] if category else [])]
    total = session.scalar(select(func.count()).select_from(Organisation).where(*wanted)) or 0
    query = select(Organisation).options(selectinload(Organisation.memberships)).where(*wanted)
    ordered = query.order_by(Organisation.sort_key, Organisation.id)
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    return Page(session.scalars(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all(), total, number)


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
    return {row.category: row.organisations for row in session.execute(counts)}


def organisation(session: Session, organisation_id: int) -> Organisation:
    """With memberships and people; raises `NotFound`."""
    query = select(Organisation).options(selectinload(Organisation.memberships), selectinload(Organisation.people))
    found = session.scalar(query.where(Organisation.id == organisation_id))
    if found is None:
        raise NotFound
    return found


def people(session: Session, *, text: str, limit: int = PAGE_SIZE) -> Sequence[Person]:
    """People whose reading, name or address contains the text, by reading."""
    key, squeezed = kana.sort_key(text), text.replace(" ", "").replace("　", "")
    full_name = Person.family_name + Person.given_name
    wanted = or_(
        Person.sort_key.contains(key, autoescape=True) if key else false(),
        full_name.contains(squeezed, autoescape=True),
        Person.email.contains(text, autoescape=True),
    )
    query = select(Person).options(joinedload(Person.organisation)).where(wanted)
    return session.scalars(query.order_by(Person.sort_key, Person.id).limit(limit)).all()


def organisation_choices(session: Session) -> list[str]:
    """「O0001 名称」 for the boxes in which an organisation is typed."""
    query = select(Organisation.code, Organisation.name).order_by(Organisation.sort_key, Organisation.id)
    return [f"{code} {name}" if code else name for code, name in session.execute(query)]
