"""What moving meetings does to the day of each participant, one at a time: a board asks it for hundreds of swaps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduling.check import not_more_than_the_maximum, participants_within_capacity, rests_are_kept
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Goal, GoalName, Participant, Request
from scheduling.score import MEASURES
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Ground, Sitting, Timetable

_Reading = tuple[tuple[Violation, ...], tuple[int, ...]]
"""What is broken in a day, and the value of each goal."""
RULES_OF_A_DAY = (participants_within_capacity, not_more_than_the_maximum, rests_are_kept)


class Day(Timetable):
    """The meetings of one participant, read by the same rules and goals as a whole timetable."""

    def __init__(self, ground: Ground, participant: str, sittings: Sequence[Sitting], busy: Sequence[int]) -> None:
        self.ground, self.sittings = ground, list(sittings)
        self.of = defaultdict(list, {participant: self.sittings} if busy else {})
        self.watched = frozenset({participant})
        self._busy = list(busy)

    def busy(self, participant: str) -> list[int]:
        """Asked by every goal: reckoned once."""
        return self._busy


@dataclass(frozen=True, slots=True)
class Effect:
    """What is broken afterwards and was not before, and how much the value of each goal grows."""

    violations: tuple[Violation, ...]
    growth: tuple[int, ...]


class Effects:
    """The days on a board; each change of one is judged once, however many swaps bring it about."""

    def __init__(self, ground: Ground, meetings: Mapping[str, Meeting], goals: Sequence[Goal]) -> None:
        self.ground, self.meetings = ground, meetings
        self.measures = [_no_pairs if goal.name is GoalName.SOFT_PAIR_RULES else MEASURES[goal.name] for goal in goals]
        self.sittings: dict[str, list[Sitting]] = defaultdict(list)
        for sitting in map(ground.sitting, meetings.values()):
            for participant in sitting.request.participants:
                self.sittings[participant].append(sitting)
        self._entangled = {
            subject
            for rule in ground.problem.pair_rules
            if rule.kind not in TABLE_KINDS
            for subject in (rule.first, rule.second)
        }
        self.loads = {name: Counter(_places(sittings)) for name, sittings in self.sittings.items()}
        self._stands_alone: dict[str, bool] = {}
        self._before: dict[str, _Reading] = {}
        self._effects: dict[tuple[str, ...], Effect] = {}

    def are_separate(self, request_ids: Iterable[str]) -> bool:
        """Whether the days of those concerned can be judged one by one: nobody else's time hangs on theirs."""
        if self.ground.problem.max_idle_difference is not None:
            return False
        return all(map(self._is_separate, request_ids))

    def _is_separate(self, request_id: str) -> bool:
        if request_id not in self._stands_alone:
            request = self.ground.requests[request_id]
            self._stands_alone[request_id] = self._entangled.isdisjoint((request_id, *request.participants)) and not (
                self.ground.people_of(request) or self._walks(request)
            )
        return self._stands_alone[request_id]

    def _walks(self, request: Request) -> bool:
        return any(self.ground.participants[one].transition for one in request.participants)

    def of(self, moved: Sequence[Meeting]) -> Effect:
        """The days of all who take part in the moved meetings, added up."""
        mine: dict[str, list[Meeting]] = {}
        for one in moved:
            for name in self.ground.requests[one.request_id].participants:
                mine.setdefault(name, []).append(one)
        effects = [self._of_one(name, meetings) for name, meetings in mine.items()]
        growth = tuple(map(sum, zip(*(one.growth for one in effects), strict=True)))
        return Effect(tuple(found for one in effects for found in one.violations), growth)

    def _of_one(self, name: str, moved: Sequence[Meeting]) -> Effect:
        key = (name, *(text for one in moved for text in (one.request_id, one.slot_id)))
        if key not in self._effects:
            self._effects[key] = self._judge(name, moved)
        return self._effects[key]

    def _judge(self, name: str, moved: Sequence[Meeting]) -> Effect:
        broken, values = self._reading(name)
        ids = {one.request_id for one in moved}
        new = [self.ground.sitting(one) for one in moved]
        gone = [sitting for sitting in self.sittings.get(name, ()) if sitting.request.id in ids]
        load = Counter(self.loads.get(name, ()))
        load.subtract(_places(gone))
        load.update(_places(new))
        busy = sorted(place for place, number in load.items() if number > 0)
        found = self._breaks(name, load, new, len(new) - len(gone), busy, ids)
        if set(found) - set(broken):  # no move that anybody makes: its worth is not asked
            return Effect(tuple(one for one in found if one not in broken), (0,) * len(values))
        day = Day(self.ground, name, (), busy)
        now = (measure(day) for measure in self.measures)
        return Effect((), tuple(after - before for before, after in zip(values, now, strict=True)))

    def _breaks(
        self, name: str, load: Counter[int], new: Sequence[Sitting], more: int, busy: Sequence[int], ids: set[str]
    ) -> Sequence[Violation]:
        """What is broken with the new sittings; most participants have nothing but numbers that may be too high."""
        participant = self.ground.participants[name]
        if participant.capacity_at or (participant.max_run and participant.max_run_is_hard):
            kept = [sitting for sitting in self.sittings.get(name, ()) if sitting.request.id not in ids]
            return tuple(_broken(Day(self.ground, name, [*kept, *new], busy)))
        number = len(self.sittings.get(name, ())) + more
        return (*self._crowds(participant, load, busy), *_excess(participant, number))

    def _crowds(self, participant: Participant, load: Counter[int], busy: Sequence[int]) -> Iterator[Violation]:
        """As `participants_within_capacity` says it where the capacity is the same all day."""
        limit = max(1, participant.capacity)
        for place in busy:
            if load[place] > limit:
                counts = (("meetings", load[place]), ("capacity", limit))
                slot_id = self.ground.timeline.slots[place].id
                yield Violation("participant_full", (participant.id,), slot_id, counts=counts)

    def _reading(self, name: str) -> _Reading:
        if name not in self._before:
            day = Day(self.ground, name, self.sittings.get(name, ()), sorted(self.loads.get(name, ())))
            self._before[name] = tuple(_broken(day)), tuple(measure(day) for measure in self.measures)
        return self._before[name]


def _places(sittings: Iterable[Sitting]) -> Iterator[int]:
    return (place for sitting in sittings for place in sitting.covers)


def _broken(day: Day) -> Iterator[Violation]:
    for rule in RULES_OF_A_DAY:
        yield from rule(day)


def _excess(participant: Participant, number: int) -> Iterator[Violation]:
    """As `not_more_than_the_maximum` says it."""
    maximum = participant.max_meetings
    if maximum is not None and number > maximum:
        counts = (("meetings", number), ("maximum", maximum))
        yield Violation("too_many_meetings", (participant.id,), counts=counts)


def _no_pairs(_day: Timetable) -> int:
    """Days that a rule about pairs binds to others are not judged one by one."""
    return 0
