"""Mailings: one text to many readers, written by staff or due by itself, with what became of every reader."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime
from eventops.events.models import Event


class MailingKind(StrEnum):
    """What a mailing is. Announcements go to those alone who agreed to them; all others belong to the event itself."""

    NOTICE = "notice"
    EVENT_CHANGED = "event_changed"
    THANKS = "thanks"
    ANNOUNCEMENT = "announcement"
    EVENT_CANCELLED = "event_cancelled"
    REMINDER_WEEK = "reminder_week"
    REMINDER_DAY = "reminder_day"


class MailingState(StrEnum):
    """draft → writing (letters are put into the outbox) → written; or stopped before all were sent."""

    DRAFT = "draft"
    WRITING = "writing"
    WRITTEN = "written"
    STOPPED = "stopped"


class ReaderState(StrEnum):
    """A reader of a mailing: still to be written to, written to, or left out for a reason."""

    WAITING = "waiting"
    WRITTEN = "written"
    LEFT_OUT = "left_out"


class Mailing(Base):
    """A text and its readers. `occasion` names what it is due for, so that it is only made once."""

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    occasion: Mapped[str | None] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(12), default=MailingState.DRAFT)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    subject_en: Mapped[str] = mapped_column(String(250), default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    with_calendar: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    event: Mapped[Event] = relationship()
    readers: Mapped[list["MailingReader"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class MailingReader(Base):
    """Who was chosen when staff pressed send: a registration or a person of the directory, by number alone."""

    __tablename__ = "mailing_reader"
    __table_args__ = (
        UniqueConstraint("mailing_id", "subject_kind", "subject_id"),
        Index("ix_mailing_reader_state", "mailing_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(10), default=ReaderState.WAITING)
    reason: Mapped[str] = mapped_column(String(20), default="")


class ReminderPause(Base):
    """An event for which staff have switched one of the automatic reminders off."""

    __tablename__ = "reminder_pause"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
