"""Meeting records: what each side of a meeting says of it, apart from the other side."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime
from eventops.directory.models import Person
from eventops.meetings.models import Application


class Side(StrEnum):
    """The company with the need, and the one that applied."""

    HOST = "host"
    GUEST = "guest"


class Continuation(StrEnum):
    """継続意向: whether one wants to go on."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class NextStep(StrEnum):
    """次の行動 as the side sees it."""

    ESTIMATE = "estimate"
    PROTOTYPE = "prototype"
    VISIT = "visit"
    NDA = "nda"
    INFORMATION = "information"
    NONE = "none"


class Length(StrEnum):
    """How the time was felt."""

    SHORT = "short"
    RIGHT = "right"
    LONG = "long"


class MeetingRecord(Base):
    """One side's record and questionnaire. The other side never reads it; only a mutual yes is told to both."""

    __tablename__ = "meeting_record"
    __table_args__ = (UniqueConstraint("application_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(5))
    satisfaction: Mapped[int] = mapped_column()
    continuation: Mapped[str] = mapped_column(String(5))
    wants_second: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    talked: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(String(12), default="")
    next_on: Mapped[dt.date | None] = mapped_column()
    fit: Mapped[int | None] = mapped_column()
    length: Mapped[str] = mapped_column(String(5), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    entered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    person: Mapped[Person | None] = relationship()
    entered_by: Mapped[StaffUser | None] = relationship()
