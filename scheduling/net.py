"""A problem and a timetable as the plain numbers on which chains work."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from scheduling.books import NOWHERE, Account, Desk, Net, PairRow, Place, RequestRow, State, UnitRow
from scheduling.chains import AFTER, BEFORE, TOGETHER, TOUCHING
from scheduling.facts import Facts
from scheduling.halls import HallSet, hall_sets
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import GoalName, PairKind, PairRule, Participant, Request, Side, Subjects
from scheduling.rows import Shared, Spread, Words, turned
from scheduling.waiting import FORBIDDEN

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
NEVER = 1 << 20  # more idle periods or meetings than anybody can have
UNEVEN = 20  # an idle period too many for fairness costs so many times what any other does


ONE_IDLE = UnitRow(price_slot=1)
NOBODY = UnitRow(most=NEVER)


class Translation:
    """Numbers for the ids of a problem: requests by place, units = participants, then people."""

    def __init__(self, facts: Facts, limit_band: int) -> None:
        self.facts, self.problem = facts, facts.problem
        self.price = prices(facts, limit_band)
        self.request = {one.id: place for place, one in enumerate(self.problem.requests)}
        names = [one.id for one in self.problem.participants]
        self.people = sorted({person for named in facts.people.values() for person in named})
        self.unit = {name: place for place, name in enumerate(names)}
        self.person = {name: len(names) + place for place, name in enumerate(self.people)}
        self.halls: list[HallSet] = hall_sets(facts)
        self.words = Words(facts.timeline)

    def net(self) -> Net:
        """Everything that stays the same while meetings move."""
        attending = Spread([self._units(one) for one in self.problem.requests])
        unit = self._unit_rows(attending)
        waiters = Spread([[one for one in row if unit[one].waits] for row in attending.rows])
        starts = Shared([self.facts.starts[one.id] for one in self.problem.requests])
        halls, pairs, limit = Spread(self._halls_of()), Spread(self._pairs_of()), self._limits()
        lengths, ends = [one.length for one in self.problem.requests], (waiters.first, waiters.end)
        lists = (starts.first, starts.number, halls.first, halls.end, pairs.first, pairs.end)
        uneven = self.problem.max_idle_difference
        width, has_walks = max(1, *map(max, limit)), any(one.transition for one in unit)
        return Net(
            slots=len(self.facts.timeline),
            width=width,
            is_plain=int(width == 1 and max(lengths, default=1) == 1 and not has_walks),
            words=len(self.words.base),
            widest=max(lengths, default=1),
            most_periods=NEVER if uneven is None else uneven,
            price_uneven=UNEVEN * max(one.price_slot + one.price_period for one in (ONE_IDLE, *unit)),
            price_dislike=self.price[GoalName.DISLIKED_SLOTS],
            slot=self.words.slot_rows(),
            word=self.words.word_rows(),
            request=list(map(RequestRow, lengths, attending.first, attending.end, *ends, *lists)),
            unit=unit,
            pair=pairs.values,
            units=attending.values,
            waiters=waiters.values,
            of=Spread(turned(attending.rows, len(unit))).values,
            starts=starts.values,
            halls=halls.values,
            open=[bits for row in starts.rows for bits in self.words.bits(row)],
            limit=[number for row in limit for number in row],
            hall_limit=[tables for hall in self.halls for tables in hall.tables],
            dislikes=[bits for row in self._dislikes() for bits in row],
        )

    def _unit_rows(self, attending: "Spread[int]") -> list[UnitRow]:
        minds = [*map(self._mind, self.problem.participants), *(NOBODY for _ in self.people)]
        of = Spread(turned(attending.rows, len(minds)))
        return [replace(one, of=first, of_end=end) for one, first, end in zip(minds, of.first, of.end, strict=True)]

    def _mind(self, one: Participant) -> UnitRow:
        """What a participant may do at most, and minds."""
        is_guest = one.side is not Side.HOST
        slot = self.price[GoalName.GUEST_IDLE_SLOTS if is_guest else GoalName.HOST_IDLE_SLOTS]
        period = self.price[GoalName.GUEST_IDLE_PERIODS] if is_guest else 0
        far = self.price[GoalName.FAR_SPAN] if one.is_from_far else 0
        waits = bool(slot or period or far or (is_guest and self.problem.max_idle_difference is not None))
        dislikes = bool(one.disliked and self.price[GoalName.DISLIKED_SLOTS])
        return UnitRow(
            most=NEVER if one.max_meetings is None else one.max_meetings,
            waits=int(waits),
            counts=int(waits or bool(one.max_run or one.transition or dislikes)),
            is_guest=int(is_guest),
            price_slot=slot,
            price_period=period,
            price_far=far,
            longest=one.max_run,
            price_rest=FORBIDDEN if one.max_run_is_hard else self.price[GoalName.MISSED_RESTS],
            transition=one.transition,
        )

    def _units(self, request: Request) -> list[int]:
        people = (self.person[one] for one in sorted(self.facts.people[request.id]))
        return [*(self.unit[one] for one in request.participants), *people]

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

    def _dislikes(self) -> list[list[int]]:
        position, nothing = self.facts.timeline.position, self.words.bits(())
        rows = [self.words.bits([position[slot] for slot in one.disliked]) for one in self.problem.participants]
        return rows + [nothing for _ in self.people]

    def _pairs_of(self) -> list[list[PairRow]]:
        pairs: list[list[PairRow]] = [[] for _ in self.problem.requests]
        for rule in self.problem.pair_rules:
            if rule.kind not in TABLE_KINDS:
                price = FORBIDDEN if rule.is_hard else rule.weight * self.price[GoalName.SOFT_PAIR_RULES]
                kind, back = _KINDS[rule.kind]
                for first, second in self._ruled(rule):
                    pairs[first].append(PairRow(second, kind, price))
                    pairs[second].append(PairRow(first, back, price))
        return pairs

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


def empty_state(net: Net, seed: int) -> State:
    """Nothing placed yet."""
    units = len(net.unit)
    return State(
        request=[Place() for _ in net.request],
        unit=[Account() for _ in net.unit],
        desk=[Desk(seed & 0x7FFFFFFF)],
        at=[NOWHERE] * (units * net.slots * net.width),
        number=[0] * (units * net.slots),
        ends=[0] * (units * net.slots if any(one.transition for one in net.unit) else 1),
        load=[0] * len(net.hall_limit),
        busy=[0] * (units * net.words),
        chain=[0] * len(net.request),
        waiting=[0] * units,
    )
