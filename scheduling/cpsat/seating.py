"""Rules and goals about tables, for models in which every meeting has a seat."""

from collections.abc import Callable, Iterator, Sequence

from ortools.sat.python import cp_model

from scheduling.cpsat.clashes import overlap, pairs_of_requests
from scheduling.cpsat.variables import Seats
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import GoalName, PairKind, PairRule, Request, Side, Subjects, Table

SeatGoal = Callable[[Seats], cp_model.LinearExprT]
sum_of = cp_model.LinearExpr.sum


def tables_hold_one_meeting(seats: Seats) -> None:
    """One meeting at most at each table and position."""
    for literals in seats.on.values():
        seats.model.add_at_most_one(literals)


def hard_table_rules(seats: Seats) -> None:
    """No two seats that break a hard pair rule about tables."""
    for rule in seats.meetings.problem.pair_rules:
        if rule.is_hard and rule.kind in TABLE_KINDS:
            for clash in _clashes(seats, rule):
                seats.model.add_bool_or([~literal for literal in clash])


SEAT_RULES = (tables_hold_one_meeting, hard_table_rules)


def soft_table_rules(seats: Seats) -> cp_model.LinearExprT:
    """The weight of each soft rule about tables that is broken anywhere; exact when minimised."""
    terms = []
    for rule in seats.meetings.problem.pair_rules:
        if not rule.is_hard and rule.kind in TABLE_KINDS:
            broken = seats.model.new_bool_var(f"{rule.id} broken")
            for clash in _clashes(seats, rule):
                seats.model.add_bool_or([broken, *(~literal for literal in clash)])
            terms.append(rule.weight * broken)
    return sum_of(terms)


def _clashes(seats: Seats, rule: PairRule) -> Iterator[tuple[cp_model.IntVar, cp_model.IntVar]]:
    """Pairs of seats that are too near; hosts sit all day, others only while their meetings overlap."""
    ground = seats.meetings.facts.ground
    seated = rule.subjects is Subjects.PARTICIPANTS and not ground.guests & {rule.first, rule.second}
    near = list(_near_tables(seats.meetings.problem.tables, rule.kind))
    for first, second in pairs_of_requests(seats.meetings, rule):
        for start, begin in _starts(seats, first, second):
            spans = (start, start + first.length - 1), (begin, begin + second.length - 1)
            if seated or overlap(seats.meetings, *spans):
                for one, other in near:
                    keys = (first.id, start, one), (second.id, begin, other)
                    if keys[0] in seats.at and keys[1] in seats.at:
                        yield seats.at[keys[0]], seats.at[keys[1]]


def _starts(seats: Seats, first: Request, second: Request) -> Iterator[tuple[int, int]]:
    start = seats.meetings.start
    return ((one, other) for one in start[first.id] for other in start[second.id])


def _near_tables(tables: Sequence[Table], kind: PairKind) -> Iterator[tuple[str, str]]:
    for one in tables:
        for other in tables:
            same_room = one.room == other.room
            if same_room and (kind is PairKind.NOT_SAME_ROOM or abs(one.position - other.position) == 1):
                yield one.id, other.id


def host_table_changes(seats: Seats) -> cp_model.LinearExprT:
    """Tables that hosts use beyond what they need at their busiest moment; exact when minimised."""
    terms: list[cp_model.LinearExprT] = []
    meetings = seats.meetings
    for host in meetings.problem.participants:
        if host.side is Side.HOST and meetings.facts.requests_of[host.id]:
            terms += [seats.sits(host.id, table.id) for table in meetings.problem.tables]
            terms.append(-_peak(seats, host.id))
    return sum_of(terms)


def _peak(seats: Seats, host: str) -> cp_model.IntVar:
    meetings = seats.meetings
    peak = seats.model.new_int_var(0, len(meetings.problem.tables), f"peak {host}")
    numbers = [sum_of(meetings.meetings_of(host, place)) for place in range(len(meetings.timeline))]
    seats.model.add_max_equality(peak, numbers)
    return peak


SEAT_GOALS: dict[GoalName, SeatGoal] = {
    GoalName.SOFT_TABLE_RULES: soft_table_rules,
    GoalName.HOST_TABLE_CHANGES: host_table_changes,
}
