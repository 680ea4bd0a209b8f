"""Facts changed: what each remedy does to a problem, and what a contradiction's clause is without."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from scheduling.facts import wants
from scheduling.problem import PairKind, Participant, Problem, Request, Room, Slot, Table

Subjects = tuple[str, ...]
SlotIds = tuple[str, ...]
Apply = Callable[[Problem, Subjects, SlotIds], Problem]
PAIR_CODES: Mapping[PairKind, str] = {
    PairKind.NOT_TOGETHER: "pair_together",
    PairKind.NOT_BACK_TO_BACK: "pair_back_to_back",
    PairKind.NOT_ADJACENT_TABLES: "pair_adjacent",
    PairKind.NOT_SAME_ROOM: "pair_same_room",
    PairKind.BEFORE: "pair_order",
}
NEW = "+"
"""Ids of tables, rooms and slots that a change adds begin with this."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to be changed, by its code in `CHANGES`; the ids say whose and when."""

    code: str
    subjects: Subjects = ()
    slot_ids: SlotIds = ()


def changed(problem: Problem, change: Change) -> Problem:
    """The problem with the change made; never stricter than before, so every timetable of the old one still holds.

    Raises KeyError for a code that is not in `CHANGES` and for ids that the problem does not know.
    """
    return CHANGES[change.code](problem, change.subjects, change.slot_ids)


# Participants


def participant_with(problem: Problem, name: str, change: Callable[[Participant], Participant]) -> Problem:
    """The problem with this one participant changed."""
    if name not in {one.id for one in problem.participants}:
        raise KeyError(name)
    return replace(problem, participants=tuple(change(one) if one.id == name else one for one in problem.participants))


def roomier(one: Participant, slot_ids: Iterable[str]) -> Participant:
    """One meeting more at the same time in these slots."""
    more = {slot: one.capacity_at.get(slot, one.capacity) + 1 for slot in slot_ids}
    return replace(one, capacity_at={**one.capacity_at, **more})


