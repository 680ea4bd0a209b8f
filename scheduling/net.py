"""A problem and a timetable as the plain numbers on which chains work."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from scheduling.chains import AFTER, BEFORE, FORBIDDEN, NOWHERE, TOGETHER, TOUCHING, Net, State
from scheduling.facts import Facts
from scheduling.halls import HallSet, hall_sets
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import GoalName, PairKind, PairRule, Participant, Request, Side, Subjects

BAND_FACTOR = 20  # one step in a band outweighs this many in the next: close to lexicographic, still smooth
KNOWN_GOALS = frozenset(
    {
        GoalName.GUEST_IDLE_SLOTS,
        GoalName.GUEST_IDLE_PERIODS,
        GoalName.HOST_IDLE_SLOTS,
        GoalName.SOFT_PAIR_RULES,
        GoalName.DISLIKED_SLOTS,
        GoalName.MISSED_RESTS,
        GoalName.FAR_SPAN,
    }
)
Pair = tuple[int, int, int, int]  # request, other, kind, price


class Translation:
    """Numbers for the ids of a problem: requests by place, units = participants, then people."""

    def __init__(self, facts: Facts, limit_band: int) -> None:
        self.facts, self.problem = facts, facts.problem
        self.price = prices(facts, limit_band)
        self.request = {one.id: place for place, one in enumerate(self.problem.requests)}
        names = [one.id for one in self.problem.participants]
        people = sorted({person for named in facts.people.values() for person in named})
        self.unit = {name: place for place, name in enumerate([*names, *(f"person {one}" for one in people)])}
        self.people = people
        self.halls: list[HallSet] = hall_sets(facts)

    def net(self, times: Mapping[str, int]) -> Net:
        """Everything that stays the same while meetings move."""
        facts, requests = self.facts, self.problem.requests
        slots = len(facts.timeline)
        units = _joined([self._units(one) for one in requests])
        starts = [self._starts(one, times) for one in requests]
        halls = _joined(self._halls_of())
        pairs = sorted(self._pairs())
        limit = self._limits()
        participants = [self._prices(one) for one in self.problem.participants]
        nobody = (0, 0, 0, 0, 0)
        unit_prices = list(zip(*participants, *([nobody] * len(self.people)), strict=True))
        return Net(
            slots=slots,
            width=max(1, max(max(row) for row in limit)),
            row=facts.timeline.row,
            stretch=facts.timeline.stretch,
            units_first=units[0],
            units=units[1],
            starts_first=_joined(starts)[0],
            starts=_joined(starts)[1],
            allowed=[[int(slot in possible) for slot in range(slots)] for possible in map(set, starts)],
            limit=limit,
            halls_first=halls[0],
            halls=halls[1],
            hall_limit=[list(hall.tables) for hall in self.halls] or [[0] * slots],
            pairs_first=_firsts(len(requests), [pair[0] for pair in pairs]),
            pair_other=[pair[1] for pair in pairs],
            pair_kind=[pair[2] for pair in pairs],
            pair_price=[pair[3] for pair in pairs],
            price_slot=list(unit_prices[0]),
            price_period=list(unit_prices[1]),
            price_far=list(unit_prices[2]),
            longest=list(unit_prices[3]),
            price_rest=list(unit_prices[4]),
            price_dislike=self._dislikes(),
        )

    def _units(self, request: Request) -> list[int]:
        people = sorted(f"person {one}" for one in self.facts.people[request.id])
        return [self.unit[name] for name in (*request.participants, *people)]

    def _starts(self, request: Request, times: Mapping[str, int]) -> list[int]:
        """Long meetings, and those after which a team walks, keep their place; the exact model moves them."""
        participants = self.facts.ground.participants
        if request.length == 1 and not any(participants[one].transition for one in request.participants):
            return list(self.facts.starts[request.id])
        return [times[request.id]] if request.length == 1 and request.id in times else []

    def _limits(self) -> list[list[int]]:
        everybody = [list(self.facts.room_for[one.id]) for one in self.problem.participants]
        for person in self.people:
            known = self.facts.ground.people.get(person)
            away = frozenset[str]() if known is None else known.unavailable
            everybody.append([int(slot.id not in away) for slot in self.facts.timeline.slots])
        return everybody

    def _halls_of(self) -> list[list[int]]:
        inside: list[list[int]] = [[] for _ in self.problem.requests]
        for number, hall in enumerate(self.halls):
            for name in hall.requests:
                inside[self.request[name]].append(number)
        return inside

    def _prices(self, one: Participant) -> tuple[int, int, int, int, int]:
        is_guest = one.side is not Side.HOST
        slot = self.price[GoalName.GUEST_IDLE_SLOTS if is_guest else GoalName.HOST_IDLE_SLOTS]
        period = self.price[GoalName.GUEST_IDLE_PERIODS] if is_guest else 0
        rest = FORBIDDEN if one.max_run_is_hard else self.price[GoalName.MISSED_RESTS]
        return slot, period, self.price[GoalName.FAR_SPAN] * one.is_from_far, one.max_run, rest

    def _dislikes(self) -> list[list[int]]:
        price, slots = self.price[GoalName.DISLIKED_SLOTS], self.facts.timeline.slots
        rows = [[price * (slot.id in one.disliked) for slot in slots] for one in self.problem.participants]
        return rows + [[0] * len(slots) for _ in self.people]

    def _pairs(self) -> Iterable[Pair]:
        for rule in self.problem.pair_rules:
            if rule.kind not in TABLE_KINDS:
                price = FORBIDDEN if rule.is_hard else rule.weight * self.price[GoalName.SOFT_PAIR_RULES]
                kinds = _KINDS[rule.kind]
                for first, second in self._ruled(rule):
                    yield first, second, kinds[0], price
                    yield second, first, kinds[1], price

    def _ruled(self, rule: PairRule) -> Iterable[tuple[int, int]]:
        for first in self._named(rule, rule.first):
            for second in self._named(rule, rule.second):
                shared = set(first.participants) & set(second.participants) - {rule.first, rule.second}
                at_host = rule.host in shared if rule.host else bool(shared)
                anywhere = rule.kind is not PairKind.NOT_BACK_TO_BACK or rule.subjects is Subjects.REQUESTS
                if first.id != second.id and (anywhere or at_host):
                    yield self.request[first.id], self.request[second.id]

    def _named(self, rule: PairRule, subject: str) -> Sequence[Request]:
        if rule.subjects is Subjects.REQUESTS:
            return [self.facts.ground.requests[subject]]
        return self.facts.requests_of[subject]


_KINDS = {
    PairKind.NOT_TOGETHER: (TOGETHER, TOGETHER),
    PairKind.NOT_BACK_TO_BACK: (TOUCHING, TOUCHING),
    PairKind.BEFORE: (BEFORE, AFTER),
}


def prices(facts: Facts, limit_band: int) -> dict[GoalName, int]:
    """Goal weights with the order of the bands turned into factors; 0 for what is not looked at."""
    known = [one for one in facts.problem.goals if one.name in KNOWN_GOALS and one.band <= limit_band]
    price = dict.fromkeys(KNOWN_GOALS, 0)
    factor = 1
    for _, goals in groupby(sorted(known, key=lambda one: -one.band), key=lambda one: one.band):
        for goal in goals:
            price[goal.name] = goal.weight * factor
        factor *= BAND_FACTOR
    return price


def _joined(lists: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Lists end to end, and where each of them begins."""
    firsts = [0]
    for one in lists:
        firsts.append(firsts[-1] + len(one))
    return firsts, [value for one in lists for value in one]


def _firsts(number: int, ordered: Sequence[int]) -> list[int]:
    counts: dict[int, int] = defaultdict(int)
    for value in ordered:
        counts[value] += 1
    firsts = [0]
    for value in range(number):
        firsts.append(firsts[-1] + counts[value])
    return firsts


def empty_state(net: Net, seed: int) -> State:
    """Nothing placed yet."""
    requests, units, halls = len(net.allowed), len(net.limit), len(net.hall_limit)
    return State(
        time=[NOWHERE] * requests,
        at=[[NOWHERE] * (net.slots * net.width) for _ in range(units)],
        number=[[0] * net.slots for _ in range(units)],
        load=[[0] * net.slots for _ in range(halls)],
        cost=[0] * units,
        chain=[0] * (requests + 1),
        origin=[0] * (requests + 1),
        fresh=[NOWHERE] * units,
        is_in=[0] * requests,
        more_here=[0] * units,
        more_there=[0] * units,
        hall_here=[0] * halls,
        hall_there=[0] * halls,
        random=[seed & 0x7FFFFFFF],
    )
