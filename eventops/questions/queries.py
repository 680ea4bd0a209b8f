"""Reads of questions: what an event asks, what sets there are, what has been answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.questions.models import Answer, AskedOf, Question, QuestionKind, QuestionSet
from eventops.questions.rules import Asked, Option

_ALL = select(Question).where(Question.event_id == bindparam("event_id")).order_by(Question.position, Question.id)
_ASKED = _ALL.where(Question.retired_at.is_(None))


def of_event(session: Session, event_id: int, *, retired: bool = False) -> Sequence[Question]:
    """The questions in their order; `retired` adds those that are asked no more."""
    return session.scalars(_ALL if retired else _ASKED, {"event_id": event_id}).all()


def asked(session: Session, event_id: int, *, retired: bool = False) -> tuple[Asked, ...]:
    """The questions as values."""
    return tuple(as_asked(row) for row in of_event(session, event_id, retired=retired))


def question(session: Session, event_id: int, question_id: int) -> Question:
    row = session.get(Question, question_id)
    if row is None or row.event_id != event_id:
        raise NotFound
    return row


def sets(session: Session) -> Sequence[QuestionSet]:
    return session.scalars(select(QuestionSet).order_by(QuestionSet.name)).all()


def answer_counts(session: Session, event_id: int) -> dict[int, int]:
    """How often each question was answered."""
    rows = session.execute(
        select(Answer.question_id, func.count())
        .join(Question, Question.id == Answer.question_id)
        .where(Question.event_id == event_id)
        .group_by(Answer.question_id)
    )
    return {question_id: int(count) for question_id, count in rows}


def as_asked(row: Question) -> Asked:
    return from_json({name: getattr(row, name) for name in STORED} | {"of": row.asked_of, "id": row.id})


STORED = (
    "code",
    "kind",
    "label",
    "label_en",
    "help",
    "help_en",
    "is_required",
    "is_sensitive",
    "options",
    "least",
    "most",
    "decimals",
    "after_code",
    "after_values",
)
"""What a question's row, its value and a stored set call by the same name."""


def from_json(data: Mapping[str, Any]) -> Asked:
    """The question that `to_json` wrote."""
    return Asked(
        **(
            dict(data)
            | {
                "kind": QuestionKind(data["kind"]),
                "of": AskedOf(data["of"]),
                "options": tuple(Option(**option) for option in data["options"]),
                "after_values": tuple(data["after_values"]),
            }
        )
    )


def to_json(question: Asked) -> dict[str, Any]:
    """A question as JSON values, for sets and rows."""
    values: dict[str, Any] = {name: getattr(question, name) for name in STORED}
    options = [{"key": one.key, "label": one.label, "label_en": one.label_en} for one in question.options]
    return values | {
        "kind": str(question.kind),
        "of": str(question.of),
        "options": options,
        "after_values": list(question.after_values),
    }
