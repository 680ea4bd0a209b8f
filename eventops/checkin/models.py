"""Scans: every look at a ticket at the door is a row, admitted or refused."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime
from eventops.registration.models import Attendee


class ScanMethod(StrEnum):
    """How the person was found."""

    CAMERA = "camera"
    KEYBOARD = "keyboard"
    SEARCH = "search"
    WALK_IN = "walk_in"


class Scan(Base):
    """One scan with its verdict. `nonce` is made by the device: the same scan sent twice is one row."""

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_attendee_id_part_id", "attendee_id", "part_id"),
        Index("ix_scan_part_id_verdict", "part_id", "verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(40), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id", ondelete="CASCADE"))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(10))
    station: Mapped[str] = mapped_column(String(40), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    scanned_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    is_undone: Mapped[bool] = mapped_column(default=False)

    attendee: Mapped[Attendee | None] = relationship()
