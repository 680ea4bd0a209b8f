"""Are the reasons true? Each is tried out on the problem itself, by the checker and by the textbook model."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduling.check import check
from scheduling.problem import Goal, GoalName, Problem
from scheduling.solution import Certainty, Meeting, Reason

SECONDS = 20.0  # for one count of the textbook model


def true_reasons(problem: Problem, meetings: Sequence[Meeting], reasons: Iterable[Reason]) -> int:
    """How many of the reasons for requests without a place hold.

    ALONE: no single meeting of the request keeps the rules. GROUP: the textbook model, proven, leaves at least as many
    of the group out as is said. NOW: added to the timetable at any slot and table the request breaks a rule, or breaks
    none in all those slots in which it is said to fit.
    """
    return sum(_holds(problem, tuple(meetings), reason) for reason in reasons)


def _holds(problem: Problem, meetings: tuple[Meeting, ...], reason: Reason) -> bool:
    if any(one.request_id == reason.request_id for one in meetings):
        return False
    if reason.certainty is Certainty.ALONE:
        return not _free_slots(problem, (), reason.request_id)
    if reason.certainty is Certainty.GROUP:
        over = dict(reason.counts).get("over", 1)
        return reason.request_id in reason.among and _least_left_out(problem, reason.among) >= over
    free = _free_slots(problem, meetings, reason.request_id)
    return free.issuperset(reason.slot_ids) if reason.code == "could_be_placed" else not free


def _free_slots(problem: Problem, meetings: tuple[Meeting, ...], request_id: str) -> set[str]:
    """Slots in which the request can be added at some table without breaking a rule."""
    taken = {(one.slot_id, one.table_id) for one in meetings}
    cells = ((slot.id, table.id) for slot in problem.slots for table in problem.tables)
    return {
        slot
        for slot, table in cells
        if (slot, table) not in taken and not check(problem, (*meetings, Meeting(request_id, slot, table)))
    }


def _least_left_out(problem: Problem, among: Sequence[str]) -> int:
    """The proven number of these requests without a place even when no other is wished for."""
    from scheduling.bench.answers import Question
    from scheduling.bench.naive import solve

    alone = replace(
        problem,
        requests=tuple(one for one in problem.requests if one.id in among),
        pair_rules=tuple(one for one in problem.pair_rules if one.first in among and one.second in among),
        goals=(Goal(GoalName.WEIGHT_UNPLACED, 20),),
    )
    answer = solve(Question(alone, SECONDS, workers=1, seed=1))
    return answer.bound or 0
