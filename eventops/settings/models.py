"""The installation's own profile: who the organiser is."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from eventops.database import Base


class Organiser(Base):
    """The association as printed on pages, letters and paper. One row; staff edit it."""

    __tablename__ = "organiser"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    alias: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    fax: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    registration_number: Mapped[str] = mapped_column(String(14), default="")
