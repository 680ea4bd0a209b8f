"""Letters: every mail is a row before it is a mail. What staff wrote for them, who wants none, how the server does."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from eventops.database import Base, UtcDateTime


class LetterState(StrEnum):
    """queued → sending → sent; a refusal for now goes back to queued with a later due time, a final one to failed.

    Without a mail server a letter is kept instead of sent: it stands in a file and has reached nobody. One that was
    sent and came back is bounced; one that nobody needs any more is cancelled.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class Letter(Base):
    """One mail to one address. `key` names its cause, so that the same cause never writes twice.

    `message_id` is the local part until the first try, and whole from then on: whatever happens to the settings
    afterwards, every further try carries the same one. Bulk letters go at their own pace behind all others; a letter
    past `expires_at` is not sent any more.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_state_due_at", "state", "is_bulk", "due_at"),
        Index("ix_letter_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None] = mapped_column()
    language: Mapped[str] = mapped_column(String(2), default="ja")
    to_name: Mapped[str] = mapped_column(String(160))
    to_email: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    message_id: Mapped[str] = mapped_column(String(300), index=True)
    is_announcement: Mapped[bool] = mapped_column(default=False)
    is_bulk: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default=LetterState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    worker: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


OF_ALL = text("event_id IS NULL")


class LetterText(Base):
    """What staff wrote in place of the program's own text: for one event, or for all where `event_id` is None."""

    __tablename__ = "letter_text"
    __table_args__ = (
        Index("uq_letter_text_of_event", "event_id", "kind", "language", unique=True),
        Index("uq_letter_text_of_all", "kind", "language", unique=True, sqlite_where=OF_ALL, postgresql_where=OF_ALL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))


class Refusal(Base):
    """An address, in small letters, whose reader wants no announcements. Nothing else is kept about the reader."""

    __tablename__ = "refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    how: Mapped[str] = mapped_column(String(12))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class MailServer(Base):
    """How the mail server does, for all workers: one row.

    `bulk_due_at` is when the next bulk letter may go. After a failure that is the server's and no letter's,
    nobody knocks before `quiet_until`.
    """

    __tablename__ = "mail_server"

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    failing_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    quiet_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
