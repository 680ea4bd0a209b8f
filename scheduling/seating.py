"""Tables for meetings whose times are known: hosts claim tables for the day, meetings follow their host."""

from collections import Counter
from collections.abc import Iterator, Mapping
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
        kinds = {id(tables): tables for tables in (self.facts.tables[request.id] for request in requests)}
        suitable = frozenset.intersection(*map(frozenset, kinds.values()))
        free = [one for one in self.in_order if one.id in suitable and one.id not in self.owner]
        windows = [free[first : first + peak] for first in range(len(free) - peak + 1)]
        needed = self.facts.ground.participants[host].features.union(*(request.features for request in requests))
        if windows:
            chosen = min(windows, key=lambda window: self._cost(host, window, needed))
            self.tables_of[host] = chosen
            self.owner.update((table.id, host) for table in chosen)

    def _cost(self, host: str, window: list[Table], needed: frozenset[str]) -> int:
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
    hall = _Hall(claim_tables(facts, times))
    seated = []
    for request_id, start in sorted(times.items(), key=lambda item: (item[1], len(facts.tables[item[0]]))):
        request = facts.ground.requests[request_id]
        table = hall.table(request, facts.timeline.covered(start, request.length))
        if table is not None:
            seated.append(Meeting(request_id, facts.timeline.slots[start].id, table))
    return tuple(seated)


class _Hall:
    """Tables as they fill: the published one, then a claimed one, then one that nobody claims, then any."""

    def __init__(self, claims: Claims) -> None:
        self.claims, self.facts = claims, claims.facts
        self.taken: set[tuple[str, int]] = set()
        self._plain_first: dict[int, list[str]] = {}

    def table(self, request: Request, covers: tuple[int, ...]) -> str | None:
        """The least missed of the tables that suit and are free in these positions; it is taken."""
        free = (
            one for one in self._in_turn(request, covers) if not any((one, place) in self.taken for place in covers)
        )
        table = next(free, None)
        if table is not None:
            self.taken.update((table, place) for place in covers)
        return table

    def _in_turn(self, request: Request, covers: tuple[int, ...]) -> Iterator[str]:
        suitable = self.facts.open_tables(request, covers)
        published = self.facts.ground.previous.get(request.id)
        if published is not None and published.table_id in suitable:
            yield published.table_id
        own = [table for one in request.participants for table in self.claims.tables_of.get(one, ())]
        yield from sorted({table.id for table in own}.intersection(suitable), key=self._features)
        ordered, owner = self._by_features(suitable), self.claims.owner
        yield from (table for table in ordered if table not in owner)
        yield from (table for table in ordered if table in owner)

    def _by_features(self, tables: tuple[str, ...]) -> list[str]:
        if id(tables) not in self._plain_first:  # the facts keep every such tuple
            self._plain_first[id(tables)] = sorted(tables, key=self._features)
        return self._plain_first[id(tables)]

    def _features(self, table: str) -> tuple[int, int]:
        """How much a table can do that others cannot; equal ones in the order of the event."""
        return len(self.facts.ground.tables[table].features), self.facts.place_of_table[table]


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
