"""Hall's condition (1935) on tables: which groups of requests share how many tables, position by position."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduling.facts import Facts

MOST_KINDS = 8  # more kinds than this in one cluster: all their unions would be too many


@dataclass(frozen=True, slots=True)
class HallSet:
    """Requests that can only sit at certain tables, and how many of those are open in each position."""

    requests: tuple[str, ...]
    tables: tuple[int, ...]


def hall_sets(facts: Facts) -> list[HallSet]:
    """Enough to know that a slot's meetings can be seated, unless meetings are long or kinds very many."""
    inside: dict[frozenset[str], list[str]] = defaultdict(list)
    kind_of = {id(tables): frozenset(tables) for tables in facts.tables.values()}  # equal tuples are mostly one
    for request, tables in facts.tables.items():
        if tables:
            inside[kind_of[id(tables)]].append(request)
    return [_hall_set(facts, cluster, inside, union) for cluster in _clusters(inside) for union in _unions(cluster)]


def _hall_set(
    facts: Facts, cluster: Iterable[frozenset[str]], inside: dict[frozenset[str], list[str]], union: frozenset[str]
) -> HallSet:
    requests = tuple(request for kind in cluster if kind <= union for request in inside[kind])
    open_slots = [facts.ground.tables[table].open_slots for table in sorted(union)]
    numbers = tuple(sum(slots is None or slot.id in slots for slots in open_slots) for slot in facts.timeline.slots)
    return HallSet(requests, numbers)


def _clusters(kinds: Iterable[frozenset[str]]) -> Iterator[list[frozenset[str]]]:
    """Kinds that share tables, directly or through others."""
    clusters: list[list[frozenset[str]]] = []
    for kind in sorted(kinds, key=sorted):
        near = [cluster for cluster in clusters if any(kind & other for other in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([kind, *(one for cluster in near for one in cluster)])
    return iter(clusters)


def _unions(cluster: list[frozenset[str]]) -> list[frozenset[str]]:
    if len(cluster) > MOST_KINDS:
        return sorted({*cluster, frozenset[str]().union(*cluster)}, key=sorted)
    unions: set[frozenset[str]] = set()
    for kind in cluster:
        unions |= {union | kind for union in unions} | {kind}
    return sorted(unions, key=sorted)
