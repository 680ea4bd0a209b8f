"""What is wrong with a problem before any search: every fault with its path in the document."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Protocol

from scheduling import references
from scheduling.limits import HEAVIEST, MOST, MOST_FAULTS, RANGES, Range
from scheduling.problem import GoalName, Problem, Slot
from scheduling.solution import Fault as Fault  # where people look for it


class BadProblem(ValueError):
    """The problem cannot be scheduled as it stands; `faults` names everything that is wrong with it."""

    code = "bad_problem"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "; ".join(f"{one.path}: {one.code} {one.value}".strip() for one in self.faults)


class HasId(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Unique in its list."""


def refuse_faults(problem: Problem) -> None:
    """Raise BadProblem when there is anything to complain about."""
    found = faults(problem)
    if found:
        raise BadProblem(found)


def faults(problem: Problem, *, unread: Collection[str] = ()) -> tuple[Fault, ...]:
    """Everything that is wrong, at most MOST_FAULTS and one more that says so.

    `unread` are paths that hold something made up because the document could not be read there: nothing is said about
    them, nor about what hangs on them.
    """
    shaky = {one for path in unread for one in _shaken(path)}
    found = (fault for look, needs in _LOOKS if shaky.isdisjoint(needs) for fault in look(problem))
    told = list(islice(_apart_from(unread, found), MOST_FAULTS + 1))
    if not told and not unread:
        told = list(islice(_locks(problem), MOST_FAULTS + 1))
    return tuple(limited(told))


def limited(found: Sequence[Fault]) -> Sequence[Fault]:
    """The first MOST_FAULTS, and a word about the rest."""
    return found if len(found) <= MOST_FAULTS else [*found[:MOST_FAULTS], Fault("", "more_faults", str(MOST_FAULTS))]


def _shaken(path: str) -> Iterator[str]:
    """The names and times by which other parts would be judged, and which cannot be read at this path."""
    name, field = _PART.match(path).groups()  # type: ignore[union-attr]  # it matches everything
    if field in (None, "id", "block", "request_id"):
        yield name
    if field in (None, "start", "end", "arrives", "leaves"):
        yield f"times of {name}"


_PART = re.compile(r"(\w*)(?:\[\d+\])?(?:\.(\w*))?")


def _apart_from(unread: Collection[str], found: Iterable[Fault]) -> Iterator[Fault]:
    """Those that lie neither at one of the paths, nor inside one, nor around one."""
    inside, around = frozenset(unread), {outer for path in unread for outer in _outer(path)}
    return (one for one in found if one.path not in around and inside.isdisjoint(_outer(one.path)))


def _outer(path: str) -> Iterator[str]:
    """The path itself and every path that holds it."""
    yield path
    yield from (path[: end.start()] for end in _STEP.finditer(path))


_STEP = re.compile(r"[.\[]")


def _sizes(problem: Problem) -> Iterator[Fault]:
    if not problem.slots:
        yield Fault("slots", "empty")
    if not problem.tables:
        yield Fault("tables", "empty")
    for name, most in MOST.items():
        listed = getattr(problem, name, ())
        if len(listed) > most:
            yield Fault(name, "too_many", str(len(listed)))


def _lists(problem: Problem) -> dict[str, Sequence[HasId]]:
    return {
        "slots": problem.slots,
        "rooms": problem.rooms,
        "tables": problem.tables,
        "people": problem.people,
        "participants": problem.participants,
        "requests": problem.requests,
        "pair_rules": problem.pair_rules,
    }


def _ids(problem: Problem) -> Iterator[Fault]:
    for name, things in _lists(problem).items():
        seen: set[str] = set()
        for number, thing in enumerate(things):
            if not thing.id:
                yield Fault(f"{name}[{number}].id", "empty")
            elif thing.id in seen:
                yield Fault(f"{name}[{number}].id", "duplicate", thing.id)
            seen.add(thing.id)


