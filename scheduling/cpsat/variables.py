"""The variables of the exact model, behind questions: who may meet in a slot, who is busy, who sits where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ortools.sat.python import cp_model

from scheduling.facts import Facts
from scheduling.problem import Request

Literal = cp_model.IntVar
Starts = Mapping[str, Sequence[int]]


class MeetingVars:
    """One literal per request and start; tables only where `Seats` adds them."""

    def __init__(self, model: cp_model.CpModel, facts: Facts, starts: Starts) -> None:
        self.model, self.facts, self.problem = model, facts, facts.problem
        self.timeline = facts.timeline
        self.start: dict[str, dict[int, Literal]] = {
            request.id: {place: model.new_bool_var(f"{request.id}@{place}") for place in starts[request.id]}
            for request in facts.problem.requests
        }
        self.seats: Seats | None = None
        self._busy: dict[tuple[str, int], Literal] = {}
        self._began: dict[str, list[tuple[list[Literal], list[Literal]]]] = {}
        self._idle: dict[str, list[Literal]] = {}
        self._periods: dict[str, list[Literal]] = {}

    def placed(self, request: Request) -> cp_model.LinearExprT:
        """1 when the request has a start, else 0, given that it has at most one."""
        return cp_model.LinearExpr.sum(list(self.start[request.id].values()))

    def covering(self, request: Request, place: int) -> list[Literal]:
        """The starts of the request that would keep it going in this position."""
        starts = self.start[request.id]
        first = place - request.length + 1
        return [starts[start] for start in range(first, place + 1) if start in starts]

    def was_published(self, request: Request) -> bool:
        """Whether the previous timetable has the request."""
        return request.id in self.facts.ground.previous

    def as_published(self, request: Request) -> list[Literal]:
        """The literal that leaves a published meeting where it is; none when the facts forbid that."""
        before = self.facts.ground.previous[request.id]
        place = self.timeline.position.get(before.slot_id, -1)
        if self.seats is not None:
            seat = self.seats.at.get((request.id, place, before.table_id))
            return [] if seat is None else [seat]
        if place not in self.start[request.id]:
            return []
        covers = self.timeline.covered(place, request.length)
        still_open = before.table_id in self.facts.open_tables(request, covers)
        return [self.start[request.id][place]] if still_open else []

    def meetings_of(self, participant: str, place: int) -> list[Literal]:
        """The starts that would keep the participant busy in this position."""
        requests = self.facts.requests_of[participant]
        return [literal for request in requests for literal in self.covering(request, place)]

    def busy(self, participant: str, place: int) -> Literal:
        """True exactly when the participant has a meeting in this position."""
        key = participant, place
        if key not in self._busy:
            self._busy[key] = self._any(self.meetings_of(participant, place), f"busy {participant}@{place}")
        return self._busy[key]

    def _any(self, literals: list[Literal], name: str) -> Literal:
        if len(literals) == 1:
            return literals[0]
        some = self.model.new_bool_var(name)
        self.model.add_bool_or([*literals, ~some])
        for literal in literals:
            self.model.add_implication(literal, some)
        return some

    def idle(self, participant: str) -> list[Literal]:
        """Idle positions: true exactly when there are meetings before and after, with no long break between."""
        if participant not in self._idle:
            self._idle[participant] = [one for part in self._begun(participant) for one in self._idle_in(*part)]
        return self._idle[participant]

    def periods(self, participant: str) -> list[Literal]:
        """One literal for each position with which an idle period may end: true exactly when one does."""
        if participant not in self._periods:
            self._periods[participant] = [one for part in self._begun(participant) for one in self._ends_in(*part)]
        return self._periods[participant]

    def _begun(self, participant: str) -> list[tuple[list[Literal], list[Literal]]]:
        """For each stretch free of long breaks: busy, and busy now or before, by position."""
        if participant not in self._began:
            parts = []
            for stretch in self.timeline.stretches():
                possible = [place for place in stretch if self.meetings_of(participant, place)]
                if possible:
                    busy = [self.busy(participant, place) for place in range(possible[0], possible[-1] + 1)]
                    parts.append((busy, self._running_or(busy, f"began {participant}")))
            self._began[participant] = parts
        return self._began[participant]

    def _idle_in(self, busy: list[Literal], began: list[Literal]) -> Iterator[Literal]:
        goes_on = self._running_or(busy[::-1], "goes on")[::-1]
        for here in range(1, len(busy) - 1):
            yield self._all([~busy[here], began[here - 1], goes_on[here + 1]], "idle")

    def _ends_in(self, busy: list[Literal], began: list[Literal]) -> Iterator[Literal]:
        for here in range(2, len(busy)):
            yield self._all([began[here - 2], ~busy[here - 1], busy[here]], "period")

    def _running_or(self, literals: list[Literal], name: str) -> list[Literal]:
        sums = literals[:1]
        for literal in literals[1:]:
            sums.append(self._any([sums[-1], literal], name))
        return sums

    def _all(self, literals: list[cp_model.LiteralT], name: str) -> Literal:
        every = self.model.new_bool_var(name)
        self.model.add_bool_or([every, *(~literal for literal in literals)])
        for literal in literals:
            self.model.add_implication(every, literal)
        return every


class Seats:
    """One literal per request, start and table that is open and suitable then."""

    def __init__(self, meetings: MeetingVars) -> None:
        self.meetings, self.model = meetings, meetings.model
        meetings.seats = self
        self.at: dict[tuple[str, int, str], Literal] = {}
        self.on: dict[tuple[int, str], list[Literal]] = defaultdict(list)
        for request in meetings.problem.requests:
            for start, literal in meetings.start[request.id].items():
                self._seat(request, start, literal)

    def _seat(self, request: Request, start: int, literal: Literal) -> None:
        covers = range(start, start + request.length)
        seats = []
        for table in self.meetings.facts.open_tables(request, tuple(covers)):
            seat = self.model.new_bool_var(f"{request.id}@{start} at {table}")
            self.at[request.id, start, table] = seat
            seats.append(seat)
            for place in covers:
                self.on[place, table].append(seat)
        self.model.add(cp_model.LinearExpr.sum(seats) == literal)

    def of(self, request: Request, table: str) -> list[Literal]:
        """The literals that put the request at the table, at whatever time."""
        starts = self.meetings.start[request.id]
        return [self.at[request.id, start, table] for start in starts if (request.id, start, table) in self.at]

    def sits(self, participant: str, table: str) -> Literal:
        """A new literal, true at least when some meeting of the participant is at the table."""
        sits = self.model.new_bool_var(f"{participant} sits at {table}")
        for request in self.meetings.facts.requests_of[participant]:
            for literal in self.of(request, table):
                self.model.add_implication(literal, sits)
        return sits
