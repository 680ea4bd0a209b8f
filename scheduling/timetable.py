"""Meetings laid beside their problem: who sits where and when, indexed for the checker and the goals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from scheduling.problem import Participant, Person, Problem, Request, Side, Slot, Table
from scheduling.solution import Meeting
from scheduling.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting with its request and the positions it covers."""

    meeting: Meeting
    request: Request
    start: int
    covers: tuple[int, ...]

    @property
    def last(self) -> int:
        """The last position of the meeting, as if no break came between."""
        return self.start + self.request.length - 1

    def overlaps(self, other: "Sitting") -> bool:
        """Whether two meetings share a position."""
        return self.start <= other.last and other.start <= self.last


class Ground:
    """The parts of a problem by their ids; made once and shared by many timetables."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.timeline = Timeline(problem.slots, problem.changeover_minutes, problem.long_break_minutes)
        self.slots: dict[str, Slot] = {slot.id: slot for slot in problem.slots}
        self.tables: dict[str, Table] = {table.id: table for table in problem.tables}
        self.participants: dict[str, Participant] = {one.id: one for one in problem.participants}
        self.requests: dict[str, Request] = {request.id: request for request in problem.requests}
        self.people: dict[str, Person] = {person.id: person for person in problem.people}
        self.distance = {room.id: room.distance for room in problem.rooms}
        self.previous = {meeting.request_id: meeting for meeting in problem.previous}
        self._sittings: dict[Meeting, Sitting] = {}
        self.guests = frozenset(one.id for one in problem.participants if one.side is not Side.HOST)

    def knows(self, meeting: Meeting) -> bool:
        """Whether the problem has the request, the slot and the table of a meeting."""
        return meeting.request_id in self.requests and meeting.slot_id in self.slots and meeting.table_id in self.tables

    def sitting(self, meeting: Meeting) -> Sitting:
        """Remembered: the board asks for the same meetings thousands of times."""
        if meeting not in self._sittings:
            self._sittings[meeting] = self._sitting(meeting)
        return self._sittings[meeting]

    def _sitting(self, meeting: Meeting) -> Sitting:
        request = self.requests[meeting.request_id]
        start = self.timeline.position[meeting.slot_id]
        covers = self.timeline.covered(start, request.length) or (start,)
        return Sitting(meeting, request, start, covers)

    def people_of(self, request: Request) -> frozenset[str]:
        """Everybody who attends: the people named in the request and those of its participants."""
        return request.people.union(*(self.participants[one].people for one in request.participants))


class Timetable:
    """A set of known meetings, by participant. `watched` limits what the goals about people look at."""

    def __init__(self, ground: Ground, meetings: Iterable[Meeting], *, watched: frozenset[str] | None = None) -> None:
        self.ground = ground
        self.sittings = [ground.sitting(meeting) for meeting in meetings if ground.knows(meeting)]
        self.placed = {sitting.request.id for sitting in self.sittings}
        self.of: dict[str, list[Sitting]] = defaultdict(list)
        for sitting in self.sittings:
            for participant in sitting.request.participants:
                if watched is None or participant in watched:
                    self.of[participant].append(sitting)
        self.watched = frozenset(ground.participants) if watched is None else watched

    def busy(self, participant: str) -> list[int]:
        """The positions in which the participant meets somebody, in order, each once."""
        return sorted({place for sitting in self.of.get(participant, ()) for place in sitting.covers})

    def idle_gaps(self, participant: str) -> list[int]:
        """Each idle period between two meetings on the same side of a long break, as its number of slots."""
        stretch = self.ground.timeline.stretch
        return [
            later - earlier - 1
            for earlier, later in pairwise(self.busy(participant))
            if later - earlier > 1 and stretch[earlier] == stretch[later]
        ]
