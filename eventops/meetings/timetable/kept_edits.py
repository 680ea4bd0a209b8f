"""Changes kept so that they can be taken back: of sheets, remedies, the day, what was supposed and taken over."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.jobs.models import Job
from eventops.meetings.day.models import DayProposal
from eventops.meetings.sheets.models import SheetImport
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.edits import Edit, Kind
from eventops.meetings.timetable.models import MAKING
from eventops.meetings.timetable.what_if import WHAT_IF

_IN_JOBS = {MAKING: "trial", WHAT_IF: "taken"}
_MOVED = frozenset({"time_from", "time_to", "starts_at", "ends_at", "closed_from"})
"""Moments that go to another day with the round."""


def move(session: Session, round_id: int, days: dt.timedelta) -> None:
    """The round has gone to another day, and its rows with it: they are still those that were changed."""

    def moved(edit: Edit) -> Edit:
        before = None if edit.before is None else _later(edit.before, days)
        return replace(edit, before=before, after=_later(edit.after, days))

    _rewrite(session, round_id, moved)


def forget(session: Session, round_id: int, rows: Collection[tuple[Kind, int]]) -> None:
    """Staff deleted the rows: what stood in them is kept nowhere else either. That they were changed is still known.

    Nothing leads to them any more: a row made since may have been given the number of one again.
    """

    def without_words(edit: Edit) -> Edit:
        if (edit.kind, edit.row_id) not in rows:
            return edit
        return replace(edit, row_id=None, before=None if edit.before is None else {}, after={})

    queries.lock_round(session, round_id)  # whoever takes back or agrees writes the same lists
    _rewrite(session, round_id, without_words)


def _later(values: Mapping[str, Any], days: dt.timedelta) -> dict[str, Any]:
    return {name: one + days if name in _MOVED and one is not None else one for name, one in values.items()}


def _rewrite(session: Session, round_id: int, change: Callable[[Edit], Edit]) -> None:
    def changed(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [change(Edit.from_json(one)).to_json() for one in stored]

    for sheet in session.scalars(select(SheetImport).where(SheetImport.round_id == round_id)):
        sheet.edits = changed(sheet.edits)
    for proposal in session.scalars(select(DayProposal).where(DayProposal.round_id == round_id)):
        proposal.edits = changed(proposal.edits)
    for job, name in _jobs(session, round_id):
        kept = job.payload[name]
        job.payload = {**job.payload, name: {**kept, "edits": changed(kept["edits"])}}


def _jobs(session: Session, round_id: int) -> Iterator[tuple[Job, str]]:
    query = select(Job).where(Job.subject_id == round_id, Job.kind.in_(_IN_JOBS))
    for job in session.scalars(query):
        if job.payload and job.payload.get(_IN_JOBS[job.kind]):
            yield job, _IN_JOBS[job.kind]
