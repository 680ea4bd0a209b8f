"""Work on the draft timetable: moving, locking, removing, undo and redo; every step checked and kept in the history."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from eventops.errors import DomainError, NotFound, Stale
from eventops.jobs import queries as jobs
from eventops.jobs.service import AlreadyRunning
from eventops.meetings.timetable import begun, kept, problems, queries
from eventops.meetings.timetable.models import MAKING, Timetable, TimetableAct, TimetableChange, TimetableMeeting
from eventops.meetings.timetable.queries import Lock
from scheduling.check import check
from scheduling.problem import Problem
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Ground


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a meeting lies."""

    slot_id: int
    table_id: int
    is_locked: bool = False


MOST_SPOTS = 4
"""An act on more meetings is one on the whole board."""
MOST_REASON = 200
Layout = Mapping[int, Spot]
"""A timetable as application → spot; an application that is not in it has no place."""


@dataclass(frozen=True, slots=True)
class Did:
    """An act on the draft, for the log."""

    kind: str
    wanted: Mapping[int, Spot | None]
    actor_id: int | None
    at: dt.datetime
    reason: str = ""


class Forbidden(DomainError):
    """The step would break hard rules; `violations` says which."""

    code = "meeting_forbidden"

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__()
        self.violations = tuple(violations)


class Locked(DomainError):
    """A locked meeting stays where it is until somebody unlocks it."""

    code = "meeting_locked"


class NothingToUndo(DomainError):
    """The history has no earlier step."""

    code = "nothing_to_undo"


class NothingToRedo(DomainError):
    """No step was taken back, or another one was made since."""

    code = "nothing_to_redo"


def draft_for_round(session: Session, *, round_id: int, now: dt.datetime) -> Timetable:
    """The round's draft, locked; a first one, or a copy of what is published, is made where there is none."""
    queries.lock_round(session, round_id)
    draft = queries.draft_of(session, round_id)
    if draft is not None:
        return draft
    published = queries.published(session, round_id)
    # Revisions go on counting over all versions: a page from before the publication never fits a later draft by chance.
    draft = Timetable(round_id=round_id, revision=published.revision if published else 0, created_at=now)
    session.add(draft)
    session.flush()  # its meetings need its id
    if published is not None:
        _write(session, draft, layout_of(published))
        draft.outcome, draft.quality, draft.made_at = published.outcome, published.quality, published.made_at
        draft.fingerprint = published.fingerprint
        session.flush()
        session.refresh(draft)
    return draft


def layout_of(timetable: Timetable) -> dict[int, Spot]:
    return _spots(timetable.meetings)


def _layout(session: Session, draft: Timetable) -> dict[int, Spot]:
    """The same without the rows: a step changes one or two of many."""
    return _spots(queries.placements(session, draft.id))


def _spots(meetings: Iterable[TimetableMeeting | queries.Placement]) -> dict[int, Spot]:
    return {one.application_id: Spot(one.slot_id, one.table_id, one.is_locked) for one in meetings}


def put(
    session: Session,
    *,
    round_id: int,
    application_id: int,
    slot_id: int,
    table_id: int,
    revision: int,
    actor_id: int,
    now: dt.datetime,
    reason: str = "",
) -> Timetable:
    """Put a meeting into a cell; whoever lies there goes to where it came from, or out when it came from outside."""
    draft = _current(session, round_id, revision, now)
    layout = _layout(session, draft)
    old = layout.get(application_id)
    other = next((one for one, spot in layout.items() if (spot.slot_id, spot.table_id) == (slot_id, table_id)), None)
    if other == application_id:
        return draft
    standing = kept.standing(session, round_id)
    _refuse_unknown(standing.ground, application_id, slot_id, table_id)
    _refuse_locked(layout, application_id, other)
    wanted: dict[int, Spot | None] = {application_id: Spot(slot_id, table_id)}
    if other is not None:
        wanted[other] = Spot(old.slot_id, old.table_id) if old else None
    _refuse_begun(session, draft, layout, wanted, now)
    _refuse_broken(standing.problem, layout, wanted)
    _record(session, draft, Did("moved" if old else "placed", wanted, actor_id, now, reason), before=layout)
    return draft


def take_out(
    session: Session,
    *,
    round_id: int,
    application_id: int,
    revision: int,
    actor_id: int,
    now: dt.datetime,
    reason: str = "",
) -> Timetable:
    """Take a meeting off the board; it joins those without a place."""
    draft = _current(session, round_id, revision, now)
    layout = _layout(session, draft)
    if application_id not in layout:
        raise NotFound
    _refuse_locked(layout, application_id, None)
    _refuse_begun(session, draft, layout, {application_id: None}, now)
    _record(session, draft, Did("taken_out", {application_id: None}, actor_id, now, reason), before=layout)
    return draft


