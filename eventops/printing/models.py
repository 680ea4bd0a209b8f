"""How badges look, event by event, and which were printed: every run of the printer is a row, and can be taken back."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime


class BadgeLogo(Base):
    """A picture that stands on badges, kept once; layouts of the past name it, too."""

    __tablename__ = "badge_logo"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class BadgeLayout(Base):
    """One saved version of a layout; the newest counts, and taking it back brings the one before.

    Without an event it is the house's own. Without settings it says: as the house has it.
    """

    __tablename__ = "badge_layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    settings: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("badge_logo.id"))
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    logo: Mapped[BadgeLogo | None] = relationship()


class BadgeRun(Base):
    """Badges that went to the printer together, for whom, by whom, from which label of the first sheet on.

    `settings` is the layout of that moment: whether a badge has become wrong is judged by what it shows.
    """

    __tablename__ = "badge_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    stock: Mapped[str] = mapped_column(String(20))
    first_label: Mapped[int] = mapped_column(default=1)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[StaffUser | None] = relationship()
    prints: Mapped[list["BadgePrint"]] = relationship(
        back_populates="run", cascade="all, delete-orphan", order_by="BadgePrint.position"
    )


class BadgePrint(Base):
    """One badge of a run. `face` digests what stood on it, so that it is seen when a badge has become wrong."""

    __tablename__ = "badge_print"
    __table_args__ = (UniqueConstraint("run_id", "attendee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("badge_run.id", ondelete="CASCADE"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    face: Mapped[str] = mapped_column(String(16))

    run: Mapped[BadgeRun] = relationship(back_populates="prints")
