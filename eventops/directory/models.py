"""The directory: organisations with dated membership and sites, people with consents, and what was done to them."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime
from eventops.events.models import Event


class OrganisationCategory(StrEnum):
    """The association's five categories of member."""

    CORPORATION = "corporation"
    SCHOOL = "school"
    BODY = "body"
    MUNICIPALITY = "municipality"
    INDIVIDUAL = "individual"


class OrganisationSize(StrEnum):
    """大手, 中堅, 中小, and those for whom size says nothing."""

    LARGE = "large"
    MID = "mid"
    SME = "sme"
    OTHER = "other"


class SiteKind(StrEnum):
    """本社, 事業部・部門, and any other place of an organisation."""

    HEADQUARTERS = "headquarters"
    UNIT = "unit"
    SITE = "site"


class ConsentPurpose(StrEnum):
    """What a person has agreed to; each is a flag of the person as well, which says how things stand now."""

    MAIL = "mail_opt_in"
    PHOTO = "photo_consent"
    LIST = "list_consent"
    SHARE = "share_consent"


class ConsentSource(StrEnum):
    """How the association was told."""

    FORM = "form"
    PAPER = "paper"
    SPOKEN = "spoken"
    MAIL = "mail"
    SHEET = "sheet"
    BEFORE = "before"


class ActKind(StrEnum):
    """What was done to the directory as one act that can be taken back."""

    IMPORT = "import"
    MERGE_ORGANISATIONS = "merge_organisations"
    MERGE_PEOPLE = "merge_people"
    NAMES = "names"
    SETTLE = "settle"


class CaseState(StrEnum):
    """A name of a sheet: decided by itself, waiting for a person, decided by a person, or put aside."""

    AUTO = "auto"
    OPEN = "open"
    SETTLED = "settled"
    ASIDE = "aside"


class Organisation(Base):
    """A company or body. `sort_key` is the JIS X 4061 key, so that both databases sort alike.

    One that was merged into another stays as a row, so that merging can be undone; lists leave it out.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(160), index=True)
    kana: Mapped[str] = mapped_column(String(160))
    sort_key: Mapped[str] = mapped_column(String(160), index=True)
    match_core: Mapped[str] = mapped_column(String(160), index=True)
    category: Mapped[str] = mapped_column(String(20))
    size: Mapped[str] = mapped_column(String(10), default=OrganisationSize.OTHER)
    unit: Mapped[str] = mapped_column(String(120), default="")
    prefecture: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    url: Mapped[str] = mapped_column(String(200), default="")
    technology_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="Membership.starts_on"
    )
    sites: Mapped[list["Site"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="Site.id"
    )
    people: Mapped[list["Person"]] = relationship(back_populates="organisation", order_by="Person.sort_key")


class Membership(Base):
    """A time of membership, half-open: from `starts_on` until before `ends_on`."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    member_number: Mapped[str] = mapped_column(String(20), default="")
    starts_on: Mapped[dt.date] = mapped_column()
    ends_on: Mapped[dt.date | None] = mapped_column()

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class Site(Base):
    """A unit or place of an organisation: large firms take part with a 事業部, and have their 本社 elsewhere."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    prefecture: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="sites")


class Person(Base):
    """A person known to the secretariat; merged ones stay as rows, as organisations do."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    family_name: Mapped[str] = mapped_column(String(40))
    given_name: Mapped[str] = mapped_column(String(40))
    family_kana: Mapped[str] = mapped_column(String(40))
    given_kana: Mapped[str] = mapped_column(String(40))
    sort_key: Mapped[str] = mapped_column(String(80), index=True)
    department: Mapped[str] = mapped_column(String(80), default="")
    job_title: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    is_primary_contact: Mapped[bool] = mapped_column(default=False)
    mail_opt_in: Mapped[bool] = mapped_column(default=False)
    photo_consent: Mapped[bool] = mapped_column(default=False)
    list_consent: Mapped[bool] = mapped_column(default=False)
    share_consent: Mapped[bool] = mapped_column(default=False)
    dietary_need: Mapped[str] = mapped_column(String(200), default="")
    accommodation_request: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship(back_populates="people")
    site: Mapped[Site | None] = relationship()
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Consent.id"
    )

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    @property
    def full_kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"


class Consent(Base):
    """One agreement of a person: what for, when, how the association was told, and when it was withdrawn.

    To be named to a co-host is agreed to for one event and one host; one that names neither gives nothing away.
    `text` is what the person read, in `language`; `version` stands for it. Both are empty where nobody kept it.
    """

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(200), default="")
    given_on: Mapped[dt.date | None] = mapped_column()
    withdrawn_on: Mapped[dt.date | None] = mapped_column()
    withdrawn_note: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    host_name: Mapped[str] = mapped_column(String(160), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    version: Mapped[str] = mapped_column(String(12), default="")

    person: Mapped[Person] = relationship(back_populates="consents")
    recorded_by: Mapped[StaffUser | None] = relationship()
    event: Mapped[Event | None] = relationship()


class DirectoryAct(Base):
    """A merge, an import or a decision about names, taken back as a whole or not at all."""

    __tablename__ = "directory_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    made_by: Mapped[StaffUser | None] = relationship(foreign_keys=[made_by_id])
    undone_by: Mapped[StaffUser | None] = relationship(foreign_keys=[undone_by_id])
    moves: Mapped[list["DirectoryMove"]] = relationship(
        back_populates="act", cascade="all, delete-orphan", order_by="DirectoryMove.id"
    )


class DirectoryMove(Base):
    """One row that an act made (`before` is empty) or changed: the values of the columns, before and after."""

    __tablename__ = "directory_move"
    __table_args__ = (Index("ix_directory_move_table_name_row_id", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("directory_act.id", ondelete="CASCADE"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column()
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    act: Mapped[DirectoryAct] = relationship(back_populates="moves")


class NameCase(Base):
    """A company name as a sheet has it, and which organisation it means."""

    __tablename__ = "name_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(default=0)
    raw: Mapped[str] = mapped_column(String(160), index=True)
    state: Mapped[str] = mapped_column(String(8), index=True)
    reason: Mapped[str] = mapped_column(String(20), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation | None] = relationship()
    decided_by: Mapped[StaffUser | None] = relationship()


class DistinctPair(Base):
    """Two organisations or people that look alike and are not the same, as somebody has said."""

    __tablename__ = "distinct_pair"
    __table_args__ = (UniqueConstraint("kind", "low_id", "high_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    low_id: Mapped[int] = mapped_column()
    high_id: Mapped[int] = mapped_column()
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
