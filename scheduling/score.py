"""Every goal again, on plain data: what a timetable costs. Knows nothing of any solver."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from scheduling.check import missed_rests
from scheduling.pairs import TABLE_KINDS, broken_pairs
from scheduling.problem import Goal, GoalName, PairRule, Problem, Request
from scheduling.solution import Bill, Meeting
from scheduling.timetable import Ground, Timetable

Measure = Callable[[Timetable], int]


def score(problem: Problem, meetings: Iterable[Meeting]) -> tuple[Bill, ...]:
    """One bill per goal of the problem, in the order of its goals, without bounds.

    Each goal is one function of `MEASURES`; what it counts is not yet weighted. Meetings with ids that the problem does
    not know are left out.
    """
    timetable = Timetable(Ground(problem), meetings)
    return tuple(bill(timetable, goal) for goal in problem.goals)


def bill(timetable: Timetable, goal: Goal) -> Bill:
    """One goal's bill without a bound."""
    return Bill(goal.name, goal.band, goal.weight, MEASURES[goal.name](timetable))


def is_promised(problem: Problem, request: Request) -> bool:
    """Mandatory, pinned or frozen: it has to be placed before anything else is looked at."""
    locked = request.lock_slot is not None or request.lock_table is not None
    return request.is_mandatory or locked or request.id in problem.frozen


def mandatory_unplaced(timetable: Timetable) -> int:
    """Mandatory, pinned and frozen requests without a meeting."""
    problem = timetable.ground.problem
    return sum(is_promised(problem, request) for request in problem.requests if request.id not in timetable.placed)


def people_disturbed(timetable: Timetable) -> int:
    """Heads of the participants for whom a published meeting has gone or lies elsewhere."""
    ground = timetable.ground
    disturbed = {one for request in _moved(timetable) for one in ground.requests[request].participants}
    return sum(max(1, len(ground.participants[one].people)) for one in disturbed)


def meetings_moved(timetable: Timetable) -> int:
    """Published meetings that have gone or lie at another slot or table."""
    return len(_moved(timetable))


def _moved(timetable: Timetable) -> list[str]:
    now = {sitting.request.id: sitting.meeting for sitting in timetable.sittings}
    ground = timetable.ground
    wanted = (request for request in ground.previous if request in ground.requests)
    return [request for request in wanted if now.get(request) != ground.previous[request]]


def weight_unplaced(timetable: Timetable) -> int:
    """The weights of the requests without a meeting, added up."""
    requests = timetable.ground.problem.requests
    return sum(request.weight for request in requests if request.id not in timetable.placed)


def minima_missed(timetable: Timetable) -> int:
    """Meetings that participants have fewer than their minima, added up."""
    participants = timetable.ground.participants
    return sum(max(0, participants[one].min_meetings - len(timetable.of.get(one, ()))) for one in timetable.watched)


def guest_idle_slots(timetable: Timetable) -> int:
    """Idle slots of all guests (whoever is not a host), see `idle_slots`."""
    return sum(idle_slots(timetable, one) for one in timetable.watched & timetable.ground.guests)


def guest_idle_periods(timetable: Timetable) -> int:
    """Idle periods of all guests: each run of idle slots between two meetings counts once.

    The goal of the B2B scheduling problem (Bofill et al., JAIR 74, 2022).
    """
    return sum(len(timetable.idle_gaps(one)) for one in timetable.watched & timetable.ground.guests)


def host_idle_slots(timetable: Timetable) -> int:
    """Idle slots of all hosts, see `idle_slots`."""
    return sum(idle_slots(timetable, one) for one in timetable.watched - timetable.ground.guests)


def idle_slots(timetable: Timetable, one: str) -> int:
    """Slots without a meeting between the first and the last one on the same side of a long break."""
    return sum(timetable.idle_gaps(one))


def unfairness(timetable: Timetable) -> int:
    """The largest difference between two guests' idle slots."""
    waits = [idle_slots(timetable, one) for one in timetable.watched & timetable.ground.guests]
    return max(waits, default=0) - min(waits, default=0)


