"""What people typed into the boxes of organisations, people and tags, turned into ids; what cannot be is said there."""

import re
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eventops.directory import lookup
from eventops.directory.models import Organisation, Person
from eventops.meetings import words
from eventops.spreadsheets import words as sheet_words
from eventops.spreadsheets.columns import Fault
from eventops.spreadsheets.values import BadValue

_BETWEEN_TAGS = re.compile(r"[、,;；，]")


def organisation_id(session: Session, field: Any) -> int | None:
    """The organisation meant; None after an error was put beside the field."""
    text = field.data or ""
    known = lookup.read(session)
    code, _space, _name = text.partition(" ")
    try:
        return known.organisations.get(code.lower()) or known.organisation(text)
    except BadValue as bad:
        said = sheet_words.of_fault(Fault(0, "", bad.code, text, bad.details))
        field.errors = [*field.errors, said.partition(": ")[2]]
        return None


def organisation_text(organisation: Organisation) -> str:
    """As the box shows it."""
    return f"{organisation.code} {organisation.name}" if organisation.code else organisation.name


def person_id(session: Session, field: Any, organisation: int) -> int | None:
    """The person of that organisation by number or name; None for an empty box or after an error."""
    text = (field.data or "").strip()
    if not text:
        return None
    squeezed = text.replace(" ", "").replace("　", "")
    by_name = Person.family_name + Person.given_name == squeezed
    query = select(Person.id).where(Person.organisation_id == organisation, or_(Person.code == text, by_name))
    found = session.scalars(query).all()
    if len(found) == 1:
        return found[0]
    field.errors = [*field.errors, words.NO_SUCH_PERSON if not found else words.SEVERAL_PEOPLE]
    return None


def tags(text: str | None) -> list[str]:
    return list(dict.fromkeys(piece.strip() for piece in _BETWEEN_TAGS.split(text or "") if piece.strip()))
