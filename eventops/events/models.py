"""Events of the association's year: series, editions, parts with their pools, hosts and fees."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, exists, or_
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from eventops.database import Base, UtcDateTime

OFFER_HOURS = 24
SENSITIVE_DAYS = 30
"""How long after an event notes about health are kept."""


class EventKind(StrEnum):
    """Types of event in the association's year."""

    TECHNOLOGY_EXCHANGE = "technology_exchange"
    NEW_YEAR = "new_year"
    WORKING_GROUP = "working_group"
    SALON = "salon"
    GOLF = "golf"
    SEMINAR = "seminar"
    SOCIAL = "social"
    OTHER = "other"


class EventState(StrEnum):
    """draft → published → closed; an event may be cancelled from any of them."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PartKind(StrEnum):
    """What happens in a part; closed matching carries the meeting timetable."""

    CLOSED_MATCHING = "closed_matching"
    OPEN_MATCHING = "open_matching"
    LECTURE = "lecture"
    SOCIAL = "social"
    OTHER = "other"


class Eligibility(StrEnum):
    """Who may come: members only, members first, anyone, or those whom the secretariat invites."""

    MEMBERS_ONLY = "members_only"
    MEMBERS_FIRST = "members_first"
    ANYONE = "anyone"
    INVITED = "invited"


class Mode(StrEnum):
    """Attending at the venue or through the network."""

    ONSITE = "onsite"
    ONLINE = "online"


class Promotion(StrEnum):
    """What a free seat asks of the first in the queue: nothing, an answer in time, or the money in time."""

    AT_ONCE = "at_once"
    REPLY = "reply"
    PAYMENT = "payment"


class PriceCategory(StrEnum):
    """Fee category of a person: through the organisation's membership on the day of application."""

    MEMBER = "member"
    GENERAL = "general"


class HostRole(StrEnum):
    """Roles of the bodies behind an event, in the order in which they are printed."""

    HOST = "host"
    CO_HOST = "co_host"
    PATRON = "patron"
    COOPERATION = "cooperation"
    SPONSOR = "sponsor"
    PLANNED_BY = "planned_by"


