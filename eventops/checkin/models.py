"""Scans: every look at a ticket at the door is a row, admitted or refused; stations: devices that may scan alone."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.checkin.rules import Direction
from eventops.database import Base, UtcDateTime
from eventops.events.models import Event
from eventops.registration.models import Attendee


class ScanMethod(StrEnum):
    """How the person was found."""

    CAMERA = "camera"
    KEYBOARD = "keyboard"
    SEARCH = "search"
    WALK_IN = "walk_in"


class Station(Base):
    """A device at the door. A code of a few minutes turns into a key that only the device knows; `salt` hides codes."""

    __tablename__ = "station"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(12), unique=True)
    code_expires_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    enrolled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    unsent: Mapped[int] = mapped_column(default=0)
    clock_ahead_ms: Mapped[int] = mapped_column(BigInteger, default=0)

    event: Mapped[Event] = relationship()


class Scan(Base):
    """One scan with its verdict. `nonce` is made by the device: the same scan sent twice is one row.

    `shown` is what the desk was told and stays; `verdict` is what counts, and follows when scans arrive late. Where
    somebody in charge let a person in, `reason` and `approved_by` say why and who.
    """

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
    shown: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(3), default=Direction.IN)
    method: Mapped[str] = mapped_column(String(10))
    station: Mapped[str] = mapped_column(String(40), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id", ondelete="SET NULL"))
    sequence: Mapped[int | None] = mapped_column()
    scanned_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    is_undone: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    attendee: Mapped[Attendee | None] = relationship()
    approved_by: Mapped[StaffUser | None] = relationship(foreign_keys=[approved_by_id])


class SupervisorCode(Base):
    """A short number by which somebody in charge answers for letting a person in, at any desk of one event."""

    __tablename__ = "supervisor_code"
    __table_args__ = (UniqueConstraint("event_id", "user_id"), UniqueConstraint("code_hash", "event_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    user: Mapped[StaffUser] = relationship()


class ArrivalWatch(Base):
    """One of the staff who is told when guests of honour arrive."""

    __tablename__ = "arrival_watch"
    __table_args__ = (UniqueConstraint("event_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    by_letter: Mapped[bool] = mapped_column(default=False)

    user: Mapped[StaffUser] = relationship()


class ArrivalSeen(Base):
    """An arrival that one of them has seen. Each for itself: a look with a lower number may come to count later."""

    __tablename__ = "arrival_seen"

    watch_id: Mapped[int] = mapped_column(ForeignKey("arrival_watch.id", ondelete="CASCADE"), primary_key=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id", ondelete="CASCADE"), primary_key=True)
