"""Changes worth trying for requests without a place, the likeliest to help first."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from scheduling.changes import Change, pair_subjects
from scheduling.facts import Facts, is_there, wants
from scheduling.problem import Participant, Request, Side, Table

ForRequest = Callable[[Facts, Request], Iterator[Change]]


def candidates(facts: Facts, unplaced: Sequence[Request]) -> dict[Change, set[str]]:
    """Each change with the ids of the unplaced requests that gave rise to it."""
    demand = Counter(one for request in unplaced for one in request.participants)
    ordered = sorted(unplaced, key=lambda request: -max(demand[one] for one in request.participants))
    found: dict[Change, set[str]] = {}
    for change in _for_all(facts, demand):
        found[change] = {request.id for request in unplaced}
    for look in _LOOKS:
        for request in ordered:
            for change in look(facts, request):
                found.setdefault(change, set()).add(request.id)
    for change in _general(facts, unplaced):
        found.setdefault(change, set()).update(request.id for request in unplaced)
    return found


def _attending(facts: Facts, request: Request) -> list[Participant]:
    attending = [facts.ground.participants[one] for one in request.participants]
    return sorted(attending, key=lambda one: (one.side is not Side.HOST, -len(facts.requests_of[one.id])))


def _second_table(facts: Facts, request: Request) -> Iterator[Change]:
    """Another meeting at the same time, in one block or as long as the participant is there."""
    for one in _attending(facts, request):
        there = [slot for slot in facts.timeline.slots if is_there(one, slot)]
        blocks = dict.fromkeys(slot.block for slot in there)
        spans = [[slot for slot in there if slot.block == block] for block in blocks]
        for span in (spans if len(spans) > 1 else []) + [there]:
            if span:
                yield Change("second_table", (one.id,), tuple(slot.id for slot in span))


def _more_time(facts: Facts, request: Request) -> Iterator[Change]:
    """Earlier, later, or in a slot that was said to be impossible; long meetings ask for as many slots."""
    slots, length = facts.timeline.slots, request.length
    for one in _attending(facts, request):
        there = [place for place, room in enumerate(facts.room_for[one.id]) if room]
        first, end = (there[0], there[-1] + 1) if there else (len(slots), 0)
        if one.arrives is not None:
            for number in range(1, length + 1):
                yield from _span("arrive_earlier", one.id, facts, range(first - number, first))
        if one.leaves is not None:
            for number in range(1, length + 1):
                yield from _span("leave_later", one.id, facts, range(end, end + number))
        for place, slot in enumerate(slots):
            if not facts.room_for[one.id][place] and is_there(replace(one, unavailable=frozenset()), slot):
                yield from _span("be_available", one.id, facts, range(place, place + 1))


def _span(code: str, subject: str, facts: Facts, places: range) -> Iterator[Change]:
    if places.start >= 0 and places.stop <= len(facts.timeline):
        yield Change(code, (subject,), tuple(facts.timeline.slots[place].id for place in places))


def _maxima(facts: Facts, request: Request) -> Iterator[Change]:
    """One meeting more for each who has a limit, and for all of them together."""
    limited = tuple(one.id for one in _attending(facts, request) if one.max_meetings is not None)
    for one in limited:
        yield Change("higher_maximum", (one,))
    if len(limited) > 1:
        yield Change("higher_maximum", tuple(sorted(limited)))


def _pauses(facts: Facts, request: Request) -> Iterator[Change]:
    for one in _attending(facts, request):
        if one.max_run and one.max_run_is_hard:
            yield Change("longer_run", (one.id,))
        if one.transition:
            yield Change("shorter_way", (one.id,))


def _people(facts: Facts, request: Request) -> Iterator[Change]:
    for person in sorted(facts.people[request.id]):
        known = facts.ground.people.get(person)
        for slot in facts.timeline.slots:
            if known is not None and slot.id in known.unavailable:
                yield Change("person_available", (person,), (slot.id,))
        for one in request.participants:
            if person in facts.ground.participants[one].people:
                yield Change("other_person", (person, one))
        if person in request.people:
            yield Change("other_person_at", (person, request.id))


def _wishes(facts: Facts, request: Request) -> Iterator[Change]:
    """The request's own limits: other slots, fewer of them, no pin; and the pins of those who meet the same people."""
    slots = facts.timeline.slots
    for block in dict.fromkeys(slot.block for slot in slots):
        other = tuple(slot.id for slot in slots if slot.block == block and not wants(request, slot))
        if other:
            yield Change("more_slots", (request.id,), other)
    if request.length > 1:
        yield Change("shorter", (request.id,))
    for one in {other.id: other for name in request.participants for other in facts.requests_of[name]}.values():
        if one.lock_slot is not None or one.lock_table is not None:
            yield Change("release_lock", (one.id,))


def _rules(facts: Facts, request: Request) -> Iterator[Change]:
    for rule in facts.problem.pair_rules:
        if rule.is_hard and {rule.first, rule.second} & {request.id, *request.participants}:
            yield Change("relax_rule", pair_subjects(facts.problem, rule.id))


def _tables(facts: Facts, request: Request) -> Iterator[Change]:
    """Tables opened, fitted out, or no longer bound to one participant; of equal tables only the first."""
    attending = _attending(facts, request)
    needed = request.features.union(*(one.features for one in attending))
    for one in attending:
        if one.home_tables:
            yield Change("any_table", (one.id,))
    for table in _different(facts, facts.problem.tables):
        if not needed <= table.features:
            yield Change("add_feature", (table.id, *sorted(needed - table.features)))
        closed = tuple(slot.id for slot in facts.timeline.slots if not _is_open(table, slot.id))
        if closed:
            yield Change("open_table", (table.id,), closed)


def _is_open(table: Table, slot_id: str) -> bool:
    return table.open_slots is None or slot_id in table.open_slots


def _different(facts: Facts, tables: Iterable[Table]) -> Iterator[Table]:
    homes = {one.home_tables for one in facts.problem.participants if one.home_tables}
    pinned = {request.lock_table for request in facts.problem.requests}
    seen = set()
    for table in tables:
        at_home = frozenset(home for home in homes if table.id in home)
        key = table.features, table.open_slots, at_home, table.id if table.id in pinned else ""
        if key not in seen:
            seen.add(key)
            yield table


def _for_all(facts: Facts, demand: Counter[str]) -> Iterator[Change]:
    """A table more for each host in demand."""
    hosts = [one for one in demand if facts.ground.participants[one].side is Side.HOST]
    if len(hosts) > 1:
        yield Change("second_table_for_all", tuple(sorted(hosts, key=lambda one: (-demand[one], one))))


def _general(facts: Facts, unplaced: Sequence[Request]) -> Iterator[Change]:
    needed = frozenset[str]().union(
        *(request.features for request in unplaced),
        *(facts.ground.participants[one].features for request in unplaced for one in request.participants),
    )
    yield Change("new_table", tuple(sorted(needed)))
    yield Change("one_more_slot", (), (facts.timeline.slots[-1].id,))
    if facts.problem.max_idle_difference is not None:
        yield Change("wider_difference")


_LOOKS: tuple[ForRequest, ...] = (_second_table, _more_time, _maxima, _wishes, _people, _pauses, _rules, _tables)
