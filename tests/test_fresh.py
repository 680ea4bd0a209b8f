"""Rows written past the session: what the statement would get wrong is refused before it is sent."""

import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from eventops import fresh


class Elsewhere(DeclarativeBase):
    """Tables of this test alone."""


class Row(Elsewhere):
    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(server_default="new")


def test_a_default_that_only_the_database_knows_is_refused() -> None:
    with pytest.raises(TypeError, match=r"row\.state"):
        fresh.insert(Session(), [Row()])  # type: ignore[list-item]
