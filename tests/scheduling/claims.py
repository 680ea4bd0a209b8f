"""What each reason claims, looked up in the problem and the timetable themselves: nothing here asks the explainer."""

from collections.abc import Callable, Iterator, Sequence

from scheduling.problem import Problem, Request, Slot, Table
from scheduling.score import is_promised
from scheduling.solution import Certainty, Meeting, Reason
from tests.scheduling import brute


class Claims:
    """One explained timetable; `broken` lists what is not so."""

    def __init__(self, problem: Problem, meetings: Sequence[Meeting]) -> None:
        self.problem, self.meetings = problem, tuple(meetings)
        self.who = {one.id: one for one in problem.participants}
        self.requests = {one.id: one for one in problem.requests}
        self.places = {slot.id: place for place, slot in enumerate(problem.slots)}

    def broken(self, reason: Reason) -> Iterator[str]:
        """Each claim of the reason that is false."""
        request = self.requests[reason.request_id]
        possible = brute.is_ever_placed(self.problem, request.id)
        if (reason.certainty is Certainty.ALONE) == possible:
            yield f"{reason.certainty} although possible is {possible}"
        if reason.certainty is Certainty.GROUP:
            most, over = brute.most_of(self.problem, frozenset(reason.among)), dict(reason.counts)["over"]
            if most > len(reason.among) - over or over < 1 or request.id not in reason.among:
                yield f"{most} of {reason.among} fit"
        if not CLAIMS[reason.code](self, request, reason):
            yield f"{reason.code} is not so: {reason}"

    # Pieces

    def covers(self, request: Request, slot_id: str) -> list[Slot]:
        place = self.places[slot_id]
        return list(self.problem.slots[place : place + request.length])

    def rows(self, length: int) -> list[list[Slot]]:
        """Runs of slots without a break between them."""
        event = brute.Event(self.problem)
        slots = self.problem.slots
        return [
            list(slots[place : place + length])
            for place in range(len(slots) - length + 1)
            if not any(event.pause_is_break[place : place + length - 1])
        ]

    def room(self, name: str, slot: Slot) -> int:
        one = self.who[name]
        late = one.arrives is not None and slot.start < one.arrives
        gone = one.leaves is not None and slot.end > one.leaves
        return 0 if late or gone or slot.id in one.unavailable else one.capacity_at.get(slot.id, one.capacity)

    def there(self, names: Sequence[str], span: Sequence[Slot]) -> bool:
        return all(self.room(name, slot) > 0 for name in names for slot in span)

    def people(self, request: Request) -> set[str]:
        return set(request.people).union(*(self.who[one].people for one in request.participants))

    def away(self, request: Request, span: Sequence[Slot]) -> set[str]:
        inside = {slot.id for slot in span}
        return {one.id for one in self.problem.people if one.id in self.people(request) and one.unavailable & inside}

    def needed(self, request: Request) -> set[str]:
        return set(request.features).union(*(self.who[one].features for one in request.participants))

    def homes(self, request: Request) -> list[frozenset[str]]:
        return [self.who[one].home_tables for one in request.participants if self.who[one].home_tables]

    def suits(self, request: Request, table: Table) -> bool:
        at_home = all(table.id in home for home in self.homes(request))
        return at_home and self.needed(request) <= table.features and request.lock_table in (None, table.id)

    def open_tables(self, request: Request, span: Sequence[Slot]) -> list[Table]:
        inside = {slot.id for slot in span}
        frozen = {
            one.request_id: one.table_id for one in self.problem.previous if one.request_id in self.problem.frozen
        }
        return [
            table
            for table in self.problem.tables
            if self.suits(request, table)
            and frozen.get(request.id, table.id) == table.id
            and (table.open_slots is None or inside <= table.open_slots)
        ]

    def wanted(self, request: Request, span: Sequence[Slot]) -> bool:
        by_slot = request.slots is None or {slot.id for slot in span} <= request.slots
        return by_slot and (request.blocks is None or {slot.block for slot in span} <= request.blocks)

    def starts(self, request: Request) -> set[str]:
        """Slots in which it can begin in an empty timetable."""
        return {
            slot.id
            for slot in self.problem.slots
            for table in self.problem.tables
            if brute.is_valid(self.problem, [Meeting(request.id, slot.id, table.id)])
        }

    # In the timetable

    def held(self, name: str, slot: Slot) -> int:
        return sum(
            name in self.requests[one.request_id].participants and slot in self.span_of(one) for one in self.meetings
        )

    def span_of(self, meeting: Meeting) -> list[Slot]:
        return self.covers(self.requests[meeting.request_id], meeting.slot_id)

    def full(self, request: Request, slot_id: str) -> set[str]:
        span = self.covers(request, slot_id)
        return {
            name
            for name in request.participants
            if any(self.held(name, slot) >= self.room(name, slot) for slot in span)
        }

    def busy(self, request: Request, slot_id: str) -> set[str]:
        span = self.covers(request, slot_id)
        meeting = [one for one in self.meetings if any(slot in self.span_of(one) for slot in span)]
        here = set[str]().union(*(self.people(self.requests[one.request_id]) for one in meeting))
        return here & self.people(request)

    def free_tables(self, request: Request, slot_id: str) -> list[Table]:
        span = self.covers(request, slot_id)
        taken = {one.table_id for one in self.meetings if any(slot in self.span_of(one) for slot in span)}
        return [table for table in self.open_tables(request, span) if table.id not in taken]

    def free_starts(self, request: Request) -> set[str]:
        return {
            slot.id
            for slot in self.problem.slots
            for table in self.problem.tables
            if brute.is_valid(self.problem, (*self.meetings, Meeting(request.id, slot.id, table.id)))
        }

    def rank(self, request_id: str) -> tuple[bool, int]:
        request = self.requests[request_id]
        return is_promised(self.problem, request), request.weight

    def lets_make_way(self, request: Request) -> bool:
        """Whether some valid timetable trades only meetings of its rank or below for the request."""
        for slot in self.problem.slots:
            for table in self.problem.tables:
                for bits in range(1 << len(self.meetings)):
                    kept = [one for place, one in enumerate(self.meetings) if bits >> place & 1]
                    gone = [one for one in self.meetings if one not in kept]
                    cheap = all(self.rank(one.request_id) <= self.rank(request.id) for one in gone)
                    if cheap and brute.is_valid(self.problem, [*kept, Meeting(request.id, slot.id, table.id)]):
                        return True
        return False