def set_lock(
    session: Session,
    *,
    round_id: int,
    application_id: int,
    locked: bool,
    revision: int,
    actor_id: int,
    now: dt.datetime,
    reason: str = "",
) -> Timetable:
    """Lock or unlock a meeting where it lies."""
    draft = _current(session, round_id, revision, now)
    layout = _layout(session, draft)
    spot = layout.get(application_id)
    if spot is None:
        raise NotFound
    wanted = {application_id: Spot(spot.slot_id, spot.table_id, locked)}
    _record(session, draft, Did("locked" if locked else "unlocked", wanted, actor_id, now, reason), before=layout)
    return draft


def replace_all(
    session: Session,
    draft: Timetable,
    *,
    layout: Layout,
    actor_id: int | None,
    now: dt.datetime,
    kind: str = "made",
    reason: str = "",
) -> None:
    """Put a whole new layout into the draft, as one step that can be undone."""
    old = _layout(session, draft)
    wanted = {one: layout.get(one) for one in {*old, *layout}}
    _record(session, draft, Did(kind, wanted, actor_id, now, reason), before=old)


def undo(session: Session, *, round_id: int, revision: int, actor_id: int, now: dt.datetime) -> Timetable:
    """Take back the newest step."""
    draft = _current(session, round_id, revision, now)
    step = _newest_step(session, draft)
    if step is None:
        raise NothingToUndo
    _undo(session, draft, step, actor_id, now)
    return draft


def undo_these(
    session: Session, draft: Timetable, kinds: Sequence[str], *, now: dt.datetime, actor_id: int | None = None
) -> bool:
    """Take back the newest steps, if they are of these kinds, newest first; otherwise False, and nothing is changed."""
    query = _steps(draft).where(~TimetableChange.is_undone).order_by(TimetableChange.position.desc())
    steps = session.scalars(query.limit(len(kinds))).all()
    if [step.kind for step in steps] != list(kinds):
        return False
    for step in steps:
        _undo(session, draft, step, actor_id, now)
    return True


def _newest_step(session: Session, draft: Timetable) -> TimetableChange | None:
    found: TimetableChange | None = session.scalar(
        _steps(draft).where(~TimetableChange.is_undone).order_by(TimetableChange.position.desc())
    )
    return found


def _undo(session: Session, draft: Timetable, step: TimetableChange, actor_id: int | None, now: dt.datetime) -> None:
    wanted = _still_possible(session, draft.round_id, _from_json(step.before))
    _refuse_begun(session, draft, _layout(session, draft), wanted, now)
    _write(session, draft, wanted)
    step.is_undone = True
    _touch(session, draft, Did("undone", wanted, actor_id, now))


def redo(session: Session, *, round_id: int, revision: int, actor_id: int, now: dt.datetime) -> Timetable:
    """Do the step again that was taken back last."""
    draft = _current(session, round_id, revision, now)
    step = session.scalar(_steps(draft).where(TimetableChange.is_undone).order_by(TimetableChange.position))
    if step is None:
        raise NothingToRedo
    wanted = _still_possible(session, round_id, _from_json(step.after))
    _refuse_begun(session, draft, _layout(session, draft), wanted, now)
    _write(session, draft, wanted)
    step.is_undone = False
    _touch(session, draft, Did("redone", wanted, actor_id, now))
    return draft


def new_violations(problem: Problem, before: Layout, after: Layout) -> tuple[Violation, ...]:
    """Hard rules that a step would break and that were not broken before it."""
    broken = check(problem, _meetings(problem, after))
    known = set(check(problem, _meetings(problem, before))) if broken else set()
    return tuple(one for one in broken if one not in known)


def _meetings(problem: Problem, layout: Layout) -> tuple[Meeting, ...]:
    wanted = {request.id for request in problem.requests}
    placed = problems.placed(Lock(one, spot.slot_id, spot.table_id) for one, spot in layout.items())
    return tuple(one for one in placed if one.request_id in wanted)


def _current(session: Session, round_id: int, revision: int, now: dt.datetime) -> Timetable:
    """The draft as the page knew it; while a run is under way nobody works on what its result will replace."""
    draft = draft_for_round(session, round_id=round_id, now=now)
    if draft.revision != revision:
        raise Stale
    refuse_running(session, round_id)
    return draft


