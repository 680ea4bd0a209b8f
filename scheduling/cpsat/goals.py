"""The goals of the exact model that follow from times alone: each function returns what is to be minimised."""

from collections.abc import Callable

from ortools.sat.python import cp_model

from scheduling.cpsat.clashes import clashing
from scheduling.cpsat.hard import windows
from scheduling.cpsat.variables import MeetingVars
from scheduling.problem import GoalName, Participant, Side
from scheduling.score import is_promised

Amount = cp_model.LinearExprT
TimeGoal = Callable[[MeetingVars], Amount]
sum_of = cp_model.LinearExpr.sum


def mandatory_unplaced(meetings: MeetingVars) -> Amount:
    """How many mandatory, pinned and frozen requests have no meeting."""
    promised = [one for one in meetings.problem.requests if is_promised(meetings.problem, one)]
    return len(promised) - sum_of([meetings.placed(request) for request in promised])


def people_disturbed(meetings: MeetingVars) -> Amount:
    """Heads of the participants of whom a published meeting has gone or lies elsewhere."""
    terms = []
    for participant in meetings.problem.participants:
        published = [one for one in meetings.facts.requests_of[participant.id] if meetings.was_published(one)]
        if published:
            disturbed = meetings.model.new_bool_var(f"disturbed {participant.id}")
            for request in published:
                meetings.model.add_bool_or([*meetings.as_published(request), disturbed])
            terms.append(max(1, len(participant.people)) * disturbed)
    return sum_of(terms)


def meetings_moved(meetings: MeetingVars) -> Amount:
    """How many published meetings have gone or lie elsewhere."""
    published = [one for one in meetings.problem.requests if meetings.was_published(one)]
    return len(published) - sum_of([kept for one in published for kept in meetings.as_published(one)])


def weight_unplaced(meetings: MeetingVars) -> Amount:
    """The weight of the requests without a meeting."""
    requests = meetings.problem.requests
    total = sum(request.weight for request in requests)
    return total - sum_of([request.weight * meetings.placed(request) for request in requests])


def minima_missed(meetings: MeetingVars) -> Amount:
    """How many meetings participants have fewer than their minima."""
    return sum_of([_missing(meetings, one) for one in meetings.problem.participants if one.min_meetings])


def _missing(meetings: MeetingVars, participant: Participant) -> cp_model.IntVar:
    placed = [meetings.placed(request) for request in meetings.facts.requests_of[participant.id]]
    missing = meetings.model.new_int_var(0, participant.min_meetings, f"missing {participant.id}")
    meetings.model.add(missing >= participant.min_meetings - sum_of(placed))
    return missing


def guest_idle_slots(meetings: MeetingVars) -> Amount:
    """Idle positions of all guests."""
    return sum_of([idle for one in guests(meetings) for idle in meetings.idle(one.id)])


def guest_idle_periods(meetings: MeetingVars) -> Amount:
    """Idle periods of all guests (Bofill et al., JAIR 74, 2022)."""
    return sum_of([period for one in guests(meetings) for period in meetings.periods(one.id)])


def host_idle_slots(meetings: MeetingVars) -> Amount:
    """Idle positions of all hosts."""
    hosts = [one for one in meetings.problem.participants if one.side is Side.HOST]
    return sum_of([idle for one in hosts for idle in meetings.idle(one.id)])


def guests(meetings: MeetingVars) -> list[Participant]:
    """Everybody who is not a host."""
    return [one for one in meetings.problem.participants if one.side is not Side.HOST]


def unfairness(meetings: MeetingVars) -> Amount:
    """At least the difference between the most and the fewest idle positions of a guest; that much when minimised."""
    slots = len(meetings.timeline)
    most, least = (meetings.model.new_int_var(0, slots, name) for name in ("most idle", "least idle"))
    for guest in guests(meetings):
        idle = sum_of(meetings.idle(guest.id))
        meetings.model.add(most >= idle)
        meetings.model.add(least <= idle)
    return most - least


def soft_pair_rules(meetings: MeetingVars) -> Amount:
    """The weight of a soft rule about time for each two meetings that break it."""
    terms = []
    for rule in meetings.problem.pair_rules:
        if not rule.is_hard:
            for pair in clashing(meetings, rule):
                broken = meetings.model.new_bool_var(f"{rule.id} broken")
                for first, second in pair:
                    meetings.model.add_bool_or([~first, ~second, broken])
                terms.append(rule.weight * broken)
    return sum_of(terms)


def disliked_slots(meetings: MeetingVars) -> Amount:
    """Positions in which a participant meets although it would rather not."""
    position = meetings.timeline.position
    places = [(one.id, position[slot]) for one in meetings.problem.participants for slot in one.disliked]
    return sum_of([meetings.busy(one, place) for one, place in places if meetings.meetings_of(one, place)])


def missed_rests(meetings: MeetingVars) -> Amount:
    """Positions in which a participant meets although a rest was due, where rests are soft."""
    missed = []
    for participant in meetings.problem.participants:
        if participant.max_run and not participant.max_run_is_hard:
            for window in windows(meetings, participant):
                miss = meetings.model.new_bool_var(f"no rest {participant.id}")
                meetings.model.add_bool_or([miss, *(~literal for literal in window)])
                missed.append(miss)
    return sum_of(missed)


def far_span(meetings: MeetingVars) -> Amount:
    """For those from far: positions between first and last meeting that are no meetings; exact when minimised."""
    travellers = [one for one in meetings.problem.participants if one.is_from_far]
    return sum_of([_away(meetings, one) for one in travellers])


def _away(meetings: MeetingVars, participant: Participant) -> cp_model.LinearExpr:
    """Slots between the first and the last meeting, over all breaks, that are not meetings."""
    model, slots = meetings.model, len(meetings.timeline)
    places = [place for place in range(slots) if meetings.meetings_of(participant.id, place)]
    first = model.new_int_var(0, slots, f"first {participant.id}")
    end = model.new_int_var(0, slots, f"end {participant.id}")
    model.add(end >= first)
    for place in places:
        busy = meetings.busy(participant.id, place)
        model.add(first <= place).only_enforce_if(busy)
        model.add(end >= place + 1).only_enforce_if(busy)
    return end - first - sum_of([meetings.busy(participant.id, place) for place in places])


def last_slot(meetings: MeetingVars) -> Amount:
    """The number of positions until the last meeting has ended; exact when minimised."""
    last = meetings.model.new_int_var(0, len(meetings.timeline), "last slot")
    for request in meetings.problem.requests:
        for start, literal in meetings.start[request.id].items():
            meetings.model.add(last >= start + request.length).only_enforce_if(literal)
    return last


TIME_GOALS: dict[GoalName, TimeGoal] = {
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
    GoalName.MISSED_RESTS: missed_rests,
    GoalName.FAR_SPAN: far_span,
    GoalName.LAST_SLOT: last_slot,
}
