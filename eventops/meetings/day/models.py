"""Rows of the day itself: what happened and what was proposed for it, and who was seen though no ticket was read."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime
from eventops.meetings.models import MatchingRound


class ProposalState(StrEnum):
    """案 → 確定 or 時間割の画面へ or 見送り; what was carried out may be taken back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ON_BOARD = "on_board"
    DISMISSED = "dismissed"
    TAKEN_BACK = "taken_back"


class DayProposal(Base):
    """An answer to what happened, for the timetable as it was at `revision` and the facts behind `fingerprint`.

    `before` and `after` are layouts, `found` what the scheduler said of the way between them, `edits` the facts as
    they were changed when it was carried out. Requests that are added with it have negative ids until then.
    """

    __tablename__ = "day_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=ProposalState.OPEN)
    note: Mapped[str] = mapped_column(String(300), default="")
    happenings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column()
    fingerprint: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    after: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    version: Mapped[int | None] = mapped_column()
    letters: Mapped[int] = mapped_column(default=0)
    revision_after: Mapped[int | None] = mapped_column()
    taken_back_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    round: Mapped[MatchingRound] = relationship()
    made_by: Mapped[StaffUser | None] = relationship(foreign_keys=[made_by_id])
    decided_by: Mapped[StaffUser | None] = relationship(foreign_keys=[decided_by_id])
    taken_back_by: Mapped[StaffUser | None] = relationship(foreign_keys=[taken_back_by_id])


class DayArrival(Base):
    """A company that was seen at the venue without a ticket having been read."""

    __tablename__ = "day_arrival"
    __table_args__ = (UniqueConstraint("round_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
