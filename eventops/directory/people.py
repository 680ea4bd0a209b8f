"""People of the directory, as staff add and correct them, and what they agree to. Never commits."""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.directory import consents, kana
from eventops.directory.consents import Word
from eventops.directory.models import ConsentPurpose, Organisation, Person
from eventops.errors import NotFound


@dataclass(frozen=True, slots=True)
class PersonValues:
    """What staff may write about a person."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    department: str
    job_title: str
    email: str
    phone: str
    note: str
    is_primary_contact: bool
    organisation_id: int | None
    site_id: int | None


def person(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def save(session: Session, *, person_id: int | None, values: PersonValues, actor_id: int, now: dt.datetime) -> Person:
    """Add a person or correct one."""
    one = person(session, person_id) if person_id else Person(consents=[])
    before = _shown(one) if person_id else None
    for name, value in asdict(values).items():
        setattr(one, name, value)
    one.family_kana, one.given_kana = kana.katakana(values.family_kana), kana.katakana(values.given_kana)
    one.sort_key = kana.sort_key(values.family_kana + values.given_kana)
    one.site_id = values.site_id if _has_site(session, values) else None
    session.add(one)
    session.flush()
    subject = ("person", one.id)
    audit.record(
        session, actor_id=actor_id, action="person_saved", subject=subject, now=now, before=before, after=_shown(one)
    )
    return one


def _has_site(session: Session, values: PersonValues) -> bool:
    organisation = session.get(Organisation, values.organisation_id) if values.organisation_id else None
    return organisation is not None and any(site.id == values.site_id for site in organisation.sites)


def _shown(one: Person) -> dict[str, object]:
    """What the history keeps: nothing about food or health."""
    names = ("family_name", "given_name", "department", "job_title", "email", "organisation_id")
    return {name: getattr(one, name) for name in names}


def note_consent(
    session: Session, *, person_id: int, purpose: ConsentPurpose, word: Word, agrees: bool, now: dt.datetime
) -> None:
    """Write down what the person said; saying the same again changes nothing."""
    one = person(session, person_id)
    if consents.follow(one, purpose, word, agrees=agrees):
        after = {"purpose": str(purpose), "source": str(word.source), "on": word.day.isoformat()}
        audit.record(
            session,
            actor_id=word.recorded_by_id,
            action="consent_given" if agrees else "consent_withdrawn",
            subject=("person", person_id),
            event_id=word.event_id,
            now=now,
            after=after | ({"host": word.host_name} if word.host_name else {}),
        )
