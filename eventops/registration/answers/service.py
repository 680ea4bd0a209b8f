"""Writing answers: with an application, changed later, forgotten when somebody else comes. Never commits."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from flask import current_app
from sqlalchemy.orm import Session

from eventops.questions import files
from eventops.questions.files import HandedIn
from eventops.questions.giving import Given
from eventops.questions.models import Answer, AnswerFile, QuestionKind
from eventops.questions.rules import Asked
from eventops.registration.answers import queries
from eventops.registration.answers.queries import Key
from eventops.registration.commands import Application
from eventops.registration.desk import Desk
from eventops.registration.models import Attendee, Registration


def write(session: Session, registration: Registration, command: Application, *, now: dt.datetime) -> None:
    """The answers of a new application."""
    people = zip(registration.attendees, command.entrants, strict=True)
    given = {None: command.answers} | {attendee.id: entrant.answers for attendee, entrant in people}
    rows = [_row(session, registration.id, who, one, now) for who, answers in given.items() for one in answers]
    session.add_all(row for row in rows if row is not None)


def replace(desk: Desk, *, questions: Sequence[Asked], given: Mapping[int | None, Iterable[Given]]) -> None:
    """What people (and, under None, the company) answer now, in place of what they answered to these questions.

    The history says which answers changed, never what they said.
    """
    known = queries.of_registration(desk.session, desk.registration.id)
    changed: set[int] = set()
    for who, answers in given.items():
        changed |= _replace(desk, {key: row for key, row in known.items() if key[1] == who}, who, questions, answers)
    labels = [question.label for question in questions if question.id in changed]
    if labels:
        desk.note("answers_changed", before={}, after={"questions": labels})


def forget(session: Session, attendee: Attendee) -> None:
    """Somebody else comes: what was answered about the first person is nobody's business any more."""
    for (_question_id, who), row in queries.of_registration(session, attendee.registration_id).items():
        if who == attendee.id:
            session.delete(row)


def _replace(
    desk: Desk, known: Mapping[Key, Answer], who: int | None, questions: Sequence[Asked], answers: Iterable[Given]
) -> set[int]:
    """The ids of the questions whose answers changed."""
    now_given = {one.question.id: one for one in answers}
    changed: set[int] = set()
    for question in questions:
        row, one = known.get((question.id, who)), now_given.get(question.id)
        if (tuple(row.values) if row else ()) == (one.values if one else ()):
            continue
        changed.add(question.id)
        if one is None or row is None:
            _add_or_delete(desk, row, who, one)
        else:
            _change(desk.session, row, one, desk.now)
    return changed


def _add_or_delete(desk: Desk, row: Answer | None, who: int | None, one: Given | None) -> None:
    if row is not None:
        desk.session.delete(row)
    new = _row(desk.session, desk.registration.id, who, one, desk.now) if one else None
    if new is not None:
        desk.session.add(new)


def _change(session: Session, row: Answer, one: Given, now: dt.datetime) -> None:
    if one.file is not None:
        if row.file is None or not _is_kept(session, one.file):
            return
        row.file.name, row.file.size, row.file.stored = one.file.name, one.file.size, one.file.stored
    row.values, row.answered_at = list(one.values), now


def _row(session: Session, registration_id: int, who: int | None, one: Given, now: dt.datetime) -> Answer | None:
    """A new answer; none for a file that has gone."""
    row = Answer(
        question_id=one.question.id,
        registration_id=registration_id,
        attendee_id=who,
        values=list(one.values),
        answered_at=now,
    )
    if one.question.kind is QuestionKind.FILE:
        if one.file is None or not _is_kept(session, one.file):
            return None
        row.file = AnswerFile(name=one.file.name, size=one.file.size, stored=one.file.stored)
    return row


def _is_kept(session: Session, file: HandedIn) -> bool:
    """Whether the waiting file was taken for good, and for this answer alone."""
    return files.keep(current_app.config["HOME"], file.stored) and not queries.is_stored(session, file.stored)
