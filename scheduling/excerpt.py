"""A small problem cut out of a large one: some requests are free, everything that touches them is fixed.

The goals of the excerpt differ from those of the whole by constants, because whoever is free in it is there with all of
its meetings.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from scheduling.facts import is_there
from scheduling.problem import GoalName, PairRule, Participant, Problem, Request, Side, Subjects, Table
from scheduling.reach import Reach, excerpt_facts
from scheduling.timetable import Sitting, Timetable
from scheduling.walking import SEAT_GOALS

DISTURBANCE = frozenset({GoalName.PEOPLE_DISTURBED, GoalName.MEETINGS_MOVED})


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`problem` is what is left to be decided; `fixed` are the requests in it that must stay."""

    problem: Problem
    fixed: frozenset[str]

    @property
    def is_settled(self) -> bool:
        """Nothing in it can lie anywhere: there is nothing to decide."""
        return len(self.fixed) == len(self.problem.requests)


def excerpt(reach: Reach) -> Excerpt:
    """The free requests with all that they may meet."""
    return _Cut(reach).excerpt()


class _Cut:
    """The participants who are there with all their meetings, the meetings that come along, and the rest."""

    def __init__(self, reach: Reach) -> None:
        self.reach, self.published = reach, reach.published
        self.problem, self.ground = reach.problem, reach.published.ground
        self.fixed = {name: one for name, one in self.published.can_stay.items() if name not in reach.free}
        self.of: dict[str, list[Sitting]] = defaultdict(list)
        for sitting in self.fixed.values():
            for one in sitting.request.participants:
                self.of[one].append(sitting)
        self.may_disturb = self._may_disturb()
        self.busy_people = self._busy_people()
        self.rooms: dict[str, frozenset[int]] = {}
        self.free = self._free()
        self.concerned = {one for request in self.free for one in request.participants}
        self.rules = [rule for rule in self.problem.pair_rules if self._is_touched(rule)]
        linked = {one for rule in self.rules if rule.subjects is Subjects.PARTICIPANTS for one in _ends(rule)}
        self.whole = self.concerned | linked

    def excerpt(self) -> Excerpt:
        if not any(request.slots for request in self.free):
            return Excerpt(replace(self.problem, requests=()), frozenset())
        self.whole |= self._extremes()
        fixed = frozenset(self._fixed())
        ids = fixed | {request.id for request in self.free}
        known = [self.ground.requests[one] for one in sorted(fixed)]
        requests = (*(self._with_bystanders(request) for request in known), *self.free)
        tables = self._tables(fixed)
        return Excerpt(
            replace(
                self.problem,
                tables=tables,
                participants=(*self._participants(), *self._bystanders(known)),
                requests=self._without_dead_pins(requests, tables),
                pair_rules=tuple(rule for rule in self.rules if self._is_open_rule(rule, ids)),
                previous=tuple(one for one in self.problem.previous if one.request_id in ids),
                frozen=fixed | (self.problem.frozen & ids),
                goals=tuple(goal for goal in self.problem.goals if self._is_open(goal.name)),
            ),
            fixed,
        )

    def _may_disturb(self) -> bool:
        """Whether what is still to be decided can cost somebody a published meeting."""
        has_promises = any(goal.name is GoalName.MANDATORY_UNPLACED for goal in self.problem.goals)
        is_tempted = bool(self.reach.strict) or not has_promises  # to give up what is fixed for something else
        return is_tempted or any(one in self.published.can_stay for one in self.reach.free)

    def _is_open_rule(self, rule: PairRule, requests: Container[str]) -> bool:
        """Not about a request that has no place and gets none, nor about a host all of whose meetings are fixed."""
        if rule.subjects is Subjects.REQUESTS:
            return all(one in requests for one in _ends(rule))
        return not rule.host or rule.host in self.whole

    def _is_open(self, goal: GoalName) -> bool:
        return goal not in SEAT_GOALS and (self.may_disturb or goal not in DISTURBANCE)

    def _free(self) -> list[Request]:
        """Limited to where fixed meetings leave room; lost ones come along where they have disturbed somebody."""
        limited = [self._limited(self.ground.requests[one]) for one in sorted(self.reach.free)]
        was_there = self.published.timetable.placed
        return [one for one in limited if one.slots or (one.id in was_there and self.may_disturb)]

    def _limited(self, request: Request) -> Request:
        places = frozenset.intersection(*(self._room(one) for one in request.participants))
        blocked = {place for one in self.ground.people_of(request) for place in self.busy_people.get(one, ())}
        ids = frozenset(self.problem.slots[place].id for place in places - blocked)
        promised = request.is_mandatory and request.id in self.reach.strict
        return replace(request, slots=ids if request.slots is None else ids & request.slots, is_mandatory=promised)

    def _without_dead_pins(self, requests: Iterable[Request], tables: tuple[Table, ...]) -> tuple[Request, ...]:
        """A free request that is pinned to a seat of somebody fixed has nowhere to go."""
        pinned = [one for one in self.free if one.lock_slot or one.lock_table]
        facts = excerpt_facts(replace(self.problem, tables=tables), pinned)
        dead = {one.id for one in pinned if not facts.starts[one.id]}
        return tuple(_nowhere(one) if one.id in dead else one for one in requests)

    def _room(self, one: str) -> frozenset[int]:
        """Where the participant can hold one more meeting beside its fixed ones."""
        if one not in self.rooms:
            participant = self.ground.participants[one]
            held = Counter(place for sitting in self.of.get(one, ()) for place in sitting.covers)
            self.rooms[one] = frozenset(
                place
                for place, slot in enumerate(self.problem.slots)
                if held[place] < participant.capacity_at.get(slot.id, participant.capacity)
                and is_there(participant, slot)
            )
        return self.rooms[one]

    def _busy_people(self) -> dict[str, set[int]]:
        wanted = {one for name in self.reach.free for one in self.ground.people_of(self.ground.requests[name])}
        busy: dict[str, set[int]] = defaultdict(set)
        for sitting in self.fixed.values() if wanted else ():
            for person in wanted & self.ground.people_of(sitting.request):
                busy[person].update(sitting.covers)
        return busy

    def _is_touched(self, rule: PairRule) -> bool:
        mine = self.concerned if rule.subjects is Subjects.PARTICIPANTS else {request.id for request in self.free}
        return not mine.isdisjoint(_ends(rule))

    def _extremes(self) -> set[str]:
        """Fairness compares everybody: of the others only the guests who wait most and least matter."""
        if not any(goal.name is GoalName.UNFAIRNESS for goal in self.problem.goals):
            return set()
        timetable = Timetable(self.ground, [one.meeting for one in self.fixed.values()])
        waits = {one: sum(timetable.idle_gaps(one)) for one in sorted(self.ground.guests - self.whole)}
        return {max(waits, key=waits.__getitem__), min(waits, key=waits.__getitem__)} if waits else set()

    def _fixed(self) -> set[str]:
        """All fixed meetings of the whole participants, of those who attend, under a rule, and the last of all."""
        people = frozenset[str]().union(*(self.ground.people_of(request) for request in self.free))
        found = {sitting.request.id for one in self.whole for sitting in self.of.get(one, ())}
        if people:
            found |= {name for name, one in self.fixed.items() if people & self.ground.people_of(one.request)}
        ruled = {one for rule in self.rules if rule.subjects is Subjects.REQUESTS for one in _ends(rule)}
        if self.fixed and any(goal.name is GoalName.LAST_SLOT for goal in self.problem.goals):
            ruled.add(max(self.fixed, key=lambda name: (self.fixed[name].last, name)))
        return found | (ruled & self.fixed.keys())

    def _participants(self) -> Iterator[Participant]:
        return (one for one in self.problem.participants if one.id in self.whole)

    def _with_bystanders(self, request: Request) -> Request:
        names = (one if one in self.whole else _stand_in(request, one) for one in request.participants)
        return replace(request, participants=tuple(names))

    def _bystanders(self, fixed: Iterable[Request]) -> Iterator[Participant]:
        """Of somebody else's meetings some are looked at, all are fixed: a stand-in for each, without wishes."""
        for request in fixed:
            for one in request.participants:
                if one not in self.whole:
                    yield _bystander(self.ground.participants[one], _stand_in(request, one))

    def _tables(self, fixed: frozenset[str]) -> tuple[Table, ...]:
        """Closed while somebody outside the excerpt sits there."""
        taken: dict[str, set[str]] = defaultdict(set)
        for name, sitting in self.fixed.items():
            if name not in fixed:
                taken[sitting.meeting.table_id].update(self.problem.slots[place].id for place in sitting.covers)
        everything = frozenset(slot.id for slot in self.problem.slots)
        return tuple(
            replace(one, open_slots=(everything if one.open_slots is None else one.open_slots) - taken[one.id])
            if one.id in taken
            else one
            for one in self.problem.tables
        )


def _nowhere(one: Request) -> Request:
    return replace(one, slots=frozenset(), lock_slot=None, lock_table=None, is_mandatory=False)


def _ends(rule: PairRule) -> tuple[str, str]:
    return rule.first, rule.second


def _stand_in(request: Request, participant: str) -> str:
    return f"{participant} in {request.id}"


def _bystander(one: Participant, name: str) -> Participant:
    return replace(
        one,
        id=name,
        side=Side.HOST,
        disliked=frozenset(),
        min_meetings=0,
        max_meetings=None,
        max_run=0,
        transition=0,
        is_from_far=False,
    )
