"""What moving meetings does to the day of each participant, one at a time: a board asks it for hundreds of swaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduling.check import not_more_than_the_maximum, participants_within_capacity, rests_are_kept
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Goal, GoalName, Request
from scheduling.score import MEASURES
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Ground, Sitting, Timetable

_Reading = tuple[tuple[Violation, ...], tuple[int, ...]]
"""What is broken in a day, and the value of each goal."""
RULES_OF_A_DAY = (participants_within_capacity, not_more_than_the_maximum, rests_are_kept)


class Day(Timetable):
    """The meetings of one participant, read by the same rules and goals as a whole timetable."""

    def __init__(self, ground: Ground, participant: str, sittings: Sequence[Sitting]) -> None:
        self.ground, self.sittings = ground, list(sittings)
        self.of = defaultdict(list, {participant: self.sittings} if sittings else {})
        self.watched = frozenset({participant})
        self._busy = super().busy(participant)

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
        self._stands_alone: dict[str, bool] = {}
        self._before: dict[str, _Reading] = {}
        self._effects: dict[tuple[str, tuple[Meeting, ...]], Effect] = {}

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
        concerned = dict.fromkeys(name for one in moved for name in self.ground.requests[one.request_id].participants)
        effects = [self._of_one(name, self._mine(name, moved)) for name in concerned]
        growth = tuple(map(sum, zip(*(one.growth for one in effects), strict=True)))
        return Effect(tuple(found for one in effects for found in one.violations), growth)

    def _mine(self, name: str, moved: Sequence[Meeting]) -> tuple[Meeting, ...]:
        return tuple(one for one in moved if name in self.ground.requests[one.request_id].participants)

    def _of_one(self, name: str, moved: tuple[Meeting, ...]) -> Effect:
        key = name, moved
        if key not in self._effects:
            self._effects[key] = self._judge(name, moved)
        return self._effects[key]

    def _judge(self, name: str, moved: tuple[Meeting, ...]) -> Effect:
        if name not in self._before:
            self._before[name] = self._read(name)
        broken, values = self._before[name]
        ids = {one.request_id for one in moved}
        kept = [sitting for sitting in self.sittings[name] if sitting.request.id not in ids]
        day = Day(self.ground, name, [*kept, *map(self.ground.sitting, moved)])
        new = tuple(one for one in _broken(day) if one not in broken)
        if new:  # no move that anybody makes: its worth is not asked
            return Effect(new, (0,) * len(values))
        now = (measure(day) for measure in self.measures)
        return Effect((), tuple(after - before for before, after in zip(values, now, strict=True)))

    def _read(self, name: str) -> _Reading:
        day = Day(self.ground, name, self.sittings[name])
        return tuple(_broken(day)), tuple(measure(day) for measure in self.measures)


def _broken(day: Day) -> Iterator[Violation]:
    for rule in RULES_OF_A_DAY:
        yield from rule(day)


def _no_pairs(_day: Timetable) -> int:
    """Days that a rule about pairs binds to others are not judged one by one."""
    return 0
