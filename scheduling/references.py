"""Ids that a problem names and that nothing in it carries, and what cannot be meant by those that are known."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from scheduling.problem import PairKind, PairRule, Participant, Problem, Request, Subjects
from scheduling.solution import Fault


def _unknown(path: str, named: Iterable[str], known: Collection[str]) -> Iterator[Fault]:
    for name in sorted(named):
        if name not in known:
            yield Fault(path, "unknown", name)


class _Names:
    """The ids that other parts may name."""

    def __init__(self, problem: Problem) -> None:
        self.slots = {slot.id for slot in problem.slots}
        self.tables = {table.id for table in problem.tables}
        self.blocks = {slot.block for slot in problem.slots}
        self.participants = {one.id for one in problem.participants}
        self.requests = {request.id for request in problem.requests}
        self.people = {person.id for person in problem.people}


def tables(problem: Problem) -> Iterator[Fault]:
    """Rooms and slots of tables, and the slots of people."""
    names, rooms = _Names(problem), {room.id for room in problem.rooms}
    for number, table in enumerate(problem.tables):
        yield from _unknown(f"tables[{number}].open_slots", table.open_slots or (), names.slots)
        if problem.rooms:
            yield from _unknown(f"tables[{number}].room", [table.room], rooms | {""})
    for number, person in enumerate(problem.people):
        yield from _unknown(f"people[{number}].unavailable", person.unavailable, names.slots)


def participants(problem: Problem) -> Iterator[Fault]:
    """Slots, tables and people of participants, and a minimum above the maximum."""
    names = _Names(problem)
    for number, participant in enumerate(problem.participants):
        yield from _participant(f"participants[{number}]", participant, names)


def _participant(path: str, one: Participant, names: _Names) -> Iterator[Fault]:
    yield from _unknown(f"{path}.capacity_at", one.capacity_at, names.slots)
    yield from _unknown(f"{path}.home_tables", one.home_tables, names.tables)
    yield from _unknown(f"{path}.unavailable", one.unavailable, names.slots)
    yield from _unknown(f"{path}.disliked", one.disliked, names.slots)
    if names.people:
        yield from _unknown(f"{path}.people", one.people, names.people)
    if one.max_meetings is not None and one.max_meetings < one.min_meetings:
        yield Fault(f"{path}.min_meetings", "above_maximum", str(one.min_meetings))


def requests(problem: Problem) -> Iterator[Fault]:
    """Everything that requests name; fewer than two participants, or one of them twice."""
    names = _Names(problem)
    for number, request in enumerate(problem.requests):
        yield from _request(f"requests[{number}]", request, names)


def _request(path: str, request: Request, names: _Names) -> Iterator[Fault]:
    if len(request.participants) < 2:
        yield Fault(f"{path}.participants", "too_few", request.id)
    if len(set(request.participants)) < len(request.participants):
        repeated = (one for one, times in Counter(request.participants).items() if times > 1)
        yield from (Fault(f"{path}.participants", "duplicate", one) for one in repeated)
    yield from _unknown(f"{path}.participants", request.participants, names.participants)
    yield from _unknown(f"{path}.slots", request.slots or (), names.slots)
    yield from _unknown(f"{path}.blocks", request.blocks or (), names.blocks)
    if names.people:
        yield from _unknown(f"{path}.people", request.people, names.people)
    yield from _unknown(f"{path}.lock_slot", filter(None, [request.lock_slot]), names.slots)
    yield from _unknown(f"{path}.lock_table", filter(None, [request.lock_table]), names.tables)


def pair_rules(problem: Problem) -> Iterator[Fault]:
    """The two sides of each rule, and an order between participants, which has no meaning."""
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


def previous(problem: Problem) -> Iterator[Fault]:
    """What is frozen has to lie in the published timetable, in slots and at tables that exist."""
    names = _Names(problem)
    published = {meeting.request_id: meeting for meeting in problem.previous}
    if len(published) < len(problem.previous):
        yield Fault("previous", "duplicate")
    yield from _unknown("frozen", problem.frozen, published.keys() & names.requests)
    for request_id in sorted(problem.frozen & published.keys()):
        yield from _unknown("frozen", [published[request_id].slot_id], names.slots)
        yield from _unknown("frozen", [published[request_id].table_id], names.tables)
