"""Rows written past the session: what the statement would get wrong is refused before it is sent."""

import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from eventops import fresh
from eventops.meetings.models import Room
from eventops.meetings.timetable import marking


class Elsewhere(DeclarativeBase):
    """Tables of this test alone."""


class Row(Elsewhere):
    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(server_default="new")


def test_a_default_that_only_the_database_knows_is_refused() -> None:
    with pytest.raises(TypeError, match=r"row\.state"):
        fresh.insert(Session(), [Row()])  # type: ignore[list-item]


def test_what_somebody_watches_is_written_where_it_is_seen() -> None:
    assert Room.__tablename__ in marking.watched()
    with pytest.raises(TypeError, match="room has to be seen"):
        fresh.insert(Session(), [fresh.made(Room, code="R", name="会議室", position=1)])