def _feature_missing(claims: Claims, request: Request, reason: Reason) -> bool:
    needed, offered = claims.needed(request), [table.features for table in claims.problem.tables]
    nowhere = needed - set().union(*offered)
    return not any(needed <= one for one in offered) and set(reason.subjects) == (nowhere or needed)


def _homes_differ(claims: Claims, request: Request, reason: Reason) -> bool:
    tables = {one.id for one in claims.problem.tables}
    return not tables.intersection(*claims.homes(request)) and len(reason.subjects) > 1


def _home_lacks(claims: Claims, request: Request, reason: Reason) -> bool:
    tables = [one for one in claims.problem.tables if all(one.id in home for home in claims.homes(request))]
    lacking = not any(claims.needed(request) <= one.features for one in tables)
    return lacking and reason.subjects[0] in request.participants and set(reason.subjects[1:]) == claims.needed(request)


def _too_long(claims: Claims, request: Request, reason: Reason) -> bool:
    longest = dict(reason.counts)["longest"]
    return not claims.rows(request.length) and bool(claims.rows(longest)) and longest < request.length


def _longer_than_rest(claims: Claims, request: Request, reason: Reason) -> bool:
    one = claims.who[reason.subjects[0]]
    return one.max_run_is_hard and 0 < one.max_run == dict(reason.counts)["maximum"] < request.length


def _never_there(claims: Claims, request: Request, reason: Reason) -> bool:
    return not any(claims.there(reason.subjects, span) for span in claims.rows(request.length))


def _no_common_slot(claims: Claims, request: Request, reason: Reason) -> bool:
    there = {one: sum(claims.room(one, slot) > 0 for slot in claims.problem.slots) for one in request.participants}
    counted = {one: number for one, number in reason.counts if one in there}
    return _never_there(claims, request, reason) and counted == there


def _people_never_there(claims: Claims, request: Request, reason: Reason) -> bool:
    spans = [span for span in claims.rows(request.length) if claims.there(request.participants, span)]
    return all(claims.away(request, span) & set(reason.subjects) for span in spans)


def _present(claims: Claims, request: Request) -> list[list[Slot]]:
    spans = claims.rows(request.length)
    return [one for one in spans if claims.there(request.participants, one) and not claims.away(request, one)]


def _not_when_wanted(claims: Claims, request: Request, reason: Reason) -> bool:
    wanted = [slot.id for slot in claims.problem.slots if claims.wanted(request, [slot])]
    return list(reason.slot_ids) == wanted and not any(claims.wanted(request, one) for one in _present(claims, request))


def _tables_closed(claims: Claims, request: Request, reason: Reason) -> bool:
    spans = [one for one in _present(claims, request) if claims.wanted(request, one)]
    closed = not any(claims.open_tables(request, one) for one in spans)
    return closed and [one[0].id for one in spans] == list(reason.slot_ids)


def _pin_not_allowed(claims: Claims, request: Request, reason: Reason) -> bool:
    return bool(request.lock_slot or request.lock_table or request.id in claims.problem.frozen)


def _maximum_reached(claims: Claims, request: Request, reason: Reason) -> bool:
    for name in reason.subjects:
        held = sum(name in claims.requests[one.request_id].participants for one in claims.meetings)
        maximum = claims.who[name].max_meetings
        if maximum is None or held < maximum:
            return False
    return dict(reason.counts).get("maximum") == claims.who[reason.subjects[0]].max_meetings


def _counted(reason: Reason, needed: int, places: int) -> bool:
    counts = dict(reason.counts)
    return counts["requests"] == len(reason.among) and counts["places"] == places and needed > places


