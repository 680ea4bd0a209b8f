"""Hall's count for one participant: a group of its requests that has fewer places than members."""

from dataclasses import dataclass

from scheduling.facts import Facts
from scheduling.problem import Request


@dataclass(frozen=True, slots=True)
class Shortage:
    """`requests` can only lie in `slots`, where the participant has `places`: fewer than requests."""

    requests: tuple[str, ...]
    slots: tuple[int, ...]
    places: int


def short_of(facts: Facts, participant: str, request: Request) -> Shortage | None:
    """The shortage that keeps the request out if all others of the participant are to be placed."""
    rivals = [one for one in facts.requests_of[participant] if one.id != request.id and one.length == 1]
    if request.length > 1:
        return None
    matching = _Matching(facts, participant)
    unmatched = [one.id for one in rivals if not matching.augment(one.id)]
    if matching.augment(request.id):
        return None
    group, slots = matching.reachable(request.id)
    group |= {one for one in unmatched if slots.issuperset(facts.starts[one])}
    places = sum(facts.room_for[participant][slot] for slot in slots)
    return Shortage(tuple(sorted(group)), tuple(sorted(slots)), places)


class _Matching:
    """Requests of one participant on its slots, as many as fit."""

    def __init__(self, facts: Facts, participant: str) -> None:
        self.facts, self.room = facts, facts.room_for[participant]
        self.held: dict[int, list[str]] = {}

    def augment(self, request: str) -> bool:
        return self._augment(request, set())

    def _augment(self, request: str, seen: set[int]) -> bool:
        for slot in self.facts.starts[request]:
            if slot not in seen:
                seen.add(slot)
                held = self.held.setdefault(slot, [])
                if len(held) < self.room[slot]:
                    held.append(request)
                    return True
                for place, other in enumerate(held):
                    if self._augment(other, seen):
                        held[place] = request
                        return True
        return False

    def reachable(self, request: str) -> tuple[set[str], set[int]]:
        """The requests and slots that alternating paths from this one reach."""
        group, slots, waiting = {request}, set[int](), [request]
        while waiting:
            for slot in self.facts.starts[waiting.pop()]:
                if slot not in slots:
                    slots.add(slot)
                    new = [one for one in self.held.get(slot, []) if one not in group]
                    group.update(new)
                    waiting += new
        return group, slots
