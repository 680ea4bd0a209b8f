"""What follows from a problem alone: where each request may lie, which tables suit it, how much fits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduling.problem import Participant, Person, Problem, Request, Slot
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
        self.place_of_table = {table.id: place for place, table in enumerate(problem.tables)}
        self.tables = {request.id: self._suitable(request) for request in problem.requests}
        self.starts = Starts(self).of_all()

    def _capacities(self, participant: Participant) -> list[int]:
        """Meetings at the same time by position, 0 where the participant is not there."""
        if participant.arrives is None and participant.leaves is None and not participant.unavailable:
            return [participant.capacity_at.get(slot.id, participant.capacity) for slot in self.timeline.slots]
        return [
            participant.capacity_at.get(slot.id, participant.capacity) if is_there(participant, slot) else 0
            for slot in self.timeline.slots
        ]

    def _suitable(self, request: Request) -> tuple[str, ...]:
        """Tables that have the features and are home to everybody who has a home, whatever the time."""
        attending = [self.ground.participants[one] for one in request.participants]
        needed = request.features.union(*(one.features for one in attending))
        homes = frozenset(one.home_tables for one in attending if one.home_tables)
        pinned = self.frozen_at(request)
        fixed = frozenset(table for table in (request.lock_table, pinned and pinned.table_id) if table)
        key = needed, homes, fixed
        if key not in self._suiting:
            self._suiting[key] = tuple(
                table.id
                for table in self.problem.tables
                if needed <= table.features and all(table.id in home for home in homes) and fixed <= {table.id}
            )
        return self._suiting[key]

    def frozen_at(self, request: Request) -> Meeting | None:
        """Where a meeting that has begun stays."""
        return self.ground.previous[request.id] if request.id in self.problem.frozen else None

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


class Starts:
    """Where each request may start; sets of positions are bits of one number, so that twenty thousand take a moment."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.ground, self.slots = facts, facts.ground, facts.timeline.slots
        self.present = {one: self._bits(map(bool, room)) for one, room in facts.room_for.items()}
        self.present_person = {one.id: self._bits(self._is_free(one)) for one in facts.problem.people}
        self._fitting: dict[int, int] = {}
        self._wanting: dict[tuple[frozenset[str] | None, frozenset[str] | None], int] = {}
        self._open: dict[tuple[int, int], int] = {}
        self._positions: dict[int, tuple[int, ...]] = {}

    def of_all(self) -> dict[str, tuple[int, ...]]:
        """Positions in order; equal ones are one tuple."""
        return {request.id: self._listed(self._possible(request)) for request in self.facts.problem.requests}

    def _possible(self, request: Request) -> int:
        there = self._wanted(request)
        for one in request.participants:
            there &= self.present[one]
        for person in self.facts.people[request.id]:
            there &= self.present_person.get(person, -1)
        fits = self._fits(request.length) & self._pinned(request)
        for offset in range(request.length):
            fits &= there >> offset
        return fits & self._has_table(request) if fits else 0

    def _pinned(self, request: Request) -> int:
        """One position where the request is locked or has begun, else all."""
        begun = self.facts.frozen_at(request)
        fixed = {one for one in (request.lock_slot, begun and begun.slot_id) if one is not None}
        return self._bits(fixed <= {slot.id} for slot in self.slots) if fixed else -1

    def _wanted(self, request: Request) -> int:
        key = request.slots, request.blocks
        if key not in self._wanting:
            self._wanting[key] = self._bits(wants(request, slot) for slot in self.slots)
        return self._wanting[key]

    def _fits(self, length: int) -> int:
        """Where a meeting of so many slots runs over no break."""
        if length not in self._fitting:
            covered = self.facts.timeline.covered
            self._fitting[length] = self._bits(bool(covered(start, length)) for start in range(len(self.slots)))
        return self._fitting[length]

    def _has_table(self, request: Request) -> int:
        key = id(self.facts.tables[request.id]), request.length  # equal tuples of tables are one
        if key not in self._open:
            spans = [self.facts.timeline.covered(start, request.length) for start in range(len(self.slots))]
            self._open[key] = self._bits(bool(span and self.facts.open_tables(request, span)) for span in spans)
        return self._open[key]

    def _is_free(self, person: Person) -> Iterator[bool]:
        return (slot.id not in person.unavailable for slot in self.slots)

    def _bits(self, holds: Iterable[bool]) -> int:
        return sum(1 << place for place, is_so in enumerate(holds) if is_so)

    def _listed(self, bits: int) -> tuple[int, ...]:
        if bits not in self._positions:
            self._positions[bits] = tuple(place for place in range(len(self.slots)) if bits >> place & 1)
        return self._positions[bits]


def is_there(participant: Participant, slot: Slot) -> bool:
    """Arrived, not yet gone and not marked unavailable."""
    arrived = participant.arrives is None or participant.arrives <= slot.start
    stays = participant.leaves is None or slot.end <= participant.leaves
    return arrived and stays and slot.id not in participant.unavailable


def wants(request: Request, slot: Slot) -> bool:
    """Whether the request may lie in the slot, by its own slots and blocks."""
    by_slot = request.slots is None or slot.id in request.slots
    return by_slot and (request.blocks is None or slot.block in request.blocks)
