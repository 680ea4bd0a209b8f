"""Why each unplaced request has no place: the first reason that holds, with its numbers and its remedies."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduling.check import pair_rules_about_time, participants_within_capacity, people_in_one_place
from scheduling.facts import Facts
from scheduling.impossible import impossible
from scheduling.obstacles import Obstacle, Standing
from scheduling.problem import Problem, Request
from scheduling.remedies import computed
from scheduling.shortages import Shortages
from scheduling.solution import Certainty, Meeting, Reason, Violation
from scheduling.timetable import Timetable

TIME_PAIRS = frozenset({"pair_together", "pair_back_to_back", "pair_order"})
PAIR_RULES = (pair_rules_about_time, participants_within_capacity, people_in_one_place)  # more meetings mend none


def explain(
    problem: Problem, meetings: Iterable[Meeting], *, seconds: float = 10.0, remedies: bool = True
) -> tuple[Reason, ...]:
    """One reason per request without a place, in the order of the problem.

    Looked for in this order: what no timetable could hold (`impossible.py`), what could be placed now, what counting
    excludes (`shortages.py`), and what the timetable at hand shows. Remedies are tried out with the exact model for at
    most `seconds` of wall time (`remedies.py`) and sorted by gain; `tried` of each reason says how far that got.
    Nothing is loaded or solved when everything has its place or `remedies` is False. Meetings that the problem does
    not know are ignored.
    """
    explaining = _Explaining(Facts(problem), tuple(meetings))
    placed = explaining.standing.timetable.placed
    unplaced = [request for request in problem.requests if request.id not in placed]
    reasons = [explaining.reason(request) for request in unplaced]
    if unplaced and remedies:
        likely = frozenset(one for reason in reasons for one in reason.subjects)
        found = computed(explaining.facts, explaining.meetings, unplaced, seconds=seconds, likely=likely)
        reasons = [replace(one, remedies=found.of(one.request_id), tried=found.tried) for one in reasons]
    return tuple(reasons)


class _Explaining:
    """One timetable of one problem, and what has been found out about it.

    The reasons given here are about the timetable at hand (NOW), except `pair_excludes`:

    - `could_be_placed`: put at one of `slot_ids`, at some table, it breaks no rule that is not broken already.
    - `tables_full`: in `slot_ids` everybody is free and each of the `tables` that suit and are open is taken.
    - `pair_excludes` (GROUP): the two of `among` cannot both be placed; wherever they are put, a pair rule about time
      is broken (`subjects[0]` is the code of one) or somebody would be in two places.
    - `rules_forbid`: in `slot_ids` everybody and a table is free, and each time one of the rules `subjects` is broken.
    - `lost_to_promised`, `lost_to_heavier`: wherever it could lie, at least one meeting that is promised while this
      is not, or of more weight than `weight`, would have to make way. `subjects` are the `rivals` that rank above it
      and lie where it could, the heaviest first.
    - `person_busy`: in `slot_ids` the participants are free, but one of the people `subjects` is elsewhere.
    - `no_row_left`, `no_common_slot_left`: at each start that the facts allow a participant has another meeting.
      `counts` say how many slots each of them has left.
    """

    def __init__(self, facts: Facts, meetings: tuple[Meeting, ...]) -> None:
        self.facts, self.meetings = facts, meetings
        self.standing = Standing(facts, meetings)
        self.shortages = Shortages(facts)

    def reason(self, request: Request) -> Reason:
        reason = impossible(self.facts, request)
        if reason is not None:
            return reason
        obstacles = self.standing.obstacles(request)
        timetable = self.standing.timetable
        return (
            self._could_be_placed(request, obstacles)
            or self.shortages.reason(timetable, request)
            or self._tables_full(request, obstacles)
            or self._rules_forbid(request, obstacles)
            or self._lost(request, obstacles)
            or self._person_busy(request, obstacles)
            or self._nothing_left(request)
        )

    def _slots(self, obstacles: Iterable[Obstacle]) -> tuple[str, ...]:
        return tuple(self.facts.timeline.slots[one.start].id for one in obstacles)

    def _could_be_placed(self, request: Request, obstacles: Sequence[Obstacle]) -> Reason | None:
        free = self._slots(one for one in obstacles if one.is_free)
        return Reason(request.id, "could_be_placed", (), slot_ids=free) if free else None

    def _tables_full(self, request: Request, obstacles: Sequence[Obstacle]) -> Reason | None:
        stuck = [one for one in obstacles if one.only_tables]
        if not stuck:
            return None
        covers = (self.facts.timeline.covered(one.start, request.length) for one in stuck)
        tables = {table for span in covers for table in self.facts.open_tables(request, span)}
        counts = (("tables", len(tables)), ("slots", len(stuck)))
        return Reason(request.id, "tables_full", (), counts, self._slots(stuck))

    def _rules_forbid(self, request: Request, obstacles: Sequence[Obstacle]) -> Reason | None:
        barred = [one for one in obstacles if one.rules]
        if not barred:
            return None
        violations = [violation for one in barred for violation in one.rules]
        for violation in violations:
            if self._never_both(request, violation):
                among = violation.subjects[2:]
                said = Reason(request.id, "pair_excludes", (violation.code, *among), (("over", 1),))
                return replace(said, certainty=Certainty.GROUP, among=among)
        codes = sorted({violation.code for violation in violations})
        return Reason(request.id, "rules_forbid", tuple(codes), (("slots", len(barred)),), self._slots(barred))

    def _never_both(self, request: Request, violation: Violation) -> bool:
        """Whether the two requests of a broken pair rule about time get in each other's way at all their starts."""
        if violation.code not in TIME_PAIRS or request.id not in violation.subjects[2:]:
            return False
        starts = [[(one, place) for place in self.facts.starts[one]] for one in violation.subjects[2:]]
        return all(self._clash((first, second)) for first in starts[0] for second in starts[1])

    def _clash(self, both: tuple[tuple[str, int], ...]) -> bool:
        timetable = Timetable(self.facts.ground, [self.facts.at_some_table(one, place) for one, place in both])
        return any(True for rule in PAIR_RULES for _ in rule(timetable))

    def _lost(self, request: Request, obstacles: Sequence[Obstacle]) -> Reason | None:
        rank = self.standing.rank(request)
        if any(one.must_go <= rank for one in obstacles):
            return None
        above = [one for one in self.standing.rivals(request, obstacles) if self.standing.rank(one) > rank]
        above.sort(key=lambda one: (*(-number for number in self.standing.rank(one)), one.id))
        counts = (("weight", request.weight), ("rivals", len(above)))
        code = "lost_to_heavier" if all(one.must_go[0] == rank[0] for one in obstacles) else "lost_to_promised"
        return Reason(request.id, code, tuple(one.id for one in above), counts)

    def _person_busy(self, request: Request, obstacles: Sequence[Obstacle]) -> Reason | None:
        missing = [one for one in obstacles if one.busy and not one.full]
        people = dict.fromkeys(person for one in missing for person in one.busy)
        return Reason(request.id, "person_busy", tuple(people), (), self._slots(missing)) if missing else None

    def _nothing_left(self, request: Request) -> Reason:
        code = "no_common_slot_left" if request.length == 1 else "no_row_left"
        free = tuple((one, self.standing.free_slots(one)) for one in request.participants)
        return Reason(request.id, code, request.participants, (*free, ("length", request.length)))