def _second_table(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return participant_with(problem, subjects[0], lambda one: roomier(one, slot_ids))


def _second_table_for_all(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    """One meeting more at a time for each of them, and as many more tables like the last one."""
    everywhere = [slot.id for slot in problem.slots]
    for name in subjects:
        problem = participant_with(problem, name, lambda one: roomier(one, everywhere))
    return with_tables(problem, [replace(problem.tables[-1], position=2 * number) for number in range(len(subjects))])


def freed(problem: Problem, one: Participant, slot_ids: Iterable[str]) -> Participant:
    """The participant there in these slots too, for one meeting at least."""
    slots = [slot for slot in problem.slots if slot.id in set(slot_ids)]
    room = {slot.id: max(1, one.capacity_at.get(slot.id, one.capacity)) for slot in slots}
    return replace(
        one,
        unavailable=one.unavailable - room.keys(),
        capacity_at={**one.capacity_at, **room},
        arrives=None if one.arrives is None else min([one.arrives, *(slot.start for slot in slots)]),
        leaves=None if one.leaves is None else max([one.leaves, *(slot.end for slot in slots)]),
    )


def _available(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return participant_with(problem, subjects[0], lambda one: freed(problem, one, slot_ids))


def _higher_maximum(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    for name in subjects:
        problem = participant_with(
            problem,
            name,
            lambda one: replace(one, max_meetings=None if one.max_meetings is None else one.max_meetings + 1),
        )
    return problem


def _longer_run(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return participant_with(problem, subjects[0], lambda one: replace(one, max_run=one.max_run and one.max_run + 1))


def _shorter_way(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return participant_with(problem, subjects[0], lambda one: replace(one, transition=max(0, one.transition - 1)))


def _any_table(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return participant_with(problem, subjects[0], lambda one: replace(one, home_tables=frozenset()))


# People


def _person_available(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    people = tuple(
        replace(one, unavailable=one.unavailable.difference(slot_ids)) if one.id == subjects[0] else one
        for one in problem.people
    )
    return replace(problem, people=people)


def _other_person(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    person, name = subjects
    return participant_with(problem, name, lambda one: replace(one, people=one.people - {person}))


def _other_person_at(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    person, name = subjects
    return request_with(problem, name, lambda one: replace(one, people=one.people - {person}))


# Requests


def request_with(problem: Problem, name: str, change: Callable[[Request], Request]) -> Problem:
    """The problem with this one request changed."""
    if name not in {one.id for one in problem.requests}:
        raise KeyError(name)
    return replace(problem, requests=tuple(change(one) if one.id == name else one for one in problem.requests))


def _release_lock(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return request_with(problem, subjects[0], lambda one: replace(one, lock_slot=None, lock_table=None))


def _more_slots(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    def widened(request: Request) -> Request:
        slots = {slot.id for slot in problem.slots if wants(request, slot)}
        return replace(request, slots=frozenset(slots.union(slot_ids)), blocks=None)

    return request_with(problem, subjects[0], widened)


def _shorter(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return request_with(problem, subjects[0], lambda one: replace(one, length=max(1, one.length - 1)))


# Tables, slots, rules


def table_with(problem: Problem, name: str, change: Callable[[Table], Table]) -> Problem:
    """The problem with this one table changed."""
    if name not in {one.id for one in problem.tables}:
        raise KeyError(name)
    return replace(problem, tables=tuple(change(one) if one.id == name else one for one in problem.tables))


def _open_table(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    def opened(table: Table) -> Table:
        return table if table.open_slots is None else replace(table, open_slots=table.open_slots.union(slot_ids))

    return table_with(problem, subjects[0], opened)


def _add_feature(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return table_with(problem, subjects[0], lambda one: replace(one, features=one.features.union(subjects[1:])))


def with_tables(problem: Problem, tables: Iterable[Table]) -> Problem:
    """The problem with copies of these tables in a new room, under new ids."""
    room = _fresh(one.id for one in problem.rooms)
    known = {one.id for one in problem.tables}
    added = []
    for table in tables:
        added.append(replace(table, id=_fresh(known), room=room))
        known.add(added[-1].id)
    rooms = (*problem.rooms, Room(room)) if problem.rooms else ()
    return replace(problem, tables=(*problem.tables, *added), rooms=rooms)


def _fresh(known: Iterable[str]) -> str:
    """A new id: +1, or the first after it that is free."""
    taken = set(known)
    return next(name for number in count(1) if (name := f"{NEW}{number}") not in taken)


def _new_table(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    return with_tables(problem, [Table("", features=frozenset(subjects))])


def _one_more_slot(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    """After the last one, as long as it and of its block; every table is open then."""
    last = problem.slots[-1]
    start = last.end + dt.timedelta(minutes=problem.changeover_minutes)
    slot = Slot(_fresh(one.id for one in problem.slots), start, start + (last.end - last.start), last.block)
    tables = tuple(
        one if one.open_slots is None else replace(one, open_slots=one.open_slots | {slot.id}) for one in problem.tables
    )
    return replace(problem, slots=(*problem.slots, slot), tables=tables)


def _relax_rule(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    rules = tuple(replace(one, is_hard=False) if one.id == subjects[0] else one for one in problem.pair_rules)
    return replace(problem, pair_rules=rules)


def _wider_difference(problem: Problem, subjects: Subjects, slot_ids: SlotIds) -> Problem:
    limit = problem.max_idle_difference
    return replace(problem, max_idle_difference=None if limit is None else limit + 1)


CHANGES: Mapping[str, Apply] = {  # the cheapest first, as an organiser would see it
    "solve_again": lambda problem, subjects, slot_ids: problem,
    "release_lock": _release_lock,
    "more_slots": _more_slots,
    "arrive_earlier": _available,
    "leave_later": _available,
    "be_available": _available,
    "person_available": _person_available,
    "other_person": _other_person,
    "other_person_at": _other_person_at,
    "higher_maximum": _higher_maximum,
    "longer_run": _longer_run,
    "shorter_way": _shorter_way,
    "relax_rule": _relax_rule,
    "wider_difference": _wider_difference,
    "shorter": _shorter,
    "any_table": _any_table,
    "open_table": _open_table,
    "add_feature": _add_feature,
    "new_table": _new_table,
    "second_table": _second_table,
    "one_more_slot": _one_more_slot,
    "second_table_for_all": _second_table_for_all,
}
"""What each code does to a problem. `subjects` and `slot_ids` of a Remedy mean here:

| code | subjects | slot_ids |
|---|---|---|
| release_lock, shorter | the request | |
| more_slots | the request | slots that it may now have besides |
| arrive_earlier, leave_later, be_available | the participant | slots in which it is there besides |
| person_available | the person | slots in which it is free besides |
| other_person | the person, the participant for whom somebody else attends | |
| other_person_at | the person, the request at which somebody else attends | |
| higher_maximum | the participants, each by one meeting | |
| longer_run, shorter_way | the participant, by one slot | |
| any_table | the participant, no longer bound to its home tables | |
| relax_rule | the pair rule, its code in check.py, its first, its second | |
| open_table | the table | slots in which it is open besides |
| add_feature | the table, then the features | |
| new_table | its features | |
| second_table | the participant, one meeting more at a time | in these slots |
| second_table_for_all | the participants, each with a table more | |
"""


def pair_subjects(problem: Problem, rule_id: str) -> Subjects:
    """How a pair rule is named in a Remedy or a Clause: its id, its code, its first and its second."""
    rule = next(one for one in problem.pair_rules if one.id == rule_id)
    return rule.id, PAIR_CODES[rule.kind], rule.first, rule.second
