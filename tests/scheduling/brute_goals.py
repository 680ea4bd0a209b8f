"""The goals, read once more from the meaning of the fields: what places cost."""

from collections.abc import Sequence

from scheduling.problem import GoalName, PairKind, PairRule, Request
from tests.scheduling.brute_rules import Event, Place, union

# Both only grow when more is decided; what waiting and walking cost may also shrink.
OF_REQUESTS = frozenset(
    {GoalName.MANDATORY_UNPLACED, GoalName.WEIGHT_UNPLACED, GoalName.MEETINGS_MOVED, GoalName.PEOPLE_DISTURBED}
)
ONLY_GROWING = frozenset(
    {
        GoalName.SOFT_PAIR_RULES,
        GoalName.SOFT_TABLE_RULES,
        GoalName.DISLIKED_SLOTS,
        GoalName.MISSED_RESTS,
        GoalName.LAST_SLOT,
    }
)

SEAT_GOALS = frozenset({GoalName.SOFT_TABLE_RULES, GoalName.HOST_TABLE_CHANGES, GoalName.GUEST_ROOM_CHANGES})
_OF_ALL = frozenset({GoalName.SOFT_PAIR_RULES, GoalName.SOFT_TABLE_RULES, GoalName.LAST_SLOT, GoalName.UNFAIRNESS})


class Bills:
    """What an event's timetables cost, goal by goal and band by band."""

    def __init__(self, event: Event) -> None:
        self.event, self.problem = event, event.problem
        self.bands = sorted({goal.band for goal in self.problem.goals})
        self._seen: dict[tuple[GoalName, str, tuple[Place, ...]], int] = {}

    def costs(self, chosen: Sequence[Place]) -> tuple[int, ...]:
        """One weighted sum per band, in the order of the bands."""
        return self._sums(chosen, len(self.problem.requests), frozenset(GoalName))

    def at_least(self, chosen: Sequence[Place], decided: int) -> tuple[int, ...]:
        """What the bands cost at least, whatever becomes of the requests from number `decided` on."""
        return self._sums(chosen, decided, OF_REQUESTS | ONLY_GROWING)

    def _sums(self, chosen: Sequence[Place], decided: int, goals: frozenset[GoalName]) -> tuple[int, ...]:
        sums = dict.fromkeys(self.bands, 0)
        for goal in self.problem.goals:
            if goal.name in goals:
                sums[goal.band] += goal.weight * self.value(goal.name, chosen, decided)
        return tuple(sums.values())

    def value(self, goal: GoalName, chosen: Sequence[Place], decided: int) -> int:
        """One goal's cost; of the first `decided` requests only, where requests are what is counted."""
        if goal in OF_REQUESTS:
            return self._of_requests(goal, {place.request: place for place in chosen}, decided)
        if goal in _OF_ALL:
            return self._of_all(goal, chosen)
        mine = self.event.mine
        return sum(self._own(goal, one, tuple(place for place in chosen if place.request in mine[one])) for one in mine)

    def _of_requests(self, goal: GoalName, placed: dict[int, Place], decided: int) -> int:
        judged = list(enumerate(self.problem.requests))[:decided]
        out = [request for number, request in judged if number not in placed]
        match goal:
            case GoalName.MANDATORY_UNPLACED:
                return sum(self._is_promised(request) for request in out)
            case GoalName.WEIGHT_UNPLACED:
                return sum(request.weight for request in out)
        moved = [
            request
            for number, request in judged
            if request.id in self.event.published and self._has_moved(number, placed)
        ]
        if goal is GoalName.MEETINGS_MOVED:
            return len(moved)
        disturbed = {one for request in moved for one in request.participants}
        return sum(len(self.event.who[one].people) or 1 for one in disturbed)

    def _is_promised(self, request: Request) -> bool:
        pinned = (request.lock_slot, request.lock_table) != (None, None)
        return request.is_mandatory or pinned or request.id in self.problem.frozen

    def _has_moved(self, number: int, placed: dict[int, Place]) -> bool:
        before = self.event.published[self.problem.requests[number].id]
        return number not in placed or self.event.meetings((placed[number],))[0] != before

    def _of_all(self, goal: GoalName, chosen: Sequence[Place]) -> int:
        broken = [(rule, self._times_broken(rule, chosen)) for rule in self.event.soft]
        match goal:
            case GoalName.SOFT_PAIR_RULES:
                return sum(rule.weight * times for rule, times in broken if not _is_about_tables(rule))
            case GoalName.SOFT_TABLE_RULES:
                return sum(rule.weight for rule, times in broken if _is_about_tables(rule) and times)
            case GoalName.LAST_SLOT:
                return max((place.last + 1 for place in chosen), default=0)
        waits = [sum(self.event.waits(one, chosen)) for one in self.event.guests] or [0]
        return max(waits) - min(waits)

    def _times_broken(self, rule: PairRule, chosen: Sequence[Place]) -> int:
        return sum(self.event.breaks(rule, one, other) for one in chosen for other in chosen if one is not other)

    def _own(self, goal: GoalName, name: str, places: tuple[Place, ...]) -> int:
        """What one participant adds to a goal, with its own places."""
        key = goal, name, places
        if key not in self._seen:
            self._seen[key] = self._own_anew(goal, name, places)
        return self._seen[key]

    def _own_anew(self, goal: GoalName, name: str, places: Sequence[Place]) -> int:
        one, bits, is_host = self.event.who[name], union(places), name in self.event.hosts
        match goal:
            case GoalName.MINIMA_MISSED:
                return max(0, one.min_meetings - len(places))
            case GoalName.GUEST_IDLE_SLOTS:
                return 0 if is_host else sum(self.event.waits(name, places))
            case GoalName.GUEST_IDLE_PERIODS:
                return 0 if is_host else len(self.event.waits(name, places))
            case GoalName.HOST_IDLE_SLOTS:
                return sum(self.event.waits(name, places)) if is_host else 0
            case GoalName.DISLIKED_SLOTS:
                return sum(
                    slot.id in one.disliked and bits >> number & 1 for number, slot in enumerate(self.event.slots)
                )
            case GoalName.MISSED_RESTS:
                return self.event.tired(one, places) if one.max_run and not one.max_run_is_hard else 0
            case GoalName.FAR_SPAN:
                return f"{bits:b}".strip("0").count("0") if one.is_from_far else 0
            case GoalName.HOST_TABLE_CHANGES:
                at_once = [sum(place.bits >> slot & 1 for place in places) for slot in range(len(self.event.slots))]
                return len({place.table for place in places}) - max(at_once) if is_host else 0
            case GoalName.GUEST_ROOM_CHANGES:
                return 0 if is_host else self._walked(places)
        raise ValueError(goal)

    def _walked(self, places: Sequence[Place]) -> int:
        far = {room.id: room.distance for room in self.problem.rooms}
        ways, here = 0, None
        for place in sorted(places, key=lambda place: (place.first, self.event.tables[place.table].id)):
            there = self.event.tables[place.table].room
            if here is not None and here != there:
                ways += 1 + abs(far.get(here, 0) - far.get(there, 0))
            here = there
        return ways


def _is_about_tables(rule: PairRule) -> bool:
    return rule.kind in (PairKind.NOT_ADJACENT_TABLES, PairKind.NOT_SAME_ROOM)
