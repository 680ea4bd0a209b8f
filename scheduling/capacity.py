"""Arithmetic before any search: how many slots a window holds, how many tables an event needs, what cannot fit."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduling.facts import Facts
from scheduling.impossible import impossible
from scheduling.problem import Problem, Slot
from scheduling.shortages import Shortages
from scheduling.solution import Reason

Window = tuple[dt.datetime, dt.datetime]
SPARE = 110  # per cent; experience of organisers: 10 to 20 % more tables than the quotient
MORE_SPARE = 120


def slots(
    start: dt.datetime,
    end: dt.datetime,
    *,
    minutes: int,
    changeover: int,
    breaks: Sequence[Window] = (),
    first_number: int = 1,
    block_names: Sequence[str] = (),
) -> tuple[Slot, ...]:
    """The slots S1, S2 … of a window: `minutes` long, `changeover` apart, none of them inside a break.

    A new block begins after each break that cost at least one changeover; `block_names` names them in order.
    """
    if minutes <= 0 or changeover < 0:
        raise ValueError("a slot needs a positive length and a changeover of 0 or more")
    length, pause = dt.timedelta(minutes=minutes), dt.timedelta(minutes=changeover)
    made: list[Slot] = []
    block, moment = 0, start
    while moment + length <= end:
        clash = [one for one in breaks if one[0] < moment + length and moment < one[1]]
        if clash:
            moment = max(one[1] for one in clash)
            block += bool(made)
        else:
            name = block_names[block] if block < len(block_names) else ""
            made.append(Slot(f"S{first_number + len(made)}", moment, moment + length, name))
            moment += length + pause
    return tuple(made)


def tables_needed(meetings: int, slots: int) -> int:
    """The fewest tables at which so many meetings of one slot fit into so many slots; 0 without slots."""
    return _up(meetings, slots) if slots else 0


def tables_advised(meetings: int, slots: int) -> tuple[int, int]:
    """Ten to twenty per cent more than the quotient (17 needed for 150 meetings in 9 slots: 19 to 20)."""
    if not slots:
        return 0, 0
    return _up(meetings * SPARE, slots * 100), _up(meetings * MORE_SPARE, slots * 100)


def _up(number: int, divisor: int) -> int:
    """The quotient rounded up, in whole numbers: 1.1 times 70 is a little more than 77 where fractions are binary."""
    return -(-number // divisor)


def places(problem: Problem) -> dict[str, int]:
    """How many meetings of one slot each participant could hold at most, by its presence, capacity and maximum."""
    facts = Facts(problem)
    return {one.id: _capped(sum(facts.room_for[one.id]), one.max_meetings) for one in problem.participants}


def table_places(problem: Problem) -> int:
    """Pairs of a table and a slot in which it is open."""
    return sum(len(problem.slots) if table.open_slots is None else len(table.open_slots) for table in problem.tables)


def wanted(problem: Problem) -> dict[str, int]:
    """How many requests name each participant."""
    facts = Facts(problem)
    return {one.id: len(facts.requests_of.get(one.id, ())) for one in problem.participants}


def overbooked(problem: Problem) -> tuple[tuple[str, int, int], ...]:
    """Participants with more requests than places: (id, requests, places). Long meetings count as one here."""
    has, wants = places(problem), wanted(problem)
    return tuple((one, wants[one], has[one]) for one in has if wants[one] > has[one])


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of an event before anything is placed.

    `needed` is how many tables times slots the requests take, `table_places` how many there are. `reasons` are the
    requests that no timetable can hold, then one reason for each group of which some have to stay out.
    """

    slots: int
    tables: int
    requests: int
    needed: int
    table_places: int
    tables_needed: int
    tables_advised: tuple[int, int]
    reasons: tuple[Reason, ...]


def before(problem: Problem) -> Before:
    """The arithmetic of an event; all of it certain, nothing of it a search."""
    needed, slots = sum(request.length for request in problem.requests), len(problem.slots)
    return Before(
        slots=slots,
        tables=len(problem.tables),
        requests=len(problem.requests),
        needed=needed,
        table_places=table_places(problem),
        tables_needed=tables_needed(needed, slots),
        tables_advised=tables_advised(needed, slots),
        reasons=tuple(_certain(problem)),
    )


def _certain(problem: Problem) -> Iterator[Reason]:
    facts = Facts(problem)
    shortages, groups = Shortages(facts), dict[tuple[str, tuple[str, ...], tuple[str, ...]], Reason]()
    for request in problem.requests:
        reason = impossible(facts, request)
        if reason is not None:
            yield reason
            continue
        for count in shortages.certain(request):
            groups.setdefault((count.code, count.subjects, count.among), count)
    yield from groups.values()


def _capped(number: int, limit: int | None) -> int:
    return number if limit is None else min(number, limit)
