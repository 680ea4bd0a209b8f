"""What comes of meetings: coordinators, cases with their team, steps, notes and reminders, and what they count for."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime
from eventops.directory.models import Organisation
from eventops.events.models import Event
from eventops.meetings.models import Application


class Stage(StrEnum):
    """面談済 → 継続 → 見積・試作 → 共同開発 → 連携成立 → 事業化, or 終了; 連携成立 and 事業化 are what is counted."""

    MET = "met"
    TALKING = "talking"
    PROTOTYPE = "prototype"
    JOINT_DEVELOPMENT = "joint"
    COLLABORATING = "collaborating"
    COMMERCIALISED = "commercialised"
    CLOSED = "closed"


class Origin(StrEnum):
    """Where a case comes from."""

    MEETING = "meeting"
    ONE_OFF = "one_off"
    HANDS_ON = "hands_on"
    OTHER = "other"


class Outcome(StrEnum):
    """部材供給, 技術供与, 試作品の共同開発, 共同研究, and others."""

    SUPPLY = "supply"
    LICENCE = "licence"
    PROTOTYPE = "prototype"
    RESEARCH = "research"
    OTHER = "other"


class NoteKind(StrEnum):
    """What somebody did about a case."""

    VISIT = "visit"
    CALL = "call"
    MAIL = "mail"
    TEAM_MEETING = "team"
    OTHER = "other"


class ReminderKind(StrEnum):
    """A month after the start, then every three months for a year."""

    MONTH = "month"
    QUARTER = "quarter"


class RequestState(StrEnum):
    """受付 → 担当決定 → 面談済, or 見送り."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    MET = "met"
    DECLINED = "declined"


class Coordinator(Base):
    """Somebody who takes cases: a specialist or a member of staff. `max_cases` is how many at once."""

    __tablename__ = "coordinator"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    qualification: Mapped[str] = mapped_column(String(80), default="")
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone: Mapped[str] = mapped_column(String(60), default="")
    max_cases: Mapped[int] = mapped_column(default=8)
    email: Mapped[str] = mapped_column(String(254), default="")
    staff_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)

    staff_user: Mapped[StaffUser | None] = relationship()


class Case(Base):
    """案件: a small company and whom it works with. One 主担当 by the column, at least one 副担当 by the rules."""

    __tablename__ = "case_file"
    __table_args__ = (Index("ix_case_file_stage_due_on", "stage", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    origin: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="SET NULL"), unique=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("coordinator.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16), default=Stage.MET)
    funding_source: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(12), default="")
    amount_band: Mapped[str] = mapped_column(String(40), default="")
    next_action: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[dt.date | None] = mapped_column()
    started_on: Mapped[dt.date] = mapped_column()
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    revision: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    partner: Mapped[Organisation | None] = relationship(foreign_keys=[partner_id])
    event: Mapped[Event | None] = relationship()
    application: Mapped[Application | None] = relationship()
    lead: Mapped[Coordinator] = relationship()
    deputies: Mapped[list["CaseDeputy"]] = relationship(
        back_populates="case", order_by="CaseDeputy.id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["StageStep"]] = relationship(
        back_populates="case", order_by="StageStep.id", cascade="all, delete-orphan"
    )
    notes: Mapped[list["CaseNote"]] = relationship(
        back_populates="case", order_by="CaseNote.id", cascade="all, delete-orphan"
    )
    reminders: Mapped[list["CaseReminder"]] = relationship(
        back_populates="case", order_by="CaseReminder.due_on", cascade="all, delete-orphan"
    )

    @property
    def team(self) -> list[Coordinator]:
        return [self.lead, *(one.coordinator for one in self.deputies)]


class CaseDeputy(Base):
    """副担当: somebody of the case's team beside the lead."""

    __tablename__ = "case_deputy"
    __table_args__ = (UniqueConstraint("case_id", "coordinator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("coordinator.id"), index=True)

    case: Mapped[Case] = relationship(back_populates="deputies")
    coordinator: Mapped[Coordinator] = relationship()


class StageStep(Base):
    """A stage and the day on which it was reached; one taken back was a mistake and counts for nothing."""

    __tablename__ = "stage_step"
    __table_args__ = (Index("ix_stage_step_stage_happened_on", "stage", "happened_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(16))
    happened_on: Mapped[dt.date] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    taken_back_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="steps")
    recorded_by: Mapped[StaffUser | None] = relationship()


class CaseNote(Base):
    """What was done and said; for those who follow the case alone."""

    __tablename__ = "case_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    happened_on: Mapped[dt.date] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    case: Mapped[Case] = relationship(back_populates="notes")
    recorded_by: Mapped[StaffUser | None] = relationship()


class CaseReminder(Base):
    """A day on which the team is to ask how things stand; `written_at` once the letters are in the outbox."""

    __tablename__ = "case_reminder"
    __table_args__ = (UniqueConstraint("case_id", "due_on"), Index("ix_case_reminder_due_on", "due_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    due_on: Mapped[dt.date] = mapped_column()
    written_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="reminders")


class OneOffRequest(Base):
    """A wish to meet outside of events: received, given to a coordinator, and what came of it."""

    __tablename__ = "one_off_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact: Mapped[str] = mapped_column(String(120), default="")
    wishes_to_meet: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(Text, default="")
    received_on: Mapped[dt.date] = mapped_column()
    state: Mapped[str] = mapped_column(String(10), default=RequestState.RECEIVED)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("coordinator.id"), index=True)
    meets_on: Mapped[dt.date | None] = mapped_column()
    result: Mapped[str] = mapped_column(Text, default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="SET NULL"))

    organisation: Mapped[Organisation] = relationship()
    coordinator: Mapped[Coordinator | None] = relationship()


class PlanPeriod(Base):
    """中期計画: a number of fiscal years with what is to be reached in them."""

    __tablename__ = "plan_period"
    __table_args__ = (CheckConstraint("last_year >= first_year", name="years_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    first_year: Mapped[int] = mapped_column()
    last_year: Mapped[int] = mapped_column()
    collaboration_target: Mapped[int | None] = mapped_column()
    commercialisation_target: Mapped[int | None] = mapped_column()


class PastResult(Base):
    """Numbers of years before the program, typed in from reports; never added to what is counted."""

    __tablename__ = "past_result"
    __table_args__ = (
        UniqueConstraint("first_year", "last_year"),
        CheckConstraint("last_year >= first_year", name="years_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_year: Mapped[int] = mapped_column()
    last_year: Mapped[int] = mapped_column()
    collaborations: Mapped[int | None] = mapped_column()
    commercialisations: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(String(200), default="")
    entered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))


class SharePlan(Base):
    """What one co-host of an event may be given: the columns that guests were told of, and what for."""

    __tablename__ = "share_plan"
    __table_args__ = (UniqueConstraint("event_id", "host_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    host_name: Mapped[str] = mapped_column(String(160))
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    purpose: Mapped[str] = mapped_column(String(300), default="")
    purpose_en: Mapped[str] = mapped_column(String(300), default="")
