"""One-to-one meetings: the round's frame, needs and applications, wishes and limits."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime
from eventops.directory.models import Organisation, Person
from eventops.events.models import Event, Part


class NeedState(StrEnum):
    """下書き → 確認依頼 (the company reads it by its own link) → 公開 → 締切."""

    DRAFT = "draft"
    ASKED = "asked"
    OPEN = "open"
    CLOSED = "closed"


class ApplicationState(StrEnum):
    """受理, 重複 (merged into an earlier one), 辞退, 対象外 (an exclusion of the need)."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    EXCLUDED = "excluded"


class Rating(StrEnum):
    """The large company's answer to an application."""

    A = "A"
    B = "B"
    C = "C"
    DECLINED = "declined"


class LimitKind(StrEnum):
    """Kinds of limits and offers a participant states (availability list)."""

    ARRIVES_FROM = "arrives_from"
    LEAVES_BY = "leaves_by"
    UNAVAILABLE = "unavailable"
    EXTRA_TABLES = "extra_tables"
    PARALLEL = "parallel"
    ONLINE_ONLY = "online_only"
    ONLINE_OK = "online_ok"
    REST_AFTER = "rest_after"
    CONSECUTIVE_OK = "consecutive_ok"
    MAX_MEETINGS = "max_meetings"


class PairScope(StrEnum):
    """What two competitors are kept from."""

    BACK_TO_BACK = "back_to_back"
    SAME_ROOM = "same_room"
    ADJACENT_TABLES = "adjacent_tables"


class MatchingRound(Base):
    """The frame of one part's meetings: window, lengths, and the secretariat's defaults."""

    __tablename__ = "matching_round"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id", ondelete="CASCADE"), unique=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    slot_minutes: Mapped[int] = mapped_column(default=20)
    changeover_minutes: Mapped[int] = mapped_column(default=5)
    sme_max_meetings: Mapped[int] = mapped_column(default=8)
    solve_seconds: Mapped[int] = mapped_column(default=60)
    seed: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    part: Mapped[Part] = relationship()
    breaks: Mapped[list["RoundBreak"]] = relationship(
        back_populates="round", order_by="RoundBreak.starts_at", cascade="all, delete-orphan"
    )
    slots: Mapped[list["Slot"]] = relationship(
        back_populates="round", order_by="Slot.starts_at", cascade="all, delete-orphan"
    )
    rooms: Mapped[list["Room"]] = relationship(
        back_populates="round", order_by="Room.position", cascade="all, delete-orphan"
    )
    needs: Mapped[list["Need"]] = relationship(
        back_populates="round", order_by="Need.code", cascade="all, delete-orphan"
    )


class RoundBreak(Base):
    """A pause for everybody; waiting over it is not a gap."""

    __tablename__ = "round_break"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    label: Mapped[str] = mapped_column(String(40), default="")

    round: Mapped[MatchingRound] = relationship(back_populates="breaks")


class Slot(Base):
    """面談枠: one interval in which meetings take place, half-open."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    block: Mapped[str] = mapped_column(String(20), default="")
    in_use: Mapped[bool] = mapped_column(default=True)

    round: Mapped[MatchingRound] = relationship(back_populates="slots")


class Room(Base):
    """A room of the round, in walking order."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("round_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column()

    round: Mapped[MatchingRound] = relationship(back_populates="rooms")
    tables: Mapped[list["MeetingTable"]] = relationship(
        back_populates="room", order_by="MeetingTable.number", cascade="all, delete-orphan"
    )

    @property
    def table_count(self) -> int:
        return len(self.tables)

    @property
    def online_ready_count(self) -> int:
        return sum(bool(table.online_ready) for table in self.tables)