def _ranges(problem: Problem) -> Iterator[Fault]:
    yield from _out_of_range("", problem, RANGES["Problem"])
    for name, things in {**_lists(problem), "goals": problem.goals}.items():
        ranges = RANGES.get(type(things[0]).__name__) if things else None
        if ranges:
            for number, thing in enumerate(things):
                yield from _out_of_range(f"{name}[{number}].", thing, ranges)


def _out_of_range(path: str, thing: object, ranges: Mapping[str, Range]) -> Iterator[Fault]:
    for name, (least, most) in ranges.items():
        value = getattr(thing, name)
        if isinstance(value, Mapping):
            yield from _mapping_out_of_range(f"{path}{name}", value, (least, most))
        elif value is not None and not least <= value <= most:
            yield Fault(f"{path}{name}", "out_of_range", str(value))


def _mapping_out_of_range(path: str, values: Mapping[str, int], allowed: Range) -> Iterator[Fault]:
    for key, value in values.items():
        if not allowed[0] <= value <= allowed[1]:
            yield Fault(f"{path}.{key}", "out_of_range", str(value))


def _magnitude(problem: Problem) -> Iterator[Fault]:
    """Sums have to stay exact in every engine."""
    goals = {goal.name: goal.weight for goal in problem.goals}
    weight = sum(request.weight for request in problem.requests) * goals.get(GoalName.WEIGHT_UNPLACED, 1)
    if weight > HEAVIEST:
        yield Fault("requests", "too_heavy", str(weight))


def _times(problem: Problem) -> Iterator[Fault]:
    for number, slot in enumerate(problem.slots):
        if not _has_zone(slot):
            yield Fault(f"slots[{number}]", "without_time_zone", slot.id)
        elif slot.end <= slot.start:
            yield Fault(f"slots[{number}].end", "ends_before_it_starts", slot.id)
    for number, (earlier, later) in enumerate(pairwise(problem.slots), start=1):
        if _has_zone(earlier) and _has_zone(later) and later.start < earlier.end:
            yield Fault(f"slots[{number}].start", "overlaps", f"{earlier.id} / {later.id}")
    for number, one in enumerate(problem.participants):
        for name, moment in (("arrives", one.arrives), ("leaves", one.leaves)):
            if moment is not None and moment.tzinfo is None:
                yield Fault(f"participants[{number}].{name}", "without_time_zone", one.id)


def _has_zone(slot: Slot) -> bool:
    return slot.start.tzinfo is not None and slot.end.tzinfo is not None


def _goals(problem: Problem) -> Iterator[Fault]:
    times = Counter(goal.name for goal in problem.goals)
    for number, goal in enumerate(problem.goals):
        if times[goal.name] > 1:
            yield Fault(f"goals[{number}].name", "duplicate", goal.name)


def _locks(problem: Problem) -> Iterator[Fault]:
    """Locks that no fact allows; looked at only when everything else is in order."""
    from scheduling.facts import Facts

    locked = [(number, one) for number, one in enumerate(problem.requests) if one.lock_slot or one.lock_table]
    if not locked:
        return
    concerned = {name for _number, request in locked for name in request.participants}
    facts = Facts(
        replace(
            problem,
            requests=tuple(request for _number, request in locked),
            participants=tuple(one for one in problem.participants if one.id in concerned),
        )
    )
    for number, request in locked:
        if not facts.starts[request.id]:
            yield Fault(f"requests[{number}]", "lock_not_allowed", request.id)


_LOOKS: tuple[tuple[Callable[[Problem], Iterator[Fault]], frozenset[str]], ...] = (
    (_sizes, frozenset()),
    (_ids, frozenset()),
    (_ranges, frozenset()),
    (_magnitude, frozenset()),
    (_times, frozenset({"times of slots", "times of participants"})),
    (references.tables, frozenset({"slots", "rooms"})),
    (references.participants, frozenset({"slots", "tables", "people"})),
    (references.requests, frozenset({"slots", "tables", "people", "participants"})),
    (references.pair_rules, frozenset({"requests", "participants"})),
    (references.previous, frozenset({"previous", "requests", "slots", "tables"})),
    (_goals, frozenset()),
)
"""Each look with the names and times it cannot do without."""
