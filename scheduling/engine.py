"""From a problem to a timetable: times first, then tables, and both together where tables decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from itertools import chain, count, repeat
from typing import TYPE_CHECKING

from scheduling.annealing import Annealing
from scheduling.bands import Band, Found, bands
from scheduling.check import SEAT_CODES
from scheduling.facts import Facts
from scheduling.faults import refuse_faults
from scheduling.keeping import keep_valid
from scheduling.problem import GoalName, Problem
from scheduling.run import Run
from scheduling.score import bill
from scheduling.seating import seat
from scheduling.solution import Bill, Meeting, Outcome, Progress, Solution
from scheduling.timetable import Timetable
from scheduling.walking import SEAT_GOALS, spare_walks

if TYPE_CHECKING:
    from scheduling.cpsat.rival import Hunt, Rivals
    from scheduling.cpsat.search import Polish

VERSION = "1"
TIME_GOALS = frozenset(GoalName) - SEAT_GOALS
TIME_BANDS = 69
MOST_WALKS = 400  # meetings; with more of them guests' walks are left as the greedy rule has them
WALK_PASSES = 3
MOST_CHOICES = 60_000  # pairs of a request and a slot; beyond this the exact model would only burn time
MOST_SEATS = 30_000  # literals of the exact model of tables
RESEATING_SECONDS = 2.0
QUICK, PATIENT = (4, 7, 9), 11  # how patient the first local searches beside a proof are, and all others
FILLING = 8  # how patient the local search is that only places, as QUICK
SEEDS_APART = 1_000  # between two threads of them
EASY = 200  # requests; one worker searches half as patiently for each doubling beyond, so that the proof gets its turn
STUBBORN = frozenset({GoalName.SOFT_TABLE_RULES, GoalName.HOST_TABLE_CHANGES})


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    workers: int = 2,
    seed: int = 1,
    comfort_seconds: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    hint: Sequence[Meeting] | None = None,
    on_kept: Callable[[tuple[Meeting, ...]], None] | None = None,
) -> Solution:
    """The best timetable found within `seconds`; always one that keeps every hard rule.

    `on_progress`, `on_kept` and `should_stop` are called in the calling thread; `on_kept` hears of each better
    timetable while its tables are only guessed, which `rescued` puts right. One worker and the same seed give the same
    timetable as long as `seconds` suffice (`Solution.is_repeatable`): within them, one worker's parts are limited by
    work and not by the clock. `hint` is a timetable to start from; what no longer fits is dropped. `comfort_seconds`
    limits what is spent on the bands from COMFORT_BAND on, once those before are settled.
    Raises BadProblem when the problem contradicts itself in form.
    """
    refuse_faults(problem)
    most = len(problem.requests)
    run = Run(problem, seconds, workers, seed, comfort_seconds, on_progress, should_stop, on_kept, most=most)
    facts = Facts(problem)
    found = _Making(facts, run).make(keep_valid(problem, hint or problem.previous))
    return _solution(facts, run, found)


def rescued(problem: Problem, kept: Sequence[Meeting], *, seconds: float, seed: int, workers: int) -> Solution:
    """What can be used of the last that a run handed out which never came to its end: seated, checked, unproven."""
    facts = Facts(problem)
    run = Run(problem, seconds, workers, seed, was_stopped=True)
    as_it_is = keep_valid(problem, kept)
    position = facts.timeline.position
    known = [one for one in kept if facts.ground.knows(one)]
    seated = keep_valid(problem, seat(facts, {one.request_id: position[one.slot_id] for one in known}))
    found = _solution(facts, run, Found(max(as_it_is, seated, key=len), {}))
    return replace(found, outcome=Outcome.CUT_SHORT, seconds=seconds, is_repeatable=False)


class _Making:
    """The three searches of a run and what each hands to the next."""

    def __init__(self, facts: Facts, run: Run) -> None:
        self.facts, self.run = facts, run
        self.bands = bands(facts.problem)

    def make(self, incumbent: tuple[Meeting, ...]) -> Found:
        times = self._times(self._annealed(incumbent))
        seated = self._seated(times)
        if self._is_as_good(seated, times):
            return self._polished(seated, times)
        together = self._search(seated.meetings, floors=times.bounds)
        return self._polished(together, together)

    def _times(self, annealed: tuple[Meeting, ...]) -> Found:
        """The exact model improves and proves; it is not needed where nothing is left to improve."""
        self.run.keep(annealed)
        choices = sum(len(starts) for starts in self.facts.starts.values())
        if choices > MOST_CHOICES or self.run.is_over() or not any(self._costs(annealed).values()):
            return Found(annealed, dict.fromkeys(self._costs(annealed), 0))
        fill = None if self.facts.problem.previous else self._filled
        return self._search(annealed, with_seats=False, polish=self._annealed, rivals=self._rivals, fill=fill)

    def _filled(self, meetings: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
        """More requests placed if local search can place them, whoever waits for it."""
        band = next(goal.band for goal in self.facts.problem.goals if goal.name is GoalName.WEIGHT_UNPLACED)
        return self._better(meetings, Annealing(self.facts, self.run, band, FILLING).improve(meetings))

    def _rivals(self, hunt: "Hunt") -> Iterator[tuple[Meeting, ...]]:
        """Local searches from nothing, each with a seed of its own and more patient, until the hunt is called off."""
        less = (len(self.facts.problem.requests) // EASY).bit_length() if self.run.workers == 1 else 0
        patience = (max(0, one - less) for one in chain(QUICK, repeat(PATIENT)))
        return map(partial(self._rival, hunt), count(1), patience)

    def _rival(self, hunt: "Hunt", number: int, doublings: int) -> tuple[Meeting, ...]:
        seed = self.run.seed + number + SEEDS_APART * hunt.number
        run = Run(self.facts.problem, self.run.left, 1, seed, should_stop=hunt.is_called_off)
        found = Annealing(self.facts, run, hunt.limit_band, doublings, lambda: hunt.proven).improve(())
        if not run.is_repeatable:  # never set back to what another thread has denied
            self.run.is_repeatable = False
        return found

    def _search(
        self,
        incumbent: tuple[Meeting, ...],
        *,
        with_seats: bool = True,
        floors: dict[int, int] | None = None,
        starts: dict[str, tuple[int, ...]] | None = None,
        goals: frozenset[GoalName] = TIME_GOALS,
        polish: "Polish | None" = None,
        rivals: "Rivals | None" = None,
        fill: "Polish | None" = None,
    ) -> Found:
        from scheduling.cpsat.search import Search  # OR-Tools costs seconds to load

        search = Search(self.facts, starts or self.facts.starts, self.run, with_seats=with_seats)
        return search.improve(incumbent, floors or {}, goals, polish, rivals, fill)

    def _annealed(self, meetings: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
        """What local search makes of a timetable, if that is better; a published one is not stirred up."""
        problem = self.facts.problem
        if problem.previous or not problem.requests or self.run.is_over():
            return meetings
        return self._better(meetings, Annealing(self.facts, self.run, TIME_BANDS).improve(meetings))

    def _better(self, meetings: tuple[Meeting, ...], found: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
        """What is valid in what was found, if that is better."""
        better = keep_valid(self.facts.problem, found, but=SEAT_CODES)
        costs = self._costs(better), self._costs(meetings)
        return better if tuple(costs[0].values()) < tuple(costs[1].values()) else meetings

    def _seated(self, times: Found) -> Found:
        """Tables for the times found: by the greedy rule, by the exact model where that falls short."""
        position = self.facts.timeline.position
        by_request = {one.request_id: position[one.slot_id] for one in times.meetings}
        meetings = keep_valid(self.facts.problem, seat(self.facts, by_request))
        greedy = Found(meetings, dict(times.bounds))
        if self._is_as_good(greedy, times):
            return greedy
        return self._search(meetings, floors=self._costs(times.meetings), starts=self._fixed(by_request))

    def _fixed(self, times: dict[str, int]) -> dict[str, tuple[int, ...]]:
        return {one: (times[one],) if one in times else () for one in self.facts.starts}

    def _polished(self, seated: Found, times: Found) -> Found:
        """With the times kept, the tables that please hosts and guests most."""
        bounds = {**times.bounds, **{band.number: 0 for band in self.bands if _is_only_about_seats(band)}}
        meetings = seated.meetings
        if not self.facts.problem.previous and len(meetings) <= MOST_WALKS:
            meetings = spare_walks(self.facts.ground, meetings, passes=WALK_PASSES)
        stubborn = self._costs(meetings, but=frozenset(GoalName) - STUBBORN)
        size = sum(len(self.facts.tables[one.request_id]) for one in meetings)
        if any(stubborn.values()) and size <= MOST_SEATS:
            meetings = self._reseated(meetings)
        return Found(meetings, bounds)

    def _reseated(self, meetings: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
        """The exact model's tables for these times, when swapping tables has left wishes open."""
        position = self.facts.timeline.position
        fixed = self._fixed({one.request_id: position[one.slot_id] for one in meetings})
        goals, kept = TIME_GOALS | STUBBORN, self._costs(meetings)
        with self.run.at_most(RESEATING_SECONDS):
            found = self._search(meetings, floors=kept, starts=fixed, goals=goals)
        return found.meetings

    def _is_as_good(self, seated: Found, times: Found) -> bool:
        return self._costs(seated.meetings) == self._costs(times.meetings)

    def _costs(self, meetings: tuple[Meeting, ...], *, but: frozenset[GoalName] = SEAT_GOALS) -> dict[int, int]:
        timetable = self._timetable(meetings)
        return {
            band.number: Band(band.number, tuple(one for one in band.goals if one.name not in but)).cost(timetable)
            for band in self.bands
        }

    def _timetable(self, meetings: tuple[Meeting, ...]) -> Timetable:
        return Timetable(self.facts.ground, meetings)