class MeetingTable(Base):
    """卓: numbered through the whole round; neighbours in a room have neighbouring numbers."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("room_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    online_ready: Mapped[bool] = mapped_column(default=False)
    accessible: Mapped[bool] = mapped_column(default=False)
    in_use: Mapped[bool] = mapped_column(default=True)
    closed_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """On the day: no meeting starts at this table from then on."""

    room: Mapped[Room] = relationship(back_populates="tables")


class Need(Base):
    """A large company's technology need; `tables` is how many meetings it can hold at once.

    An anonymous one is public under `public_name`. `confirmed_digest` says which wording the company confirmed.
    """

    __tablename__ = "need"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        CheckConstraint("tables >= 1", name="at_least_one_table"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    unit: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    required_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    stage: Mapped[str] = mapped_column(String(40), default="")
    excluded: Mapped[str] = mapped_column(String(200), default="")
    confidentiality: Mapped[str] = mapped_column(String(120), default="")
    tables: Mapped[int] = mapped_column(default=1)
    target_meetings: Mapped[int | None] = mapped_column()
    min_meetings: Mapped[int] = mapped_column(default=0)
    max_meetings: Mapped[int | None] = mapped_column()
    online_only: Mapped[bool] = mapped_column(default=False)
    online_ok: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=NeedState.OPEN)
    published_on: Mapped[dt.date | None] = mapped_column()
    entries_close_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    public_name: Mapped[str] = mapped_column(String(80), default="")
    contact_name: Mapped[str] = mapped_column(String(80), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    link_issue: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str] = mapped_column(String(80), default="")
    confirmed_digest: Mapped[str] = mapped_column(String(64), default="")

    round: Mapped[MatchingRound] = relationship(back_populates="needs")
    organisation: Mapped[Organisation] = relationship()
    attendees: Mapped[list["NeedAttendee"]] = relationship(back_populates="need", cascade="all, delete-orphan")
    applications: Mapped[list["Application"]] = relationship(
        back_populates="need", order_by="Application.code", cascade="all, delete-orphan"
    )

    @property
    def attendee_ids(self) -> list[int]:
        """Who sits at the table; setting it keeps the rows of those who stay."""
        return sorted(attendee.person_id for attendee in self.attendees)

    @attendee_ids.setter
    def attendee_ids(self, person_ids: list[int]) -> None:
        known = {attendee.person_id: attendee for attendee in self.attendees}
        self.attendees = [known.get(one) or NeedAttendee(person_id=one) for one in sorted(set(person_ids))]


class NeedAttendee(Base):
    """A person of the large company who sits at the table."""

    __tablename__ = "need_attendee"
    __table_args__ = (UniqueConstraint("need_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    need: Mapped[Need] = relationship(back_populates="attendees")
    person: Mapped[Person] = relationship()


class Application(Base):
    """応募: an SME's wish to meet the company behind a need; `rating` is that company's answer.

    Times are what the SME stated in the form; they count for the timetable once staff have taken them over.
    """

    __tablename__ = "application"
    __table_args__ = (UniqueConstraint("round_id", "code"), Index("ix_application_need_id", "need_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(20))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    companion_ids: Mapped[list[int]] = mapped_column(JSON, default=list, info={"refers_to": "person"})
    priority: Mapped[int | None] = mapped_column()
    submitted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    proposal_title: Mapped[str] = mapped_column(String(200), default="")
    proposal_text: Mapped[str] = mapped_column(Text, default="")
    technology_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(12), default=ApplicationState.RECEIVED)
    rating: Mapped[str | None] = mapped_column(String(10))
    is_recommended: Mapped[bool] = mapped_column(default=False)
    screening_comment: Mapped[str] = mapped_column(String(300), default="")
    introducer: Mapped[str] = mapped_column(String(120), default="")
    arrives_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    leaves_by: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    away_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    away_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    times_settled: Mapped[bool] = mapped_column(default=False)
    link_issue: Mapped[int] = mapped_column(default=1)
    no_secrets_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    need: Mapped[Need] = relationship(back_populates="applications")
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person | None] = relationship()
    files: Mapped[list["ProposalFile"]] = relationship(order_by="ProposalFile.id", cascade="all, delete-orphan")
    recommendations: Mapped[list["Recommendation"]] = relationship(
        order_by="Recommendation.id", cascade="all, delete-orphan"
    )

    @property
    def has_times(self) -> bool:
        return any((self.arrives_from, self.leaves_by, self.away_from))


class ProposalFile(Base):
    """A drawing or a leaflet with a proposal; `stored` is its name in the folder of files that were handed in."""

    __tablename__ = "proposal_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(140))
    size: Mapped[int] = mapped_column()
    stored: Mapped[str] = mapped_column(String(40), unique=True)


class Recommendation(Base):
    """推薦: why the secretariat or a coordinator would like the company to meet the applicant; the company reads it."""

    __tablename__ = "recommendation"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    recommender: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))


class ParticipantLimit(Base):
    """都合: what a participant stated about time, tables and mode; hard, or 'if it can be'."""

    __tablename__ = "participant_limit"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[int | None] = mapped_column()
    time_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    time_to: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    is_hard: Mapped[bool] = mapped_column(default=True)
    in_use: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(300), default="")

    organisation: Mapped[Organisation] = relationship()


class CompetitorPair(Base):
    """Two organisations to keep apart; the reason is private to staff."""

    __tablename__ = "competitor_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(20))
    is_hard: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")

    first: Mapped[Organisation] = relationship(foreign_keys=[first_id])
    second: Mapped[Organisation] = relationship(foreign_keys=[second_id])
    need: Mapped[Need | None] = relationship()


class Exclusion(Base):
    """An organisation that a need's company does not want to meet (existing supplier, affiliate, trading firm)."""

    __tablename__ = "exclusion"
    __table_args__ = (UniqueConstraint("need_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")

    need: Mapped[Need] = relationship()
    organisation: Mapped[Organisation] = relationship()
