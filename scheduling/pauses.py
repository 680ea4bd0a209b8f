"""How many meetings one participant can hold in a stretch of time when it must rest or move in between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scheduling.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Pace:
    """What a participant needs between meetings: a rest after `longest` slots in a row (0: none), slots to move."""

    longest: int
    transition: int


def most_meetings(
    timeline: Timeline, span: range, starts: Collection[int], length: int, room: Sequence[int], pace: Pace
) -> int:
    """The most meetings of `length` slots that fit into the positions of `span`, starting at `starts` only.

    `room` is how many fit at once by position; where that is more than one anywhere, `length` has to be 1 and the
    slots to move are not counted (the answer is then an upper bound). Found by dynamic programming over positions and
    the number of slots met in a row so far.
    """
    step = pace.transition if max((room[place] for place in span), default=0) <= 1 else 0
    best: list[dict[int, int]] = [{} for _ in range(len(timeline) + 1)]
    best[span.start][0] = 0
    for place in span:
        follows = place > span.start and timeline.row[place] == timeline.row[place - 1]
        covers = timeline.covered(place, length)
        fits = bool(covers) and covers[-1] < span.stop and place in starts
        for met, number in best[place].items():
            run = (met if follows else 0) + length
            _better(best[place + 1], 0, number)
            if fits and (not pace.longest or run <= pace.longest):
                after = _next_free(timeline, covers[-1], step)
                _better(best[after], 0 if step else run, number + room[place])
    return max(number for states in best for number in states.values())


def _better(states: dict[int, int], run: int, number: int) -> None:
    states[run] = max(number, states.get(run, 0))


def _next_free(timeline: Timeline, last: int, step: int) -> int:
    """The first position after a meeting that ends at `last` and the way from it; a break spares the way."""
    place = last + 1
    while place < len(timeline) and place <= last + step and timeline.row[place] == timeline.row[last]:
        place += 1
    return place
