"""From what happened to a question: the round as it would be, as a problem for the scheduler.

Facts are tried out in a savepoint that is rolled back, so that the proposal sees exactly what accepting it will write.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import DomainError
from eventops.meetings import queries as round_queries
from eventops.meetings.day import happenings as facts
from eventops.meetings.day.happenings import Frame, Happening, What
from eventops.meetings.models import Application, Need
from eventops.meetings.timetable import drafts, naming, problems, queries
from eventops.meetings.timetable.begun import refuse_moved
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.edits import Edit, Kind, carry_out
from eventops.meetings.timetable.models import Timetable
from eventops.meetings.timetable.publication import NothingToPublish
from scheduling import disturbances
from scheduling.problem import Participant, Problem, Request, Slot
from scheduling.solution import Meeting

Parties = Mapping[int, tuple[int, int]]
"""Application → the company that receives, the company that comes."""


class DayIsOver(DomainError):
    """Every slot has begun: there is nothing left to plan."""

    code = "day_is_over"


@dataclass(frozen=True, slots=True)
class Question:
    """What the scheduler is asked, and for which state of the round."""

    round_id: int
    happenings: tuple[Happening, ...]
    revision: int
    fingerprint: str
    before: Mapping[int, Spot]
    kept: Mapping[int, Spot]
    """Meetings that have begun and are nobody's request any more: they stay as they were."""
    problem: Problem
    parties: Parties
    stand_ins: Mapping[int, int]
    """New requests by the id that they had for a moment, with the negative one that stands for it."""
    names: Mapping[str, str]


def working(session: Session, round_id: int) -> Timetable:
    """Today's timetable: the draft that staff work on, otherwise what is published. Raises `NothingToPublish`."""
    found = queries.draft_of(session, round_id) or queries.published(session, round_id)
    if found is None or not found.meetings:
        raise NothingToPublish
    return found


def question(session: Session, *, round_id: int, happenings: Sequence[Happening], now: dt.datetime) -> Question:
    """Read the round, try the facts out, and take them back again."""
    frame = Frame.read(session, round_id, now)
    if frame.next_start is None:
        raise DayIsOver
    timetable = working(session, round_id)
    refuse_moved(session, timetable, now)
    revision, before = timetable.revision, drafts.layout_of(timetable)
    placed = problems.placed(timetable.meetings)
    fingerprint = problems.fingerprint(problems.build(session, round_id))
    over = frame.begun
    begun = {one: spot for one, spot in before.items() if spot.slot_id in over}
    held = frozenset(begun) - _missed(parties_of(session, round_id), happenings)
    changes = facts.edits(session, frame, happenings, held)
    savepoint = session.begin_nested()
    try:
        done = carry_out(session, changes)
        problem = problems.build(session, round_id)
        if timetable.version is not None:
            problem = problems.without_locks(problem)  # what was fixed for planning gives way to what happens
        parties = parties_of(session, round_id)
        names = _names(session, round_id, problem)
    finally:
        savepoint.rollback()
        session.expire_all()
    fresh = [edit.row_id for edit in done if edit.kind is Kind.APPLICATION and edit.before is None and edit.row_id]
    wanted = {one.id for one in problem.requests}
    kept = {one: begun[one] for one in held if problems.application_ref(one) not in wanted}
    return Question(
        round_id=round_id,
        happenings=tuple(happenings),
        revision=revision,
        fingerprint=fingerprint,
        before=before,
        kept=kept,
        problem=happened(problem, placed, happenings, now),
        parties=parties,
        stand_ins={row_id: -place for place, row_id in enumerate(fresh, start=1)},
        names=names,
    )


def changes_of(session: Session, *, round_id: int, happenings: Sequence[Happening], now: dt.datetime) -> list[Edit]:
    """The facts as accepting has to change them."""
    frame = Frame.read(session, round_id, now)
    before = drafts.layout_of(working(session, round_id))
    over = frame.begun
    begun = frozenset(one for one, spot in before.items() if spot.slot_id in over)
    held = begun - _missed(parties_of(session, round_id), happenings)
    return facts.edits(session, frame, happenings, held)


def parties_of(session: Session, round_id: int) -> Parties:
    query = select(Application.id, Need.organisation_id, Application.organisation_id).join(Application.need)
    rows = session.execute(query.where(Application.round_id == round_id))
    return {application_id: (host_id, guest_id) for application_id, host_id, guest_id in rows}


