"""The exact model asked which requests can be placed: built once, minimised step by step, read with tables."""

import time
from collections.abc import Iterator, Sequence

from ortools.sat.python import cp_model

from scheduling.check import check
from scheduling.cpsat.hard import HARD
from scheduling.cpsat.seating import SEAT_RULES
from scheduling.cpsat.variables import MeetingVars, Seats, Starts
from scheduling.facts import Facts
from scheduling.seating import seat
from scheduling.solution import Meeting

MOST_SEATS = 60_000  # literals of the exact model of tables
RESEATING_SECONDS = 2.0


class Placing:
    """Every hard rule over given starts, without tables (Hall's condition by slot) or with a seat for every meeting."""

    def __init__(self, facts: Facts, starts: Starts, *, with_seats: bool) -> None:
        self.facts = facts
        self.model = cp_model.CpModel()
        self.meetings = MeetingVars(self.model, facts, starts)
        for hard in HARD:
            hard(self.model, self.meetings)
        self.seats = Seats(self.meetings) if with_seats else None
        if self.seats is not None:
            for rule in SEAT_RULES:
                rule(self.seats)
        self.placed = cp_model.LinearExpr.sum([self.meetings.placed(one) for one in facts.problem.requests])

    def minimise(
        self, step: cp_model.LinearExprT, hint: Sequence[Meeting], deadline: float, workers: int = 1
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """One call of CP-SAT until `deadline` (monotonic clock); the solver and its status."""
        self.model.minimize(step)
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        position = self.facts.timeline.position
        chosen = {(one.request_id, position.get(one.slot_id)) for one in hint}
        for request_id, starts in self.meetings.start.items():
            for place, literal in starts.items():
                self.model.add_hint(literal, (request_id, place) in chosen)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.01, deadline - time.monotonic())
        solver.parameters.num_workers = workers
        if self.facts.problem.max_idle_difference is None:  # these three: half the time on events of 150 meetings
            solver.parameters.linearization_level = 2
            solver.parameters.symmetry_level = 0
            solver.parameters.cp_model_probing_level = 0
        return solver, solver.solve(self.model)

    def read(self, solver: cp_model.CpSolver) -> tuple[Meeting, ...]:
        """The meetings of a solution; without seats any table that is open then stands for the real one."""
        if self.seats is not None:
            slots = self.facts.timeline.slots
            chosen = (key for key, literal in self.seats.at.items() if solver.boolean_value(literal))
            return tuple(Meeting(request, slots[place].id, table) for request, place, table in chosen)
        return tuple(
            self.facts.at_some_table(request_id, place)
            for request_id, starts in self.meetings.start.items()
            for place, literal in starts.items()
            if solver.boolean_value(literal)
        )


def seated_simply(facts: Facts, meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """Tables for meetings at their times by the greedy rule; nothing when that breaks a hard rule."""
    position = facts.timeline.position
    seated = seat(facts, {one.request_id: position[one.slot_id] for one in meetings})
    return () if check(facts.problem, seated) else seated


def seatings(facts: Facts, meetings: Sequence[Meeting], deadline: float) -> Iterator[tuple[Meeting, ...]]:
    """Tables for meetings at their times: by the greedy rule, then as many as the exact model can seat."""
    seated = seated_simply(facts, meetings)
    if seated:
        yield seated
    position = facts.timeline.position
    times = {one.request_id: position[one.slot_id] for one in meetings}
    starts = {one: (times[one],) if one in times else () for one in facts.starts}
    model = Placing(facts, starts, with_seats=True)
    solver, status = model.minimise(-model.placed, (), min(deadline, time.monotonic() + RESEATING_SECONDS))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        yield model.read(solver)


def can_seat(facts: Facts) -> bool:
    """Whether the exact model with a seat for every meeting is small enough to be built."""
    return sum(len(facts.starts[one]) * len(tables) for one, tables in facts.tables.items()) <= MOST_SEATS
