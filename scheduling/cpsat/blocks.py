"""Implied constraints for waiting once everything is placed: who does not wait is busy in one unbroken block."""

from ortools.sat.python import cp_model

from scheduling.cpsat.variables import Literal, MeetingVars
from scheduling.halls import hall_sets
from scheduling.problem import Participant, Side


def add_blocks(meetings: MeetingVars) -> None:
    """Say that every request has a start, and of every guest: busy as long as its meetings last, and idle or one block.

    Holds only for timetables that place every request; cuts none of them off. Guests who can hold several meetings at
    once, or whose event is cut by a long break, are left alone. The number of meetings as an implied constraint is
    that of Bofill et al. (JAIR 74, 2022); the blocks are ours and let the solver see contradictions of free days.
    """
    for request in meetings.problem.requests:
        meetings.model.add_exactly_one(meetings.start[request.id].values())
    if len(meetings.timeline.stretches()) > 1:
        return
    _count_people_at_tables(meetings)
    for one in meetings.problem.participants:
        if one.side is not Side.HOST and max(meetings.facts.room_for[one.id]) == 1:
            _Blocks(meetings, one).add()


def _count_people_at_tables(meetings: MeetingVars) -> None:
    """What tables allow, said of participants: it links those who wait to each other (Bofill et al., JAIR 74, 2022)."""
    facts = meetings.facts
    for hall in hall_sets(facts):
        inside = set(hall.requests)
        at_most = max((len(facts.ground.requests[name].participants) for name in hall.requests), default=0)
        guests = [
            one.id
            for one in meetings.problem.participants
            if max(facts.room_for[one.id]) == 1 and all(request.id in inside for request in facts.requests_of[one.id])
        ]
        for place, tables in enumerate(hall.tables):
            busy = [meetings.busy(one, place) for one in guests if meetings.meetings_of(one, place)]
            if len(busy) > at_most * tables:
                meetings.model.add(cp_model.LinearExpr.sum(busy) <= at_most * tables)


class _Blocks:
    """The literals of one guest: one for each block, one for "waits"."""

    def __init__(self, meetings: MeetingVars, guest: Participant) -> None:
        self.model = meetings.model
        self.guest = guest.id
        self.length = sum(request.length for request in meetings.facts.requests_of[guest.id])
        places = [place for place in range(len(meetings.timeline)) if meetings.meetings_of(guest.id, place)]
        self.busy = {place: meetings.busy(guest.id, place) for place in places}
        self.waiting = meetings.periods(guest.id)

    def add(self) -> None:
        self.model.add(cp_model.LinearExpr.sum(list(self.busy.values())) == self.length)
        if self.length > 1:
            waits = self.model.new_bool_var(f"{self.guest} waits")
            self.model.add_bool_or([~waits, *self.waiting])
            blocks = {start: self._block(start) for start in self.busy if self._fits(start)}
            self.model.add_exactly_one([waits, *blocks.values()])
            self._cover(waits, blocks)

    def _fits(self, start: int) -> bool:
        return all(place in self.busy for place in range(start, start + self.length))

    def _block(self, start: int) -> Literal:
        block = self.model.new_bool_var(f"{self.guest} from {start}")
        for place in range(start, start + self.length):
            self.model.add_implication(block, self.busy[place])
        return block

    def _cover(self, waits: Literal, blocks: dict[int, Literal]) -> None:
        for place, busy in self.busy.items():
            around = [block for start, block in blocks.items() if start <= place < start + self.length]
            self.model.add_bool_or([~busy, waits, *around])
