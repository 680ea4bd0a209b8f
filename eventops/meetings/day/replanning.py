"""From what happened to a proposal: the round as it would be, put to the scheduler, and what it answers.

Facts are tried out in a savepoint that is rolled back, so that the proposal sees exactly what accepting it will write.
The search itself runs outside of any transaction.
"""

import datetime as dt
import importlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import DomainError
from eventops.meetings import queries as round_queries
from eventops.meetings.day import happenings as facts
from eventops.meetings.day.free_talks import talks
from eventops.meetings.day.happenings import Frame, Happening, What
from eventops.meetings.models import Application, Need
from eventops.meetings.timetable import drafts, naming, problems, queries
from eventops.meetings.timetable.begun import Line, refuse_moved
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.edits import Edit, Kind, carry_out
from eventops.meetings.timetable.models import Timetable
from eventops.meetings.timetable.publication import NothingToPublish
from eventops.meetings.timetable.solving import BadFacts
from scheduling import disturbances, words
from scheduling.explain import explain
from scheduling.faults import BadProblem
from scheduling.freed import Freed
from scheduling.problem import Participant, Problem, Request, Slot
from scheduling.replan import Replan, replan
from scheduling.solution import Meeting

SECONDS: Final = 4.0
WORKERS: Final = 2
SHOWN_CANDIDATES: Final = 3
EXACT_SOLVER: Final = "scheduling.cpsat.settling"
Parties = Mapping[int, tuple[int, int]]
"""Application → the company that receives, the company that comes."""


def warm_up() -> None:
    """Load the exact solver, which takes a moment the first time."""
    importlib.import_module(EXACT_SOLVER)


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


@dataclass(frozen=True, slots=True)
class Answer:
    """The proposed layout and what is to be said about it."""

    after: Mapping[int, Spot]
    found: Mapping[str, Any]


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


def answer(asked: Question) -> Answer:
    """The timetable that disturbs the fewest people. Raises `BadFacts`."""
    begin = time.monotonic()
    try:
        found = replan(asked.problem, seconds=SECONDS, workers=WORKERS)
    except BadProblem as error:
        raise BadFacts(asked.problem, error.faults) from error
    after = {**asked.kept, **_layout(asked, found.solution.meetings)}
    said = {
        "people": found.people,
        "is_proven": found.is_proven,
        "seconds": round(time.monotonic() - begin, 3),
        "reasons": _reasons(asked, found),
        "freed": [_freed(asked, seat) for seat in found.freed],
        "talks": [one.to_json() for one in talks(asked.problem, found)],
    }
    return Answer(after, said)


def _layout(asked: Question, meetings: Iterable[Meeting]) -> dict[int, Spot]:
    found: dict[int, Spot] = {}
    for one in meetings:
        row_id = problems.row_id(one.request_id)
        slot_id, table_id = problems.row_id(one.slot_id), problems.row_id(one.table_id)
        old = asked.before.get(row_id)
        is_locked = old is not None and old == Spot(slot_id, table_id, True)
        found[_stored(asked, one.request_id)] = Spot(slot_id, table_id, is_locked)
    return found


def _stored(asked: Question, reference: str) -> int:
    row_id = problems.row_id(reference)
    return asked.stand_ins.get(row_id, row_id)


def _reasons(asked: Question, found: Replan) -> dict[str, dict[str, str]]:
    """Why what falls away, or was wanted today, has no place; in both languages, because names may change."""
    new = {problems.application_ref(row_id) for row_id in asked.stand_ins}
    wanted = {one.request_id for one in found.dropped} | new
    if not wanted:
        return {}
    told = explain(asked.problem, found.solution.meetings, remedies=False)
    return {
        str(_stored(asked, one.request_id)): {
            language: words.sentence(one, name=lambda ref: asked.names.get(ref, ref), language=language)
            for language in ("ja", "en")
        }
        for one in told
        if one.request_id in wanted
    }


def _freed(asked: Question, seat: Freed) -> dict[str, Any]:
    companies = {one.id: problems.row_id(one.organisation) for one in asked.problem.participants}
    return {
        "slot_id": problems.row_id(seat.slot_id),
        "table_id": problems.row_id(seat.table_id),
        "application_id": problems.row_id(seat.request_id),
        "idle": [companies[one] for one in seat.idle],
        "candidates": [
            {
                "application_id": _stored(asked, one.request_id),
                "now": not one.in_the_way,
                "needs": [companies[who] for who in one.needs if who in companies],
            }
            for one in seat.candidates[:SHOWN_CANDIDATES]
        ],
    }


def days(asked: Question, after: Mapping[int, Spot]) -> dict[int, frozenset[Line]]:
    """Everybody's day as the proposal has it."""
    stored = {asked.stand_ins.get(one, one): sides for one, sides in asked.parties.items()}
    found: dict[int, set[Line]] = {}
    for application_id, spot in after.items():
        for organisation_id in stored[application_id]:
            found.setdefault(organisation_id, set()).add((application_id, spot.slot_id, spot.table_id))
    return {organisation_id: frozenset(lines) for organisation_id, lines in found.items()}


def to_json(layout: Mapping[int, Spot]) -> list[dict[str, Any]]:
    return [{"application_id": one, **asdict(spot)} for one, spot in sorted(layout.items())]


def from_json(stored: Iterable[Mapping[str, Any]]) -> dict[int, Spot]:
    return {row["application_id"]: Spot(row["slot_id"], row["table_id"], row["is_locked"]) for row in stored}
