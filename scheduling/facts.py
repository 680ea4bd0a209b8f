"""What follows from a problem alone: where each request may lie, which tables suit it, how much fits."""

from collections import defaultdict

from scheduling.problem import Participant, Problem, Request, Slot
from scheduling.solution import Meeting
from scheduling.timetable import Ground


class Facts:
    """The problem as the engines read it; slots are positions, everything else keeps its id."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ground = ground = Ground(problem)
        self.timeline = ground.timeline
        self.room_for = {one.id: self._capacities(one) for one in problem.participants}
        self.people = {request.id: ground.people_of(request) for request in problem.requests}
        self._suiting: dict[tuple[frozenset[str], frozenset[frozenset[str]], frozenset[str]], tuple[str, ...]] = {}
        self._open: dict[tuple[int, tuple[int, ...]], tuple[str, ...]] = {}
        self.requests_of: dict[str, list[Request]] = defaultdict(list)
        for request in problem.requests:
            for one in request.participants:
                self.requests_of[one].append(request)
        self.tables = {request.id: self._suitable(request) for request in problem.requests}
        self.starts = {request.id: self._possible(request) for request in problem.requests}

    def _capacities(self, participant: Participant) -> list[int]:
        """Meetings at the same time by position, 0 where the participant is not there."""
        return [
            participant.capacity_at.get(slot.id, participant.capacity) if is_there(participant, slot) else 0
            for slot in self.timeline.slots
        ]

    def _suitable(self, request: Request) -> tuple[str, ...]:
        """Tables that have the features and are home to everybody who has a home, whatever the time."""
        attending = [self.ground.participants[one] for one in request.participants]
        needed = request.features.union(*(one.features for one in attending))
        homes = frozenset(one.home_tables for one in attending if one.home_tables)
        pinned = self._frozen_at(request)
        fixed = frozenset(table for table in (request.lock_table, pinned and pinned.table_id) if table)
        key = needed, homes, fixed
        if key not in self._suiting:
            self._suiting[key] = tuple(
                table.id
                for table in self.problem.tables
                if needed <= table.features and all(table.id in home for home in homes) and fixed <= {table.id}
            )
        return self._suiting[key]

    def _possible(self, request: Request) -> tuple[int, ...]:
        return tuple(start for start in range(len(self.timeline)) if self._may_start(request, start))

    def _may_start(self, request: Request, start: int) -> bool:
        slot_id, pinned = self.timeline.slots[start].id, self._frozen_at(request)
        if request.lock_slot not in (None, slot_id) or (pinned is not None and pinned.slot_id != slot_id):
            return False
        covers = self.timeline.covered(start, request.length)
        wanted = bool(covers) and all(wants(request, self.timeline.slots[place]) for place in covers)
        return wanted and self.all_there(request, covers) and bool(self.open_tables(request, covers))

    def _frozen_at(self, request: Request) -> Meeting | None:
        return self.ground.previous[request.id] if request.id in self.problem.frozen else None

    def all_there(self, request: Request, covers: tuple[int, ...]) -> bool:
        """Everybody who attends is present and willing in these positions."""
        if not all(self.room_for[one][place] for one in request.participants for place in covers):
            return False
        slots = {self.timeline.slots[place].id for place in covers}
        known = (self.ground.people.get(person) for person in self.people[request.id])
        return not any(person is not None and person.unavailable & slots for person in known)

    def open_tables(self, request: Request, covers: tuple[int, ...]) -> tuple[str, ...]:
        """The suitable tables that are open in all these positions."""
        suitable = self.tables[request.id]
        key = id(suitable), covers  # the tuples of `_suiting` live as long as this object
        if key not in self._open:
            self._open[key] = self._open_among(suitable, covers)
        return self._open[key]

    def _open_among(self, suitable: tuple[str, ...], covers: tuple[int, ...]) -> tuple[str, ...]:
        slots = {self.timeline.slots[place].id for place in covers}
        tables = self.ground.tables
        return tuple(
            table for table in suitable if (open_slots := tables[table].open_slots) is None or slots <= open_slots
        )

    def at_some_table(self, request_id: str, start: int) -> Meeting:
        """Times are searched before tables: the published table if it still suits, else any."""
        request = self.ground.requests[request_id]
        tables = self.open_tables(request, self.timeline.covered(start, request.length))
        before = self.ground.previous.get(request_id)
        table = before.table_id if before is not None and before.table_id in tables else tables[0]
        return Meeting(request_id, self.timeline.slots[start].id, table)


def is_there(participant: Participant, slot: Slot) -> bool:
    """Arrived, not yet gone and not marked unavailable."""
    arrived = participant.arrives is None or participant.arrives <= slot.start
    stays = participant.leaves is None or slot.end <= participant.leaves
    return arrived and stays and slot.id not in participant.unavailable


def wants(request: Request, slot: Slot) -> bool:
    by_slot = request.slots is None or slot.id in request.slots
    return by_slot and (request.blocks is None or slot.block in request.blocks)