def _missed(parties: Parties, happenings: Iterable[Happening]) -> frozenset[int]:
    away = {organisation_id for one in happenings for organisation_id in facts.missed(one)}
    return frozenset(one for one, sides in parties.items() if away & set(sides))


def _names(session: Session, round_id: int, problem: Problem) -> Mapping[str, str]:
    """Everything the reasons may speak of, read while new requests are there."""
    name = naming.names(session, round_queries.whole_round(session, round_id))
    groups = (problem.slots, problem.tables, problem.rooms, problem.participants, problem.requests)
    return {one.id: name(one.id) for group in groups for one in group}


def happened(problem: Problem, placed: Sequence[Meeting], happenings: Sequence[Happening], now: dt.datetime) -> Problem:
    """The problem beside what was published; what has begun is frozen unless it did not take place."""
    problem = replace(problem, previous=problems.known(problem, placed))
    away = {f"o{organisation_id}" for one in happenings for organisation_id in facts.missed(one)}
    problem = _thawed(disturbances.begun(problem, now), away, now)
    for one in happenings:
        problem = _AFTER.get(one.what, _as_it_is)(problem, one, now)
    return problem


def _thawed(problem: Problem, away: set[str], now: dt.datetime) -> Problem:
    """Meetings that have begun without one side are not held: they may lie later, or nowhere."""
    absent = {one.id for one in problem.participants if one.organisation in away}
    loose = {one.id for one in problem.requests if one.id in problem.frozen and absent & set(one.participants)}
    to_come = frozenset(slot.id for slot in problem.slots if slot.start > now)
    requests = tuple(replace(one, slots=to_come) if one.id in loose else one for one in problem.requests)
    return replace(problem, requests=requests, frozen=problem.frozen - loose)


def _as_it_is(problem: Problem, _one: Happening, _now: dt.datetime) -> Problem:
    return problem


def _late(problem: Problem, one: Happening, now: dt.datetime) -> Problem:
    first = next((slot.id for slot in problem.slots if one.at is not None and slot.start >= one.at), None)
    for participant in _participants(problem, one):
        if first is None:
            problem = _gone(problem, participant, one, now)
        else:
            problem = disturbances.late(problem, participant.id, first)
    return problem


def _absent(problem: Problem, one: Happening, now: dt.datetime) -> Problem:
    for participant in _participants(problem, one):
        problem = _gone(problem, participant, one, now)
    return problem


def _gone(problem: Problem, participant: Participant, one: Happening, now: dt.datetime) -> Problem:
    since = max(now, one.at) if one.what is What.ABSENT and one.at is not None else now
    if not one.was_here:
        return disturbances.absent(problem, participant.id)
    first = _first(problem, now, since)
    return disturbances.absent(problem, participant.id, first.id) if first else problem


def _table_lost(problem: Problem, one: Happening, now: dt.datetime) -> Problem:
    first, table = _first(problem, now, one.at or now), problems.table_ref(one.table_id or 0)
    return disturbances.table_lost(problem, table, first.id) if first else problem


def _first(problem: Problem, now: dt.datetime, since: dt.datetime) -> Slot | None:
    """The first slot to come that is not over at `since`."""
    return next((slot for slot in problem.slots if slot.start > now and slot.end > since), None)


def _swapped(problem: Problem, one: Happening, _now: dt.datetime) -> Problem:
    first, second = (problems.application_ref(application_id) for application_id in one.application_ids)
    return disturbances.swapped(problem, first, second)


def _added(problem: Problem, one: Happening, _now: dt.datetime) -> Problem:
    """Where staff have named a time, the new meeting is promised that time."""
    if one.slot_id is None:
        return problem
    wanted = {(f"n{one.need_id}", f"o{organisation_id}") for organisation_id in one.organisation_ids}
    slot = problems.slot_ref(one.slot_id)

    def pinned(request: Request) -> Request:
        return replace(request, lock_slot=slot) if request.participants in wanted else request

    return replace(problem, requests=tuple(pinned(request) for request in problem.requests))


def _participants(problem: Problem, one: Happening) -> list[Participant]:
    away = {f"o{organisation_id}" for organisation_id in one.organisation_ids}
    return [participant for participant in problem.participants if participant.organisation in away]


_AFTER = {
    What.LATE: _late,
    What.ABSENT: _absent,
    What.TABLE_LOST: _table_lost,
    What.SWAPPED: _swapped,
    What.ADDED: _added,
}
