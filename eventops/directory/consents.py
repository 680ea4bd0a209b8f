"""What a person has agreed to: given and withdrawn with day and source; the person's flag says how things stand now."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.directory.models import Consent, ConsentPurpose, ConsentSource, Person
from eventops.events.models import Event, EventHost, HostRole

GIVEN_PEOPLE = HostRole.CO_HOST
"""Such bodies may be given people, and others that staff name. Guests are asked about these alone."""


@dataclass(frozen=True, slots=True)
class Word:
    """Who said it how, and when; `recorded_by_id` is the member of staff who wrote it down.

    `event_id` and `host_name` say to whom the person may be named, where that is what was agreed to; `text` is what
    the person read, in `language`, and `version` stands for it.
    """

    source: ConsentSource
    day: dt.date
    note: str = ""
    recorded_by_id: int | None = None
    event_id: int | None = None
    host_name: str = ""
    text: str = ""
    language: str = ""
    version: str = ""


def hosts_of(event: Event) -> Sequence[str]:
    """Whom guests of this event are asked about, and who may therefore be given those who agreed."""
    return [host.name for host in event.hosts if host.role == GIVEN_PEOPLE or host.is_given_people]


def every_host(session: Session) -> Sequence[EventHost]:
    """The same of all events, the latest event first."""
    given = or_(EventHost.role == GIVEN_PEOPLE, EventHost.is_given_people)
    query = select(EventHost).join(EventHost.event).where(given)
    query = query.options(joinedload(EventHost.event))
    return session.scalars(query.order_by(Event.held_on.desc(), Event.id, EventHost.position)).all()


def agreed_for(session: Session, event_id: int) -> Mapping[str, Mapping[int, dt.date]]:
    """By host of this event: the ids of those who agreed to be named to it and have not taken that back, since when."""
    query = select(Consent.host_name, Consent.person_id, Consent.given_on).join(Consent.person)
    standing = (Consent.withdrawn_on.is_(None), Person.share_consent)
    return _latest(session, query.where(*_about(event_id), *standing))


def withdrawn_for(session: Session, event_id: int) -> Mapping[str, Mapping[int, dt.date]]:
    """By host of this event: who took back what was agreed to, and when last."""
    query = select(Consent.host_name, Consent.person_id, Consent.withdrawn_on)
    return _latest(session, query.where(*_about(event_id), Consent.withdrawn_on.is_not(None)))


def _about(event_id: int) -> tuple[ColumnElement[bool], ...]:
    return Consent.purpose == ConsentPurpose.SHARE, Consent.event_id == event_id


def texts_for(
    session: Session, event_id: int, host_name: str, person_ids: Sequence[int]
) -> Sequence[tuple[str, str, str]]:
    """For each of these people, what they had read when they last agreed to this host: version, language and text."""
    query = select(Consent.person_id, Consent.version, Consent.language, Consent.text).where(
        *_about(event_id), Consent.host_name == host_name, Consent.person_id.in_(person_ids)
    )
    standing = query.where(Consent.withdrawn_on.is_(None)).order_by(Consent.id)
    return list({row.person_id: (row.version, row.language, row.text) for row in session.execute(standing)}.values())


def _latest(session: Session, query: Select[str, int, dt.date | None]) -> Mapping[str, Mapping[int, dt.date]]:
    found: defaultdict[str, dict[int, dt.date]] = defaultdict(dict)
    for host_name, person_id, day in session.execute(query):
        days = found[host_name]
        days[person_id] = max(day or dt.date.min, days.get(person_id, dt.date.min))
    return found


def give(person: Person, purpose: ConsentPurpose, word: Word) -> bool:
    """Write an agreement down; False when the person has agreed to just this already."""
    if getattr(person, purpose) and (purpose != ConsentPurpose.SHARE or _meant(person, purpose, word)):
        return False
    setattr(person, purpose, True)
    person.consents.append(
        Consent(
            purpose=purpose,
            source=word.source,
            note=word.note,
            given_on=word.day,
            recorded_by_id=word.recorded_by_id,
            event_id=word.event_id,
            host_name=word.host_name,
            text=word.text,
            language=word.language,
            version=word.version,
        )
    )
    return True


def withdraw(person: Person, purpose: ConsentPurpose, word: Word) -> bool:
    """Write down that the person does not agree any more; False when there was nothing to withdraw.

    A word that names a host takes back what was agreed for that host alone, any other word all of it.
    """
    meant = _meant(person, purpose, word) if word.host_name else _standing(person, purpose)
    before = getattr(person, purpose)
    for consent in meant:
        consent.withdrawn_on, consent.withdrawn_note = word.day, word.note
    setattr(person, purpose, before and bool(_standing(person, purpose)))
    return bool(meant) or before != getattr(person, purpose)


def _standing(person: Person, purpose: ConsentPurpose) -> list[Consent]:
    return [one for one in person.consents if one.purpose == purpose and one.withdrawn_on is None]


def _meant(person: Person, purpose: ConsentPurpose, word: Word) -> list[Consent]:
    """The agreements that stand for the very host that the word names."""
    named = (word.event_id, word.host_name)
    return [one for one in _standing(person, purpose) if (one.event_id, one.host_name) == named]


def follow(person: Person, purpose: ConsentPurpose, word: Word, *, agrees: bool) -> bool:
    """As a sheet or a form says it now; whether that changed anything."""
    return give(person, purpose, word) if agrees else withdraw(person, purpose, word)
