"""Sheets that were taken in, taken back as a whole: every row as it stood, or nothing where somebody changed one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.errors import NotFound, Stale
from eventops.meetings.models import MatchingRound
from eventops.meetings.sheets.models import SheetImport
from eventops.meetings.timetable import edits
from eventops.meetings.timetable.edits import Edit, Kind, adding, changing
from eventops.spreadsheets.plan import Plan, RowState


def write(session: Session, plan: Plan, kind: Kind, **frame: Any) -> Sequence[Edit]:
    """The plan's rows as edits, carried out; `frame` are values that a new row has where the sheet says nothing."""
    wanted = [
        adding(kind, **{**frame, **row.values}) if row.existing is None else changing(kind, row.existing, **row.values)
        for row in plan.rows
        if row.state is not RowState.UNCHANGED
    ]
    return edits.carry_out(session, wanted)


def remember(
    session: Session, *, round_id: int, kind: str, done: Sequence[Edit], actor_id: int | None, now: dt.datetime
) -> None:
    """Keep what a sheet did, unless it did nothing."""
    if done:
        stored = [one.to_json() for one in done]
        session.add(SheetImport(round_id=round_id, kind=kind, edits=stored, made_at=now, made_by_id=actor_id))


def latest(session: Session, round_id: int, *kinds: str) -> dict[str, SheetImport]:
    """The last import of each kind among those that have not been taken back."""
    query = (
        select(SheetImport)
        .options(joinedload(SheetImport.made_by))
        .where(SheetImport.id.in_(_last_of_each_kind(round_id, kinds)))
    )
    return {one.kind: one for one in session.scalars(query)}


def _last_of_each_kind(round_id: int, kinds: Sequence[str]) -> Select[int]:
    known = SheetImport.round_id == round_id, SheetImport.kind.in_(kinds), SheetImport.undone_at.is_(None)
    return select(func.max(SheetImport.id)).where(*known).group_by(SheetImport.kind)


def take_back(session: Session, *, round_id: int, import_id: int, actor_id: int, now: dt.datetime) -> SheetImport:
    """Raises `Stale` when it was taken back already, `ChangedSince` when a row of it was changed since."""
    query = select(SheetImport).where(SheetImport.id == import_id, SheetImport.round_id == round_id)
    found = session.scalar(query.with_for_update(of=SheetImport))
    if found is None:
        raise NotFound
    if found.undone_at is not None:
        raise Stale
    kind, number = found.kind, len(found.edits)
    edits.take_back(session, round_id, [Edit.from_json(one) for one in found.edits])
    found.undone_at, found.edits = now, []
    audit.record(
        session,
        actor_id=actor_id,
        action="sheet_taken_back",
        subject=("matching_round", round_id),
        now=now,
        event_id=session.get_one(MatchingRound, round_id).event_id,
        after={"kind": kind, "rows": number},
    )
    return found
