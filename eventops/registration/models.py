"""Registrations: one application of one company with 1-10 attendees, each with places in parts and a ticket."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base, UtcDateTime
from eventops.directory.models import Organisation, Person
from eventops.events.models import Event, Part, PriceCategory


class RegistrationState(StrEnum):
    """An application counts while active; a cancelled one keeps its number and its history."""

    ACTIVE = "active"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """How an application came in."""

    PUBLIC = "public"
    STAFF = "staff"
    WALK_IN = "walk_in"


class PaymentMethod(StrEnum):
    """How the fee will be paid; `NONE` where nothing is owed."""

    BANK_TRANSFER = "bank_transfer"
    CASH_ON_DAY = "cash_on_day"
    NONE = "none"


class IfFull(StrEnum):
    """The applicant's own choice for a full venue (DOMAIN: a request, so consent is needed)."""

    ONLINE = "online"
    WAIT = "wait"
    ONLINE_AND_WAIT = "online_and_wait"
    WITHDRAW = "withdraw"


class PlaceState(StrEnum):
    """A place in a pool: held, kept for an answer, queued for, refused, given back, or not answered for in time."""

    CONFIRMED = "confirmed"
    OFFERED = "offered"
    WAITING = "waiting"
    FULL = "full"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


TAKEN = (PlaceState.CONFIRMED, PlaceState.OFFERED)
"""What fills a pool: an offered seat is nobody else's until its time is over."""
HELD = (*TAKEN, PlaceState.WAITING)


class BadgeCategory(StrEnum):
    """Category on the badge, as a word and a colour."""

    GUEST_OF_HONOUR = "guest_of_honour"
    SPEAKER = "speaker"
    LARGE = "large"
    MEMBER = "member"
    GENERAL = "general"
    STAFF = "staff"


class Registration(Base):
    """One application. `number` counts within the event; `link_issue` makes older private links invalid.

    `told` is what the applicant agreed to in the form, word for word, with the `version` of the words.
    `free_part_id` is the part that costs these people nothing, as the meetings to which they were invited.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index("ix_registration_in_reading_order", "event_id", "organisation_sort_key", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int] = mapped_column()
    submission_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    link_issue: Mapped[int] = mapped_column(default=1)
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=RegistrationState.ACTIVE)
    source: Mapped[str] = mapped_column(String(10), default=Source.PUBLIC)
    language: Mapped[str] = mapped_column(String(2), default="ja")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(160))
    organisation_kana: Mapped[str] = mapped_column(String(160))
    organisation_sort_key: Mapped[str] = mapped_column(String(160))
    price_category: Mapped[str] = mapped_column(String(8))
    claims_membership: Mapped[bool] = mapped_column(default=False)
    applicant_name: Mapped[str] = mapped_column(String(80))
    applicant_kana: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    payment_method: Mapped[str] = mapped_column(String(16), default=PaymentMethod.NONE)
    receipt_name: Mapped[str] = mapped_column(String(160), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    staff_note: Mapped[str] = mapped_column(Text, default="")
    mail_opt_in: Mapped[bool] = mapped_column(default=False)
    keeps_together: Mapped[bool] = mapped_column(default=False)
    tells_attendees: Mapped[bool] = mapped_column(default=False)
    total_yen: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    told: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, deferred=True)
    free_part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"))
    submitted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    attendees: Mapped[list["Attendee"]] = relationship(
        back_populates="registration", order_by="Attendee.position", cascade="all, delete-orphan"
    )


class Attendee(Base):
    """A person who comes. `ticket_issue` makes older codes invalid; the ticket number stays."""

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("registration_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(12), default=RegistrationState.ACTIVE)
    ticket_issue: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    family_name: Mapped[str] = mapped_column(String(40))
    given_name: Mapped[str] = mapped_column(String(40))
    family_kana: Mapped[str] = mapped_column(String(40))
    given_kana: Mapped[str] = mapped_column(String(40))
    sort_key: Mapped[str] = mapped_column(String(80), index=True)
    department: Mapped[str] = mapped_column(String(80), default="")
    job_title: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone_tail: Mapped[str] = mapped_column(String(4), default="", index=True)
    price_category: Mapped[str] = mapped_column(String(8), default=PriceCategory.GENERAL)
    badge_category: Mapped[str] = mapped_column(String(20), default=BadgeCategory.GENERAL)
    fee_yen: Mapped[int] = mapped_column(default=0)
    paid_yen: Mapped[int] = mapped_column(default=0)
    paid_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    dietary_need: Mapped[str] = mapped_column(String(200), default="")
    accommodation_request: Mapped[str] = mapped_column(String(200), default="")
    list_consent: Mapped[bool] = mapped_column(default=False)
    photo_consent: Mapped[bool] = mapped_column(default=False)
    desk_note: Mapped[str] = mapped_column(String(200), default="")

    registration: Mapped[Registration] = relationship(back_populates="attendees")
    person: Mapped[Person | None] = relationship()
    places: Mapped[list["Place"]] = relationship(back_populates="attendee", cascade="all, delete-orphan")
    tags: Mapped[list["AttendeeTag"]] = relationship(
        back_populates="attendee", cascade="all, delete-orphan", order_by="AttendeeTag.tag"
    )

    host_consents: Mapped[list["HostConsent"]] = relationship(
        back_populates="attendee", cascade="all, delete-orphan", order_by="HostConsent.id"
    )

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    @property
    def full_kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"


class AttendeeTag(Base):
    """A word that staff put on somebody of one event; `★` is the mark."""

    __tablename__ = "attendee_tag"
    __table_args__ = (UniqueConstraint("attendee_id", "tag"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    tag: Mapped[str] = mapped_column(String(40), index=True)

    attendee: Mapped[Attendee] = relationship(back_populates="tags")


class HostConsent(Base):
    """That somebody agreed to be named to one host of the event: `columns` are what this person was told of.

    `text` is what the person read, in `language`; `version` stands for it.
    """

    __tablename__ = "host_consent"
    __table_args__ = (UniqueConstraint("attendee_id", "host_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    host_name: Mapped[str] = mapped_column(String(160))
    columns: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    version: Mapped[str] = mapped_column(String(12), default="")
    given_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    attendee: Mapped[Attendee] = relationship(back_populates="host_consents")


class Place(Base):
    """A seat, or a position in the queue for one, of an attendee in a part and mode; `queued_at` orders the queue.

    An offered seat is kept until `offered_until`, for an answer or (`offer_needs`) for the money.
    """

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("attendee_id", "part_id", "mode"),
        Index("ix_place_part_id_mode_state_attendee_id", "part_id", "mode", "state", "attendee_id"),
        Index("ix_place_offered_until", "offered_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    mode: Mapped[str] = mapped_column(String(8))
    wanted_mode: Mapped[str] = mapped_column(String(8))
    if_full: Mapped[str] = mapped_column(String(16), default=IfFull.WAIT)
    state: Mapped[str] = mapped_column(String(12))
    fee_yen: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    offered_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    offer_needs: Mapped[str] = mapped_column(String(8), default="")

    attendee: Mapped[Attendee] = relationship(back_populates="places")
    part: Mapped[Part] = relationship()
