"""What a person has agreed to: given and withdrawn with day and source; the person's flag says how things stand now."""

import datetime as dt
from dataclasses import dataclass

from eventops.directory.models import Consent, ConsentPurpose, ConsentSource, Person


@dataclass(frozen=True, slots=True)
class Word:
    """Who said it how, and when; `recorded_by_id` is the member of staff who wrote it down."""

    source: ConsentSource
    day: dt.date
    note: str = ""
    recorded_by_id: int | None = None


def give(person: Person, purpose: ConsentPurpose, word: Word) -> bool:
    """Write an agreement down; False when the person has agreed already."""
    if getattr(person, purpose):
        return False
    setattr(person, purpose, True)
    person.consents.append(
        Consent(
            purpose=purpose,
            source=word.source,
            note=word.note,
            given_on=word.day,
            recorded_by_id=word.recorded_by_id,
        )
    )
    return True


def withdraw(person: Person, purpose: ConsentPurpose, word: Word) -> bool:
    """Write down that the person does not agree any more; False when there was nothing to withdraw."""
    if not getattr(person, purpose):
        return False
    setattr(person, purpose, False)
    for consent in person.consents:
        if consent.purpose == purpose and consent.withdrawn_on is None:
            consent.withdrawn_on, consent.withdrawn_note = word.day, word.note
    return True


def follow(person: Person, purpose: ConsentPurpose, word: Word, *, agrees: bool) -> bool:
    """As a sheet or a form says it now; whether that changed anything."""
    return give(person, purpose, word) if agrees else withdraw(person, purpose, word)
