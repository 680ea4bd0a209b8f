"""Seats that re-planning left empty, and who could use them: the people of the lost meeting, and requests that wait."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.check import (
    ALONE_TABLE_RULES,
    ALONE_TIME_RULES,
    TOGETHER_TIME_RULES,
    pair_rules_about_tables,
)
from scheduling.facts import is_there
from scheduling.problem import PairRule, Request, Subjects
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Ground, Timetable

OTHERS_IN_THE_WAY = frozenset({"participant_full", "person_twice", "no_transition", "no_rest", "too_many_meetings"})
MOST_CANDIDATES = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request without a place for a free seat: there at once, or as soon as what stands in the way is gone.

    `in_the_way` are the rules that the meeting would break as things are, all of them because of other meetings;
    `needs` are the participants and people who would have to come free. Both are empty when it can be put there now.
    """

    request_id: str
    in_the_way: tuple[Violation, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Freed:
    """A seat whose published meeting has gone. `idle` are its participants who are there and have time then."""

    slot_id: str
    table_id: str
    request_id: str
    idle: tuple[str, ...]
    candidates: tuple[Candidate, ...]


def freed(ground: Ground, meetings: Iterable[Meeting]) -> tuple[Freed, ...]:
    """The seats of `previous` that nobody uses now, in the order of time; candidates best first, at most ten each.

    The best can be put there at once, then those whom the fewest rules hold back, the heaviest first.
    """
    now, position = tuple(meetings), ground.timeline.position
    gone = set(ground.problem.previous).difference(now)
    if not gone:
        return ()
    search = _Search(ground, now)
    seats = [one for one in gone if search.is_free(one)]
    return tuple(search.freed(one) for one in sorted(seats, key=lambda one: (position[one.slot_id], one.table_id)))


class _Search:
    """The timetable, the requests that wait, and what was found out about each of them slot by slot."""

    def __init__(self, ground: Ground, meetings: tuple[Meeting, ...]) -> None:
        self.ground, self.timetable = ground, Timetable(ground, meetings)
        self.taken = {
            (one.meeting.table_id, place): one.request.id for one in self.timetable.sittings for place in one.covers
        }
        placed = self.timetable.placed
        self.waiting = [one for one in ground.problem.requests if one.id not in placed]
        self.people: dict[str, list[Meeting]] = defaultdict(list)
        for sitting in self.timetable.sittings:
            for person in ground.people_of(sitting.request):
                self.people[person].append(sitting.meeting)
        self.rules: dict[str, list[PairRule]] = defaultdict(list)
        for rule in ground.problem.pair_rules:
            self.rules[rule.first].append(rule)
            self.rules[rule.second].append(rule)
        self._near: dict[str, tuple[frozenset[str], list[Meeting]]] = {}
        self._answers: dict[tuple[str, str], tuple[Violation, ...]] = {}

    def is_free(self, seat: Meeting) -> bool:
        slot, table = self.ground.slots.get(seat.slot_id), self.ground.tables.get(seat.table_id)
        if slot is None or table is None or (table.open_slots is not None and slot.id not in table.open_slots):
            return False
        return (table.id, self.ground.timeline.position[slot.id]) not in self.taken

    def freed(self, seat: Meeting) -> Freed:
        found = (self._candidate(request, seat) for request in self.waiting)
        best = sorted((one for one in found if one is not None), key=self._rank)
        return Freed(seat.slot_id, seat.table_id, seat.request_id, self._idle(seat), tuple(best[:MOST_CANDIDATES]))

    def _rank(self, one: Candidate) -> tuple[int, int, str]:
        return len(one.in_the_way), -self.ground.requests[one.request_id].weight, one.request_id

    def _idle(self, seat: Meeting) -> tuple[str, ...]:
        """Of the participants of the lost meeting, those who could meet somebody else now."""
        request = self.ground.requests.get(seat.request_id)
        return tuple(one for one in request.participants if self._has_time(one, seat)) if request else ()

    def _has_time(self, one: str, seat: Meeting) -> bool:
        participant, slot = self.ground.participants[one], self.ground.slots[seat.slot_id]
        place = self.ground.timeline.position[slot.id]
        held = sum(place in sitting.covers for sitting in self.timetable.of.get(one, ()))
        return is_there(participant, slot) and held < participant.capacity_at.get(slot.id, participant.capacity)

    def _candidate(self, request: Request, seat: Meeting) -> Candidate | None:
        """None when the request could not be held there even if nobody else met anybody."""
        there = Meeting(request.id, seat.slot_id, seat.table_id)
        if not self._fits(request, there) or any(True for rule in ALONE for _ in rule(self._alone(there))):
            return None
        beside = self._beside(request, there)
        if any(True for _ in pair_rules_about_tables(beside)):
            return None
        key = request.id, seat.slot_id
        if key not in self._answers:
            self._answers[key] = tuple(violation for rule in TOGETHER_TIME_RULES for violation in rule(beside))
        found = self._answers[key]
        if not all(one.code in OTHERS_IN_THE_WAY or one.code.startswith("pair_") for one in found):
            return None
        needs = (one.subjects[0] for one in found if one.code in OTHERS_IN_THE_WAY)
        return Candidate(request.id, found, tuple(dict.fromkeys(needs)))

    def _fits(self, request: Request, there: Meeting) -> bool:
        """Nobody else comes to the table before the meeting ends."""
        covers = self.ground.sitting(there).covers
        return not any((there.table_id, place) in self.taken for place in covers)

    def _alone(self, there: Meeting) -> Timetable:
        return Timetable(self.ground, [there])

    def _beside(self, request: Request, there: Meeting) -> Timetable:
        """The meeting with all those that it could get in the way of."""
        if self.ground.problem.max_idle_difference is not None:
            return Timetable(self.ground, [*(one.meeting for one in self.timetable.sittings), there])
        if request.id not in self._near:
            self._near[request.id] = self._neighbours(request)
        watched, near = self._near[request.id]
        return Timetable(self.ground, [*near, there], watched=watched)

    def _neighbours(self, request: Request) -> tuple[frozenset[str], list[Meeting]]:
        watched, near = set(request.participants), list[Meeting]()
        for rule in (rule for one in (request.id, *request.participants) for rule in self.rules.get(one, ())):
            ends = rule.first, rule.second
            if rule.subjects is Subjects.PARTICIPANTS:
                watched.update(ends)
            else:
                near += (one.meeting for one in self.timetable.sittings if one.request.id in ends)
        near += (sitting.meeting for one in watched for sitting in self.timetable.of.get(one, ()))
        near += (one for person in self.ground.people_of(request) for one in self.people.get(person, ()))
        return frozenset(watched), list(dict.fromkeys(near))


ALONE = (*ALONE_TIME_RULES, *ALONE_TABLE_RULES)
