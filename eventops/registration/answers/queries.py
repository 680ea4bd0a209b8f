"""Reads of answers: of one application, of all people of an event, one file."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from eventops.questions import queries as question_queries
from eventops.questions.files import HandedIn
from eventops.questions.models import Answer, AnswerFile, AskedOf, Question
from eventops.questions.rules import Asked, Values
from eventops.registration.models import Attendee, Registration, RegistrationState

FEW = 200
Key = tuple[int, int | None]
"""Question id, and the attendee's where the person answered."""


def of_registration(session: Session, registration_id: int) -> dict[Key, Answer]:
    """All answers of an application."""
    rows = session.scalars(
        select(Answer).where(Answer.registration_id == registration_id).options(joinedload(Answer.file))
    )
    return {(row.question_id, row.attendee_id): row for row in rows}


def of_event(session: Session, event_id: int) -> dict[int, dict[Key, Answer]]:
    """All answers to the questions of an event, by application."""
    return _by_application(session, select(Question.id).where(Question.event_id == event_id), None)


def of_people(
    session: Session, question_ids: Collection[int], people: Sequence[Attendee]
) -> dict[int, dict[Key, Answer]]:
    """The answers to some questions of a page of people, or of so many that a filter by ids would not be quicker."""
    ids = {person.registration_id for person in people}
    return _by_application(session, question_ids, ids if len(ids) <= FEW else None) if question_ids else {}


def _by_application(
    session: Session, question_ids: Collection[int] | Select[int], registration_ids: Collection[int] | None
) -> dict[int, dict[Key, Answer]]:
    query = select(Answer).where(Answer.question_id.in_(question_ids)).options(joinedload(Answer.file))
    if registration_ids is not None:
        query = query.where(Answer.registration_id.in_(registration_ids))
    found: dict[int, dict[Key, Answer]] = {}
    for row in session.scalars(query):
        found.setdefault(row.registration_id, {})[row.question_id, row.attendee_id] = row
    return found


def people(session: Session, event_id: int) -> Sequence[Attendee]:
    """Everybody who takes part or waits, in the order of the syllabary."""
    return (
        session.scalars(
            select(Attendee)
            .join(Attendee.registration)
            .where(Registration.event_id == event_id, Attendee.state == RegistrationState.ACTIVE)
            .options(joinedload(Attendee.registration), joinedload(Attendee.places))
            .order_by(Registration.organisation_sort_key, Registration.id, Attendee.sort_key, Attendee.id)
        )
        .unique()
        .all()
    )


def to_be_answered(session: Session, event_id: int) -> tuple[Asked, ...]:
    """The questions that are asked now, and those asked before that were answered."""
    rows = question_queries.of_event(session, event_id, retired=True)
    is_retired = any(row.retired_at is not None for row in rows)
    counts = question_queries.answer_counts(session, event_id) if is_retired else {}
    return tuple(question_queries.as_asked(row) for row in rows if row.retired_at is None or counts.get(row.id))


def values(questions: Iterable[Asked], answers: Mapping[Key, Answer], attendee_id: int | None) -> dict[str, Values]:
    """Answers by code as the rules take them: the company's, and one person's with them."""
    keys = {question: (question.id, _who(question, attendee_id)) for question in questions}
    return {question.code: tuple(answers[key].values) for question, key in keys.items() if key in answers}


def _who(question: Asked, attendee_id: int | None) -> int | None:
    return attendee_id if question.of is AskedOf.PERSON else None


def answer_of(question: Asked, answers: Mapping[Key, Answer], attendee_id: int | None) -> Answer | None:
    return answers.get((question.id, _who(question, attendee_id)))


def file_of(answer: Answer | None) -> HandedIn | None:
    row = answer.file if answer else None
    return HandedIn(row.name, row.size, row.stored) if row else None


def is_stored(session: Session, stored: str) -> bool:
    return session.scalar(select(AnswerFile.id).where(AnswerFile.stored == stored)) is not None
