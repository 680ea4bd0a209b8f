"""What moving meetings does to the day of each participant, one at a time: a board asks it for hundreds of swaps."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import sub

from scheduling.check import not_more_than_the_maximum, participants_within_capacity, rests_are_kept
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import Goal, GoalName, Participant, Request
from scheduling.score import MEASURES
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Ground, Sitting, Timetable

_Reading = tuple[tuple[Violation, ...], tuple[int, ...]]
"""What is broken in a day, and the value of each goal."""
TRAITS = ("side", "disliked", "max_run", "max_run_is_hard", "is_from_far")
"""What the goals about people's time look at in a participant, beside the slots in which it meets."""
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
        self._covered_now: dict[str, tuple[int, ...]] = {}
        for sitting in map(ground.sitting, meetings.values()):
            self._covered_now[sitting.request.id] = sitting.covers
            for participant in sitting.request.participants:
                self.sittings[participant].append(sitting)
        self._entangled = {
            subject
            for rule in ground.problem.pair_rules
            if rule.kind not in TABLE_KINDS
            for subject in (rule.first, rule.second)
        }
        self.loads = {name: Counter(_places(sittings)) for name, sittings in self.sittings.items()}
        self.busy = {name: tuple(sorted(load)) for name, load in self.loads.items()}
        self._worths: dict[tuple[Hashable, ...], tuple[int, ...]] = {}
        self._covered: dict[tuple[int, str], tuple[int, ...]] = {}
        self._no_growth = (0,) * len(goals)
        self._stands_alone: dict[str, bool] = {}
        self._before: dict[str, _Reading] = {}
        self._effects: dict[tuple[str, str], Effect] = {}

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
        names = [name for one in moved for name in self.ground.requests[one.request_id].participants]
        if len(names) == len(set(names)):
            return _sum([self._alone(one) for one in moved])
        shared = {name: [one for one in moved if name in self._takes_part(one)] for name in names}
        return _sum([self._judge(name, meetings) for name, meetings in shared.items()])

    def _takes_part(self, meeting: Meeting) -> tuple[str, ...]:
        return self.ground.requests[meeting.request_id].participants

    def _alone(self, meeting: Meeting) -> Effect:
        """Of one meeting whose participants have no other that moves: a swap differs from the next in one of two."""
        key = meeting.request_id, meeting.slot_id
        if key not in self._effects:
            self._effects[key] = _sum([self._judge(name, (meeting,)) for name in self._takes_part(meeting)])
        return self._effects[key]

    def _judge(self, name: str, moved: Sequence[Meeting]) -> Effect:
        broken, values = self._reading(name)
        load = self._changed(name, moved)
        found = self._breaks(self.ground.participants[name], load, moved)
        worse = tuple(one for one in found if one not in broken) if found else ()
        before: Mapping[int, int] = self.loads.get(name, {})
        if worse or all((place in before) == (number > 0) for place, number in load.items()):
            return Effect(worse, self._no_growth)  # no move that anybody makes, or nobody's time changes
        now = self._worth(self.ground.participants[name], self._busy_after(name, load))
        return Effect((), tuple(map(sub, now, values)))

    def _changed(self, name: str, moved: Iterable[Meeting]) -> Mapping[int, int]:
        """How many meetings there are then in the slots of which the number changes."""
        change: dict[int, int] = {}
        for meeting in moved:
            for place in self._covers(meeting):
                change[place] = change.get(place, 0) + 1
            for place in self._covered_now.get(meeting.request_id, ()):
                change[place] = change.get(place, 0) - 1
        load: Mapping[int, int] = self.loads.get(name, {})
        return {place: load.get(place, 0) + by for place, by in change.items() if by}

    def _covers(self, meeting: Meeting) -> tuple[int, ...]:
        """At whatever table it is."""
        key = self.ground.requests[meeting.request_id].length, meeting.slot_id
        if key not in self._covered:
            self._covered[key] = self.ground.sitting(meeting).covers
        return self._covered[key]

    def _busy_after(self, name: str, load: Mapping[int, int]) -> tuple[int, ...]:
        others = [place for place in self.busy.get(name, ()) if place not in load]
        return tuple(sorted([*others, *(place for place, number in load.items() if number)]))

    def _worth(self, participant: Participant, busy: tuple[int, ...]) -> tuple[int, ...]:
        """What each goal says of a day; those whom the goals cannot tell apart share the answer."""
        key = (busy, *(getattr(participant, trait) for trait in TRAITS))
        if key not in self._worths:
            day = Day(self.ground, participant.id, (), busy)
            self._worths[key] = tuple(measure(day) for measure in self.measures)
        return self._worths[key]

    def _breaks(
        self, participant: Participant, load: Mapping[int, int], moved: Sequence[Meeting]
    ) -> Sequence[Violation]:
        """What is broken with the new sittings; most participants have nothing but numbers that may be too high."""
        mine = self.sittings.get(participant.id, ())
        if participant.capacity_at or (participant.max_run and participant.max_run_is_hard):
            ids = {one.request_id for one in moved}
            sittings = [one for one in mine if one.request.id not in ids]
            sittings += map(self.ground.sitting, moved)
            return tuple(_broken(Day(self.ground, participant.id, sittings, self._busy_after(participant.id, load))))
        number = len(mine) + sum(one.request_id not in self.meetings for one in moved)
        return (*self._crowds(participant, load), *_excess(participant, number))

    def _crowds(self, participant: Participant, load: Mapping[int, int]) -> Iterator[Violation]:
        """As `participants_within_capacity` says it of the slots in `load`, where the capacity is the same all day."""
        limit = max(1, participant.capacity)
        for place, number in sorted(load.items()):
            if number > limit:
                counts = (("meetings", number), ("capacity", limit))
                slot_id = self.ground.timeline.slots[place].id
                yield Violation("participant_full", (participant.id,), slot_id, counts=counts)

    def _reading(self, name: str) -> _Reading:
        if name not in self._before:
            busy = self.busy.get(name, ())
            day = Day(self.ground, name, self.sittings.get(name, ()), busy)
            self._before[name] = tuple(_broken(day)), self._worth(self.ground.participants[name], busy)
        return self._before[name]


def _sum(effects: Sequence[Effect]) -> Effect:
    growth = tuple(map(sum, zip(*(one.growth for one in effects), strict=True)))
    return Effect(tuple(found for one in effects for found in one.violations), growth)


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
