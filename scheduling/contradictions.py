"""Mandatory, pinned and begun requests that cannot all be placed: the few facts and rules that exclude each other."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from scheduling.clauses import clauses_of, without
from scheduling.facts import Facts
from scheduling.impossible import impossible
from scheduling.problem import Problem
from scheduling.score import is_promised
from scheduling.shortages import Shortages
from scheduling.solution import Clause, Contradiction

MOST_CHOICES = 40_000  # pairs of a promised request and a slot; with more of them only counting is tried
ABSENCES = frozenset({"absent", "person_absent"})
FEWEST_SHARE = 0.25  # of the time that is left, for looking for fewer requests
Part = TypeVar("Part")


def contradictions(problem: Problem, *, seconds: float = 5.0) -> tuple[Contradiction, ...]:
    """Why not all mandatory, pinned and begun requests can be placed; nothing when they can.

    Each contradiction holds whatever else is placed: the problem with its clauses, and with no other fact or rule than
    that each request is held once within the slots of the event, has no timetable in which those requests all stand.
    With `is_irreducible` no clause can be left out of it, nor a slot of an absence; with `has_fewest_requests` no
    contradiction between those requests that were not named before is about fewer of them. No request stands in two
    contradictions, so there may be more once these are resolved. Takes about `seconds` of wall time; what was not
    found by then is missing, and an event with too many promised requests for the exact model is only counted through.
    Where `max_idle_difference` is set, the facts about other requests are taken as given.

    Sources: QuickXplain (Junker, AAAI 2004) for irreducible sets; smallest ones through hitting sets of what has to be
    given up (Ignatiev et al., CP 2015).
    """
    from scheduling.cpsat.together import OutOfTime  # OR-Tools costs seconds to load

    promised = [request.id for request in problem.requests if is_promised(problem, request)]
    search = _Search(problem, time.monotonic() + seconds)
    found: list[Contradiction] = []
    try:
        while core := search.core(promised):
            found.append(search.contradiction(*core))
            promised = [one for one in promised if one not in core[0]]
    except OutOfTime:
        pass
    return tuple(found)


class _Search:
    """The problem whose promises contradict each other, and until when to look."""

    def __init__(self, problem: Problem, deadline: float) -> None:
        self.problem, self.deadline = problem, deadline

    # Which requests

    def core(self, promised: Sequence[str]) -> tuple[tuple[str, ...], bool] | None:
        """Promised requests that cannot all be placed while any fewer of them can; whether no smaller set is there."""
        event = narrowed(self.problem, promised)
        facts = Facts(event)
        start = _counted(facts, promised)
        if not start and sum(len(facts.starts[one]) for one in promised) > MOST_CHOICES:
            return None
        if not start and not self._is_broken(promised):
            return None
        ids = irreducible(start or promised, self._is_broken)
        return (tuple(ids), True) if len(ids) == 1 else self._fewest(event, promised, ids)

    def _is_broken(self, request_ids: Sequence[str]) -> bool:
        from scheduling.cpsat.together import fits

        return not fits(narrowed(self.problem, request_ids), request_ids, self.deadline)

    def _fewest(self, event: Problem, promised: Sequence[str], known: Sequence[str]) -> tuple[tuple[str, ...], bool]:
        """A smallest set by its lower bound: what hits every set of requests that has to be given up."""
        from scheduling.cpsat.together import Largest, OutOfTime, fewest_hits

        deadline = time.monotonic() + FEWEST_SHARE * (self.deadline - time.monotonic())
        given_up: list[frozenset[str]] = []
        used: Counter[str] = Counter()
        try:
            largest = Largest(event, promised)
            while True:
                chosen = fewest_hits(given_up, deadline)
                if len(chosen) >= len(known):
                    return tuple(known), True
                together = largest.around(chosen, {one: 1 + used[one] for one in promised}, deadline)
                if together is None:
                    return chosen, True
                given_up.append(frozenset(promised) - together)
                used.update(given_up[-1])
        except OutOfTime:
            return tuple(known), False

    # Which facts about them

    def contradiction(self, request_ids: tuple[str, ...], has_fewest: bool) -> Contradiction:
        """The clauses that exclude each other for these requests."""
        from scheduling.cpsat.together import OutOfTime

        event = narrowed(self.problem, request_ids)
        clauses = clauses_of(Facts(event), request_ids)
        try:
            kept = irreducible(clauses, lambda some: self._exclude(event, left_out(clauses, some), request_ids))
            gone, trimmed = left_out(clauses, kept), []
            for clause in kept:
                if clause.code in ABSENCES:
                    slots = self._slots(event, gone, clause, request_ids)
                    gone, clause = [*gone, _lifted(clause, slots)], replace(clause, slot_ids=slots)
                trimmed.append(clause)
            return Contradiction(tuple(trimmed), is_irreducible=True, has_fewest_requests=has_fewest)
        except OutOfTime:
            return Contradiction(tuple(clauses), is_irreducible=False, has_fewest_requests=has_fewest)

    def _exclude(self, event: Problem, gone: Iterable[Clause], request_ids: Sequence[str]) -> bool:
        """Whether the requests cannot all be placed although some clauses are gone."""
        from scheduling.cpsat.together import fits

        rest = without(event, gone)
        promised = [one.id for one in rest.requests if one.id in request_ids and is_promised(rest, one)]
        return not fits(narrowed(rest, promised), promised, self.deadline)

    def _slots(self, event: Problem, gone: list[Clause], clause: Clause, request_ids: Sequence[str]) -> tuple[str, ...]:
        """Of the slots in which somebody is away those that matter."""

        def matter(some: Sequence[str]) -> bool:
            return self._exclude(event, [*gone, _lifted(clause, some)], request_ids)

        return tuple(irreducible(clause.slot_ids, matter))


def left_out(clauses: Sequence[Clause], kept: Sequence[Clause]) -> list[Clause]:
    """The clauses that are not among the kept ones."""
    return [one for one in clauses if one not in kept]


def _lifted(clause: Clause, kept: Sequence[str]) -> Clause:
    """The part of an absence that lies in other slots than these."""
    return replace(clause, slot_ids=tuple(one for one in clause.slot_ids if one not in kept))


def narrowed(problem: Problem, request_ids: Iterable[str]) -> Problem:
    """The problem with these requests alone and who is in them; whole where guests' waiting is compared."""
    wanted = set(request_ids)
    if problem.max_idle_difference is not None:
        return problem
    requests = tuple(one for one in problem.requests if one.id in wanted)
    names = {name for request in requests for name in request.participants}
    return replace(
        problem,
        requests=requests,
        participants=tuple(one for one in problem.participants if one.id in names),
        pair_rules=tuple(one for one in problem.pair_rules if {one.first, one.second} <= names | wanted),
        previous=tuple(one for one in problem.previous if one.request_id in wanted),
        frozen=problem.frozen & wanted,
    )


