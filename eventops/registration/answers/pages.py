"""Answers in words, as guests check them and as staff read them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import clock, wareki
from eventops.events.models import Event
from eventops.languages import language
from eventops.questions import rules, vocabulary
from eventops.questions.files import HandedIn
from eventops.questions.giving import Given
from eventops.questions.models import Answer, AskedOf, QuestionKind
from eventops.questions.rules import Asked, Values
from eventops.registration.answers import asking, erasing, queries
from eventops.registration.answers.queries import Key
from eventops.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with its answer; `is_hidden` where the reader may not see what was answered."""

    question: Asked
    label: str
    text: str
    answer_id: int = 0
    is_hidden: bool = False
    is_missing: bool = False


def given_pairs(given: Iterable[Given]) -> list[tuple[str, str]]:
    """For the page on which an application is checked."""
    return [(vocabulary.label(one.question), words(one.question, one.values, one.file)) for one in given]


def shown(
    questions: Sequence[Asked],
    answers: Mapping[Key, Answer],
    attendee_id: int | None,
    *,
    sensitive: bool,
    is_erased: bool,
) -> list[Shown]:
    """What was answered by a person, or for None by the company; and what still should be, if it was not erased."""
    of = AskedOf.APPLICATION if attendee_id is None else AskedOf.PERSON
    values = queries.values(questions, answers, attendee_id)
    missing = {one.code for one in rules.missing(questions, values) if not (is_erased and one.is_sensitive)}
    found: list[Shown] = []
    for question in questions:
        if question.of is not of or (question.code not in values and question.code not in missing):
            continue
        row = queries.answer_of(question, answers, attendee_id)
        is_hidden = question.is_guarded and not sensitive and row is not None
        text = words(question, values.get(question.code, ()), queries.file_of(row))
        found.append(
            Shown(
                question,
                vocabulary.label(question),
                _("(担当の職員だけが見られます)") if is_hidden else text,
                row.id if row and row.file and not is_hidden else 0,
                is_hidden,
                question.code in missing,
            )
        )
    return found


def of_registration(session: Session, registration: Registration, *, sensitive: bool) -> dict[str, Any]:
    """For the staff's page of one application: answers by person, the company's under None."""
    questions = queries.to_be_answered(session, registration.event_id)
    answers = queries.of_registration(session, registration.id) if questions else {}
    everybody = (None, *(person.id for person in registration.attendees))
    erase_on = erasing.erase_on(registration.event)
    is_erased = clock.today() >= erase_on
    return {
        "has_questions": bool(questions),
        "erase_on": erase_on,
        "answers": {who: shown(questions, answers, who, sensitive=sensitive, is_erased=is_erased) for who in everybody},
    }


def words(question: Asked, values: Values, file: HandedIn | None = None) -> str:
    """An answer as people read it."""
    if not values:
        return ""
    if question.kind in rules.CHOICES:
        known = vocabulary.choice_words(question)
        return ("、" if language() == "ja" else ", ").join(known.get(value, value) for value in values)
    if question.kind in rules.FIRST_YEAR:
        day = dt.date.fromisoformat(values[0])
        return wareki.date_ja(day) if language() == "ja" else wareki.date_en(day)
    if question.kind is QuestionKind.FILE:
        return f"{file.name} ({file.size_words})" if file else ""
    return values[0]


def frame(event: Event, questions: Sequence[Asked]) -> dict[str, Any]:
    """What a page with questions needs beside its form."""
    return {"takes_files": asking.takes_files(questions), "erase_on": erasing.erase_on(event)}