def refuse_running(session: Session, round_id: int) -> None:
    """Under the round's lock: a run that was asked for earlier would lose what it works on."""
    if jobs.is_open(jobs.latest(session, kind=MAKING, subject_id=round_id)):
        raise AlreadyRunning


def _refuse_locked(layout: Layout, *application_ids: int | None) -> None:
    for one in application_ids:
        spot = layout.get(one) if one is not None else None
        if spot is not None and spot.is_locked:
            raise Locked


def _refuse_begun(
    session: Session, draft: Timetable, before: Layout, wanted: Mapping[int, Spot | None], now: dt.datetime
) -> None:
    after = {**before, **wanted}
    begun.refuse_step(session, draft.round_id, before=_lines(before), after=_lines(after), now=now)


def _lines(layout: Mapping[int, Spot | None]) -> begun.Lines:
    return frozenset((one, spot.slot_id, spot.table_id) for one, spot in layout.items() if spot is not None)


def _refuse_unknown(ground: Ground, application_id: int, slot_id: int, table_id: int) -> None:
    """Only a request of this round goes onto the board, and only into a cell that is in use."""
    (meeting,) = problems.placed([Lock(application_id, slot_id, table_id)])
    if not ground.knows(meeting):
        raise NotFound


def _refuse_broken(problem: Problem, before: Layout, wanted: Mapping[int, Spot | None]) -> None:
    after = {one: spot for one, spot in {**before, **wanted}.items() if spot is not None}
    violations = new_violations(problem, before, after)
    if violations:
        raise Forbidden(violations)


def _still_possible(session: Session, round_id: int, wanted: Mapping[int, Spot | None]) -> Mapping[int, Spot | None]:
    """A step of the history without what was deleted since: applications are left out, lost cells empty the place."""
    applications, slots, tables = queries.rows_of(session, round_id)
    return {
        one: spot if spot is not None and spot.slot_id in slots and spot.table_id in tables else None
        for one, spot in wanted.items()
        if one in applications
    }


def _record(session: Session, draft: Timetable, did: Did, *, before: Layout) -> None:
    session.execute(delete(TimetableChange).where(TimetableChange.timetable_id == draft.id, TimetableChange.is_undone))
    last = session.scalar(select(func.max(TimetableChange.position)).where(TimetableChange.timetable_id == draft.id))
    session.add(
        TimetableChange(
            timetable_id=draft.id,
            position=(last or 0) + 1,
            kind=did.kind,
            actor_id=did.actor_id,
            at=did.at,
            before=_to_json({one: before.get(one) for one in did.wanted}),
            after=_to_json(did.wanted),
        )
    )
    _write(session, draft, did.wanted)
    _touch(session, draft, did)


def _touch(session: Session, draft: Timetable, did: Did) -> None:
    draft.revision += 1
    session.add(
        TimetableAct(
            timetable_id=draft.id,
            revision=draft.revision,
            kind=did.kind,
            actor_id=did.actor_id,
            at=did.at,
            application_ids=list(did.wanted),
            spots=_spots_told(did.wanted) if len(did.wanted) <= MOST_SPOTS else None,
            reason=did.reason or None,
        )
    )
    session.flush()
    session.expire(draft, ["meetings"])  # whoever looks at its rows reads them anew


def _spots_told(wanted: Mapping[int, Spot | None]) -> dict[str, list[int] | None]:
    return {str(one): [spot.slot_id, spot.table_id] if spot else None for one, spot in wanted.items()}


def _write(session: Session, draft: Timetable, wanted: Mapping[int, Spot | None]) -> None:
    mine = (TimetableMeeting.timetable_id == draft.id, TimetableMeeting.application_id.in_(list(wanted)))
    rows = {one.application_id: one for one in session.scalars(select(TimetableMeeting).where(*mine))}
    for application_id, spot in wanted.items():
        row = rows.get(application_id)
        if spot is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(TimetableMeeting(timetable_id=draft.id, application_id=application_id, **asdict(spot)))
        else:
            row.slot_id, row.table_id, row.is_locked = spot.slot_id, spot.table_id, spot.is_locked


def _steps(draft: Timetable) -> Any:
    return select(TimetableChange).where(TimetableChange.timetable_id == draft.id).limit(1)


def _to_json(layout: Mapping[int, Spot | None]) -> list[dict[str, Any]]:
    return [{"application_id": one, "spot": asdict(spot) if spot else None} for one, spot in layout.items()]


def _from_json(rows: Sequence[Mapping[str, Any]]) -> dict[int, Spot | None]:
    return {row["application_id"]: Spot(**row["spot"]) if row["spot"] else None for row in rows}
