"""The facts and rules that can take part in a contradiction, and a problem without some of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from scheduling.changes import pair_subjects, participant_with, request_with
from scheduling.facts import Facts, is_there, wants
from scheduling.problem import Participant, Person, Problem, Request, Room, Table
from scheduling.solution import Clause

Without = Callable[[Problem, Clause], Problem]
NO_LIMIT = 1_000_000
"""Stands for "as many as you like"."""


def clauses_of(facts: Facts, request_ids: Iterable[str]) -> list[Clause]:
    """Everything that limits where these requests may lie, the promises themselves and the plainest facts first.

    That each request is held once, and the slots of the event, are not among them.
    """
    requests = [facts.ground.requests[one] for one in dict.fromkeys(request_ids)]
    names = dict.fromkeys(name for request in requests for name in request.participants)
    found = [promise for request in requests for promise in promises_of(facts.problem, request)]
    for request in requests:
        found += _request_clauses(facts, request)
    for name in names:
        found += _participant_clauses(facts, facts.ground.participants[name])
    return [*found, *_person_clauses(facts, requests), *_pair_clauses(facts, requests), *_general_clauses(facts)]


def promises_of(problem: Problem, request: Request) -> list[Clause]:
    """Why the request has to be placed."""
    found = [Clause("must_be_placed", (request.id,))] if request.is_mandatory else []
    if request.lock_slot is not None or request.lock_table is not None:
        slot, table = (tuple(filter(None, [one])) for one in (request.lock_slot, request.lock_table))
        found.append(Clause("pinned", (request.id, *table), slot))
    if request.id in problem.frozen:
        at = next(one for one in problem.previous if one.request_id == request.id)
        found.append(Clause("begun", (request.id, at.table_id), (at.slot_id,)))
    return found


def without(problem: Problem, clauses: Iterable[Clause]) -> Problem:
    """The problem as it would be if none of these clauses held; all other facts stay.

    A request without its last promise is no longer mandatory, pinned or begun, so nothing asks for it.
    """
    order = list(_WITHOUT)
    for clause in sorted(clauses, key=lambda one: order.index(one.code)):
        problem = _WITHOUT[clause.code](problem, clause)
    return problem


# Finding them


def _general_clauses(facts: Facts) -> Iterator[Clause]:
    closed = [table for table in facts.problem.tables if table.open_slots is not None]
    slots = tuple(
        slot.id for slot in facts.timeline.slots if any(slot.id not in (table.open_slots or ()) for table in closed)
    )
    if slots:
        yield Clause("closed", tuple(table.id for table in closed), slots)
    yield Clause("tables", (), (), (("tables", len(facts.problem.tables)),))
    if facts.problem.max_idle_difference is not None:
        yield Clause("equal_waiting", (), (), (("limit", facts.problem.max_idle_difference),))


def _person_clauses(facts: Facts, requests: list[Request]) -> Iterator[Clause]:
    attended = [person for request in requests for person in sorted(facts.people[request.id])]
    for person in dict.fromkeys(attended):
        known = facts.ground.people.get(person)
        away = tuple(slot.id for slot in facts.timeline.slots if known is not None and slot.id in known.unavailable)
        if away:
            yield Clause("person_absent", (person,), away)
        if attended.count(person) > 1:
            yield Clause("person_once", (person,))


def _pair_clauses(facts: Facts, requests: list[Request]) -> Iterator[Clause]:
    names = {name for request in requests for name in (request.id, *request.participants)}
    for rule in facts.problem.pair_rules:
        if rule.is_hard and {rule.first, rule.second} <= names:
            rule_id, code, *pair = pair_subjects(facts.problem, rule.id)
            yield Clause(code, (rule_id, *pair))


def _participant_clauses(facts: Facts, one: Participant) -> Iterator[Clause]:
    rooms = facts.room_for[one.id]
    away = tuple(slot.id for slot, room in zip(facts.timeline.slots, rooms, strict=True) if not room)
    if away:
        yield Clause("absent", (one.id,), away)
    yield from _room_clauses(one.id, [room for room in rooms if room])
    if one.max_meetings is not None:
        yield Clause("maximum", (one.id,), (), (("maximum", one.max_meetings),))
    if one.max_run and one.max_run_is_hard:
        yield Clause("rest", (one.id,), (), (("maximum", one.max_run),))
    if one.transition:
        yield Clause("way", (one.id,), (), (("length", one.transition),))
    if one.features:
        yield Clause("needs", (one.id, *sorted(one.features)))
    if one.home_tables:
        yield Clause("home", (one.id, *sorted(one.home_tables)))


def _room_clauses(name: str, rooms: list[int]) -> Iterator[Clause]:
    if rooms and min(rooms) == max(rooms):
        yield Clause("room", (name,), (), (("capacity", rooms[0]),))
    elif rooms:
        yield Clause("room_varies", (name,), (), (("least", min(rooms)), ("most", max(rooms))))


def _request_clauses(facts: Facts, request: Request) -> Iterator[Clause]:
    if request.features:
        yield Clause("needs_at", (request.id, *sorted(request.features)))
    if request.length > 1:
        yield Clause("length", (request.id,), (), (("length", request.length),))
    if request.slots is not None or request.blocks is not None:
        wanted = tuple(slot.id for slot in facts.timeline.slots if wants(request, slot))
        yield Clause("wanted", (request.id,), wanted)


# Leaving them out


def _of_participant(change: Callable[[Participant, Clause], Participant]) -> Without:
    return lambda problem, clause: participant_with(problem, clause.subjects[0], lambda one: change(one, clause))


def _of_request(change: Callable[[Request], Request]) -> Without:
    return lambda problem, clause: request_with(problem, clause.subjects[0], change)


def _present(problem: Problem, clause: Clause) -> Problem:
    """There in the slots of the clause, for one meeting at least; as before in the others."""

    def there(one: Participant) -> Participant:
        away = [slot.id for slot in problem.slots if not is_there(one, slot) and slot.id not in clause.slot_ids]
        room = {slot: max(1, one.capacity_at.get(slot, one.capacity)) for slot in clause.slot_ids}
        capacity_at = {**one.capacity_at, **room}
        return replace(one, arrives=None, leaves=None, unavailable=frozenset(away), capacity_at=capacity_at)

    return participant_with(problem, clause.subjects[0], there)


def _roomy(one: Participant, clause: Clause) -> Participant:
    room = {slot: NO_LIMIT if number else 0 for slot, number in one.capacity_at.items()}
    return replace(one, capacity=NO_LIMIT if one.capacity else 0, capacity_at=room)


def _person_there(problem: Problem, clause: Clause) -> Problem:
    people = tuple(
        replace(one, unavailable=one.unavailable.difference(clause.slot_ids)) if one.id == clause.subjects[0] else one
        for one in problem.people
    )
    return replace(problem, people=people)


def _person_everywhere(problem: Problem, clause: Clause) -> Problem:
    """In place of the person somebody else with the same calendar for each request."""
    (person,) = clause.subjects
    known = next((one for one in problem.people if one.id == person), Person(person))
    attended = Facts(problem).people
    twins = {one.id: f"{person} at {one.id}" for one in problem.requests if person in attended[one.id]}
    return replace(
        problem,
        people=(*problem.people, *(replace(known, id=twin) for twin in twins.values())),
        participants=tuple(replace(one, people=one.people - {person}) for one in problem.participants),
        requests=tuple(
            replace(one, people=(one.people - {person}) | {twins[one.id]}) if one.id in twins else one
            for one in problem.requests
        ),
    )


def _many_tables(problem: Problem, clause: Clause) -> Problem:
    """A table more for each request, each in a room of its own, with everything anybody needs."""
    features = frozenset[str]().union(
        *(one.features for one in problem.requests), *(one.features for one in problem.participants)
    )
    new = tuple(f"for {one.id}" for one in problem.requests)
    rooms = (*problem.rooms, *(Room(one) for one in new)) if problem.rooms else ()
    tables = (*problem.tables, *(Table(one, room=one, features=features) for one in new))
    return replace(problem, tables=tables, rooms=rooms)


def _opened(problem: Problem, clause: Clause) -> Problem:
    return replace(problem, tables=tuple(replace(one, open_slots=None) for one in problem.tables))


def _no_rule(problem: Problem, clause: Clause) -> Problem:
    return replace(problem, pair_rules=tuple(one for one in problem.pair_rules if one.id != clause.subjects[0]))


def _not_begun(problem: Problem, clause: Clause) -> Problem:
    return replace(problem, frozen=problem.frozen - {clause.subjects[0]})


_WITHOUT: Mapping[str, Without] = {  # absence before capacity: who is there needs room there
    "absent": _present,
    "room": _of_participant(_roomy),
    "room_varies": _of_participant(_roomy),
    "maximum": _of_participant(lambda one, clause: replace(one, max_meetings=None)),
    "rest": _of_participant(lambda one, clause: replace(one, max_run=0)),
    "way": _of_participant(lambda one, clause: replace(one, transition=0)),
    "home": _of_participant(lambda one, clause: replace(one, home_tables=frozenset())),
    "tables": _many_tables,
    "needs": _of_participant(lambda one, clause: replace(one, features=frozenset())),
    "needs_at": _of_request(lambda one: replace(one, features=frozenset())),
    "closed": _opened,
    "person_absent": _person_there,
    "person_once": _person_everywhere,
    "wanted": _of_request(lambda one: replace(one, slots=None, blocks=None)),
    "length": _of_request(lambda one: replace(one, length=1)),
    "pair_together": _no_rule,
    "pair_back_to_back": _no_rule,
    "pair_adjacent": _no_rule,
    "pair_same_room": _no_rule,
    "pair_order": _no_rule,
    "equal_waiting": lambda problem, clause: replace(problem, max_idle_difference=None),
    "begun": _not_begun,
    "pinned": _of_request(lambda one: replace(one, lock_slot=None, lock_table=None)),
    "must_be_placed": _of_request(lambda one: replace(one, is_mandatory=False)),
}
"""What each code is without. Its subjects: the participant (absent, room, maximum, rest, way; home and needs with the
tables and features behind it), the person, the request (wanted, length, needs_at with features, must_be_placed; pinned
and begun with the table behind it), the tables that are closed at some time, the pair rule with its two."""
