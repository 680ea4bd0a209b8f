"""Changes of the facts that might help, and what each of them really brings: tried out, not guessed."""

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduling.facts import Facts, is_there
from scheduling.problem import Participant, Problem, Request, Side, Slot, Table
from scheduling.solution import Meeting, Remedy


@dataclass(frozen=True, slots=True)
class Change:
    """A problem with one fact changed; `subjects` and `slot_ids` say which."""

    code: str
    subjects: tuple[str, ...]
    slot_ids: tuple[str, ...]
    problem: Problem

    @property
    def key(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        return self.code, self.subjects, self.slot_ids


def changes(problem: Problem, unplaced: Sequence[Request], concerned: Mapping[str, int]) -> list[Change]:
    """Everything worth trying, the likeliest first: more room at the participants in demand, then more time.

    `concerned` counts, by participant, the requests that it keeps out.
    """
    participants = {one.id: one for one in problem.participants}
    wanted = sorted(concerned, key=lambda one: (participants[one].side is not Side.HOST, -concerned[one], one))
    found = list(_second_table_for_all(problem, [participants[one] for one in wanted]))
    for look in (_second_table, _more_time, _higher_maximum):
        found += [change for one in wanted for change in look(problem, participants[one])]
    found += [*_new_table(problem, unplaced), *_one_more_slot(problem)]
    return list({change.key: change for change in found}.values())


def _with(problem: Problem, changed: Iterable[Participant]) -> Problem:
    new = {one.id: one for one in changed}
    return replace(problem, participants=tuple(new.get(one.id, one) for one in problem.participants))


def _roomier(one: Participant, slots: Iterable[Slot]) -> Participant:
    more = {slot.id: one.capacity_at.get(slot.id, one.capacity) + 1 for slot in slots}
    return replace(one, capacity_at={**one.capacity_at, **more})


def _second_table(problem: Problem, one: Participant) -> Iterator[Change]:
    """Another meeting at the same time, in one block or as long as the participant is there."""
    there = [slot for slot in problem.slots if is_there(one, slot)]
    blocks = dict.fromkeys(slot.block for slot in there)
    spans = [[slot for slot in there if slot.block == block] for block in blocks]
    for span in (spans if len(spans) > 1 else []) + [there]:
        ids = tuple(slot.id for slot in span)
        if ids:
            yield Change("second_table", (one.id,), ids, _with(problem, [_roomier(one, span)]))


def _second_table_for_all(problem: Problem, wanted: Sequence[Participant]) -> Iterator[Change]:
    hosts = [one for one in wanted if one.side is Side.HOST]
    if len(hosts) > 1:
        roomier = _with(problem, [_roomier(one, problem.slots) for one in hosts])
        more = tuple(
            replace(problem.tables[-1], id=f"+{number}", room="+", position=2 * number)
            for number in range(1, len(hosts) + 1)
        )
        names = tuple(one.id for one in hosts)
        yield Change("second_table_for_all", names, (), replace(roomier, tables=problem.tables + more))


def _more_time(problem: Problem, one: Participant) -> Iterator[Change]:
    """One slot earlier, one slot later, or a slot that was said to be impossible."""
    there = [place for place, slot in enumerate(problem.slots) if is_there(one, slot)]
    if one.arrives is not None and there and there[0] > 0:
        earlier = problem.slots[there[0] - 1]
        changed = _freed(replace(one, arrives=earlier.start), earlier)
        yield Change("arrive_earlier", (one.id,), (earlier.id,), _with(problem, [changed]))
    if one.leaves is not None and there and there[-1] + 1 < len(problem.slots):
        later = problem.slots[there[-1] + 1]
        changed = _freed(replace(one, leaves=later.end), later)
        yield Change("leave_later", (one.id,), (later.id,), _with(problem, [changed]))
    for slot in problem.slots:
        if slot.id in one.unavailable:
            yield Change("be_available", (one.id,), (slot.id,), _with(problem, [_freed(one, slot)]))


def _freed(one: Participant, slot: Slot) -> Participant:
    room = {**one.capacity_at, slot.id: max(1, one.capacity_at.get(slot.id, one.capacity))}
    return replace(one, unavailable=one.unavailable - {slot.id}, capacity_at=room)


def _higher_maximum(problem: Problem, one: Participant) -> Iterator[Change]:
    if one.max_meetings is not None:
        higher = replace(one, max_meetings=one.max_meetings + 1)
        yield Change("higher_maximum", (one.id,), (), _with(problem, [higher]))


def _new_table(problem: Problem, unplaced: Sequence[Request]) -> Iterator[Change]:
    """A table more, with everything that the requests without a place ask for."""
    participants = {one.id: one for one in problem.participants}
    needed = frozenset[str]().union(
        *(request.features for request in unplaced),
        *(participants[one].features for request in unplaced for one in request.participants),
    )
    table = Table("+1", room="+", features=needed)
    yield Change("new_table", tuple(sorted(needed)), (), replace(problem, tables=(*problem.tables, table)))


def _one_more_slot(problem: Problem) -> Iterator[Change]:
    last = problem.slots[-1]
    start = last.end + dt.timedelta(minutes=problem.changeover_minutes)
    slot = Slot("+1", start, start + (last.end - last.start), last.block)
    tables = tuple(
        one if one.open_slots is None else replace(one, open_slots=one.open_slots | {"+1"}) for one in problem.tables
    )
    yield Change("one_more_slot", (), (last.id,), replace(problem, slots=(*problem.slots, slot), tables=tables))


def computed(
    problem: Problem,
    meetings: Sequence[Meeting],
    unplaced: Sequence[Request],
    concerned: Mapping[str, int],
    *,
    seconds: float,
) -> list[Remedy]:
    """The changes that let more requests be placed than the problem as it stands allows, best first."""
    from scheduling.cpsat.most import most_placed  # OR-Tools costs seconds to load

    deadline = time.monotonic() + seconds
    possible, is_proven = most_placed(Facts(problem), meetings, seconds=seconds / 2)
    found = []
    if possible > len(meetings):
        found.append(Remedy("solve_again", (), (), possible - len(meetings), is_exact=is_proven))
    for change in changes(problem, unplaced, concerned):
        left = deadline - time.monotonic()
        if left <= 0 or not is_proven:
            break
        most, is_exact = most_placed(Facts(change.problem), meetings, seconds=left)
        if most > possible:
            found.append(Remedy(change.code, change.subjects, change.slot_ids, most - possible, is_exact))
    return sorted(_needed(found), key=_rank)


def _needed(found: list[Remedy]) -> list[Remedy]:
    """Without those that ask for more slots than another of the same kind that gains as much."""
    return [
        one
        for one in found
        if not any(
            (other.code, other.subjects) == (one.code, one.subjects)
            and other.gain >= one.gain
            and len(other.slot_ids) < len(one.slot_ids)
            for other in found
        )
    ]


_COST = (
    "solve_again",
    "arrive_earlier",
    "leave_later",
    "be_available",
    "higher_maximum",
    "new_table",
    "second_table",
    "one_more_slot",
    "second_table_for_all",
)


def _rank(remedy: Remedy) -> tuple[int, int, int]:
    return -remedy.gain, _COST.index(remedy.code), len(remedy.slot_ids)
