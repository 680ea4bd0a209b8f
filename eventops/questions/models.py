"""What an event asks beyond names and parts: its questions, reusable sets of them, and the answers with their files."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime


class QuestionKind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    BIRTH = "birth"
    FILE = "file"


class AskedOf(StrEnum):
    """Who answers: everybody who comes, or the company once for all."""

    PERSON = "person"
    APPLICATION = "application"


class QuestionSet(Base):
    """Questions kept under a name, to be copied into events; what was copied lives on by itself."""

    __tablename__ = "question_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Question(Base):
    """One question of an event. `code` names it within the event, for conditions and for programs that read answers.

    `after_code` and `after_values` make it conditional: it is asked of those who chose one of these there.
    A question that is retired is asked no more; its answers stay.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    asked_of: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200), default="")
    help: Mapped[str] = mapped_column(Text, default="")
    help_en: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    least: Mapped[int | None] = mapped_column()
    most: Mapped[int | None] = mapped_column()
    decimals: Mapped[int] = mapped_column(default=0)
    after_code: Mapped[str] = mapped_column(String(40), default="")
    after_values: Mapped[list[str]] = mapped_column(JSON, default=list)
    retired_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Answer(Base):
    """What somebody answered: keys of options, or one text. `attendee_id` None is the company's answer."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("question_id", "registration_id", "attendee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), index=True)
    values: Mapped[list[str]] = mapped_column(JSON)
    answered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    file: Mapped["AnswerFile | None"] = relationship(cascade="all, delete-orphan", back_populates="answer")


class AnswerFile(Base):
    """A file that was handed in. `stored` names it in the installation's folder, outside everything that is served."""

    __tablename__ = "answer_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column()
    stored: Mapped[str] = mapped_column(String(64), unique=True)

    answer: Mapped[Answer] = relationship(back_populates="file")


class Erasure(Base):
    """That sensitive notes were erased: of which question, how many, when. Never what they said."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    count: Mapped[int] = mapped_column()
    erased_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
