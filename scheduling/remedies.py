"""What each change of the facts really brings: tried out with the exact model, not guessed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduling.candidates import candidates
from scheduling.changes import CHANGES, Change, changed
from scheduling.check import check
from scheduling.facts import Facts
from scheduling.problem import Problem, Request
from scheduling.solution import Meeting, Remedy, Tried

MOST_CHOICES = 300_000
"""Pairs of a request and a slot. In larger events even one change takes too long to look at; nothing is tried there."""
BASE_SHARE = 0.5  # of the seconds, for what is possible as things are
ASK_SHARE = 0.25  # of the seconds, at most, for one change
BASE_WORKERS = 2  # the one question that can be hard: where guests' waiting is limited
AT_ONCE = frozenset({"second_table_for_all", "new_table", "one_more_slot"})  # never joined with others
TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Found:
    """The remedies, best first, each with the unplaced requests that it was thought of for, and how far it got."""

    remedies: tuple[tuple[Remedy, frozenset[str]], ...]
    tried: Tried

    def of(self, request_id: str) -> tuple[Remedy, ...]:
        """Those that were thought of for the request."""
        return tuple(remedy for remedy, requests in self.remedies if request_id in requests)


def applied(problem: Problem, remedy: Remedy) -> Problem:
    """The problem with the remedy carried out; `changes.CHANGES` says what its code, subjects and slots mean.

    A best timetable of the result places `remedy.gain` more requests than a best timetable of `problem` (at least so
    many when not `is_exact`); "best" as in `cpsat.most.most_placed`. For `solve_again` the problem is the same and the
    gain is counted from the timetable that was explained. Raises KeyError for a remedy that does not fit the problem.
    """
    return changed(problem, Change(remedy.code, remedy.subjects, remedy.slot_ids))


def computed(
    facts: Facts,
    meetings: Sequence[Meeting],
    unplaced: Sequence[Request],
    *,
    seconds: float,
    likely: frozenset[str] = frozenset(),
) -> Found:
    """The changes that let more requests be placed than the problem as it stands allows.

    Sorted by gain, then the cheapest kind first (the order of `changes.CHANGES`), then the fewest slots. Takes about
    `seconds` of wall time at most, a quarter of them for one change; `tried` is SOME when that left any change open.
    Nothing is tried beyond MOST_CHOICES, and nothing but another run where the best timetable of the problem itself is
    not proven in half of the time. Changes about the `likely` ids are tried one by one; of the others many are made at
    once, and where even that places nothing more none of them would.
    """
    if sum(len(starts) for starts in facts.starts.values()) > MOST_CHOICES:
        return Found((), Tried.TOO_LARGE)
    trial = _Trial(facts, tuple(meetings), seconds, candidates(facts, unplaced))
    trial.ask_base()
    first = [one for one in trial.wanted if one.code in AT_ONCE or likely.intersection(one.subjects)]
    rest = [one for one in trial.wanted if one not in set(first)]
    groups = [*([one] for one in first), *(rest[place : place + TOGETHER] for place in range(0, len(rest), TOGETHER))]
    if trial.is_whole:
        for group in groups:
            trial.ask(group)
    return Found(tuple(sorted(_needed(trial.found), key=_rank)), Tried.ALL if trial.is_whole else Tried.SOME)


class _Trial:
    """What was found out so far, and until when."""

    def __init__(
        self, facts: Facts, meetings: tuple[Meeting, ...], seconds: float, wanted: Mapping[Change, set[str]]
    ) -> None:
        self.facts, self.seconds, self.wanted = facts, seconds, wanted
        self.deadline = time.monotonic() + seconds
        self.known = () if check(facts.problem, meetings) else meetings
        self.now = len(meetings)
        self.is_whole = True  # nothing has been left open so far
        self.found: list[tuple[Remedy, frozenset[str]]] = []

    def ask_base(self) -> None:
        """How much is possible as things are."""
        from scheduling.cpsat.most import most_placed  # OR-Tools costs seconds to load

        most = most_placed(self.facts, self.known, seconds=self.seconds * BASE_SHARE, workers=BASE_WORKERS)
        self.known, self.is_whole = most.meetings, most.is_exact
        everything = frozenset(request.id for request in self.facts.problem.requests)
        if most.placed > self.now:
            self.found.append((Remedy("solve_again", (), (), most.placed - self.now, most.is_exact), everything))

    def ask(self, changes: Sequence[Change]) -> None:
        """Try changes, all at once before one by one, as long as there is time."""
        from scheduling.cpsat.most import most_placed

        seconds = min(self.deadline - time.monotonic(), self.seconds * ASK_SHARE)
        if seconds <= 0:
            self.is_whole = False
            return
        problem = self.facts.problem
        for change in changes:
            problem = changed(problem, change)
        most = most_placed(Facts(problem), self.known, seconds=seconds)
        if len(changes) > 1 and (most.is_better or not most.is_exact):
            middle = len(changes) // 2
            self.ask(changes[:middle])
            self.ask(changes[middle:])
        elif len(changes) == 1:
            self._judge(changes[0], most.placed - len(self.known), is_exact=most.is_exact)

    def _judge(self, change: Change, gain: int, *, is_exact: bool) -> None:
        self.is_whole = self.is_whole and is_exact
        if gain > 0:
            self._note(change, gain, is_exact=is_exact)

    def _note(self, change: Change, gain: int, *, is_exact: bool) -> None:
        remedy = Remedy(change.code, change.subjects, change.slot_ids, gain, is_exact)
        self.found.append((remedy, frozenset(self.wanted[change])))


def _needed(found: list[tuple[Remedy, frozenset[str]]]) -> list[tuple[Remedy, frozenset[str]]]:
    """Without those that ask for more than another of the same kind that gains as much."""
    return [(one, ids) for one, ids in found if not any(_asks_less(other, one) for other, _ in found)]


def _asks_less(other: Remedy, one: Remedy) -> bool:
    if other.code != one.code or other.gain < one.gain:
        return False
    fewer_slots = other.subjects == one.subjects and len(other.slot_ids) < len(one.slot_ids)
    return fewer_slots or (one.code == "higher_maximum" and set(other.subjects) < set(one.subjects))


_COST: Mapping[str, int] = {code: place for place, code in enumerate(CHANGES)}


def _rank(found: tuple[Remedy, frozenset[str]]) -> tuple[int, int, int]:
    remedy, _ = found
    return -remedy.gain, _COST[remedy.code], len(remedy.slot_ids)
