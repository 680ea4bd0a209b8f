"""The round as somebody supposes it, tried out in a savepoint that is rolled back: one more table, one slot less, a
company away."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.directory.models import Organisation
from eventops.errors import NotFound
from eventops.meetings import queries as round_queries
from eventops.meetings.models import LimitKind, MatchingRound, Room, Slot
from eventops.meetings.timetable import comparison, edits, problems, queries
from eventops.meetings.timetable.edits import Edit, Kind, adding, changing
from scheduling.problem import Problem
from scheduling.solution import Meeting


class Supposed(StrEnum):
    """What is supposed; each is about one row."""

    TABLE = "table"  # one more, in this room
    SLOT = "slot"  # this one less
    AWAY = "away"  # this company


_ROWS: Mapping[Supposed, type[Any]] = {Supposed.TABLE: Room, Supposed.SLOT: Slot, Supposed.AWAY: Organisation}


def name_of(session: Session, supposed: Supposed, row_id: int) -> str:
    row = session.get_one(_ROWS[supposed], row_id)
    return wareki.clock(row.starts_at) if isinstance(row, Slot) else str(row.name)


def changes(session: Session, matching_round: MatchingRound, supposed: Supposed, row_id: int) -> tuple[Edit, ...]:
    """The facts as they are supposed to be."""
    if supposed is Supposed.TABLE:
        return (_one_more_table(matching_round, row_id),)
    if supposed is Supposed.SLOT:
        slots = {one.id: one for one in matching_round.slots if one.in_use}
        if row_id not in slots:
            raise NotFound
        return (changing(Kind.SLOT, slots[row_id], in_use=False),)
    return (_away(session, matching_round, row_id),)


def _one_more_table(matching_round: MatchingRound, room_id: int) -> Edit:
    """Numbered after all others, so that no table that people know by its number gets another one."""
    if all(room.id != room_id for room in matching_round.rooms):
        raise NotFound
    last = max((table.number for room in matching_round.rooms for table in room.tables), default=0)
    return adding(Kind.TABLE, room_id=room_id, number=last + 1, online_ready=False, accessible=False)


def _away(session: Session, matching_round: MatchingRound, organisation_id: int) -> Edit:
    problem = problems.build(session, matching_round.id)
    if all(one.organisation != f"o{organisation_id}" for one in problem.participants):
        raise NotFound
    return adding(
        Kind.LIMIT,
        round_id=matching_round.id,
        organisation_id=organisation_id,
        kind=str(LimitKind.UNAVAILABLE),
        value=None,
        time_from=min(slot.start for slot in problem.slots),
        time_to=max(slot.end for slot in problem.slots),
        note=str(_("もしも(参加できない場合)")),
        is_hard=True,
        in_use=True,
    )


def companies(session: Session, problem: Problem) -> Sequence[Organisation]:
    """Everybody who could be away."""
    ids = {problems.row_id(one.organisation) for one in problem.participants}
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.sort_key, Organisation.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Case:
    """The round as supposed, beside the round as it is."""

    problem: Problem
    present: tuple[Meeting, ...]
    values: Mapping[str, int]
    base: Mapping[str, Any]
    done: tuple[Edit, ...]
    slots: Mapping[str, str]
    tables: Mapping[str, int]
    seconds: int
    seed: int


def case_of(session: Session, round_id: int, payload: Mapping[str, Any]) -> Case:
    matching_round = round_queries.whole_round(session, round_id)
    seconds, seed = matching_round.solve_seconds, matching_round.seed
    now = problems.build(session, round_id)
    present = _present(session, round_id)
    base = base_of(session, round_id, now)
    wanted = changes(session, matching_round, Supposed(payload["supposed"]), payload["row_id"])
    with _supposing(session):
        done = edits.carry_out(session, wanted)
        problem = _unlocked(problems.build(session, round_id))
        frame = round_queries.whole_round(session, round_id)
        slots = {problems.slot_ref(one.id): one.starts_at.isoformat() for one in frame.slots}
        tables = {problems.table_ref(one.id): one.number for room in frame.rooms for one in room.tables}
    values = comparison.values_of(now, present)
    return Case(problem, present, values, base, done, slots, tables, seconds, seed)


@contextmanager
def _supposing(session: Session) -> Iterator[None]:
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


def _present(session: Session, round_id: int) -> tuple[Meeting, ...]:
    working = queries.draft_of(session, round_id) or queries.published(session, round_id)
    return problems.placed(working.meetings) if working is not None else ()


def base_of(session: Session, round_id: int, problem: Problem) -> dict[str, Any]:
    """What has to read the same when the result is taken over."""
    working = queries.draft_of(session, round_id) or queries.published(session, round_id)
    return {"revision": working.revision if working else 0, "fingerprint": problems.fingerprint(problem)}


def _unlocked(problem: Problem) -> Problem:
    """A lock on somebody who is away holds nothing."""
    nowhere = {one.id for one in problem.participants if {slot.id for slot in problem.slots} <= one.unavailable}
    return replace(
        problem,
        requests=tuple(
            replace(one, lock_slot=None, lock_table=None) if nowhere.intersection(one.participants) else one
            for one in problem.requests
        ),
    )
