"""What of a timetable may stand: meetings are dropped until no hard rule is broken."""

from collections.abc import Collection, Iterable, Sequence

from scheduling.check import check
from scheduling.problem import Problem
from scheduling.solution import Meeting, Violation


def keep_valid(problem: Problem, meetings: Iterable[Meeting], *, but: Collection[str] = ()) -> tuple[Meeting, ...]:
    """The meetings without those that break a hard rule, so that what is left may be built on.

    `but`: codes of violations that may stay. Where a participant breaks a rule, its day is shortened at the end at
    which fewer meetings come in a row.
    """
    kept = tuple(meetings)
    participants = {request.id: frozenset(request.participants) for request in problem.requests}
    position = {slot.id: place for place, slot in enumerate(problem.slots)}
    while violations := [one for one in check(problem, kept) if one.code not in but]:
        guilty = {_dropped(one, kept, participants, position) for one in violations}
        kept = tuple(one for one in kept if one.request_id not in guilty) if guilty - {None} else kept[:-1]
    return kept


def _dropped(
    violation: Violation, kept: Sequence[Meeting], participants: dict[str, frozenset[str]], position: dict[str, int]
) -> str | None:
    """The id of a request that has to go; None where nobody in the violation has a meeting."""
    there = {one.request_id for one in kept}
    named = [one for one in violation.subjects if one in there]
    if named:
        return named[0] if named[0] == violation.subjects[0] else named[-1]
    first = violation.subjects[:1]
    own = [one for one in kept if participants.get(one.request_id, frozenset()).issuperset(first)]
    own = [one for one in own if one.slot_id == violation.slot_id] or own
    return _at_the_thinner_end(own, position) if first else None


def _at_the_thinner_end(meetings: Sequence[Meeting], position: dict[str, int]) -> str | None:
    day = sorted((position[one.slot_id], one.request_id) for one in meetings if one.slot_id in position)
    if not day:
        return None
    places = [place for place, _ in day]
    is_first = _run(places) < _run([-place for place in reversed(places)])
    return day[0 if is_first else -1][1]


def _run(places: Sequence[int]) -> int:
    """How many positions follow the first without a gap."""
    return next((number for number, place in enumerate(places) if place - places[0] > number), len(places))
