"""What has begun stays as it was published: which lines of a timetable may still differ from the version in force."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import DomainError
from eventops.meetings.models import Slot
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import Timetable, TimetableChange, TimetableMeeting

Line = tuple[int, int, int]
"""One meeting of somebody's day: application, slot, table."""
Lines = frozenset[Line]

REPLANNED: Final = "replanned"
"""The kind of the step with which a proposal of the day is carried out."""
LAID_BACK: Final = "laid_back"
"""And of the step with which it is taken back."""


class HasBegun(DomainError):
    """A published meeting that has begun or ended stays as it was, and nothing is put into its time."""

    code = "meeting_has_begun"


class BegunMoved(HasBegun):
    """The draft has a meeting that has begun elsewhere than it was announced and held."""

    code = "begun_meeting_moved"


def lines_of(meetings: Iterable[queries.Placed]) -> Lines:
    return frozenset((one.application_id, one.slot_id, one.table_id) for one in meetings)


def refuse_step(session: Session, round_id: int, *, before: Lines, after: Lines, now: dt.datetime) -> None:
    """A step by hand leaves what has begun alone, unless it puts it back to where it was published."""
    last = queries.published(session, round_id)
    if last is None:
        return
    announced = lines_of(queries.placements(session, last.id))
    moved = ((after - before) - announced) | ((before - after) & announced)
    if queries.has_begun(session, _slots(moved), now):
        raise HasBegun


def refuse_moved(session: Session, timetable: Timetable, now: dt.datetime) -> None:
    """Whatever time passed since a draft was worked on: it announces nothing else for what has begun meanwhile."""
    last = queries.published(session, timetable.round_id)
    if last is None:
        return
    moved = lines_of(last.meetings) ^ lines_of(timetable.meetings)
    if queries.has_begun(session, _slots(moved - _not_held(session, timetable)), now):
        raise BegunMoved


def held(session: Session, timetable: Timetable, now: dt.datetime) -> Sequence[TimetableMeeting]:
    """The meetings that have begun where they were announced: nothing that is found out later changes them."""
    last = queries.published(session, timetable.round_id)
    announced = lines_of(last.meetings) if last is not None else frozenset()
    begun = queries.begun_slots(session, _slots(announced), now)
    return [one for one in timetable.meetings if one.slot_id in begun and lines_of([one]) <= announced]


def _not_held(session: Session, timetable: Timetable) -> Lines:
    """Meetings of the past that proposals of the day have changed: they did not take place, or did after all.

    Only what had begun when the proposal was carried out: what began after that is held as it was announced.
    """
    starts = _starts(session, timetable.round_id)
    return frozenset(
        line
        for step in _replanned(session, timetable)
        for line in _lines(step.before) ^ _lines(step.after)
        if line[1] in starts and starts[line[1]] <= step.at
    )


def _replanned(session: Session, timetable: Timetable) -> Sequence[TimetableChange]:
    wanted = (TimetableChange.timetable_id == timetable.id, TimetableChange.kind.in_((REPLANNED, LAID_BACK)))
    return session.scalars(select(TimetableChange).where(*wanted, ~TimetableChange.is_undone)).all()


def _starts(session: Session, round_id: int) -> Mapping[int, dt.datetime]:
    slots = session.execute(select(Slot.id, Slot.starts_at).where(Slot.round_id == round_id))
    return {one.id: one.starts_at for one in slots}


def _lines(stored: Iterable[Mapping[str, Any]]) -> Lines:
    placed = ((row["application_id"], row["spot"]) for row in stored if row["spot"])
    return frozenset((application_id, spot["slot_id"], spot["table_id"]) for application_id, spot in placed)


def _slots(lines: Lines) -> frozenset[int]:
    return frozenset(slot_id for _application, slot_id, _table in lines)
