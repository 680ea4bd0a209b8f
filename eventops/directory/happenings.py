"""What features above know of organisations and people: events taken part in, meetings. Each registers itself."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from eventops.directory.models import Person


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history; `who` stands where the history is that of an organisation."""

    day: dt.date
    title: str
    what: str
    url: str
    who: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something that a person agreed to in a form: the words, which `version` stands for, and when."""

    what: str
    title: str
    url: str
    at: dt.datetime
    text: str
    language: str
    version: str
    withdrawn_at: dt.datetime | None = None


OfOrganisations = Callable[[Session, Collection[int]], Sequence[Happening]]
OfPerson = Callable[[Session, Person], Sequence[Happening]]
AgreedBy = Callable[[Session, Person], Sequence[Agreed]]
ORGANISATIONS: Final[dict[str, OfOrganisations]] = {}
PEOPLE: Final[dict[str, OfPerson]] = {}
AGREED: Final[dict[str, AgreedBy]] = {}


def of_organisation(session: Session, organisation_id: int) -> list[Happening]:
    """The latest first."""
    return _latest_first(one for give in ORGANISATIONS.values() for one in give(session, [organisation_id]))


def of_person(session: Session, person: Person) -> list[Happening]:
    """The latest first."""
    return _latest_first(one for give in PEOPLE.values() for one in give(session, person))


def agreed_by(session: Session, person: Person) -> list[Agreed]:
    """What the person agreed to in forms, the latest first."""
    found = (one for give in AGREED.values() for one in give(session, person))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _latest_first(found: Iterable[Happening]) -> list[Happening]:
    return sorted(found, key=lambda one: one.day, reverse=True)