def irreducible(parts: Sequence[Part], is_broken: Callable[[Sequence[Part]], bool]) -> list[Part]:
    """Parts that are broken together while any fewer of them are not; those that stand first are kept rather.

    `parts` themselves have to be broken, and more parts never mend what fewer break.
    """

    def reduced(base: list[Part], rest: Sequence[Part], *, is_new: bool) -> list[Part]:
        if is_new and is_broken(base):
            return []
        if len(rest) == 1:
            return list(rest)
        first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        later = reduced([*base, *first], second, is_new=True)
        return reduced([*base, *later], first, is_new=bool(later)) + later

    return [] if is_broken([]) else reduced([], parts, is_new=False)


def _counted(facts: Facts, promised: Sequence[str]) -> list[str]:
    """A few of the promised requests that exclude each other by counting alone, if there are such."""
    groups = list(_groups(facts, promised))
    return min(groups, key=len, default=[])


def _groups(facts: Facts, promised: Sequence[str]) -> Iterable[list[str]]:
    shortages, wanted = Shortages(facts), set(promised)
    for one in promised:
        request = facts.ground.requests[one]
        if impossible(facts, request) is not None:
            yield [one]
            return
        for reason in shortages.certain(request):
            if wanted.issuperset(reason.among):
                yield sorted(reason.among)
