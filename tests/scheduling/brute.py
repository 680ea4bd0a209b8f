"""Every timetable of a tiny event, tried one by one: what is allowed, what it costs, which is the best.

Written from the meaning of the fields alone. It shares no line with the engines, the checker or the scorer, so that
whatever they agree on with it is not one mistake made twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from scheduling.problem import Goal, GoalName, PairKind, PairRule, Participant, Problem, Request, Side, Subjects
from scheduling.solution import Meeting


@dataclass(frozen=True, slots=True)
class Place:
    """A request somewhere: its number, first and last slot, table number, and the slots as bits of one number."""

    request: int
    first: int
    last: int
    table: int
    bits: int


Partial = tuple[tuple[Place, ...], int]
"""What has been placed, and how many of the requests have been decided on."""
Promise = Callable[[Partial], bool]


def best(problem: Problem) -> tuple[tuple[int, ...], tuple[Meeting, ...]]:
    """The lowest cost by band, in the order of the bands, and one timetable that has it."""
    event = Event(problem)
    lowest = [event.band_costs(())]
    witness: tuple[Place, ...] = ()  # nobody meets: the one timetable that is always allowed
    for chosen in event.timetables(lambda some: event.at_least(some) < lowest[0]):
        cost = event.band_costs(chosen)
        if cost < lowest[0]:
            lowest[0], witness = cost, chosen
    return lowest[0], event.meetings(witness)


def all_valid(problem: Problem) -> Iterator[tuple[Meeting, ...]]:
    """Every set of meetings that keeps all hard rules, the empty one among them."""
    event = Event(problem)
    return (event.meetings(chosen) for chosen in event.timetables(lambda some: True))


def is_valid(problem: Problem, meetings: Sequence[Meeting]) -> bool:
    """Whether this set of meetings keeps all hard rules."""
    event = Event(problem)
    chosen = event.places(meetings)
    return chosen is not None and event.is_allowed(chosen) and event.is_fair(chosen)


def values(problem: Problem, meetings: Sequence[Meeting]) -> dict[GoalName, int]:
    """What every goal there is costs on a valid timetable, unweighted."""
    event = Event(problem)
    chosen = event.places(meetings)
    if chosen is None:
        raise ValueError(meetings)
    return {goal: event.value(goal, chosen) for goal in GoalName}


def costs(problem: Problem, meetings: Sequence[Meeting]) -> tuple[int, ...]:
    """One weighted sum per band, in the order of the bands."""
    event = Event(problem)
    return event.band_costs(event.places(meetings) or ())


def slots_of(problem: Problem, request_id: str) -> set[str]:
    """The slots in which the request could start if it had everybody and every table to itself."""
    event = Event(problem)
    number = next(n for n, request in enumerate(problem.requests) if request.id == request_id)
    return {problem.slots[place.first].id for place in event.choices[number]}


def most_placed(problem: Problem) -> int:
    """The largest number of requests that any timetable places."""
    alike = tuple(replace(one, weight=1) for one in problem.requests)
    counting = replace(problem, requests=alike, goals=(Goal(GoalName.WEIGHT_UNPLACED, 1),))
    return len(alike) - best(counting)[0][0]


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
        self.bands = sorted({goal.band for goal in problem.goals})
        self.hard = [rule for rule in problem.pair_rules if rule.is_hard]
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

    # Growing timetables

    def timetables(self, is_promising: Promise) -> Iterator[tuple[Place, ...]]:
        """All allowed sets of places, request after request; branches that promise nothing are cut."""
        yield from self._grown((), 0, is_promising)

    def _grown(self, chosen: tuple[Place, ...], number: int, is_promising: Promise) -> Iterator[tuple[Place, ...]]:
        if not is_promising((chosen, number)):
            return
        if number == len(self.requests):
            if self.is_fair(chosen):
                yield chosen
            return
        for place in self.choices[number]:
            if all(self._go_together(place, other) for other in chosen) and self._have_room(place, (*chosen, place)):
                yield from self._grown((*chosen, place), number + 1, is_promising)
        yield from self._grown(chosen, number + 1, is_promising)

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

    def is_allowed(self, chosen: Sequence[Place]) -> bool:
        apart = all(
            one.request != other.request and self._go_together(one, other) for one, other in combinations(chosen, 2)
        )
        return apart and all(self._have_room(place, chosen) for place in chosen)

    # What two places may not do to each other

    @cached_property
    def _friends(self) -> dict[tuple[Place, Place], bool]:
        return {}

    def _go_together(self, one: Place, other: Place) -> bool:
        if (one, other) not in self._friends:
            self._friends[one, other] = self._are_compatible(one, other)
        return self._friends[one, other]

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

    def _have_room(self, new: Place, chosen: Sequence[Place]) -> bool:
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
        return not (one.max_run and one.max_run_is_hard and self._tired(one, places))

    def _is_walking(self, one: Participant, place: Place, slot: int) -> bool:
        near = place.last < slot <= place.last + one.transition
        return near and not any(self.pause_is_break[place.last : slot])

    def _tired(self, one: Participant, places: Sequence[Place]) -> int:
        """In how many slots the participant meets although it has met in `max_run` slots right before."""
        met, times = 0, 0
        bits = _union(places)
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
        periods = [len(self._waits(one, chosen)) for one in self.guests]
        return max(periods) - min(periods) <= limit

    def _waits(self, one: str, chosen: Sequence[Place]) -> list[int]:
        """The lengths of the idle periods: free slots between two meetings with no long break among them."""
        bits = _union([place for place in chosen if place.request in self.mine[one]])
        waits, before = [], None
        for slot in range(len(self.slots)):
            if bits >> slot & 1:
                if before is not None and slot - before > 1 and not any(self.pause_is_long[before:slot]):
                    waits.append(slot - before - 1)
                before = slot
        return waits

    # What it costs

    def band_costs(self, chosen: Sequence[Place]) -> tuple[int, ...]:
        sums = dict.fromkeys(self.bands, 0)
        for goal in self.problem.goals:
            sums[goal.band] += goal.weight * self.value(goal.name, chosen)
        return tuple(sums.values())

    def at_least(self, some: Partial) -> tuple[int, ...]:
        """What the bands cost at least, whatever becomes of the requests that are not decided yet."""
        chosen, decided = some
        sums = dict.fromkeys(self.bands, 0)
        for goal in self.problem.goals:
            if goal.name in _DECIDED_ONLY:
                sums[goal.band] += goal.weight * self.value(goal.name, chosen, decided)
            elif goal.name in _ONLY_GROWING:
                sums[goal.band] += goal.weight * self.value(goal.name, chosen)
        return tuple(sums.values())

    def value(self, goal: GoalName, chosen: Sequence[Place], decided: int | None = None) -> int:
        """One goal's cost; of the first `decided` requests only, where requests are what is counted."""
        placed = {place.request: place for place in chosen}
        judged = list(enumerate(self.requests))[:decided]
        out = [request for number, request in judged if number not in placed]
        moved = [
            request
            for number, request in judged
            if request.id in self.published
            and (number not in placed or self.meetings((placed[number],))[0] != self.published[request.id])
        ]
        match goal:
            case GoalName.MANDATORY_UNPLACED:
                return sum(self._is_promised(request) for request in out)
            case GoalName.WEIGHT_UNPLACED:
                return sum(request.weight for request in out)
            case GoalName.MEETINGS_MOVED:
                return len(moved)
            case GoalName.PEOPLE_DISTURBED:
                disturbed = {one for request in moved for one in request.participants}
                return sum(len(self.who[one].people) or 1 for one in disturbed)
            case GoalName.SOFT_PAIR_RULES:
                return sum(
                    rule.weight * self._times_broken(rule, chosen) for rule in self.soft if not _is_about_tables(rule)
                )
            case GoalName.SOFT_TABLE_RULES:
                return sum(
                    rule.weight for rule in self.soft if _is_about_tables(rule) and self._times_broken(rule, chosen)
                )
            case GoalName.LAST_SLOT:
                return max((place.last + 1 for place in chosen), default=0)
            case GoalName.UNFAIRNESS:
                waits = [sum(self._waits(one, chosen)) for one in self.guests] or [0]
                return max(waits) - min(waits)
        return sum(
            self._own(goal, one, [place for place in chosen if place.request in self.mine[one]]) for one in self.who
        )

    def _is_promised(self, request: Request) -> bool:
        pinned = (request.lock_slot, request.lock_table) != (None, None)
        return request.is_mandatory or pinned or request.id in self.problem.frozen

    def _times_broken(self, rule: PairRule, chosen: Sequence[Place]) -> int:
        return sum(self.breaks(rule, one, other) for one in chosen for other in chosen if one is not other)

    def _own(self, goal: GoalName, name: str, places: list[Place]) -> int:
        """What one participant adds to a goal, with its own places."""
        one, bits, is_host = self.who[name], _union(places), name in self.hosts
        match goal:
            case GoalName.MINIMA_MISSED:
                return max(0, one.min_meetings - len(places))
            case GoalName.GUEST_IDLE_SLOTS:
                return 0 if is_host else sum(self._waits(name, places))
            case GoalName.GUEST_IDLE_PERIODS:
                return 0 if is_host else len(self._waits(name, places))
            case GoalName.HOST_IDLE_SLOTS:
                return sum(self._waits(name, places)) if is_host else 0
            case GoalName.DISLIKED_SLOTS:
                return sum(slot.id in one.disliked and bits >> number & 1 for number, slot in enumerate(self.slots))
            case GoalName.MISSED_RESTS:
                return self._tired(one, places) if one.max_run and not one.max_run_is_hard else 0
            case GoalName.FAR_SPAN:
                return f"{bits:b}".strip("0").count("0") if one.is_from_far else 0
            case GoalName.HOST_TABLE_CHANGES:
                at_once = [sum(place.bits >> slot & 1 for place in places) for slot in range(len(self.slots))]
                return len({place.table for place in places}) - max(at_once) if is_host else 0
            case GoalName.GUEST_ROOM_CHANGES:
                return 0 if is_host else self._walked(places)
        raise ValueError(goal)

    def _walked(self, places: list[Place]) -> int:
        far = {room.id: room.distance for room in self.problem.rooms}
        ways, here = 0, None
        for place in sorted(places, key=lambda place: (place.first, self.tables[place.table].id)):
            there = self.tables[place.table].room
            if here is not None and here != there:
                ways += 1 + abs(far.get(here, 0) - far.get(there, 0))
            here = there
        return ways


def _union(places: Sequence[Place]) -> int:
    bits = 0
    for place in places:
        bits |= place.bits
    return bits


def _is_about_tables(rule: PairRule) -> bool:
    return rule.kind in (PairKind.NOT_ADJACENT_TABLES, PairKind.NOT_SAME_ROOM)


_DECIDED_ONLY = frozenset(
    {GoalName.MANDATORY_UNPLACED, GoalName.WEIGHT_UNPLACED, GoalName.MEETINGS_MOVED, GoalName.PEOPLE_DISTURBED}
)
_ONLY_GROWING = frozenset(
    {
        GoalName.SOFT_PAIR_RULES,
        GoalName.SOFT_TABLE_RULES,
        GoalName.DISLIKED_SLOTS,
        GoalName.MISSED_RESTS,
        GoalName.LAST_SLOT,
    }
)
