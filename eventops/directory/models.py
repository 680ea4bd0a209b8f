"""The directory: organisations with dated membership, and people."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base


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


class Organisation(Base):
    """A company or body. `sort_key` is the JIS X 4061 key, so that both databases sort alike."""

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

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation", cascade="all, delete-orphan")
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


class Person(Base):
    """A person known to the secretariat."""

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
    dietary_need: Mapped[str] = mapped_column(String(200), default="")
    accommodation_request: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation | None] = relationship(back_populates="people")

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    @property
    def full_kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"
