"""What is wrong with a problem before any search: every fault with its path in the document."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from scheduling.problem import PairKind, PairRule, Participant, Problem, Request, Subjects

MOST_REQUESTS = 200_000
LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Where (a path like `requests[3].slots`), what (a code) and the value concerned."""

    path: str
    code: str
    value: str = ""


class BadProblem(ValueError):
    """The problem cannot be scheduled as it stands; `faults` names everything that is wrong with it."""

    code = "bad_problem"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{one.path}: {one.code} {one.value}".strip() for one in self.faults))


class HasId(Protocol):
    @property
    def id(self) -> str: ...


def refuse_faults(problem: Problem) -> None:
    """Raise BadProblem when there is anything to complain about."""
    found = faults(problem)
    if found:
        raise BadProblem(found)


def faults(problem: Problem) -> tuple[Fault, ...]:
    return tuple(fault for look in _LOOKS for fault in look(problem))


def _sizes(problem: Problem) -> Iterator[Fault]:
    if not problem.slots:
        yield Fault("slots", "empty")
    if not problem.tables:
        yield Fault("tables", "empty")
    if len(problem.requests) > MOST_REQUESTS:
        yield Fault("requests", "too_many", str(len(problem.requests)))


def _ids(problem: Problem) -> Iterator[Fault]:
    lists: dict[str, Sequence[HasId]] = {
        "slots": problem.slots,
        "rooms": problem.rooms,
        "tables": problem.tables,
        "people": problem.people,
        "participants": problem.participants,
        "requests": problem.requests,
        "pair_rules": problem.pair_rules,
    }
    for name, things in lists.items():
        seen: set[str] = set()
        for number, thing in enumerate(things):
            if not thing.id:
                yield Fault(f"{name}[{number}].id", "empty")
            elif thing.id in seen:
                yield Fault(f"{name}[{number}].id", "duplicate", thing.id)
            seen.add(thing.id)


def _times(problem: Problem) -> Iterator[Fault]:
    for number, slot in enumerate(problem.slots):
        path = f"slots[{number}]"
        if slot.start.tzinfo is None or slot.end.tzinfo is None:
            yield Fault(path, "without_time_zone", slot.id)
            return
        if slot.end <= slot.start:
            yield Fault(f"{path}.end", "ends_before_it_starts", slot.id)
    for number, (earlier, later) in enumerate(pairwise(problem.slots), start=1):
        if later.start < earlier.end:
            yield Fault(f"slots[{number}].start", "overlaps", f"{earlier.id} / {later.id}")
    for number, one in enumerate(problem.participants):
        for name, moment in (("arrives", one.arrives), ("leaves", one.leaves)):
            if moment is not None and moment.tzinfo is None:
                yield Fault(f"participants[{number}].{name}", "without_time_zone", one.id)


def _unknown(path: str, named: Iterable[str], known: Collection[str]) -> Iterator[Fault]:
    for name in sorted(named):
        if name not in known:
            yield Fault(path, "unknown", name)


def _number(path: str, value: int, least: int) -> Iterator[Fault]:
    if not least <= value <= LARGEST:
        yield Fault(path, "out_of_range", str(value))


class _Names:
    """The ids that other parts may name."""

    def __init__(self, problem: Problem) -> None:
        self.slots = {slot.id for slot in problem.slots}
        self.tables = {table.id for table in problem.tables}
        self.blocks = {slot.block for slot in problem.slots}
        self.participants = {one.id for one in problem.participants}
        self.requests = {request.id for request in problem.requests}
        self.people = {person.id for person in problem.people}
        self.features = frozenset[str]().union(*(table.features for table in problem.tables))


def _tables(problem: Problem) -> Iterator[Fault]:
    names, rooms = _Names(problem), {room.id for room in problem.rooms}
    for number, table in enumerate(problem.tables):
        yield from _unknown(f"tables[{number}].open_slots", table.open_slots or (), names.slots)
        if problem.rooms:
            yield from _unknown(f"tables[{number}].room", [table.room], rooms | {""})
    for number, person in enumerate(problem.people):
        yield from _unknown(f"people[{number}].unavailable", person.unavailable, names.slots)


def _participants(problem: Problem) -> Iterator[Fault]:
    names = _Names(problem)
    for number, participant in enumerate(problem.participants):
        yield from _participant(f"participants[{number}]", participant, names)


