"""Money: a ledger that is only added to, documents with their stored copies, and what the bank reported."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime
from eventops.registration.models import Registration


class PaymentKind(StrEnum):
    """What an entry of the ledger is."""

    BANK_TRANSFER = "bank_transfer"
    CASH_ON_DAY = "cash_on_day"
    FEE_DEDUCTED = "fee_deducted"
    REFUND = "refund"
    CORRECTION = "correction"


class Means(StrEnum):
    """Where the money went through; a fee that the payer kept back went through nothing."""

    BANK = "bank"
    CASH = "cash"
    NONE = "none"


class DocumentKind(StrEnum):
    """What a document asks for, confirms, or takes back."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    RETURN = "return"


class Form(StrEnum):
    """Whether a document claims to be a qualified invoice; the simplified one names no receiver."""

    PLAIN = "plain"
    QUALIFIED = "qualified"
    SIMPLIFIED = "simplified"


class LineState(StrEnum):
    """A line of the bank is open until it is booked, or set aside with a reason."""

    OPEN = "open"
    BOOKED = "booked"
    IGNORED = "ignored"


class Payment(Base):
    """An entry of the ledger, positive when it lessens what is owed. Never changed: `counters` takes one back.

    `attendee` is for whom somebody paid at the desk; None pays for the application as a whole.
    """

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("yen <> 0", name="yen_not_nought"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"))
    kind: Mapped[str] = mapped_column(String(16))
    means: Mapped[str] = mapped_column(String(8))
    yen: Mapped[int] = mapped_column()
    received_on: Mapped[dt.date] = mapped_column(index=True)
    station: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    bank_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_line.id"), index=True)
    submission_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship()
    recorded_by: Mapped[StaffUser | None] = relationship()
    bank_line: Mapped["BankLine | None"] = relationship()


class PaymentTerms(Base):
    """How an event wants to be paid; an event without a row takes the defaults."""

    __tablename__ = "payment_terms"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    due_on: Mapped[dt.date | None] = mapped_column()
    transfer_to: Mapped[str] = mapped_column(Text, default="")
    proviso: Mapped[str] = mapped_column(String(120), default="")


class NumberSeries(Base):
    """The last number given out for one kind of document in one fiscal year."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("kind", "fiscal_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    fiscal_year: Mapped[int] = mapped_column()
    last_number: Mapped[int] = mapped_column(default=0)


class Document(Base):
    """An invoice, a receipt, or what takes one back: all that is printed on it, as it was when it was issued."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("kind", "fiscal_year", "number"),
        Index("ix_document_search", "dated_on", "total_yen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(40))
    fiscal_year: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    dated_on: Mapped[dt.date] = mapped_column()
    supplied_on: Mapped[dt.date] = mapped_column()
    due_on: Mapped[dt.date | None] = mapped_column()
    party: Mapped[str] = mapped_column(String(160))
    honorific: Mapped[str] = mapped_column(String(8))
    party_key: Mapped[str] = mapped_column(String(200), index=True)
    proviso: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(200), default="")
    total_yen: Mapped[int] = mapped_column()
    tax_percent: Mapped[int] = mapped_column()
    tax_yen: Mapped[int] = mapped_column()
    transfer_to: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(40), default="")
    issuer_name: Mapped[str] = mapped_column(String(120))
    issuer_address: Mapped[str] = mapped_column(String(220), default="")
    issuer_contact: Mapped[str] = mapped_column(String(320), default="")
    issuer_number: Mapped[str] = mapped_column(String(14), default="")
    issued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    registration: Mapped[Registration] = relationship()
    issued_by: Mapped[StaffUser | None] = relationship()
    counters: Mapped["Document | None"] = relationship(remote_side=[id])
    lines: Mapped[list["DocumentLine"]] = relationship(
        back_populates="document", order_by="DocumentLine.position", cascade="all, delete-orphan"
    )

    @property
    def number_text(self) -> str:
        return f"{self.fiscal_year}-{_LETTERS[DocumentKind(self.kind)]}{self.number:05d}"


_LETTERS = {DocumentKind.INVOICE: "S", DocumentKind.RECEIPT: "R", DocumentKind.RETURN: "H"}


class DocumentLine(Base):
    """One amount on a document, tax included, with whom and what it was for."""

    __tablename__ = "document_line"
    __table_args__ = (UniqueConstraint("document_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    position: Mapped[int] = mapped_column()
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), index=True)
    part_id: Mapped[int | None] = mapped_column()
    text: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(90))
    yen: Mapped[int] = mapped_column()
    tax_percent: Mapped[int] = mapped_column()

    document: Mapped[Document] = relationship(back_populates="lines")


class DocumentFile(Base):
    """A copy as it was handed out: 0 is the first one, n the n-th reissue."""

    __tablename__ = "document_file"
    __table_args__ = (UniqueConstraint("document_id", "copy"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    copy: Mapped[int] = mapped_column()
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))


class CashClosing(Base):
    """Cash counted at the end: what the ledger said then, and what was in the box."""

    __tablename__ = "cash_closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    day: Mapped[dt.date] = mapped_column()
    station: Mapped[str] = mapped_column(String(40), default="")
    expected_yen: Mapped[int] = mapped_column()
    counted_yen: Mapped[int] = mapped_column()
    note: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    recorded_by: Mapped[StaffUser] = relationship()


class BankFile(Base):
    """A file of the bank that was read in; the same bytes are read once."""

    __tablename__ = "bank_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    imported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    imported_by: Mapped[StaffUser | None] = relationship()


class BankLine(Base):
    """One movement on the account; money that went out is below nought. `fingerprint` knows it again in later files."""

    __tablename__ = "bank_line"
    __table_args__ = (Index("ix_bank_line_state_booked_on", "state", "booked_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"), index=True)
    position: Mapped[int] = mapped_column()
    booked_on: Mapped[dt.date] = mapped_column()
    payer: Mapped[str] = mapped_column(String(200))
    payer_key: Mapped[str] = mapped_column(String(200), index=True)
    yen: Mapped[int] = mapped_column()
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(8), default=LineState.OPEN)
    reason: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))

    file: Mapped[BankFile] = relationship()
    settled_by: Mapped[StaffUser | None] = relationship()


class NeverChanged(RuntimeError):
    """The program tried to rewrite what stands: a fault of the program."""


def _refuse(_mapper: Mapper[Base], _connection: Connection, row: Base) -> None:
    raise NeverChanged(type(row).__name__)


for _kept in (Payment, Document, DocumentLine, DocumentFile, CashClosing):
    event.listen(_kept, "before_update", _refuse)
    event.listen(_kept, "before_delete", _refuse)
