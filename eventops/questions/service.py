"""What staff do with an event's questions: add, change, order, take away, copy sets in, keep sets. Never commits."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound
from eventops.questions import queries, rules
from eventops.questions.models import Question, QuestionSet
from eventops.questions.rules import Asked

MOST_QUESTIONS = 60


class QuestionInUse(DomainError):
    """Another question is asked only after this one."""

    code = "question_in_use"


class TooManyQuestions(DomainError):
    """Nobody fills in such a form."""

    code = "too_many_questions"


class NothingToKeep(DomainError):
    """A set without questions."""

    code = "no_questions"


def add(session: Session, *, event_id: int, asked: Asked, actor_id: int | None, now: dt.datetime) -> Question:
    """A new question at the end."""
    rows = _rows(session, event_id)
    code = asked.code or _free_code({row.code for row in rows})
    row = _append(session, event_id, rows, replace(asked, code=code))
    session.flush()
    _note(session, row, "question_added", actor_id=actor_id, now=now)
    return row


def save(
    session: Session, *, event_id: int, question_id: int, asked: Asked, actor_id: int | None, now: dt.datetime
) -> None:
    """Change what is asked; its kind and of whom it is asked stay, because of the answers there may be."""
    row = _question(session, event_id, question_id)
    before = row.label
    _write(row, replace(asked, code=row.code, kind=queries.as_asked(row).kind, of=queries.as_asked(row).of))
    _note(session, row, "question_changed", actor_id=actor_id, now=now, before={"label": before})


def move(session: Session, *, event_id: int, question_id: int, by: int) -> None:
    """One place up or down, past those that are still asked."""
    rows = [row for row in _rows(session, event_id) if row.retired_at is None]
    place = next((index for index, row in enumerate(rows) if row.id == question_id), None)
    if place is None:
        raise NotFound
    rows.insert(max(place + by, 0), rows.pop(place))
    for position, row in enumerate(rows, start=1):
        row.position = position


def take_away(session: Session, *, event_id: int, question_id: int, actor_id: int | None, now: dt.datetime) -> bool:
    """Stop asking; True when the question is gone altogether, because nobody had answered it."""
    row = _question(session, event_id, question_id)
    rows = _rows(session, event_id)
    dependent = next((one for one in rows if one.after_code == row.code and one.retired_at is None), None)
    if dependent is not None:
        raise QuestionInUse(label=dependent.label)
    _note(session, row, "question_removed", actor_id=actor_id, now=now)
    if queries.answer_counts(session, event_id).get(row.id):
        row.retired_at = now
        return False
    session.delete(row)
    return True


def take_up(session: Session, *, event_id: int, question_id: int, actor_id: int | None, now: dt.datetime) -> None:
    """Ask a retired question again, at the end; without its condition where what it hung on is not asked."""
    row = _question(session, event_id, question_id)
    rows = _rows(session, event_id)
    if row.after_code not in {one.code for one in rows if one.retired_at is None}:
        row.after_code, row.after_values = "", []
    row.retired_at = None
    row.position = max(one.position for one in rows) + 1
    _note(session, row, "question_added", actor_id=actor_id, now=now)


def copy_in(
    session: Session, *, event_id: int, questions: Iterable[Asked], actor_id: int | None, now: dt.datetime
) -> int:
    """Copy a set into the event, leaving out what it asks already; how many were added."""
    rows = _rows(session, event_id)
    new = _not_asked_yet(questions, rows)
    for asked in new:
        rows.append(_append(session, event_id, rows, asked))
    session.flush()
    audit.record(
        session,
        actor_id=actor_id,
        action="questions_copied",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"questions": [asked.label for asked in new]},
    )
    return len(new)


def copy_event(session: Session, *, source_id: int, target_id: int) -> None:
    """Last time's questions for this time's event."""
    rows: list[Question] = []
    for asked in queries.asked(session, source_id):
        rows.append(_append(session, target_id, rows, asked))


def keep_set(session: Session, *, event_id: int, name: str, actor_id: int | None, now: dt.datetime) -> QuestionSet:
    """Keep the event's questions under a name; a set of that name is replaced."""
    questions = queries.asked(session, event_id)
    if not questions:
        raise NothingToKeep
    row = session.scalar(select(QuestionSet).where(QuestionSet.name == name))
    if row is None:
        row = QuestionSet(name=name)
        session.add(row)
    row.questions = [queries.to_json(asked) for asked in questions]
    row.saved_at = now
    session.flush()
    _note_set(session, row, "question_set_kept", actor_id=actor_id, now=now)
    return row


def drop_set(session: Session, *, set_id: int, actor_id: int | None, now: dt.datetime) -> None:
    """Forget a set; events that were given its questions keep them."""
    row = session.get(QuestionSet, set_id)
    if row is None:
        raise NotFound
    _note_set(session, row, "question_set_dropped", actor_id=actor_id, now=now)
    session.delete(row)


def _not_asked_yet(questions: Iterable[Asked], rows: Sequence[Question]) -> list[Asked]:
    """Those of a set that the event lacks, with codes that are free there; conditions follow the codes."""
    same = {(row.code, row.label) for row in rows if row.retired_at is None}
    taken = {row.code for row in rows}
    codes: dict[str, str] = {}
    new: list[Asked] = []
    for asked in questions:
        codes[asked.code] = asked.code
        if (asked.code, asked.label) in same:
            continue
        if asked.code in taken:
            codes[asked.code] = _free_code(taken)
        taken.add(codes[asked.code])
        new.append(replace(asked, code=codes[asked.code], after_code=codes.get(asked.after_code, "")))
    return new


def _free_code(taken: Collection[str]) -> str:
    number = 1
    while f"q{number}" in taken:
        number += 1
    return f"q{number}"


def _append(session: Session, event_id: int, rows: Sequence[Question], asked: Asked) -> Question:
    if len(rows) >= MOST_QUESTIONS:
        raise TooManyQuestions(most=MOST_QUESTIONS)
    row = Question(event_id=event_id, position=max((one.position for one in rows), default=0) + 1)
    _write(row, asked)
    session.add(row)
    return row


def _write(row: Question, asked: Asked) -> None:
    values = queries.to_json(asked)
    row.asked_of = values.pop("of")
    for name, value in values.items():
        setattr(row, name, value)


def _rows(session: Session, event_id: int) -> list[Question]:
    return list(queries.of_event(session, event_id, retired=True))


def _question(session: Session, event_id: int, question_id: int) -> Question:
    return queries.question(session, event_id, question_id)


def _note(
    session: Session,
    row: Question,
    action: str,
    *,
    actor_id: int | None,
    now: dt.datetime,
    before: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("question", row.id),
        event_id=row.event_id,
        now=now,
        before=before,
        after={"label": row.label},
    )


def _note_set(session: Session, row: QuestionSet, action: str, *, actor_id: int | None, now: dt.datetime) -> None:
    after = {"name": row.name, "questions": len(row.questions)}
    audit.record(session, actor_id=actor_id, action=action, subject=("question_set", row.id), now=now, after=after)


def sources(questions: Sequence[Asked], question: Asked) -> list[Asked]:
    """The questions on which one may depend: earlier choices, so that a form reads from top to bottom."""
    earlier: list[Asked] = []
    for other in rules.in_order(questions):
        if other.id and other.id == question.id:
            break
        earlier.append(other)
    return [other for other in earlier if rules.may_follow(question, other)]
