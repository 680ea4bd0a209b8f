"""The hard rules of the exact model: one function each, `HARD` is the table of contents."""

from collections.abc import Callable, Iterator

from ortools.sat.python import cp_model

from scheduling.cpsat.clashes import clashing
from scheduling.cpsat.variables import MeetingVars
from scheduling.halls import hall_sets
from scheduling.problem import Participant, Side

HardRule = Callable[[cp_model.CpModel, MeetingVars], None]


def each_request_at_most_once(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """One start at most for each request."""
    for request in meetings.problem.requests:
        model.add_at_most_one(meetings.start[request.id].values())


def participants_within_capacity(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """No more meetings at once than a participant can hold in that position."""
    for participant in meetings.problem.participants:
        for place, limit in enumerate(meetings.facts.room_for[participant.id]):
            literals = meetings.meetings_of(participant.id, place)
            if limit == 1:
                model.add_at_most_one(literals)
            elif len(literals) > limit:
                model.add(cp_model.LinearExpr.sum(literals) <= limit)


def teams_have_time_to_move(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """Where a participant meets, its meetings and those that ended within `transition` positions fit its capacity."""
    for participant in meetings.problem.participants:
        if participant.transition:
            for place, limit in enumerate(meetings.facts.room_for[participant.id]):
                here = meetings.meetings_of(participant.id, place)
                walking = list(_walking(meetings, participant, place))
                if here and walking:
                    everybody = cp_model.LinearExpr.sum(here + walking)
                    model.add(everybody <= limit).only_enforce_if(meetings.busy(participant.id, place))


def _walking(meetings: MeetingVars, participant: Participant, place: int) -> Iterator[cp_model.IntVar]:
    """Meetings that ended in the `transition` positions before this one, in the same row."""
    row = meetings.timeline.row
    for request in meetings.facts.requests_of[participant.id]:
        for start, literal in meetings.start[request.id].items():
            last = start + request.length - 1
            if last < place <= last + participant.transition and row[last] == row[place]:
                yield literal


def people_in_one_place(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """No person in two meetings at once, whoever they attend for; their absences are in the starts already."""
    attends: dict[str, list[str]] = {}
    for request_id, people in meetings.facts.people.items():
        for person in people:
            attends.setdefault(person, []).append(request_id)
    requests = meetings.facts.ground.requests
    for request_ids in attends.values():
        for place in range(len(meetings.timeline)):
            model.add_at_most_one(literal for one in request_ids for literal in meetings.covering(requests[one], place))


def not_more_than_the_maximum(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """No participant has more than `max_meetings` meetings."""
    for participant in meetings.problem.participants:
        if participant.max_meetings is not None:
            requests = meetings.facts.requests_of[participant.id]
            placed = [literal for one in requests for literal in meetings.start[one.id].values()]
            model.add(cp_model.LinearExpr.sum(placed) <= participant.max_meetings)


def rests_are_kept(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """Never more than `max_run` positions of meetings in a row, where the rest is hard."""
    for participant in meetings.problem.participants:
        if participant.max_run and participant.max_run_is_hard:
            for window in windows(meetings, participant):
                model.add_bool_or(~literal for literal in window)


def windows(meetings: MeetingVars, participant: Participant) -> Iterator[list[cp_model.IntVar]]:
    """One literal list per run of slots that would be one slot too long."""
    for row in meetings.timeline.rows():
        for first in range(row.start, row.stop - participant.max_run):
            places = range(first, first + participant.max_run + 1)
            if all(meetings.meetings_of(participant.id, place) for place in places):
                yield [meetings.busy(participant.id, place) for place in places]


def waiting_is_shared(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """Guests' numbers of idle periods lie within `max_idle_difference` (Bofill et al., JAIR 74, 2022)."""
    limit = meetings.problem.max_idle_difference
    if limit is not None:
        guests = [one.id for one in meetings.problem.participants if one.side is not Side.HOST]
        least = model.new_int_var(0, len(meetings.timeline), "fewest idle periods")
        for guest in guests:
            periods = cp_model.LinearExpr.sum(meetings.periods(guest))
            model.add(periods >= least)
            model.add(periods <= least + limit)


def tables_are_enough(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """Hall's condition (1935) on the tables that suit: necessary, and enough unless meetings are long."""
    requests = meetings.facts.ground.requests
    for hall in hall_sets(meetings.facts):
        for place, tables in enumerate(hall.tables):
            literals = [one for name in hall.requests for one in meetings.covering(requests[name], place)]
            if len(literals) > tables:
                model.add(cp_model.LinearExpr.sum(literals) <= tables)


def pair_rules_about_time(model: cp_model.CpModel, meetings: MeetingVars) -> None:
    """No two starts that break a hard pair rule."""
    for rule in meetings.problem.pair_rules:
        if rule.is_hard:
            for pair in clashing(meetings, rule):
                for first, second in pair:
                    model.add_bool_or([~first, ~second])


HARD: tuple[HardRule, ...] = (
    each_request_at_most_once,
    participants_within_capacity,
    teams_have_time_to_move,
    people_in_one_place,
    not_more_than_the_maximum,
    rests_are_kept,
    waiting_is_shared,
    tables_are_enough,
    pair_rules_about_time,
)
