"""Groups of requests of which, by counting alone, not all can be placed: at a participant, a person, the tables."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from scheduling.facts import Facts
from scheduling.halls import HallSet, hall_sets
from scheduling.impossible import impossible
from scheduling.matching import Shortage, shortage
from scheduling.pauses import Pace, most_meetings
from scheduling.problem import Participant, Request
from scheduling.solution import Certainty, Reason
from scheduling.timetable import Timetable


class Shortages:
    """The counts of one problem, each made when it is first asked for.

    Every reason is certain for the group `among` (GROUP): of these requests at least `over` have no place in any
    timetable that keeps the hard rules, because

    - `maximum_reached` (`maxima_reached` when it is so for several participants): each of `subjects` takes no more
      than `maximum` meetings; `requests` is the number of its requests that could be placed alone. Also said only of
      those that the explained timetable has brought to their maximum.
    - `participant_full`: they need `needed` places of `subjects[0]` in `slot_ids`, where it has `places` (Hall).
    - `person_full`: the same for a person who attends all of them.
    - `tables_short`: the same for the tables that suit them.
    - `moves_needed`, `rests_needed`: with the slots that `subjects[0]` needs to move, or the rests it needs after
      `maximum` slots, only `places` of its `requests` fit into `slot_ids`.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._of: dict[str, list[Shortage]] = {}

    def reason(self, timetable: Timetable, request: Request) -> Reason | None:
        """The first count that keeps the request's group out."""
        return self._maximum(timetable, request) or next(self._counts(request), None)

    def certain(self, request: Request) -> Iterator[Reason]:
        """All counts that keep the request's groups out, whatever the timetable."""
        for one in map(self.facts.ground.participants.__getitem__, request.participants):
            if one.max_meetings is not None and len(self._placeable(one.id)) > one.max_meetings:
                yield self._over_maximum(request, [one])
        yield from self._counts(request)

    def _maximum(self, timetable: Timetable, request: Request) -> Reason | None:
        reached = [
            one
            for one in map(self.facts.ground.participants.__getitem__, request.participants)
            if one.max_meetings is not None and len(timetable.of.get(one.id, ())) >= one.max_meetings
        ]
        return self._over_maximum(request, reached) if reached else None

    def _over_maximum(self, request: Request, reached: Sequence[Participant]) -> Reason:
        maximum, among = reached[0].max_meetings or 0, self._placeable(reached[0].id)
        counts = (("maximum", maximum), ("requests", len(among)), ("over", len(among) - maximum))
        code = "maximum_reached" if len(reached) == 1 else "maxima_reached"
        subjects = tuple(one.id for one in reached)
        return Reason(request.id, code, subjects, counts, certainty=Certainty.GROUP, among=_ids(among))

    def _placeable(self, participant: str) -> list[Request]:
        return [one for one in self.facts.requests_of[participant] if self.facts.starts[one.id]]

    def _counts(self, request: Request) -> Iterator[Reason]:
        facts = self.facts
        for one in sorted(request.participants, key=lambda name: -len(facts.requests_of[name])):
            yield from self._full(request, "participant_full", one, facts.requests_of[one], facts.room_for[one])
        for person in sorted(facts.people[request.id]):
            yield from self._full(request, "person_full", person, self._attended[person], [1] * len(facts.timeline))
        for number in self._halls_of[request.id]:
            hall = self._halls[number]
            group = map(facts.ground.requests.__getitem__, hall.requests)
            yield from self._full(request, "tables_short", f"table {number}", group, hall.tables)
        for one in request.participants:
            yield from self._paced(request, facts.ground.participants[one])

    @cached_property
    def _attended(self) -> dict[str, list[Request]]:
        attended: dict[str, list[Request]] = defaultdict(list)
        for request in self.facts.problem.requests:
            for person in self.facts.people[request.id]:
                attended[person].append(request)
        return attended

    @cached_property
    def _halls(self) -> list[HallSet]:
        return sorted(hall_sets(self.facts), key=lambda hall: len(hall.requests))

    @cached_property
    def _halls_of(self) -> dict[str, list[int]]:
        halls: dict[str, list[int]] = defaultdict(list)
        for number, hall in enumerate(self._halls):
            for one in hall.requests:
                halls[one].append(number)
        return halls

    def _full(
        self, request: Request, code: str, subject: str, group: Iterable[Request], room: Sequence[int]
    ) -> Iterator[Reason]:
        key = f"{code} {subject}"
        if key not in self._of:
            short = shortage(self.facts, group, room)
            self._of[key] = [] if short is None else [short]
        subjects = () if code == "tables_short" else (subject,)
        for short in self._of[key]:
            if request.id in short.requests:
                yield self._reason(request, code, subjects, short)

    def _reason(
        self, request: Request, code: str, subjects: tuple[str, ...], short: Shortage, *more: tuple[str, int]
    ) -> Reason:
        counts = [("requests", len(short.requests)), ("places", short.places), ("over", short.over), *more]
        if short.needed != len(short.requests):
            counts.append(("needed", short.needed))
        slots = tuple(self.facts.timeline.slots[place].id for place in short.slots)
        among = tuple(sorted(short.requests))
        return Reason(request.id, code, subjects, tuple(counts), slots, certainty=Certainty.GROUP, among=among)

    def _paced(self, request: Request, one: Participant) -> Iterator[Reason]:
        """Rests and moves, in the span of time in which they cost the most of its requests."""
        longest = one.max_run if one.max_run_is_hard else 0
        paces = [("moves_needed", Pace(0, one.transition))] if one.transition else []
        paces += [("rests_needed", Pace(longest, one.transition))] if longest else []
        for code, pace in paces:
            key = f"{code} {one.id}"
            if key not in self._of:
                self._of[key] = list(self._squeezed(one.id, pace))
            fitting = [short for short in self._of[key] if request.id in short.requests]
            for short in sorted(fitting, key=lambda short: (-short.over, len(short.slots)))[:1]:
                yield self._reason(request, code, (one.id,), short, *([("maximum", longest)] if longest else []))

    def _squeezed(self, one: str, pace: Pace) -> Iterator[Shortage]:
        """Spans that are too short for the requests that can only lie inside them."""
        starts, room, timeline = self.facts.starts, self.facts.room_for[one], self.facts.timeline
        requests = self._placeable(one)
        last = {request.id: starts[request.id][-1] + request.length for request in requests}
        for begin in sorted({starts[request.id][0] for request in requests}):
            for end in sorted({stop for stop in last.values() if stop > begin}):
                inside = [request for request in requests if starts[request.id][0] >= begin and last[request.id] <= end]
                length = 1 if max(room) > 1 else min((request.length for request in inside), default=1)
                allowed = {start for request in inside for start in starts[request.id]}
                most = most_meetings(timeline, range(begin, end), allowed, length, room, pace)
                if len(inside) > most:
                    names = frozenset(request.id for request in inside)
                    yield Shortage(names, tuple(range(begin, end)), len(inside), most, len(inside) - most)


def _ids(requests: Iterable[Request]) -> tuple[str, ...]:
    return tuple(request.id for request in requests)


def most_by_counting(facts: Facts, placed: Collection[str]) -> int:
    """A number of requests above which no timetable gets.

    Without those that none can hold, and without those that groups with no other request in common have too many.
    Groups are looked for around the requests that are not `placed`, so the answer is never below their number.
    """
    unplaced = [request for request in facts.problem.requests if request.id not in placed]
    out = {request.id for request in unplaced if impossible(facts, request) is not None}
    shortages = Shortages(facts)
    counts = [one for request in unplaced if request.id not in out for one in shortages.certain(request)]
    groups = {frozenset(one.among) - out: dict(one.counts)["over"] - len(out.intersection(one.among)) for one in counts}
    seen, missing = set[str](), len(out)
    for among in sorted(groups, key=lambda one: (-groups[one], len(one), sorted(one))):
        if groups[among] > 0 and seen.isdisjoint(among):
            seen |= among
            missing += groups[among]
    return len(facts.problem.requests) - missing
