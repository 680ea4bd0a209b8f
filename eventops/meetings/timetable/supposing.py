"""The round as somebody supposes it, tried out in a savepoint that is rolled back: tables more, slots less, companies
away, one more team at somebody's meetings, or several of these at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from eventops.meetings.models import LimitKind, Need, Room, Slot
from eventops.meetings.timetable import comparison, edits, problems, queries
from eventops.meetings.timetable.edits import Edit, Kind, adding, changing
from eventops.meetings.timetable.plans import Rows
from eventops.meetings.timetable.plans_companies import roomier
from scheduling.problem import Participant, Problem
from scheduling.solution import Meeting


class Supposed(StrEnum):
    """What is supposed; each is about one row."""

    TABLE = "table"  # one more, in this room
    SLOT = "slot"  # this one less
    AWAY = "away"  # this company
    HOST_TEAM = "host_team"  # one more meeting at a time for this need
    GUEST_TEAM = "guest_team"  # one more meeting at a time for this company


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing supposed. `name` is what its row was called when somebody asked."""

    supposed: Supposed
    row_id: int
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"supposed": str(self.supposed), "row_id": self.row_id, "name": self.name}


_ROWS: Mapping[Supposed, type[Any]] = {
    Supposed.TABLE: Room,
    Supposed.SLOT: Slot,
    Supposed.AWAY: Organisation,
    Supposed.HOST_TEAM: Need,
    Supposed.GUEST_TEAM: Organisation,
}


def wishes_in(payload: Mapping[str, Any]) -> tuple[Wish, ...]:
    """What a job was asked; older ones have a single wish, without a list around it."""
    stored = payload.get("wishes") or [payload]
    return tuple(Wish(Supposed(one["supposed"]), one["row_id"], one.get("name", "")) for one in stored)


def named(session: Session, wish: Wish) -> Wish:
    row = session.get_one(_ROWS[wish.supposed], wish.row_id)
    if isinstance(row, Slot):
        return replace(wish, name=wareki.clock(row.starts_at))
    name = f"{row.code} {row.organisation.name}" if isinstance(row, Need) else str(row.name)
    return replace(wish, name=name)


def changes(session: Session, round_id: int, wishes: Sequence[Wish]) -> tuple[Edit, ...]:
    """The facts as they are supposed to be; `NotFound` for a row of another round."""
    rows = Rows(session, problems.build(session, round_id), round_id)
    once = dict.fromkeys(wish for wish in wishes if wish.supposed is not Supposed.TABLE)
    found = _merged([edit for wish in once for edit in _CHANGES[wish.supposed](rows, wish.row_id)])
    return (*_more_tables(rows, [one.row_id for one in wishes if one.supposed is Supposed.TABLE]), *found)


def _merged(found: Sequence[Edit]) -> list[Edit]:
    """Each stored row once, though several wishes change it: two teams for two needs of one company share a limit."""
    rows: dict[tuple[Kind, int], Edit] = {}
    for place, edit in enumerate(found):
        key = edit.kind, edit.row_id or -place
        rows[key] = _one_after_the_other(rows[key], edit) if key in rows else edit
    return list(rows.values())


def _one_after_the_other(first: Edit, then: Edit) -> Edit:
    before = {**(then.before or {}), **(first.before or {})}
    return replace(then, before=before, after={**first.after, **then.after})


def _more_tables(rows: Rows, room_ids: Sequence[int]) -> Iterator[Edit]:
    """Numbered after all others, so that no table that people know by its number gets another one."""
    rooms = rows.round.rooms
    last = max((table.number for room in rooms for table in room.tables), default=0)
    for number, room_id in enumerate(room_ids, start=last + 1):
        if all(room.id != room_id for room in rooms):
            raise NotFound
        yield adding(Kind.TABLE, room_id=room_id, number=number, online_ready=False, accessible=False)


def _slot_less(rows: Rows, slot_id: int) -> tuple[Edit, ...]:
    slot = next((one for one in rows.round.slots if one.id == slot_id and one.in_use), None)
    if slot is None:
        raise NotFound
    return (changing(Kind.SLOT, slot, in_use=False),)


def _away(rows: Rows, organisation_id: int) -> tuple[Edit, ...]:
    """All day: its company and every need of it."""
    slots = rows.problem.slots
    one = next((one for one in rows.problem.participants if one.organisation == f"o{organisation_id}"), None)
    if one is None or not slots:
        raise NotFound
    span = {"time_from": min(slot.start for slot in slots), "time_to": max(slot.end for slot in slots)}
    return (rows.new_limit(one, LimitKind.UNAVAILABLE, **span, note=str(_("もしも(参加できない場合)"))),)


def _host_team(rows: Rows, need_id: int) -> tuple[Edit, ...]:
    return _one_more_team(rows, rows.participants.get(f"n{need_id}"))


def _guest_team(rows: Rows, organisation_id: int) -> tuple[Edit, ...]:
    return _one_more_team(rows, rows.participants.get(f"o{organisation_id}"))


def _one_more_team(rows: Rows, one: Participant | None) -> tuple[Edit, ...]:
    if one is None:
        raise NotFound
    return roomier(rows, one, [slot.id for slot in rows.problem.slots]).edits


_CHANGES: Mapping[Supposed, Callable[[Rows, int], tuple[Edit, ...]]] = {
    Supposed.SLOT: _slot_less,
    Supposed.AWAY: _away,
    Supposed.HOST_TEAM: _host_team,
    Supposed.GUEST_TEAM: _guest_team,
}


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


def case_of(session: Session, round_id: int, wishes: Sequence[Wish]) -> Case:
    matching_round = round_queries.whole_round(session, round_id)
    seconds, seed = matching_round.solve_seconds, matching_round.seed
    now = problems.build(session, round_id)
    present = _present(session, round_id)
    base = base_of(session, round_id, now)
    wanted = changes(session, round_id, wishes)
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
