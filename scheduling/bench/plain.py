"""The part of a problem that the baselines know: requests of one slot, people who are there or not, tables all alike.

Written from the meaning of the fields, without the engine's own reading of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from scheduling.problem import GoalName, PairKind, PairRule, Participant, Problem, Request, Side, Slot, Subjects
from scheduling.solution import Meeting

GOALS = frozenset({GoalName.WEIGHT_UNPLACED, GoalName.GUEST_IDLE_SLOTS, GoalName.GUEST_IDLE_PERIODS})


class Plain:
    """Requests with the places (0, 1, …) of the slots in which they may lie, by request and by participant."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = {one.id: one for one in problem.participants}
        self.starts = {one.id: tuple(self._starts(one)) for one in problem.requests}
        self.of: dict[str, list[str]] = defaultdict(list)
        for request in problem.requests:
            for one in request.participants:
                self.of[one].append(request.id)
        self.guests = [one.id for one in problem.participants if one.side is not Side.HOST]
        self.orders = [(rule.first, rule.second) for rule in problem.pair_rules]

    def _starts(self, request: Request) -> Iterator[int]:
        for place, slot in enumerate(self.problem.slots):
            wanted = request.slots is None or slot.id in request.slots
            in_block = request.blocks is None or slot.block in request.blocks
            pinned = request.lock_slot in (None, slot.id)
            if wanted and in_block and pinned and all(self.room(one, slot) for one in request.participants):
                yield place

    def room(self, participant: str, slot: Slot) -> int:
        """How many meetings the participant can hold in the slot."""
        one = self.people[participant]
        arrived = one.arrives is None or one.arrives <= slot.start
        stays = one.leaves is None or slot.end <= one.leaves
        is_there = arrived and stays and slot.id not in one.unavailable
        return one.capacity_at.get(slot.id, one.capacity) if is_there else 0

    def seated(self, times: Mapping[str, int]) -> tuple[Meeting, ...]:
        """Meetings at these places in time; in each slot the tables are taken in their order."""
        at: dict[int, list[str]] = defaultdict(list)
        for request, place in times.items():
            at[place].append(request)
        slots, tables = self.problem.slots, self.problem.tables
        return tuple(
            Meeting(request, slots[place].id, table.id)
            for place, requests in at.items()
            for request, table in zip(requests, tables, strict=False)
        )


def is_plain(problem: Problem) -> bool:
    """Whether the baselines know every rule and goal of the problem."""
    pauses = zip(problem.slots, problem.slots[1:], strict=False)
    minutes = [(later.start - earlier.end).total_seconds() / 60 for earlier, later in pauses]
    return (
        {goal.name for goal in problem.goals} <= GOALS
        and all(pause < problem.long_break_minutes for pause in minutes)
        and all(one.open_slots is None for one in problem.tables)
        and all(_is_plain_participant(one) for one in problem.participants)
        and all(_is_plain_request(one) for one in problem.requests)
        and all(_is_order(rule) for rule in problem.pair_rules)
        and not (problem.people or problem.previous or problem.frozen)
    )


def _is_plain_participant(one: Participant) -> bool:
    demands = one.home_tables or one.features or one.people or one.min_meetings or one.max_run or one.transition
    alone = one.side is Side.HOST or (one.capacity == 1 and not one.capacity_at)
    return not demands and one.max_meetings is None and alone


def _is_plain_request(one: Request) -> bool:
    demands = one.is_mandatory or one.features or one.people or one.lock_table
    return not demands and one.length == 1


def _is_order(rule: PairRule) -> bool:
    return rule.kind is PairKind.BEFORE and rule.subjects is Subjects.REQUESTS and rule.is_hard
