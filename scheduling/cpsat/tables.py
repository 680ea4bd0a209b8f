"""Tables in the model of times: how many meetings of which kinds a slot can seat at all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ortools.sat.python import cp_model

from scheduling.cpsat.variables import MeetingVars

MOST_KINDS = 8  # more kinds than this in one cluster: all their unions would be too many
Kinds = dict[frozenset[str], list[cp_model.IntVar]]


def hall_sets(meetings: MeetingVars, place: int) -> Iterator[tuple[list[cp_model.IntVar], int]]:
    """Pairs (meetings that can only sit at certain tables, number of those tables) for one position."""
    kinds = _kinds(meetings, place)
    for cluster in _clusters(kinds):
        for union in _unions(cluster):
            inside = [literal for kind in cluster if kind <= union for literal in kinds[kind]]
            yield inside, len(union)


def _kinds(meetings: MeetingVars, place: int) -> Kinds:
    """Starts that keep a meeting going here, by the tables that they allow."""
    kinds: Kinds = defaultdict(list)
    for request in meetings.problem.requests:
        for start, literal in meetings.start[request.id].items():
            if start <= place < start + request.length:
                covers = tuple(range(start, start + request.length))
                kinds[frozenset(meetings.facts.open_tables(request, covers))].append(literal)
    return kinds


def _clusters(kinds: Iterable[frozenset[str]]) -> list[list[frozenset[str]]]:
    """Kinds that share tables, directly or through others."""
    clusters: list[list[frozenset[str]]] = []
    for kind in kinds:
        near = [cluster for cluster in clusters if any(kind & other for other in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([kind, *(one for cluster in near for one in cluster)])
    return clusters


def _unions(cluster: list[frozenset[str]]) -> set[frozenset[str]]:
    if len(cluster) > MOST_KINDS:
        return {*cluster, frozenset().union(*cluster)}
    unions: set[frozenset[str]] = set()
    for kind in cluster:
        unions |= {union | kind for union in unions} | {kind}
    return unions
