"""Tables for meetings whose times are known: hosts claim tables for the day, meetings follow their host."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from scheduling.facts import Facts
from scheduling.pairs import TABLE_KINDS
from scheduling.problem import PairKind, PairRule, Request, Side, Subjects, Table
from scheduling.solution import Meeting

HARD_RULE_COST = 10_000


class Claims:
    """Which host sits at which tables all day."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.owner: dict[str, str] = {}
        self.tables_of: dict[str, list[Table]] = {}
        self.in_order = sorted(facts.problem.tables, key=lambda table: (table.room, table.position))
        self.rules = [
            rule
            for rule in facts.problem.pair_rules
            if rule.kind in TABLE_KINDS and rule.subjects is Subjects.PARTICIPANTS
        ]

    def claim(self, host: str, peak: int, requests: list[Request]) -> None:
        """Take the `peak` neighbouring tables that suit all meetings of the host and disturb nobody."""
        suitable = set(self.facts.tables[requests[0].id]).intersection(
            *(self.facts.tables[request.id] for request in requests)
        )
        free = [one for one in self.in_order if one.id in suitable and one.id not in self.owner]
        windows = [free[first : first + peak] for first in range(len(free) - peak + 1)]
        if windows:
            chosen = min(windows, key=lambda window: self._cost(host, window, requests))
            self.tables_of[host] = chosen
            self.owner.update((table.id, host) for table in chosen)

    def _cost(self, host: str, window: list[Table], requests: list[Request]) -> int:
        ground = self.facts.ground
        needed = frozenset[str]().union(*(request.features for request in requests))
        needed |= ground.participants[host].features
        wasted = sum(len(table.features - needed) + (table.open_slots is not None) for table in window)
        apart = sum(one.room != other.room or other.position - one.position != 1 for one, other in pairwise(window))
        return 100 * wasted + 10 * apart + sum(self._clash(rule, host, window) for rule in self.rules)

    def _clash(self, rule: PairRule, host: str, window: list[Table]) -> int:
        if host not in (rule.first, rule.second):
            return 0
        others = self.tables_of.get(rule.second if host == rule.first else rule.first, [])
        near = any(_too_near(rule.kind, one, other) for one in window for other in others)
        return near * (HARD_RULE_COST if rule.is_hard else 1000 * rule.weight)


def _too_near(kind: PairKind, one: Table, other: Table) -> bool:
    return one.room == other.room and (kind is PairKind.NOT_SAME_ROOM or abs(one.position - other.position) == 1)


def seat(facts: Facts, times: Mapping[str, int]) -> tuple[Meeting, ...]:
    """A table for every meeting for which one is free; the others are left out."""
    claims = claim_tables(facts, times)
    taken: set[tuple[str, int]] = set()
    seated = []
    for request_id, start in sorted(times.items(), key=lambda item: (item[1], len(facts.tables[item[0]]))):
        request = facts.ground.requests[request_id]
        covers = facts.timeline.covered(start, request.length)
        free = [
            table
            for table in facts.open_tables(request, covers)
            if not any((table, place) in taken for place in covers)
        ]
        if free:
            table = min(free, key=lambda one: _reluctance(claims, request, one))
            taken.update((table, place) for place in covers)
            seated.append(Meeting(request_id, facts.timeline.slots[start].id, table))
    return tuple(seated)


def _reluctance(claims: Claims, request: Request, table: str) -> tuple[int, int]:
    owner = claims.owner.get(table)
    published = claims.facts.ground.previous.get(request.id)
    if published is not None and published.table_id == table:
        return -1, 0
    features = len(claims.facts.ground.tables[table].features)
    if owner is None:
        return 1, features
    return (0 if owner in request.participants else 2), features


def claim_tables(facts: Facts, times: Mapping[str, int]) -> Claims:
    """The hosts with the fewest suitable tables choose first, then those who need the most."""
    claims = Claims(facts)
    hosts = []
    for participant in facts.problem.participants:
        placed = [request for request in facts.requests_of[participant.id] if request.id in times]
        if participant.side is Side.HOST and placed:
            fewest = min(len(facts.tables[request.id]) for request in placed)
            is_free = not any(participant.id in (rule.first, rule.second) for rule in claims.rules)
            hosts.append((fewest, is_free, -_peak(placed, times), participant.id, placed))
    for _, _, peak, host, placed in sorted(hosts, key=lambda one: one[:4]):
        claims.claim(host, -peak, placed)
    return claims


def _peak(placed: list[Request], times: Mapping[str, int]) -> int:
    at = Counter(times[request.id] + offset for request in placed for offset in range(request.length))
    return max(at.values())