def _is_only_about_seats(band: Band) -> bool:
    return all(goal.name in SEAT_GOALS for goal in band.goals)


def _solution(facts: Facts, run: Run, found: Found) -> Solution:
    timetable = Timetable(facts.ground, found.meetings)
    bills: list[Bill] = []
    is_proven = are_times_proven = True
    for band in bands(facts.problem):
        bound = found.bounds.get(band.number, 0) if is_proven else 0
        band_is_proven = band.cost(timetable) <= bound
        for goal in band.goals:
            one = bill(timetable, goal)
            known = one.value if band_is_proven else bound // goal.weight if len(band.goals) == 1 else 0
            bills.append(replace(one, bound=known))
        is_proven = is_proven and band_is_proven
        are_times_proven = are_times_proven and (band_is_proven or _is_only_about_seats(band))
    return Solution(
        outcome=_outcome(bills, run, is_proven=are_times_proven),
        meetings=_in_order(facts, found.meetings),
        bills=tuple(bills),
        wanted=len(facts.problem.requests),
        seconds=round(run.elapsed, 3),
        seed=run.seed,
        workers=run.workers,
        versions=(("scheduling", VERSION), ("ortools", version("ortools"))),
        is_repeatable=run.is_repeatable,
    )


def _outcome(bills: list[Bill], run: Run, *, is_proven: bool) -> Outcome:
    broken = any(one.goal == GoalName.MANDATORY_UNPLACED and one.value and one.is_proven for one in bills)
    if broken:
        return Outcome.INFEASIBLE
    if is_proven:
        return Outcome.OPTIMAL
    return Outcome.STOPPED if run.was_stopped else Outcome.FEASIBLE


def _in_order(facts: Facts, meetings: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
    position = facts.timeline.position
    return tuple(sorted(meetings, key=lambda one: (position[one.slot_id], one.table_id, one.request_id)))
