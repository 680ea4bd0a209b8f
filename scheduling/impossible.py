"""Requests that no timetable can hold, and the first fact that keeps each of them out."""

from collections.abc import Iterable, Sequence

from scheduling.facts import Facts, wants
from scheduling.problem import Participant, Request
from scheduling.solution import Certainty, Reason

Counts = tuple[tuple[str, int], ...]


def impossible(facts: Facts, request: Request) -> Reason | None:
    """Why the request has no place even in an otherwise empty timetable; None when it has one there.

    Every reason is certain (ALONE): no timetable that keeps the hard rules holds the request. The codes and what they
    claim besides, in the order in which they are looked for:

    - `feature_missing`: no table has all the features it needs; `subjects` are those that no table has, or, when each
      is somewhere, all of them.
    - `homes_differ`: the home tables of `subjects` have no table in common.
    - `home_lacks_feature`: of the tables that are home to everybody none has the features (`subjects` after the first).
    - `pin_not_allowed`: where it is pinned or has begun it may not be, by its own wishes or those of somebody in it.
    - `too_long`: no row of the event has its `length` slots; the longest has `longest`.
    - `longer_than_rest`: it takes `length` slots and `subjects` need a rest after `maximum`.
    - `never_there`: `subjects[0]` is in none of the slots (for long meetings: in no `length` of them in a row).
    - `no_common_slot`: the participants are never all there (long: never for `length` slots in a row); `counts` say in
      how many slots each of them is there.
    - `people_never_there`: whenever the participants are there, one of the people `subjects` is not.
    - `not_when_wanted`: the slots asked for (`slot_ids`) and those in which everybody is there do not meet.
    - `tables_closed`: whenever everybody is there, every suitable table is closed.
    - `maximum_reached`: a participant wants no meetings at all (`maximum` 0).
    """
    for look in (_no_table, _no_time, _nobody_may):
        reason = look(facts, request)
        if reason is not None:
            return reason
    return None


def _sure(request: Request, code: str, subjects: Iterable[str] = (), counts: Counts = (), **more: object) -> Reason:
    slot_ids = more.get("slot_ids", ())
    assert isinstance(slot_ids, tuple)
    return Reason(request.id, code, tuple(subjects), counts, slot_ids, certainty=Certainty.ALONE)


def _no_table(facts: Facts, request: Request) -> Reason | None:
    if facts.tables[request.id]:
        return None
    attending = _attending(facts, request)
    needed = request.features.union(*(one.features for one in attending))
    tables = facts.problem.tables
    able = {table.id for table in tables if needed <= table.features}
    if not able:
        offered = frozenset[str]().union(*(table.features for table in tables))
        return _sure(request, "feature_missing", sorted(needed - offered) or sorted(needed))
    settled = [one for one in attending if one.home_tables]
    homes = {table.id for table in tables}.intersection(*(one.home_tables for one in settled))
    if not homes:
        return _sure(request, "homes_differ", [one.id for one in settled])
    if not able & homes:
        return _sure(request, "home_lacks_feature", [settled[0].id, *sorted(needed)])
    return _sure(request, "pin_not_allowed", [request.id])


def _attending(facts: Facts, request: Request) -> list[Participant]:
    return [facts.ground.participants[one] for one in request.participants]


def _no_time(facts: Facts, request: Request) -> Reason | None:
    if facts.starts[request.id]:
        return None
    return _Starts(facts, request).reason()


class _Starts:
    """The starts of a request, narrowed down condition by condition until none is left."""

    def __init__(self, facts: Facts, request: Request) -> None:
        self.facts, self.request, self.timeline = facts, request, facts.timeline
        self.spans = [covers for place in range(len(self.timeline)) if (covers := self._covers(place))]

    def _covers(self, place: int) -> tuple[int, ...]:
        return self.timeline.covered(place, self.request.length)

    def reason(self) -> Reason:
        request = self.request
        counts = (("length", request.length),)
        if not self.spans:
            longest = max((len(row) for row in self.timeline.rows()), default=0)
            return _sure(request, "too_long", [request.id], (*counts, ("longest", longest)))
        reason = self._participants() or self._people()
        if reason is not None:
            return reason
        wanted = [span for span in self.spans if all(wants(request, self.timeline.slots[place]) for place in span)]
        if not wanted:
            slots = tuple(slot.id for slot in self.timeline.slots if wants(request, slot))
            return _sure(request, "not_when_wanted", request.participants, slot_ids=slots)
        if not any(self.facts.open_tables(request, span) for span in wanted):
            slots = tuple(self.timeline.slots[span[0]].id for span in wanted)
            return _sure(request, "tables_closed", request.participants, slot_ids=slots)
        return _sure(request, "pin_not_allowed", [request.id])

    def _participants(self) -> Reason | None:
        request, counts = self.request, (("length", self.request.length),)
        for one in request.participants:
            if not self._present([one]):
                return _sure(request, "never_there", [one], counts)
        self.spans = self._present(request.participants)
        if self.spans:
            return None
        there = ((one, sum(map(bool, self.facts.room_for[one]))) for one in request.participants)
        return _sure(request, "no_common_slot", request.participants, (*there, *counts))

    def _present(self, participants: Sequence[str]) -> list[tuple[int, ...]]:
        room = self.facts.room_for
        return [span for span in self.spans if all(room[one][place] for one in participants for place in span)]

    def _people(self) -> Reason | None:
        people = self.facts.ground.people
        away = {
            person: people[person].unavailable for person in sorted(self.facts.people[self.request.id] & people.keys())
        }
        slots = self.timeline.slots
        free = [
            span
            for span in self.spans
            if not any(slots[place].id in absent for absent in away.values() for place in span)
        ]
        if free:
            self.spans = free
            return None
        return _sure(self.request, "people_never_there", [one for one, absent in away.items() if absent])


def _nobody_may(facts: Facts, request: Request) -> Reason | None:
    for one in _attending(facts, request):
        if one.max_meetings == 0:
            counts = (("maximum", 0), ("requests", len(facts.requests_of[one.id])))
            return _sure(request, "maximum_reached", [one.id], counts)
        if one.max_run_is_hard and 0 < one.max_run < request.length:
            return _sure(request, "longer_than_rest", [one.id], (("length", request.length), ("maximum", one.max_run)))
    return None