def soft_pair_rules(timetable: Timetable) -> int:
    """The weight of a soft rule about time for each two meetings, one of each subject, that break it."""
    return sum(
        rule.weight * sum(1 for _ in broken_pairs(timetable, rule))
        for rule in _soft(timetable)
        if rule.kind not in TABLE_KINDS
    )


def soft_table_rules(timetable: Timetable) -> int:
    """A soft rule about tables costs its weight once, however many meetings break it."""
    return sum(
        rule.weight
        for rule in _soft(timetable)
        if rule.kind in TABLE_KINDS and any(True for _ in broken_pairs(timetable, rule))
    )


def _soft(timetable: Timetable) -> list[PairRule]:
    return [rule for rule in timetable.ground.problem.pair_rules if not rule.is_hard]


def disliked_slots(timetable: Timetable) -> int:
    """Slots in which a participant meets although it would rather not; each slot counts once."""
    slots, participants = timetable.ground.timeline.slots, timetable.ground.participants
    return sum(slots[place].id in participants[one].disliked for one in timetable.of for place in timetable.busy(one))


def missed_soft_rests(timetable: Timetable) -> int:
    """Slots in which a participant meets although a rest was due, where rests are soft."""
    participants = timetable.ground.participants
    wishing = [one for one in timetable.of if participants[one].max_run]
    return sum(sum(1 for _ in missed_rests(timetable, one)) for one in wishing if not participants[one].max_run_is_hard)


def far_span(timetable: Timetable) -> int:
    """For those from far: slots of the whole event between first and last meeting that are not meetings."""
    travellers = (one for one in timetable.of if timetable.ground.participants[one].is_from_far)
    days = (timetable.busy(one) for one in travellers)
    return sum(busy[-1] - busy[0] + 1 - len(busy) for busy in days)


def last_slot(timetable: Timetable) -> int:
    """How many slots of the event pass until the last meeting has ended; 0 when nobody meets."""
    return max((sitting.last + 1 for sitting in timetable.sittings), default=0)


def host_table_changes(timetable: Timetable) -> int:
    """Tables that hosts use beyond what they need at their busiest moment."""
    total = 0
    for one in timetable.watched - timetable.ground.guests:
        sittings = timetable.of.get(one, [])
        peak = Counter(place for sitting in sittings for place in sitting.covers)
        total += len({sitting.meeting.table_id for sitting in sittings}) - max(peak.values(), default=0)
    return total


def guest_room_changes(timetable: Timetable) -> int:
    """Walks between rooms from one meeting to the next; far rooms count more."""
    return sum(_walks(timetable, one) for one in timetable.watched & timetable.ground.guests)


def _walks(timetable: Timetable, one: str) -> int:
    ground = timetable.ground
    ordered = sorted(timetable.of.get(one, ()), key=lambda sitting: (sitting.start, sitting.meeting.table_id))
    rooms = [ground.tables[sitting.meeting.table_id].room for sitting in ordered]
    distance = ground.distance
    return sum(
        1 + abs(distance.get(here, 0) - distance.get(there, 0)) for here, there in pairwise(rooms) if here != there
    )


MEASURES: dict[GoalName, Measure] = {
    GoalName.MANDATORY_UNPLACED: mandatory_unplaced,
    GoalName.PEOPLE_DISTURBED: people_disturbed,
    GoalName.MEETINGS_MOVED: meetings_moved,
    GoalName.WEIGHT_UNPLACED: weight_unplaced,
    GoalName.MINIMA_MISSED: minima_missed,
    GoalName.GUEST_IDLE_SLOTS: guest_idle_slots,
    GoalName.GUEST_IDLE_PERIODS: guest_idle_periods,
    GoalName.HOST_IDLE_SLOTS: host_idle_slots,
    GoalName.UNFAIRNESS: unfairness,
    GoalName.SOFT_PAIR_RULES: soft_pair_rules,
    GoalName.DISLIKED_SLOTS: disliked_slots,
    GoalName.MISSED_RESTS: missed_soft_rests,
    GoalName.FAR_SPAN: far_span,
    GoalName.LAST_SLOT: last_slot,
    GoalName.SOFT_TABLE_RULES: soft_table_rules,
    GoalName.HOST_TABLE_CHANGES: host_table_changes,
    GoalName.GUEST_ROOM_CHANGES: guest_room_changes,
}