def _participant(path: str, one: Participant, names: _Names) -> Iterator[Fault]:
    yield from _number(f"{path}.capacity", one.capacity, 0)
    for slot, capacity in one.capacity_at.items():
        yield from _number(f"{path}.capacity_at.{slot}", capacity, 0)
    yield from _unknown(f"{path}.capacity_at", one.capacity_at, names.slots)
    yield from _unknown(f"{path}.home_tables", one.home_tables, names.tables)
    yield from _unknown(f"{path}.unavailable", one.unavailable, names.slots)
    yield from _unknown(f"{path}.disliked", one.disliked, names.slots)
    if names.people:
        yield from _unknown(f"{path}.people", one.people, names.people)
    yield from _number(f"{path}.min_meetings", one.min_meetings, 0)
    yield from _number(f"{path}.max_run", one.max_run, 0)
    yield from _number(f"{path}.transition", one.transition, 0)
    if one.max_meetings is not None:
        yield from _number(f"{path}.max_meetings", one.max_meetings, 0)
        if one.max_meetings < one.min_meetings:
            yield Fault(f"{path}.min_meetings", "above_maximum", str(one.min_meetings))


def _requests(problem: Problem) -> Iterator[Fault]:
    names = _Names(problem)
    for number, request in enumerate(problem.requests):
        yield from _request(f"requests[{number}]", request, names)


def _request(path: str, request: Request, names: _Names) -> Iterator[Fault]:
    if len(request.participants) < 2:
        yield Fault(f"{path}.participants", "too_few", request.id)
    for one, times in Counter(request.participants).items():
        if times > 1:
            yield Fault(f"{path}.participants", "duplicate", one)
    yield from _unknown(f"{path}.participants", request.participants, names.participants)
    yield from _number(f"{path}.weight", request.weight, 0)
    yield from _number(f"{path}.length", request.length, 1)
    yield from _unknown(f"{path}.slots", request.slots or (), names.slots)
    yield from _unknown(f"{path}.blocks", request.blocks or (), names.blocks)
    if names.people:
        yield from _unknown(f"{path}.people", request.people, names.people)
    yield from _unknown(f"{path}.lock_slot", filter(None, [request.lock_slot]), names.slots)
    yield from _unknown(f"{path}.lock_table", filter(None, [request.lock_table]), names.tables)


def _pair_rules(problem: Problem) -> Iterator[Fault]:
    names = _Names(problem)
    for number, rule in enumerate(problem.pair_rules):
        yield from _pair_rule(f"pair_rules[{number}]", rule, names)


def _pair_rule(path: str, rule: PairRule, names: _Names) -> Iterator[Fault]:
    known = names.requests if rule.subjects is Subjects.REQUESTS else names.participants
    yield from _unknown(f"{path}.first", [rule.first], known)
    yield from _unknown(f"{path}.second", [rule.second], known)
    if rule.first == rule.second:
        yield Fault(f"{path}.second", "same_twice", rule.second)
    if rule.host:
        yield from _unknown(f"{path}.host", [rule.host], names.participants)
    if rule.kind is PairKind.BEFORE and rule.subjects is Subjects.PARTICIPANTS:
        yield Fault(f"{path}.subjects", "requests_only", rule.id)
    yield from _number(f"{path}.weight", rule.weight, 0)


def _previous(problem: Problem) -> Iterator[Fault]:
    names = _Names(problem)
    published = {meeting.request_id: meeting for meeting in problem.previous}
    if len(published) < len(problem.previous):
        yield Fault("previous", "duplicate")
    yield from _unknown("frozen", problem.frozen, published.keys() & names.requests)
    for request_id in sorted(problem.frozen & published.keys()):
        yield from _unknown("frozen", [published[request_id].slot_id], names.slots)
        yield from _unknown("frozen", [published[request_id].table_id], names.tables)


def _goals(problem: Problem) -> Iterator[Fault]:
    times = Counter(goal.name for goal in problem.goals)
    for number, goal in enumerate(problem.goals):
        yield from _number(f"goals[{number}].weight", goal.weight, 0)
        if times[goal.name] > 1:
            yield Fault(f"goals[{number}].name", "duplicate", goal.name)
    yield from _number("changeover_minutes", problem.changeover_minutes, 0)
    yield from _number("long_break_minutes", problem.long_break_minutes, 0)
    if problem.max_idle_difference is not None:
        yield from _number("max_idle_difference", problem.max_idle_difference, 0)


def _locks(problem: Problem) -> Iterator[Fault]:
    """Locks that no fact allows; looked at only when everything else is in order."""
    from scheduling.facts import Facts

    locked = [(number, one) for number, one in enumerate(problem.requests) if one.lock_slot or one.lock_table]
    if not locked or any(fault for look in _FORMS for fault in look(problem)):
        return
    facts = Facts(problem)
    for number, request in locked:
        if not facts.starts[request.id]:
            yield Fault(f"requests[{number}]", "lock_not_allowed", request.id)


_FORMS: tuple[Callable[[Problem], Iterator[Fault]], ...] = (
    _sizes,
    _ids,
    _times,
    _tables,
    _participants,
    _requests,
    _pair_rules,
    _previous,
    _goals,
)
_LOOKS = (*_FORMS, _locks)