class Series(Base):
    """A recurring event, e.g. TAMA技術連携交流会."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)

    events: Mapped[list["Event"]] = relationship(back_populates="series")


class EventType(Base):
    """A type of event that staff added beside those of the program; it behaves like the kind that it is based on."""

    __tablename__ = "event_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(30))
    retired: Mapped[bool] = mapped_column(default=False)


class EventTie(Base):
    """Two events that are applied for in one form. One row for both ways: `event_id` is the smaller id."""

    __tablename__ = "event_tie"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, index=True)


class Event(Base):
    """One edition: what is announced, applied for, and held."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    edition: Mapped[int | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(30))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("event_type.id"))
    state: Mapped[str] = mapped_column(String(12), default=EventState.DRAFT)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    is_provisional: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(Text, default="")
    held_on: Mapped[dt.date] = mapped_column(index=True)
    venue_name: Mapped[str] = mapped_column(String(120), default="")
    venue_address: Mapped[str] = mapped_column(String(200), default="")
    access: Mapped[str] = mapped_column(Text, default="")
    online_url: Mapped[str] = mapped_column(String(300), default="")
    things_to_bring: Mapped[str] = mapped_column(Text, default="")
    eligibility: Mapped[str] = mapped_column(String(20), default=Eligibility.ANYONE)
    applications_open_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    general_opens_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    applications_close_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    free_cancellation_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answers_close_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sensitive_days: Mapped[int] = mapped_column(default=SENSITIVE_DAYS)
    cancellation_rule: Mapped[str] = mapped_column(Text, default="")
    privacy_notice: Mapped[str] = mapped_column(Text, default="")
    overflow_notice: Mapped[str] = mapped_column(Text, default="")
    english: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    promotion: Mapped[str] = mapped_column(String(8), default=Promotion.AT_ONCE)
    offer_hours: Mapped[int] = mapped_column(default=OFFER_HOURS)
    group_size_max: Mapped[int] = mapped_column(default=10)
    contact: Mapped[str] = mapped_column(String(200), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    last_registration_number: Mapped[int] = mapped_column(default=0)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    ticked_steps: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    series: Mapped[Series | None] = relationship(back_populates="events")
    type: Mapped[EventType | None] = relationship()
    parts: Mapped[list["Part"]] = relationship(
        back_populates="event", order_by="Part.position", cascade="all, delete-orphan"
    )
    hosts: Mapped[list["EventHost"]] = relationship(
        back_populates="event", order_by="EventHost.position", cascade="all, delete-orphan"
    )
    fees: Mapped[list["Fee"]] = relationship(back_populates="event", cascade="all, delete-orphan")
    zones: Mapped[list["Zone"]] = relationship(order_by="Zone.position", cascade="all, delete-orphan")
    is_tied: Mapped[bool] = column_property(
        exists().where(or_(EventTie.event_id == id, EventTie.other_id == id)).correlate_except(EventTie),
        deferred=True,
    )


class Part(Base):
    """第N部: every count (seats, food, badges, check-in) is kept for a part."""

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    programme: Mapped[str] = mapped_column(Text, default="")
    english: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    is_provisional: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(120), default="")
    eligibility: Mapped[str] = mapped_column(String(20), default=Eligibility.ANYONE)
    planned_by: Mapped[str] = mapped_column(String(120), default="")

    event: Mapped[Event] = relationship(back_populates="parts")
    pools: Mapped[list["Pool"]] = relationship(
        back_populates="part", order_by="Pool.mode.desc()", cascade="all, delete-orphan"
    )


class Pool(Base):
    """Places of one part in one mode. `capacity` None means without limit.

    `reserved` is kept back by staff; on the day `released_on`, where there is one, it goes to everybody.
    """

    __tablename__ = "pool"
    __table_args__ = (
        UniqueConstraint("part_id", "mode"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id", ondelete="CASCADE"))
    mode: Mapped[str] = mapped_column(String(8))
    capacity: Mapped[int | None] = mapped_column()
    reserved: Mapped[int] = mapped_column(default=0)
    released_on: Mapped[dt.date | None] = mapped_column()

    part: Mapped[Part] = relationship(back_populates="pools")


class EventHost(Base):
    """A body behind the event, with its role. Co-hosts may be given people who agree, others if `is_given_people`."""

    __tablename__ = "event_host"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    position: Mapped[int] = mapped_column()
    is_given_people: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship(back_populates="hosts")


class Fee(Base):
    """A price per head in whole yen, tax included: of the event (once, `part_id` None) or of one part."""

    __tablename__ = "fee"
    __table_args__ = (
        UniqueConstraint("event_id", "part_id", "category", "mode"),
        CheckConstraint("yen >= 0", name="yen_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id", ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(String(8))
    mode: Mapped[str] = mapped_column(String(8))
    yen: Mapped[int] = mapped_column()

    event: Mapped[Event] = relationship(back_populates="fees")


class Zone(Base):
    """A part of the hall with a name of its own, often that of a sponsor who invited the exhibitors."""

    __tablename__ = "zone"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(120))
    sponsor: Mapped[str] = mapped_column(String(160), default="")
    description: Mapped[str] = mapped_column(Text, default="")

    booths: Mapped[list["Booth"]] = relationship(order_by="Booth.position", cascade="all, delete-orphan")


class Booth(Base):
    """A stand in a zone: its number, who exhibits there, and what."""

    __tablename__ = "booth"

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    number: Mapped[str] = mapped_column(String(12), default="")
    exhibitor: Mapped[str] = mapped_column(String(160), default="")
    exhibit: Mapped[str] = mapped_column(String(200), default="")
