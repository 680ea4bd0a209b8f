"""Committees with those who belong to them for a time, and organisations that the association works with."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.database import Base
from eventops.directory.models import Organisation, Person


class CommitteeKind(StrEnum):
    """分科会, 委員会, and any other standing circle, such as the core members of a series."""

    WORKING_GROUP = "working_group"
    COMMITTEE = "committee"
    CIRCLE = "circle"


class CommitteeRole(StrEnum):
    """What somebody does in a committee, in the order in which lists name them."""

    LEAD = "lead"
    DEPUTY = "deputy"
    DIRECTOR = "director"
    CORE = "core"
    MEMBER = "member"


class Committee(Base):
    """A committee; one that has come to its end keeps its history and is offered no more."""

    __tablename__ = "committee"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kana: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[str] = mapped_column(String(16), default=CommitteeKind.WORKING_GROUP)
    note: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[dt.date | None] = mapped_column()

    terms: Mapped[list["CommitteeTerm"]] = relationship(
        back_populates="committee", cascade="all, delete-orphan", order_by="CommitteeTerm.starts_on"
    )


class CommitteeTerm(Base):
    """Somebody's time in a committee, half-open: from `starts_on` until before `ends_on`."""

    __tablename__ = "committee_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(12), default=CommitteeRole.MEMBER)
    starts_on: Mapped[dt.date] = mapped_column()
    ends_on: Mapped[dt.date | None] = mapped_column()

    committee: Mapped[Committee] = relationship(back_populates="terms")
    person: Mapped[Person] = relationship()


class Partnership(Base):
    """An agreement with an organisation, and the role in which it usually stands behind events (`HostRole`)."""

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[dt.date] = mapped_column()
    ends_on: Mapped[dt.date | None] = mapped_column()
    note: Mapped[str] = mapped_column(String(200), default="")

    organisation: Mapped[Organisation] = relationship()
