"""Hall's count: a group of requests that has fewer places than it needs, whatever the timetable."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduling.facts import Facts
from scheduling.problem import Request

Piece = tuple[str, int]
"""One slot's worth of a request: its id and which of its slots."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """The `requests` need `needed` places in `slots`, where there are `places`: `over` requests have to stay out."""

    requests: frozenset[str]
    slots: tuple[int, ...]
    needed: int
    places: int
    over: int


def shortage(facts: Facts, requests: Iterable[Request], room: Sequence[int]) -> Shortage | None:
    """The largest group of the requests that needs more than the `room` there is by position, if there is one.

    Dulmage and Mendelsohn's decomposition (1958): what alternating paths reach from the places' worth of requests
    that a largest matching leaves out; it does not depend on the matching. A request of several slots takes one place
    in each of them, so `over` is the fewest requests whose pieces make up what is missing. Requests that can start
    nowhere are left aside.
    """
    pieces = {
        (request.id, offset): tuple(start + offset for start in facts.starts[request.id])
        for request in requests
        for offset in range(request.length)
        if facts.starts[request.id]
    }
    matching = _Matching(pieces, room)
    out = [piece for piece in pieces if not matching.augment(piece)]
    if not out:
        return None
    group, slots = matching.reachable(out)
    places = sum(room[slot] for slot in slots)
    return Shortage(frozenset(one for one, _ in group), tuple(sorted(slots)), len(group), places, _fewest(group, out))


def _fewest(group: Iterable[Piece], out: Sequence[Piece]) -> int:
    """How many requests have at least to go so that as many pieces go as are left out."""
    sizes: dict[str, int] = defaultdict(int)
    for one, _ in group:
        sizes[one] += 1
    missing, number = len(out), 0
    for size in sorted(sizes.values(), reverse=True):
        if missing > 0:
            missing -= size
            number += 1
    return number


class _Matching:
    """Pieces on slots that have room for several, as many as fit."""

    def __init__(self, pieces: dict[Piece, tuple[int, ...]], room: Sequence[int]) -> None:
        self.pieces, self.room = pieces, room
        self.held: dict[int, list[Piece]] = defaultdict(list)
        self.at: dict[Piece, int] = {}
        self.dead: set[int] = set()  # slots from which no path leads to a free place any more

    def augment(self, piece: Piece) -> bool:
        """Find a place for one more piece, moving others on if need be."""
        free = next((slot for slot in self.pieces[piece] if len(self.held[slot]) < self.room[slot]), None)
        if free is not None:
            self._shift(free, {free: piece})
            return True
        came: dict[int, Piece] = {}
        waiting, kinds = deque([piece]), set[tuple[int, ...]]()
        while waiting:
            one = waiting.popleft()
            for slot in self.pieces[one]:
                if slot not in came and slot not in self.dead:
                    came[slot] = one
                    if len(self.held[slot]) < self.room[slot]:
                        self._shift(slot, came)
                        return True
                    waiting.extend(self._new_kinds(slot, kinds))
        self.dead.update(came)
        return False

    def _new_kinds(self, slot: int, kinds: set[tuple[int, ...]]) -> list[Piece]:
        """The pieces in the slot, one for all that can go to the same slots."""
        found = {self.pieces[one]: one for one in self.held[slot] if self.pieces[one] not in kinds}
        kinds.update(found)
        return list(found.values())

    def _shift(self, slot: int, came: dict[int, Piece]) -> None:
        free: int | None = slot
        while free is not None:
            piece = came[free]
            left = self.at.get(piece)
            if left is not None:
                self.held[left].remove(piece)
            self.held[free].append(piece)
            self.at[piece] = free
            free = left

    def reachable(self, out: Sequence[Piece]) -> tuple[set[Piece], set[int]]:
        """The pieces and slots that alternating paths from these reach."""
        group, slots, waiting = set(out), set[int](), list(out)
        while waiting:
            for slot in self.pieces[waiting.pop()]:
                if slot not in slots:
                    slots.add(slot)
                    new = [one for one in self.held[slot] if one not in group]
                    group.update(new)
                    waiting += new
        return group, slots
