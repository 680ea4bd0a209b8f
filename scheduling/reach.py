"""Which requests a change on the day can reach; all others keep their published places in every best timetable.

Where disturbance stands right behind what was promised, moving a published meeting costs as much as dropping it. So in
a best timetable a meeting that could stay is gone only because it broke a rule together with others, or because a
promised request took its place. Whatever else had left would come back to its old place; what it would meet there is
not promised, and goes without harm to the goals that come first, or it is counted here. (All hard rules but
`max_idle_difference` survive leaving meetings out; problems with that one are not for this module.)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduling.check import ALONE_TABLE_RULES, ALONE_TIME_RULES, RULES
from scheduling.facts import Facts
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import PairRule, Participant, Problem, Request, Subjects
from scheduling.score import is_promised
from scheduling.solution import Violation
from scheduling.timetable import Ground, Sitting, Timetable

ALL_OF_THEIRS = frozenset({"no_transition", "too_many_meetings", "no_rest"})


class Published:
    """The published timetable under the facts of today: what is lost, what breaks rules together, what may stay."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.ground = problem, Ground(problem)
        self.timetable = Timetable(self.ground, problem.previous)
        self.lost = {one.subjects[0] for rule in _ALONE for one in rule(self.timetable)}
        self.quarrels = self._quarrels(self.timetable)
        if self.quarrels & problem.frozen:  # what has begun gives way only to what has begun
            begun = [one.meeting for one in self.timetable.sittings if one.request.id in problem.frozen - self.lost]
            self.quarrels -= problem.frozen - self._quarrels(Timetable(self.ground, begun))
        self.can_stay = {one.request.id: one for one in self.timetable.sittings if one.request.id not in self.lost}

    def _quarrels(self, timetable: Timetable) -> set[str]:
        found = (violation for rule in RULES if rule not in _ALONE for violation in rule(timetable))
        return {one for violation in found for one in self._members(timetable, violation)}

    def _members(self, timetable: Timetable, violation: Violation) -> Iterable[str]:
        """The requests that break the rule together, or a few more."""
        subject = violation.subjects[0]
        if violation.code == "participant_full":
            place = self.ground.timeline.position[violation.slot_id]
            return (one.request.id for one in timetable.of[subject] if place in one.covers)
        if violation.code in ALL_OF_THEIRS:
            return (one.request.id for one in timetable.of[subject])
        if violation.code.startswith("pair_"):
            return violation.subjects[2:]
        return (one for one in violation.subjects if one in timetable.placed)

    def is_promised(self, request_id: str) -> bool:
        """Whether the request is mandatory, pinned or frozen."""
        return is_promised(self.problem, self.ground.requests[request_id])


_ALONE = (*ALONE_TIME_RULES, *ALONE_TABLE_RULES)


class Reach:
    """The requests that are free to move: `free`. Of their promises only those in `strict` are insisted on.

    Without the other promises the answer can only look better, so it is the best one as soon as it breaks none.
    """

    def __init__(self, published: Published, *, with_promises: bool) -> None:
        self.published, self.problem = published, published.problem
        unplaced = {one.id for one in self.problem.requests if one.id not in published.timetable.placed}
        self.free = unplaced | published.lost | published.quarrels
        self.strict = {one for one in self.free if with_promises and published.is_promised(one)}
        self.with_promises = with_promises
        self._occupant = {
            (one.meeting.table_id, place): one for one in published.can_stay.values() for place in one.covers
        }
        self._by_person: dict[str, list[Sitting]] | None = None
        self._insist()

    def insist_on(self, promised: Iterable[str]) -> None:
        """These promises count from now on, so their neighbours may have to give way."""
        self.strict.update(promised)
        self._insist()

    def _insist(self) -> None:
        """Take in what stands in the way of the promises; what is pinned among that is a promise itself at once."""
        size = -1
        while self.strict and size < len(self.free):
            size = len(self.free)
            near = self._neighbours()
            self.free |= near
            self.strict |= {one for one in near if self._is_pinned(one)}

    def _is_pinned(self, request_id: str) -> bool:
        request = self.published.ground.requests[request_id]
        return request.lock_slot is not None or request.lock_table is not None

    def _neighbours(self) -> set[str]:
        requests = [self.published.ground.requests[one] for one in sorted(self.strict)]
        facts = excerpt_facts(self.problem, requests)
        near = {one.request.id for request in requests for one in self._in_the_way(facts, request, len(requests))}
        return near - self.problem.frozen - self.published.lost

    def _in_the_way(self, facts: Facts, request: Request, rivals: int) -> Iterator[Sitting]:
        spans = [facts.timeline.covered(start, request.length) for start in facts.starts[request.id]]
        places = {place for span in spans for place in span}
        of = self.published.timetable.of
        for one in request.participants:
            everywhere = _minds_other_slots(facts.ground.participants[one])
            yield from (other for other in of.get(one, ()) if everywhere or places.intersection(other.covers))
        for person in facts.people[request.id]:
            yield from (other for other in self._of_person(person) if places.intersection(other.covers))
        rules = list(self._rules_of(request))
        for rule, other in rules:
            yield from self._under(rule, other)
        is_choosy = any(rule.kind in TABLE_KINDS for rule, _ in rules)
        for span in spans:
            yield from self._at_tables(facts.open_tables(request, span), span, 10**9 if is_choosy else rivals)

    def _at_tables(self, tables: Iterable[str], span: tuple[int, ...], rivals: int) -> list[Sitting]:
        """Who sits at these tables then, if fewer of them are free than requests may want one."""
        seats = [[self._occupant.get((table, place)) for place in span] for table in tables]
        free = sum(not any(seat) for seat in seats)
        return [one for seat in seats for one in seat if one is not None] if free < rivals else []

    def _of_person(self, person: str) -> list[Sitting]:
        if self._by_person is None:
            self._by_person = defaultdict(list)
            for sitting in self.published.can_stay.values():
                for one in self.published.ground.people_of(sitting.request):
                    self._by_person[one].append(sitting)
        return self._by_person.get(person, [])

    def _rules_of(self, request: Request) -> Iterator[tuple[PairRule, str]]:
        """The hard rules between the request (or its participants) and somebody else, and who that is."""
        names = {Subjects.REQUESTS: {request.id}, Subjects.PARTICIPANTS: set(request.participants)}
        for rule in self.problem.pair_rules:
            for one, other in ((rule.first, rule.second), (rule.second, rule.first)):
                if rule.is_hard and one in names[rule.subjects]:
                    yield rule, other

    def _under(self, rule: PairRule, subject: str) -> list[Sitting]:
        if rule.subjects is Subjects.PARTICIPANTS:
            return self.published.timetable.of.get(subject, [])
        return [one for one in [self.published.can_stay.get(subject)] if one is not None]


def _minds_other_slots(one: Participant) -> bool:
    return bool(one.transition or one.max_meetings is not None or (one.max_run and one.max_run_is_hard))


def excerpt_facts(problem: Problem, requests: Iterable[Request]) -> Facts:
    """The facts about a few requests of a large problem."""
    wanted = tuple(requests)
    ids = {request.id for request in wanted}
    names = {one for request in wanted for one in request.participants}
    return Facts(
        replace(
            problem,
            requests=wanted,
            participants=tuple(one for one in problem.participants if one.id in names),
            pair_rules=(),
            previous=tuple(one for one in problem.previous if one.request_id in ids),
            frozen=problem.frozen & ids,
        )
    )
