"""The exact model with its choices fixed to one timetable: does a rule of it allow that, what does a goal cost then."""

from collections.abc import Callable, Sequence

from ortools.sat.python import cp_model

from scheduling.cpsat.hard import HARD, HardRule
from scheduling.cpsat.variables import MeetingVars, Seats
from scheduling.facts import Facts
from scheduling.problem import Problem
from scheduling.solution import Meeting

SeatRule = Callable[[Seats], None]


class FixedModel:
    """One timetable and nothing else; `is_there` is False when the facts leave out one of its meetings."""

    def __init__(self, problem: Problem, meetings: Sequence[Meeting]) -> None:
        self.model, facts = cp_model.CpModel(), Facts(problem)
        self.meetings = MeetingVars(self.model, facts, facts.starts)
        self.seats = Seats(self.meetings)
        wanted = {(one.request_id, facts.timeline.position[one.slot_id], one.table_id) for one in meetings}
        self.is_there = wanted <= self.seats.at.keys()
        for key, literal in self.seats.at.items():
            self.model.add(literal == (key in wanted))

    def is_solved(self) -> bool:
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = 1
        return self.solver.solve(self.model) == cp_model.OPTIMAL


def allows(problem: Problem, meetings: Sequence[Meeting], rule: HardRule | SeatRule | None) -> bool:
    """Whether the model with this rule alone (None: with none) has room for exactly these meetings."""
    fixed = FixedModel(problem, meetings)
    if rule in HARD:
        rule(fixed.model, fixed.meetings)
    elif rule is not None:
        rule(fixed.seats)
    return fixed.is_there and fixed.is_solved()


def least(problem: Problem, meetings: Sequence[Meeting], goal: Callable[[FixedModel], cp_model.LinearExprT]) -> int:
    """What the model's goal comes to on exactly these meetings."""
    fixed = FixedModel(problem, meetings)
    fixed.model.minimize(goal(fixed))
    if not fixed.is_solved():
        raise ValueError(meetings)
    return round(fixed.solver.objective_value)
