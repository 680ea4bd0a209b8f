"""Timetable rows: a draft that staff work on, frozen versions that were published, and the history of changes."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime
from eventops.meetings.models import Application, MatchingRound, MeetingTable, Slot

MAKING = "make_timetable"
"""The kind of the jobs that make a round's timetable."""


class TimetableState(StrEnum):
    """案 → 確定; a newer published version supersedes the older one."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Timetable(Base):
    """One version. `revision` grows with every change of the draft: a page that knows an older one is told so.

    A published version is preliminary until a final one is told: then everybody hears, whatever changed.

    `problem` is the scheduler's input as JSON and `fingerprint` its digest: a result is only stored while it fits.
    """

    __tablename__ = "timetable"
    __table_args__ = (Index("ix_timetable_round_id_state", "round_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    version: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(12), default=TimetableState.DRAFT)
    revision: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="", deferred=True)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[str | None] = mapped_column(String(12))
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seed: Mapped[int | None] = mapped_column()
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    is_preliminary: Mapped[bool] = mapped_column(default=False)

    round: Mapped[MatchingRound] = relationship()
    meetings: Mapped[list["TimetableMeeting"]] = relationship(back_populates="timetable", cascade="all, delete-orphan")


class TimetableMeeting(Base):
    """A placed meeting: an application at a slot and a table; `told_…` is what people read when it was published.

    Whatever staff do to slots, tables and rooms afterwards, a published version goes on saying what was told.
    """

    __tablename__ = "timetable_meeting"
    __table_args__ = (UniqueConstraint("timetable_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_table.id"))
    is_locked: Mapped[bool] = mapped_column(default=False)
    told_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    told_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    told_room: Mapped[str | None] = mapped_column(String(60))
    told_table: Mapped[int | None] = mapped_column()

    timetable: Mapped[Timetable] = relationship(back_populates="meetings")
    application: Mapped[Application] = relationship()
    slot: Mapped[Slot] = relationship()
    table: Mapped[MeetingTable] = relationship()

    @property
    def starts_at(self) -> dt.datetime:
        return self.told_from or self.slot.starts_at

    @property
    def ends_at(self) -> dt.datetime:
        return self.told_until or self.slot.ends_at

    @property
    def room_name(self) -> str:
        return self.table.room.name if self.told_room is None else self.told_room

    @property
    def table_number(self) -> int:
        return self.told_table or self.table.number

    def tell(self) -> None:
        """From now on this is what was told, whatever becomes of the slot and the table."""
        self.told_from, self.told_until = self.slot.starts_at, self.slot.ends_at
        self.told_room, self.told_table = self.table.room.name, self.table.number


class TimetableChange(Base):
    """A step of the draft's history, as the rows before and after: undo puts `before` back."""

    __tablename__ = "timetable_change"
    __table_args__ = (UniqueConstraint("timetable_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    after: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    is_undone: Mapped[bool] = mapped_column(default=False)


class TimetableAct(Base):
    """What somebody did, with the revision it led to. Unlike a step it is never taken back: an undo is an act too.

    Whoever has the board open learns from it what has changed since, and by whom. `spots` are where the meetings came
    to lie, application → slot and table or None, unless it was the whole board; `reason` is what it was for.
    """

    __tablename__ = "timetable_act"
    __table_args__ = (Index("ix_timetable_act_timetable_id_revision", "timetable_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    application_ids: Mapped[list[int]] = mapped_column(JSON)
    spots: Mapped[dict[str, list[int] | None] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None] = mapped_column(String(200))


class ParticipantPage(Base):
    """The personal page of one organisation in a round; `link_issue` makes older private links invalid."""

    __tablename__ = "participant_page"
    __table_args__ = (UniqueConstraint("round_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    link_issue: Mapped[int] = mapped_column(default=1)


class FactsMark(Base):
    """The one row with the mark of the facts; two marks that are alike never mean different facts, in no database."""

    __tablename__ = "facts_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32))
