"""What happens on the day, as changes of a problem: somebody is away or late, a table is lost, requests come and go.

Apply `begun` first: what has begun stays as it was published, and the other changes leave it alone. All functions are
pure; an id that the problem does not know raises BadProblem with the part of the document in which it was looked for.
"""

import datetime as dt
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from typing import TypeVar

from scheduling.facts import Facts
from scheduling.faults import BadProblem, Fault, refuse_faults
from scheduling.problem import Participant, Problem, Request, Subjects, Table
from scheduling.solution import Meeting
from scheduling.timeline import Timeline

T = TypeVar("T")


def begun(problem: Problem, until: str | dt.datetime) -> Problem:
    """Freeze what was published up to now; whatever is not frozen may only lie later.

    `until` is the id of the last slot that has begun, or an aware moment: slots that start at or before it have begun.
    """
    past = _past(problem, until)
    slots = {slot.id for slot in problem.slots}
    known = {request.id for request in problem.requests}
    frozen = {one.request_id for one in problem.previous if one.slot_id in past and one.request_id in known}
    to_come = frozenset(slots - past)

    def later(request: Request) -> Request:
        return replace(request, slots=to_come if request.slots is None else request.slots & to_come)

    requests = tuple(one if one.id in frozen else later(one) for one in problem.requests)
    return replace(problem, requests=requests, frozen=problem.frozen | frozen)


def _past(problem: Problem, until: str | dt.datetime) -> frozenset[str]:
    if isinstance(until, str):
        return frozenset(slot.id for slot in problem.slots[: _position(problem, until) + 1])
    return frozenset(slot.id for slot in problem.slots if slot.start <= until)


def absent(problem: Problem, participant: str, from_slot: str | None = None) -> Problem:
    """The participant does not come, or goes away before `from_slot`; its requests keep waiting for it."""
    first = 0 if from_slot is None else _position(problem, from_slot)
    return _away(problem, participant, (slot.id for slot in problem.slots[first:]))


def late(problem: Problem, participant: str, until_slot: str) -> Problem:
    """The participant comes in time for `until_slot`, not before."""
    return _away(problem, participant, (slot.id for slot in problem.slots[: _position(problem, until_slot)]))


def _away(problem: Problem, participant: str, slots: Iterable[str]) -> Problem:
    """Not there in these slots, as far as it has not met somebody in them already; pins that this breaks are lifted."""
    place = _find("participants", [one.id for one in problem.participants], participant)
    missed = frozenset(slots) - _begun_slots(problem, lambda request, _: participant in request.participants)

    def change(one: Participant) -> Participant:
        return replace(one, unavailable=one.unavailable | missed)

    changed = replace(problem, participants=_at(problem.participants, place, change))
    return _without_dead_pins(changed, lambda request: participant in request.participants)


def table_lost(problem: Problem, table: str, from_slot: str | None = None) -> Problem:
    """The table cannot be used from `from_slot` on (None: at all); who sits there now may stay to the end."""
    place = _find("tables", [one.id for one in problem.tables], table)
    first = 0 if from_slot is None else _position(problem, from_slot)
    held = _begun_slots(problem, lambda _, meeting: meeting.table_id == table)
    lost = frozenset(slot.id for slot in problem.slots[first:]) - held
    everything = frozenset(slot.id for slot in problem.slots)

    def change(one: Table) -> Table:
        return replace(one, open_slots=(everything if one.open_slots is None else one.open_slots) - lost)

    changed = replace(problem, tables=_at(problem.tables, place, change))
    return _without_dead_pins(changed, lambda request: request.lock_table == table)


def added(problem: Problem, request: Request) -> Problem:
    """One more request. Add it before `begun`, so that it is kept out of the past as well."""
    changed = replace(problem, requests=(*problem.requests, request))
    refuse_faults(changed)
    return changed


def withdrawn(problem: Problem, request_id: str) -> Problem:
    """The request is no longer wanted; rules between it and others go with it. It must not have begun."""
    _must_not_have_begun(problem, request_id)
    rules = tuple(
        rule
        for rule in problem.pair_rules
        if rule.subjects is not Subjects.REQUESTS or request_id not in (rule.first, rule.second)
    )
    requests = tuple(one for one in problem.requests if one.id != request_id)
    return replace(problem, requests=requests, pair_rules=rules)


def swapped(problem: Problem, first: str, second: str) -> Problem:
    """The two published meetings have changed places by hand: each is pinned where the other was."""
    seats = {one.request_id: one for one in problem.previous}
    for one in (first, second):
        _must_not_have_begun(problem, one)
        if one not in seats:
            raise BadProblem([Fault("previous", "unknown", one)])
    goal = {first: seats[second], second: seats[first]}

    def pinned(request: Request) -> Request:
        seat = goal.get(request.id)
        return request if seat is None else replace(request, lock_slot=seat.slot_id, lock_table=seat.table_id)

    return replace(problem, requests=tuple(pinned(one) for one in problem.requests))


def _must_not_have_begun(problem: Problem, request_id: str) -> None:
    _find("requests", [one.id for one in problem.requests], request_id)
    if request_id in problem.frozen:
        raise BadProblem([Fault("frozen", "has_begun", request_id)])


def _begun_slots(problem: Problem, concerns: Callable[[Request, Meeting], bool]) -> frozenset[str]:
    """The slots that frozen meetings cover, of those that `concerns` picks."""
    timeline = Timeline(problem.slots, problem.changeover_minutes, problem.long_break_minutes)
    requests = {one.id: one for one in problem.requests if one.id in problem.frozen}
    return frozenset(
        timeline.slots[place].id
        for meeting in problem.previous
        if meeting.request_id in requests and concerns(requests[meeting.request_id], meeting)
        for place in timeline.covered(timeline.position[meeting.slot_id], requests[meeting.request_id].length)
    )


def _without_dead_pins(problem: Problem, concerns: Callable[[Request], bool]) -> Problem:
    """Pins that no fact allows any more hold nothing; those of the requests that `concerns` picks are lifted."""
    pinned = tuple(one for one in problem.requests if (one.lock_slot or one.lock_table) and concerns(one))
    if not pinned:
        return problem
    facts = Facts(replace(problem, requests=pinned))
    dead = {one.id for one in pinned if not facts.starts[one.id]}
    return replace(problem, requests=tuple(_lifted(one, dead) for one in problem.requests))


def _lifted(request: Request, dead: Container[str]) -> Request:
    return replace(request, lock_slot=None, lock_table=None) if request.id in dead else request


def _position(problem: Problem, slot: str) -> int:
    return _find("slots", [one.id for one in problem.slots], slot)


def _find(path: str, ids: list[str], wanted: str) -> int:
    if wanted not in ids:
        raise BadProblem([Fault(path, "unknown", wanted)])
    return ids.index(wanted)


def _at(things: tuple[T, ...], place: int, change: Callable[[T], T]) -> tuple[T, ...]:
    return (*things[:place], change(things[place]), *things[place + 1 :])
