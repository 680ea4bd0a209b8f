"""The exact model itself: every hard rule over given starts, to which each search adds what it wants to know."""

from collections.abc import Callable, Sequence

from ortools.sat.python import cp_model

from scheduling.cpsat.hard import HARD
from scheduling.cpsat.seating import SEAT_RULES
from scheduling.cpsat.variables import MeetingVars, Seats, Starts
from scheduling.facts import Facts
from scheduling.solution import Meeting

Value = Callable[[cp_model.LiteralT], bool]
"""The value of a literal in a solution."""


class ExactModel:
    """Without tables (Hall's condition by slot), or with a seat for every meeting."""

    def __init__(self, facts: Facts, starts: Starts, *, with_seats: bool) -> None:
        """`starts`: by request id, the positions in which it may start."""
        self.facts = facts
        self.model = cp_model.CpModel()
        self.meetings = MeetingVars(self.model, facts, starts)
        for hard in HARD:
            hard(self.model, self.meetings)
        self.seats = Seats(self.meetings) if with_seats else None
        if self.seats is not None:
            for rule in SEAT_RULES:
                rule(self.seats)

    def hint_times(self, meetings: Sequence[Meeting]) -> None:
        """Let the solver start from these times; earlier hints are forgotten."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        position = self.facts.timeline.position
        chosen = {(one.request_id, position.get(one.slot_id)) for one in meetings}
        for request, starts in self.meetings.start.items():
            for place, literal in starts.items():
                self.model.add_hint(literal, (request, place) in chosen)

    def read(self, value: Value) -> tuple[Meeting, ...]:
        """The timetable of a solution; without seats any table that is open then stands for the real one."""
        if self.seats is not None:
            slots = self.facts.timeline.slots
            chosen = (key for key, literal in self.seats.at.items() if value(literal))
            return tuple(Meeting(request, slots[place].id, table) for request, place, table in chosen)
        return tuple(
            self.facts.at_some_table(request, place)
            for request, starts in self.meetings.start.items()
            for place, literal in starts.items()
            if value(literal)
        )
