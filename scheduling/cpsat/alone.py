"""Bounds from one participant alone: what its own meetings cost even if nobody else were in the way."""

from collections.abc import Mapping, Set
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduling.bands import Band, bands
from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.hard import HARD
from scheduling.cpsat.solver import settle_accounts, solver_for
from scheduling.cpsat.variables import MeetingVars
from scheduling.facts import Facts
from scheduling.problem import GoalName, Participant, Problem, Side
from scheduling.run import Run
from scheduling.solution import Meeting
from scheduling.timetable import Timetable

GUEST_GOALS = frozenset({GoalName.GUEST_IDLE_SLOTS, GoalName.GUEST_IDLE_PERIODS})
HOST_GOALS = frozenset({GoalName.HOST_IDLE_SLOTS})
OWN_GOALS = GUEST_GOALS | HOST_GOALS | {GoalName.DISLIKED_SLOTS, GoalName.MISSED_RESTS, GoalName.FAR_SPAN}
SECONDS_EACH = 0.5


def sum_alone(facts: Facts, meetings: tuple[Meeting, ...], band: Band, limits: Mapping[int, int], run: Run) -> int:
    """A bound for the band: what those cost alone who cost something now. `limits` are the earlier bands' values."""
    total = 0
    for participant in facts.problem.participants:
        own = _without(band, _of_others(participant) | (frozenset(GoalName) - OWN_GOALS))
        timetable = Timetable(facts.ground, meetings, watched=frozenset({participant.id}))
        if own.goals and own.cost(timetable):
            with run.at_most(SECONDS_EACH):
                total += _cost_alone(_alone(facts, participant), own, limits, run)
    return total


def _of_others(participant: Participant) -> frozenset[GoalName]:
    """The goals about those who sit across the table: their other meetings, which fill their gaps, are left out."""
    return GUEST_GOALS if participant.side is Side.HOST else HOST_GOALS


def _without(band: Band, names: Set[GoalName]) -> Band:
    return Band(band.number, tuple(goal for goal in band.goals if goal.name not in names))


def _alone(facts: Facts, participant: Participant) -> Problem:
    """The participant's requests with partners of the other side who have no wishes of their own."""
    requests = tuple(facts.requests_of[participant.id])
    partners = {name for request in requests for name in request.participants}
    side = Side.GUEST if participant.side is Side.HOST else Side.HOST
    everybody = tuple(
        one if one.id == participant.id else _without_wishes(one, side)
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
        goals=tuple(goal for goal in facts.problem.goals if goal.name not in _of_others(participant)),
        max_idle_difference=None,
    )


def _without_wishes(one: Participant, side: Side) -> Participant:
    return replace(one, side=side, disliked=frozenset(), max_run=0, is_from_far=False, min_meetings=0)


def _cost_alone(problem: Problem, own: Band, limits: Mapping[int, int], run: Run) -> int:
    facts, model = Facts(problem), cp_model.CpModel()
    meetings = MeetingVars(model, facts, facts.starts)
    for hard in HARD:
        hard(model, meetings)
    for band in bands(problem):
        if band.number in limits:
            model.add(_sum(band, meetings) <= limits[band.number])
    model.minimize(_sum(own, meetings))
    solver = solver_for(run, workers=1)
    status = solver.solve(model)
    settle_accounts(run, solver, status)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else 0


def _sum(band: Band, meetings: MeetingVars) -> cp_model.LinearExpr:
    known = [goal for goal in band.goals if goal.name in TIME_GOALS and goal.name is not GoalName.UNFAIRNESS]
    return cp_model.LinearExpr.sum([goal.weight * TIME_GOALS[goal.name](meetings) for goal in known])
