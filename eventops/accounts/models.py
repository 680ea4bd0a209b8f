"""Staff users and the audit trail of what they did."""

import datetime as dt
from enum import StrEnum
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime


class Role(StrEnum):
    """What a staff user is here; what each may do stands in `permissions.py`."""

    ADMINISTRATOR = "administrator"
    EVENT_MANAGER = "event_manager"
    RECEPTION = "reception"
    COORDINATOR = "coordinator"
    READ_ONLY = "read_only"


class StaffUser(UserMixin, Base):
    """A member of the secretariat who signs in. `choices` are how this user likes to see lists."""

    __tablename__ = "staff_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    office: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    reset_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    reset_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    session_issue: Mapped[int] = mapped_column(default=1)
    calendar_issue: Mapped[int] = mapped_column(default=1)
    choices: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_active(self) -> bool:
        return self.enabled

    def get_id(self) -> str:
        """The cookie names the issue too: a changed password or role ends every older session."""
        return f"{self.id}.{self.session_issue}"


class AuditEntry(Base):
    """Who did what to which subject, with the values before and after."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_event_id_at", "event_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column()
    event_id: Mapped[int | None] = mapped_column()
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    actor: Mapped[StaffUser | None] = relationship()
