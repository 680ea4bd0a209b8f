"""フリー面談: companies that come in vain at the time of a lost meeting, and with whom they could talk instead."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from eventops.meetings.timetable import problems
from scheduling.facts import is_there
from scheduling.problem import Participant, Problem, Side, Slot
from scheduling.replan import Replan
from scheduling.solution import Meeting

MOST_HOSTS: Final = 3


@dataclass(frozen=True, slots=True)
class Talk:
    """A company that lost a meeting, when it has time (None: no more today), and needs whose people have time then."""

    organisation_id: int
    application_id: int
    slot_id: int | None
    need_ids: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def talks(problem: Problem, found: Replan) -> list[Talk]:
    """Each guest once, with the first meeting that it lost; who is not there any more today is left out."""
    hall = _Hall(problem, found)
    offers: dict[int, Talk] = {}
    for lost in found.dropped:
        for guest in hall.guests_of(lost.request_id):
            offer = hall.offer(guest, lost)
            if offer is not None:
                offers.setdefault(offer.organisation_id, offer)
    return list(offers.values())


class _Hall:
    """Who sits where as proposed, and which slots are still to come."""

    def __init__(self, problem: Problem, found: Replan) -> None:
        self.participants = {one.id: one for one in problem.participants}
        self.parties = {one.id: one.participants for one in problem.requests}
        meetings = [(who, one.slot_id) for one in found.solution.meetings for who in self.parties[one.request_id]]
        self.busy, self.load = Counter(meetings), Counter(who for who, _slot in meetings)
        self.to_come = _to_come(problem)

    def offer(self, guest: Participant, lost: Meeting) -> Talk | None:
        if not any(is_there(guest, slot) for slot in self.to_come):
            return None
        slot = self.time_for(guest, lost.slot_id)
        needs = tuple(problems.row_id(one.id) for one in self.hosts(guest, slot)) if slot else ()
        company, application_id = problems.row_id(guest.organisation), problems.row_id(lost.request_id)
        return Talk(company, application_id, problems.row_id(slot.id) if slot else None, needs)

    def guests_of(self, request_id: str) -> Iterator[Participant]:
        sides = (self.participants[one] for one in self.parties.get(request_id, ()))
        return (one for one in sides if one.side is Side.GUEST)

    def time_for(self, guest: Participant, lost_slot_id: str) -> Slot | None:
        """The slot of the lost meeting where it is still to come, otherwise the first in which they have time."""
        free = [slot for slot in self.to_come if self.has_time(guest, slot)]
        return next((slot for slot in free if slot.id == lost_slot_id), free[0] if free else None)

    def has_time(self, one: Participant, slot: Slot) -> bool:
        return is_there(one, slot) and self.busy[one.id, slot.id] < one.capacity_at.get(slot.id, one.capacity)

    def hosts(self, guest: Participant, slot: Slot) -> list[Participant]:
        """Those with whom nothing was arranged, the least busy first."""
        met = {who for sides in self.parties.values() if guest.id in sides for who in sides}
        hosts = (one for one in self.participants.values() if one.side is Side.HOST and one.id not in met)
        others = (one for one in hosts if one.organisation != guest.organisation and self.has_time(one, slot))
        return sorted(others, key=lambda one: self.load[one.id])[:MOST_HOSTS]


def _to_come(problem: Problem) -> list[Slot]:
    """The slots in which something may still be arranged: what is not frozen may lie nowhere else."""
    loose = [one.slots for one in problem.requests if one.id not in problem.frozen and one.slots is not None]
    open_slots = frozenset().union(*loose) if loose else frozenset(one.id for one in problem.slots)
    return [one for one in problem.slots if one.id in open_slots]
