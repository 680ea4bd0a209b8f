"""Bounds from one participant alone: what its own meetings cost even if nobody else were in the way."""

from collections.abc import Mapping
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduling.bands import Band, bands
from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.hard import HARD
from scheduling.cpsat.variables import MeetingVars
from scheduling.facts import Facts
from scheduling.problem import GoalName, Participant, Problem
from scheduling.solution import Meeting
from scheduling.timetable import Timetable

OWN_GOALS = frozenset(
    {
        GoalName.GUEST_IDLE_SLOTS,
        GoalName.GUEST_IDLE_PERIODS,
        GoalName.HOST_IDLE_SLOTS,
        GoalName.DISLIKED_SLOTS,
        GoalName.MISSED_RESTS,
        GoalName.FAR_SPAN,
    }
)
SECONDS_EACH = 0.5


def sum_alone(facts: Facts, meetings: tuple[Meeting, ...], band: Band, limits: Mapping[int, int]) -> int:
    """A bound for the band: what those cost alone who cost something now. `limits` are the earlier bands' values."""
    own = Band(band.number, tuple(goal for goal in band.goals if goal.name in OWN_GOALS))
    total = 0
    for participant in facts.problem.participants if own.goals else ():
        timetable = Timetable(facts.ground, meetings, watched=frozenset({participant.id}))
        if own.cost(timetable):
            total += _cost_alone(_alone(facts, participant), own, limits)
    return total


def _alone(facts: Facts, participant: Participant) -> Problem:
    """The participant's requests with partners who have no wishes of their own."""
    requests = tuple(facts.requests_of[participant.id])
    partners = {name for request in requests for name in request.participants}
    everybody = tuple(
        one if one.id == participant.id else replace(one, disliked=frozenset(), max_run=0, is_from_far=False)
        for one in facts.problem.participants
        if one.id in partners
    )
    known = {request.id for request in requests}
    return replace(
        facts.problem,
        participants=everybody,
        requests=requests,
        pair_rules=(),
        previous=tuple(one for one in facts.problem.previous if one.request_id in known),
        frozen=facts.problem.frozen & known,
    )


def _cost_alone(problem: Problem, own: Band, limits: Mapping[int, int]) -> int:
    facts, model = Facts(problem), cp_model.CpModel()
    meetings = MeetingVars(model, facts, facts.starts)
    for hard in HARD:
        hard(model, meetings)
    for band in bands(problem):
        if band.number in limits:
            model.add(_sum(band, meetings) <= limits[band.number])
    model.minimize(_sum(own, meetings))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = SECONDS_EACH
    status = solver.solve(model)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else 0


def _sum(band: Band, meetings: MeetingVars) -> cp_model.LinearExpr:
    known = [goal for goal in band.goals if goal.name in TIME_GOALS and goal.name is not GoalName.UNFAIRNESS]
    return cp_model.LinearExpr.sum([goal.weight * TIME_GOALS[goal.name](meetings) for goal in known])
