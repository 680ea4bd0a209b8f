"""The frame follows its event to another day: every moment of a round keeps its time of day."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.meetings import queries
from eventops.meetings.frame import rounds
from eventops.meetings.models import Application, MatchingRound, ParticipantLimit
from eventops.meetings.timetable import kept_edits
from eventops.wareki import japan_time

_WINDOW = ("starts_at", "ends_at")
_STATED = ("arrives_from", "leaves_by", "away_from", "away_until")


def follow(session: Session, event_id: int) -> None:
    """Move the round to the day of its part; what was told of a published timetable stays as it was told."""
    found = queries.round_of_event(session, event_id)
    if found is None:
        return
    days = japan_time(found.part.starts_at).date() - japan_time(found.starts_at).date()
    if days:
        _move(session, rounds.for_update(session, found.id), days)


def _move(session: Session, found: MatchingRound, days: dt.timedelta) -> None:
    for row in (found, *found.breaks, *found.slots):
        _shift(row, _WINDOW, days)
    for table in (table for room in found.rooms for table in room.tables):
        _shift(table, ("closed_from",), days)
    for limit in session.scalars(select(ParticipantLimit).where(ParticipantLimit.round_id == found.id)):
        _shift(limit, ("time_from", "time_to"), days)
    for application in session.scalars(select(Application).where(Application.round_id == found.id)):
        _shift(application, _STATED, days)
    kept_edits.move(session, found.id, days)
    session.flush()


def _shift(row: Any, names: tuple[str, ...], days: dt.timedelta) -> None:
    for name in names:
        moment = getattr(row, name)
        if moment is not None:
            setattr(row, name, moment + days)
