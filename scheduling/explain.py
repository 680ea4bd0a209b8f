"""Why each unplaced request has no place: the first reason that holds, with its numbers and its remedies."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduling.facts import Facts
from scheduling.matching import shortage
from scheduling.moves import options
from scheduling.problem import Problem, Request
from scheduling.remedies import computed
from scheduling.solution import Cell, Meeting, Reason, Remedy, Verdict
from scheduling.timetable import Timetable


def explain(
    problem: Problem, meetings: Iterable[Meeting], *, seconds: float = 10.0, remedies: bool = True
) -> tuple[Reason, ...]:
    """One reason per request without a place, in the order of the problem.

    Remedies are tried out with the exact model for at most `seconds` and sorted by gain: requests placed
    beyond what is possible today. Nothing is loaded or solved when everything has its place or `remedies`
    is False.
    """
    placed = tuple(meetings)
    facts = Facts(problem)
    timetable = Timetable(facts.ground, placed)
    unplaced = [request for request in problem.requests if request.id not in timetable.placed]
    reasons = [_reason(facts, timetable, placed, request) for request in unplaced]
    if unplaced and remedies:
        concerned = Counter(one for reason in reasons for one in reason.subjects if one in facts.ground.participants)
        ways = computed(problem, placed, unplaced, concerned, seconds=seconds)
        reasons = [_with_remedies(reason, facts.ground.requests[reason.request_id], ways) for reason in reasons]
    return tuple(reasons)


def _with_remedies(reason: Reason, request: Request, ways: list[Remedy]) -> Reason:
    """Those that concern somebody of the request, or everybody."""
    general = {"solve_again", "new_table", "one_more_slot"}
    fitting = (one for one in ways if one.code in general or set(one.subjects) & set(request.participants))
    return replace(reason, remedies=tuple(fitting))


def _reason(facts: Facts, timetable: Timetable, meetings: tuple[Meeting, ...], request: Request) -> Reason:
    for look in (_no_table_suits, _never_together, _maximum_reached, _participant_full):
        reason = look(facts, timetable, request)
        if reason is not None:
            return reason
    cells = options(facts.problem, meetings, request.id)
    return _from_the_board(facts, timetable, request, cells)


def _no_table_suits(facts: Facts, timetable: Timetable, request: Request) -> Reason | None:
    if facts.tables[request.id]:
        return None
    participants = facts.ground.participants
    needed = request.features.union(*(participants[one].features for one in request.participants))
    offered = frozenset[str]().union(*(table.features for table in facts.problem.tables))
    missing = sorted(needed - offered) or sorted(needed)
    return Reason(request.id, "feature_missing", tuple(missing))


def _never_together(facts: Facts, timetable: Timetable, request: Request) -> Reason | None:
    if facts.starts[request.id]:
        return None
    counts = tuple((one, sum(map(bool, facts.room_for[one]))) for one in request.participants)
    return Reason(request.id, "no_common_slot", request.participants, counts)


def _maximum_reached(facts: Facts, timetable: Timetable, request: Request) -> Reason | None:
    for one in request.participants:
        maximum = facts.ground.participants[one].max_meetings
        if maximum is not None and len(timetable.of.get(one, ())) >= maximum:
            counts = (("maximum", maximum), ("requests", len(facts.requests_of[one])))
            return Reason(request.id, "maximum_reached", (one,), counts)
    return None


def _participant_full(facts: Facts, timetable: Timetable, request: Request) -> Reason | None:
    for one in sorted(request.participants, key=lambda name: -len(facts.requests_of[name])):
        short = shortage(facts, one)
        if short is not None and request.id in short.requests:
            counts = (("requests", len(short.requests)), ("places", short.places), ("over", short.over))
            slots = tuple(facts.timeline.slots[place].id for place in short.slots)
            return Reason(request.id, "participant_full", (one,), counts, slots)
    return None


def _from_the_board(facts: Facts, timetable: Timetable, request: Request, cells: tuple[Cell, ...]) -> Reason:
    """What stands in the way, cell by cell, in the timetable as it is now."""
    free = [cell.slot_id for cell in cells if cell.verdict is not Verdict.FORBIDDEN]
    if free:
        return Reason(request.id, "could_be_placed", (), slot_ids=tuple(dict.fromkeys(free)))
    only_table = [cell for cell in cells if {one.code for one in cell.violations} == {"table_twice"}]
    if only_table:
        slots = tuple(dict.fromkeys(cell.slot_id for cell in only_table))
        counts = (("tables", len(facts.tables[request.id])), ("slots", len(slots)))
        return Reason(request.id, "tables_full", (), counts, slots)
    return _blocked(facts, timetable, request, cells)


TABLE_CODES = frozenset({"table_lacks_feature", "not_home_table", "table_closed"})
BUSY = frozenset({"participant_full", "person_twice", "table_twice"})


def _blocked(facts: Facts, timetable: Timetable, request: Request, cells: tuple[Cell, ...]) -> Reason:
    starts = {facts.timeline.slots[place].id for place in facts.starts[request.id]}
    codes = [{one.code for one in cell.violations} for cell in cells if cell.slot_id in starts]
    rules = sorted({code for broken in codes if not broken & BUSY for code in broken - TABLE_CODES})
    if rules:
        return Reason(request.id, "rules_forbid", tuple(rules), (("slots", len(starts)),))
    rivals = list(_rivals(facts, timetable, request))
    if rivals and all(rival.weight > request.weight for rival in rivals):
        heaviest = sorted(rivals, key=lambda rival: (-rival.weight, rival.id))
        counts = (("weight", request.weight), ("rivals", len(rivals)))
        return Reason(request.id, "lost_to_heavier", tuple(rival.id for rival in heaviest), counts)
    free = tuple((one, _free_slots(facts, timetable, one)) for one in request.participants)
    return Reason(request.id, "no_common_slot_left", request.participants, free)


def _rivals(facts: Facts, timetable: Timetable, request: Request) -> Iterator[Request]:
    """Placed requests of its participants that lie where the request could lie."""
    starts = set(facts.starts[request.id])
    seen = set()
    for one in request.participants:
        for sitting in timetable.of.get(one, ()):
            if starts.intersection(sitting.covers) and sitting.request.id not in seen:
                seen.add(sitting.request.id)
                yield sitting.request


def _free_slots(facts: Facts, timetable: Timetable, one: str) -> int:
    """Positions in which the participant could hold one more meeting."""
    held = Counter(place for sitting in timetable.of.get(one, ()) for place in sitting.covers)
    return sum(held[place] < room for place, room in enumerate(facts.room_for[one]))
