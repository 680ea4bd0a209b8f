"""The hard rules, read once more from the meaning of the fields: where a request may lie, and what beside what."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from scheduling.problem import PairKind, PairRule, Participant, Problem, Request, Side, Subjects
from scheduling.solution import Meeting


class Place(NamedTuple):
    """A request somewhere: its number, first and last slot, table number, and the slots as bits of one number."""

    request: int
    first: int
    last: int
    table: int
    bits: int


class Event:
    """A problem in numbers: slots, tables and requests by their place in the lists."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slots, self.tables, self.requests = problem.slots, problem.tables, problem.requests
        self.who: dict[str, Participant] = {one.id: one for one in problem.participants}
        self.guests = [one.id for one in problem.participants if one.side is not Side.HOST]
        self.hosts = [one.id for one in problem.participants if one.side is Side.HOST]
        self.published = {meeting.request_id: meeting for meeting in problem.previous}
        self.away = {person.id: person.unavailable for person in problem.people}
        self.mine = {
            one: [n for n, request in enumerate(self.requests) if one in request.participants] for one in self.who
        }
        pauses = [
            (self.slots[n + 1].start - self.slots[n].end).total_seconds() / 60 for n in range(len(self.slots) - 1)
        ]
        self.pause_is_break = [minutes > problem.changeover_minutes for minutes in pauses]
        self.pause_is_long = [
            minutes > problem.changeover_minutes and minutes >= problem.long_break_minutes for minutes in pauses
        ]
        self.choices = [list(self._choices(number)) for number in range(len(self.requests))]
        self.hard = [rule for rule in problem.pair_rules if rule.is_hard]
        self._pairs_seen: dict[tuple[Place, Place], bool] = {}
        self.soft = [rule for rule in problem.pair_rules if not rule.is_hard]

    # What a request may do on its own

    def _choices(self, number: int) -> Iterator[Place]:
        request = self.requests[number]
        for first in range(len(self.slots)):
            last = first + request.length - 1
            if last < len(self.slots) and not any(self.pause_is_break[first:last]):
                for table in range(len(self.tables)):
                    place = Place(number, first, last, table, ((1 << request.length) - 1) << first)
                    if self._may_be(request, place):
                        yield place

    def _may_be(self, request: Request, place: Place) -> bool:
        slots, table = self.slots[place.first : place.last + 1], self.tables[place.table]
        inside = {slot.id for slot in slots}
        meeting = Meeting(request.id, self.slots[place.first].id, table.id)
        needed = set(request.features)
        for one in request.participants:
            needed |= self.who[one].features
        return (
            (request.slots is None or inside <= request.slots)
            and (request.blocks is None or {slot.block for slot in slots} <= request.blocks)
            and (request.lock_slot is None or request.lock_slot == meeting.slot_id)
            and (request.lock_table is None or request.lock_table == meeting.table_id)
            and (request.id not in self.problem.frozen or self.published[request.id] == meeting)
            and (table.open_slots is None or inside <= table.open_slots)
            and needed <= table.features
            and all(self._is_there(self.who[one], place) for one in request.participants)
            and all(table.id in self.who[one].home_tables for one in request.participants if self.who[one].home_tables)
            and not any(inside & self.away.get(person, frozenset()) for person in self.people(request))
        )

    def _is_there(self, one: Participant, place: Place) -> bool:
        return all(
            (one.arrives is None or one.arrives <= slot.start)
            and (one.leaves is None or one.leaves >= slot.end)
            and slot.id not in one.unavailable
            and one.capacity_at.get(slot.id, one.capacity) >= 1
            for slot in self.slots[place.first : place.last + 1]
        )

    def people(self, request: Request) -> set[str]:
        """Everybody who has to be in the room."""
        return set(request.people).union(*(self.who[one].people for one in request.participants))

    # Timetables as places

    def places(self, meetings: Sequence[Meeting]) -> tuple[Place, ...] | None:
        """The meetings as places; None when one of them is nowhere allowed."""
        found = []
        for meeting in meetings:
            numbers = [n for n, request in enumerate(self.requests) if request.id == meeting.request_id]
            fitting = [place for n in numbers for place in self.choices[n] if self.meetings((place,))[0] == meeting]
            if not fitting:
                return None
            found += fitting
        return tuple(sorted(found, key=lambda place: place.request))

    def meetings(self, chosen: Sequence[Place]) -> tuple[Meeting, ...]:
        return tuple(
            Meeting(self.requests[place.request].id, self.slots[place.first].id, self.tables[place.table].id)
            for place in chosen
        )

    def fits(self, new: Place, chosen: tuple[Place, ...]) -> bool:
        """Whether an allowed set may have one more place."""
        return all(self.go_together(new, other) for other in chosen) and self.have_room(new, (*chosen, new))

    def is_allowed(self, chosen: Sequence[Place]) -> bool:
        apart = all(
            one.request != other.request and self.go_together(one, other) for one, other in combinations(chosen, 2)
        )
        return apart and all(self.have_room(place, chosen) for place in chosen)

    # What two places may not do to each other

    def go_together(self, one: Place, other: Place) -> bool:
        if (one, other) not in self._pairs_seen:
            self._pairs_seen[one, other] = self._are_compatible(one, other)
        return self._pairs_seen[one, other]

    def _are_compatible(self, one: Place, other: Place) -> bool:
        if one.bits & other.bits:
            if one.table == other.table:
                return False
            if self.people(self.requests[one.request]) & self.people(self.requests[other.request]):
                return False
        return not any(self.breaks(rule, one, other) or self.breaks(rule, other, one) for rule in self.hard)

    def breaks(self, rule: PairRule, one: Place, other: Place) -> bool:
        """Whether `one` as the rule's first and `other` as its second break it."""
        first, second = self.requests[one.request], self.requests[other.request]
        if rule.subjects is Subjects.REQUESTS:
            if (first.id, second.id) != (rule.first, rule.second):
                return False
        elif rule.first not in first.participants or rule.second not in second.participants:
            return False
        if rule.kind is PairKind.BEFORE:
            return not one.last < other.first
        if rule.kind is PairKind.NOT_TOGETHER:
            return bool(one.bits & other.bits)
        if rule.kind is PairKind.NOT_BACK_TO_BACK:
            return self._follow(one, other) and self._at_one_host(rule, first, second)
        both_sit = rule.subjects is Subjects.PARTICIPANTS and rule.first in self.hosts and rule.second in self.hosts
        return bool(both_sit or one.bits & other.bits) and self._too_close(rule, one, other)

    def _follow(self, one: Place, other: Place) -> bool:
        early, late = sorted((one, other), key=lambda place: place.first)
        return late.first == early.last + 1 and not self.pause_is_long[early.last]

    def _at_one_host(self, rule: PairRule, first: Request, second: Request) -> bool:
        if rule.subjects is Subjects.REQUESTS:
            return True
        common = [one for one in first.participants if one in second.participants]
        return rule.host in common if rule.host else any(one not in (rule.first, rule.second) for one in common)

    def _too_close(self, rule: PairRule, one: Place, other: Place) -> bool:
        here, there = self.tables[one.table], self.tables[other.table]
        if rule.kind is PairKind.NOT_SAME_ROOM:
            return here.room == there.room
        return here.room == there.room and here.position - there.position in (-1, 1)

    # What many places may not do to one participant

    def have_room(self, new: Place, chosen: Sequence[Place]) -> bool:
        return all(
            self._has_room(self.who[one], [place for place in chosen if place.request in self.mine[one]])
            for one in self.requests[new.request].participants
        )

    def _has_room(self, one: Participant, places: Sequence[Place]) -> bool:
        if one.max_meetings is not None and len(places) > one.max_meetings:
            return False
        for slot in range(len(self.slots)):
            meets = sum(place.bits >> slot & 1 for place in places)
            walks = sum(self._is_walking(one, place, slot) for place in places)
            if meets and meets + walks > one.capacity_at.get(self.slots[slot].id, one.capacity):
                return False
        return not (one.max_run and one.max_run_is_hard and self.tired(one, places))

    def _is_walking(self, one: Participant, place: Place, slot: int) -> bool:
        near = place.last < slot <= place.last + one.transition
        return near and not any(self.pause_is_break[place.last : slot])

    def tired(self, one: Participant, places: Sequence[Place]) -> int:
        """In how many slots the participant meets although it has met in `max_run` slots right before."""
        met, times = 0, 0
        bits = union(places)
        for slot in range(len(self.slots)):
            if slot and self.pause_is_break[slot - 1]:
                met = 0
            met = met + 1 if bits >> slot & 1 else 0
            times += met > one.max_run
        return times

    def is_fair(self, chosen: Sequence[Place]) -> bool:
        limit = self.problem.max_idle_difference
        if limit is None or not self.guests:
            return True
        periods = [len(self.waits(one, chosen)) for one in self.guests]
        return max(periods) - min(periods) <= limit

    def waits(self, one: str, chosen: Sequence[Place]) -> list[int]:
        """The lengths of the idle periods: free slots between two meetings with no long break among them."""
        bits = union([place for place in chosen if place.request in self.mine[one]])
        waits, before = [], None
        for slot in range(len(self.slots)):
            if bits >> slot & 1:
                if before is not None and slot - before > 1 and not any(self.pause_is_long[before:slot]):
                    waits.append(slot - before - 1)
                before = slot
        return waits


def union(places: Sequence[Place]) -> int:
    bits = 0
    for place in places:
        bits |= place.bits
    return bits