def _full(claims: Claims, request: Request, reason: Reason) -> bool:
    """The group needs what it is said to need, wherever it lies, and there is no more room than is said."""
    slots = [claims.problem.slots[claims.places[one]] for one in reason.slot_ids]
    places = sum(claims.room(reason.subjects[0], slot) for slot in slots)
    whose = all(reason.subjects[0] in claims.requests[one].participants for one in reason.among)
    return whose and _counted(reason, dict(reason.counts).get("needed", len(reason.among)), places)


def _person_full(claims: Claims, request: Request, reason: Reason) -> bool:
    whose = all(reason.subjects[0] in claims.people(claims.requests[one]) for one in reason.among)
    return whose and _counted(reason, dict(reason.counts).get("needed", len(reason.among)), len(reason.slot_ids))


def _tables_short(claims: Claims, request: Request, reason: Reason) -> bool:
    tables = {
        table.id: table
        for one in reason.among
        for table in claims.problem.tables
        if claims.suits(claims.requests[one], table)
    }
    open_then = [
        slot for slot in reason.slot_ids for one in tables.values() if one.open_slots is None or slot in one.open_slots
    ]
    counts = dict(reason.counts)
    return counts.get("needed", counts["requests"]) > counts["places"] <= len(open_then)


def _paced(claims: Claims, request: Request, reason: Reason) -> bool:
    one = claims.who[reason.subjects[0]]
    inside = set(reason.slot_ids)
    held = all(
        {s.id for start in claims.starts(claims.requests[r]) for s in claims.covers(claims.requests[r], start)}
        <= inside
        for r in reason.among
    )
    return held and bool(one.transition if reason.code == "moves_needed" else one.max_run and one.max_run_is_hard)


def _could_be_placed(claims: Claims, request: Request, reason: Reason) -> bool:
    return claims.free_starts(request) == set(reason.slot_ids)


def _tables_full(claims: Claims, request: Request, reason: Reason) -> bool:
    spans = [claims.covers(request, one) for one in reason.slot_ids]
    tables = {table.id for span in spans for table in claims.open_tables(request, span)}
    free = [
        one
        for one in reason.slot_ids
        if not (claims.full(request, one) or claims.busy(request, one) or claims.free_tables(request, one))
    ]
    return free == list(reason.slot_ids) and dict(reason.counts)["tables"] == len(tables) > 0


def _rules_forbid(claims: Claims, request: Request, reason: Reason) -> bool:
    free = [
        not claims.full(request, one) and not claims.busy(request, one) and bool(claims.free_tables(request, one))
        for one in reason.slot_ids
    ]
    return all(free) and bool(reason.subjects) and not claims.free_starts(request)


def _pair_excludes(claims: Claims, request: Request, reason: Reason) -> bool:
    return len(reason.among) == 2 and request.id in reason.among


def _lost(claims: Claims, request: Request, reason: Reason) -> bool:
    placed = {one.request_id for one in claims.meetings}
    ranks = [claims.rank(one) for one in reason.subjects]
    above = all(one in placed for one in reason.subjects) and min(ranks) > claims.rank(request.id)
    return above and ranks == sorted(ranks, reverse=True) and not claims.lets_make_way(request)


def _person_busy(claims: Claims, request: Request, reason: Reason) -> bool:
    stuck = [one for one in reason.slot_ids if not claims.full(request, one) and claims.busy(request, one)]
    return stuck == list(reason.slot_ids) and bool(set(reason.subjects) & claims.busy(request, stuck[0]))


def _nothing_left(claims: Claims, request: Request, reason: Reason) -> bool:
    free = {
        one: sum(claims.held(one, slot) < claims.room(one, slot) for slot in claims.problem.slots)
        for one in request.participants
    }
    counted = {one: number for one, number in reason.counts if one in free}
    return counted == free and all(claims.full(request, one) for one in claims.starts(request))


CLAIMS: dict[str, Callable[[Claims, Request, Reason], bool]] = {
    "feature_missing": _feature_missing,
    "homes_differ": _homes_differ,
    "home_lacks_feature": _home_lacks,
    "pin_not_allowed": _pin_not_allowed,
    "too_long": _too_long,
    "longer_than_rest": _longer_than_rest,
    "never_there": _never_there,
    "no_common_slot": _no_common_slot,
    "people_never_there": _people_never_there,
    "not_when_wanted": _not_when_wanted,
    "tables_closed": _tables_closed,
    "maximum_reached": _maximum_reached,
    "maxima_reached": _maximum_reached,
    "participant_full": _full,
    "person_full": _person_full,
    "tables_short": _tables_short,
    "moves_needed": _paced,
    "rests_needed": _paced,
    "could_be_placed": _could_be_placed,
    "tables_full": _tables_full,
    "pair_excludes": _pair_excludes,
    "rules_forbid": _rules_forbid,
    "lost_to_promised": _lost,
    "lost_to_heavier": _lost,
    "person_busy": _person_busy,
    "no_common_slot_left": _nothing_left,
    "no_row_left": _nothing_left,
}
