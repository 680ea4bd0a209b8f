"""Hall's count for one participant: a group of its requests that has fewer places than members."""

from dataclasses import dataclass

from scheduling.facts import Facts


@dataclass(frozen=True, slots=True)
class Shortage:
    """`requests` can only lie in `slots`, where the participant has `places`: `over` of them have to stay out."""

    requests: frozenset[str]
    slots: tuple[int, ...]
    places: int
    over: int


def shortage(facts: Facts, participant: str) -> Shortage | None:
    """The largest group of the participant's requests that has fewer places than members, if there is one.

    Dulmage and Mendelsohn's decomposition: what alternating paths reach from the requests that a largest matching of
    requests with places leaves out. It does not depend on the matching.
    """
    matching = _Matching(facts, participant)
    short = [one.id for one in facts.requests_of[participant] if one.length == 1]
    out = [one for one in short if facts.starts[one] and not matching.augment(one)]
    if not out:
        return None
    group, slots = matching.reachable(out)
    places = sum(facts.room_for[participant][slot] for slot in slots)
    return Shortage(frozenset(group), tuple(sorted(slots)), places, len(out))


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

    def reachable(self, requests: list[str]) -> tuple[set[str], set[int]]:
        """The requests and slots that alternating paths from these reach."""
        group, slots, waiting = set(requests), set[int](), list(requests)
        while waiting:
            for slot in self.facts.starts[waiting.pop()]:
                if slot not in slots:
                    slots.add(slot)
                    new = [one for one in self.held.get(slot, []) if one not in group]
                    group.update(new)
                    waiting += new
        return group, slots
