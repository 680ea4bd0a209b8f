"""Rows about sheets that were taken in."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventops.accounts.models import StaffUser
from eventops.database import Base, UtcDateTime


class SheetImport(Base):
    """A sheet that was taken in and may be taken back: `edits` are its rows before and after."""

    __tablename__ = "sheet_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("matching_round.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[StaffUser | None] = relationship()

    @property
    def added(self) -> int:
        return sum(one["before"] is None for one in self.edits)

    @property
    def changed(self) -> int:
        return len(self.edits) - self.added
