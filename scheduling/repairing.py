"""Repairs a published timetable where a change on the day has broken it, exactly, and leaves the rest alone."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from types import ModuleType

from scheduling.bands import bands, costs
from scheduling.engine import VERSION, solve
from scheduling.excerpt import DISTURBANCE, Excerpt, excerpt
from scheduling.facts import Facts
from scheduling.keeping import keep_valid
from scheduling.problem import GoalName, Problem
from scheduling.reach import Published, Reach
from scheduling.reseating import reseat
from scheduling.run import Run
from scheduling.score import bill, guest_idle_slots
from scheduling.seating import seat
from scheduling.solution import Bill, Meeting, Outcome, Progress, Solution
from scheduling.timetable import Ground, Timetable
from scheduling.walking import SEAT_GOALS


def is_local(problem: Problem) -> bool:
    """Whether leaving more published meetings where they are is better than anything that later goals could win."""
    if not problem.previous or problem.max_idle_difference is not None:
        return False
    names = [frozenset(goal.name for goal in band.goals if goal.weight) for band in bands(problem)]
    if names and names[0] == {GoalName.MANDATORY_UNPLACED}:
        names.pop(0)
    first = names.pop(0) if names else frozenset()
    if first == {GoalName.PEOPLE_DISTURBED} and names:
        first = names.pop(0)
    leads = GoalName.MEETINGS_MOVED in first and first <= DISTURBANCE
    return leads and not any(GoalName.MANDATORY_UNPLACED in one for one in names) and _seats_come_last(names)


def _seats_come_last(names: list[frozenset[GoalName]]) -> bool:
    about_seats = [not one.isdisjoint(SEAT_GOALS) for one in names if one]
    return about_seats == sorted(about_seats) and all(one <= SEAT_GOALS or one.isdisjoint(SEAT_GOALS) for one in names)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A timetable, and by how much a band could at most be cheaper; bands that are not named are not known."""

    meetings: tuple[Meeting, ...]
    slack: Mapping[int, int]


class Repair:
    """One run over a problem for which `is_local` holds."""

    def __init__(self, problem: Problem, run: Run) -> None:
        self.problem, self.run = problem, run
        self.published = Published(problem)
        self.ground: Ground = self.published.ground
        self.bands = bands(problem)
        self.with_promises = any(goal.name is GoalName.MANDATORY_UNPLACED for goal in problem.goals)
        self.reach = Reach(self.published, with_promises=self.with_promises)

    def solution(self) -> Solution:
        """The timetable with its bills, seats chosen for whoever had to move."""
        answer = self._best()
        new = [one.request_id for one in answer.meetings if one != self.ground.previous.get(one.request_id)]
        meetings = keep_valid(self.problem, reseat(self.ground, answer.meetings, new))
        return self._signed(Timetable(self.ground, meetings), answer.slack)

    def _best(self) -> _Answer:
        """Insist on the promises that the best timetable breaks, until it breaks none but those insisted on."""
        tried = [_Answer(self._meetings(self.reach.free, ()), {})]
        while not self.run.is_over():
            cut = excerpt(self.reach)
            if cut.is_settled:
                return _Answer(self._meetings(self.reach.free, ()), {band.number: 0 for band in self.bands})
            found = self._solved(cut)
            broken = self._broken_promises(found)
            if not broken:
                return found
            tried.append(_Answer(found.meetings, self._promises_only(found, len(broken))))
            self.reach.insist_on(broken)
        return min(tried, key=lambda one: costs(self.problem, Timetable(self.ground, one.meetings)))

    def _meetings(self, without: set[str], more: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
        """The published meetings that can stay but those, and some more."""
        return (*(one.meeting for name, one in self.published.can_stay.items() if name not in without), *more)

    def _broken_promises(self, found: _Answer) -> set[str]:
        """Promises that were not insisted on and are not kept."""
        placed = {one.request_id for one in found.meetings}
        out = self.reach.free - self.reach.strict - placed
        return {one for one in out if self.with_promises and self.published.is_promised(one)}

    def _promises_only(self, found: _Answer, broken: int) -> dict[int, int]:
        """Where promises not insisted on are broken, the bound on the first band is all that is known."""
        first = self.bands[0].number
        return {first: found.slack[first] + broken} if first in found.slack else {}

    def _solved(self, cut: Excerpt) -> _Answer:
        """The excerpt's best timetable; should it give up a fixed meeting for two promises, these count less."""
        optional = tuple(replace(one, is_mandatory=False) for one in cut.problem.requests)
        for problem in (cut.problem, replace(cut.problem, requests=optional)):
            answer = self._settled(problem, cut)
            if cut.fixed <= {one.request_id for one in answer.meetings}:
                free = tuple(one for one in answer.meetings if one.request_id not in cut.fixed)
                is_exact = problem is cut.problem
                return _Answer(self._meetings(self.reach.free, free), answer.slack if is_exact else {})
        return _Answer(self._meetings(self.reach.free, ()), {})

    def _settled(self, problem: Problem, cut: Excerpt) -> _Answer:
        """Times first; where tables for them fall short, the whole engine."""
        settle = self._loaded().settle
        facts = Facts(problem)
        run = replace(self.run, problem=problem, on_progress=self._heard(cut), most=len(problem.requests))
        found = settle(facts, run, keep_valid(problem, problem.previous))
        self.run.was_stopped, self.run.is_repeatable = run.was_stopped, run.is_repeatable
        position = facts.timeline.position
        seats = seat(facts, {one.request_id: position[one.slot_id] for one in found.meetings})
        meetings = keep_valid(problem, seats)
        wanted, have = (costs(problem, Timetable(facts.ground, some)) for some in (found.meetings, meetings))
        if have != wanted:
            return self._solved_with_seats(problem, run)
        numbers = [band.number for band in bands(problem)]
        slack = {number: cost - found.bounds.get(number, 0) for number, cost in zip(numbers, have, strict=True)}
        return _Answer(meetings, self._with_settled_bands(slack))

    def _solved_with_seats(self, problem: Problem, run: Run) -> _Answer:
        solution = solve(
            problem,
            seconds=run.left,
            workers=run.workers,
            seed=run.seed,
            on_progress=run.on_progress,
            should_stop=run.should_stop,
        )
        self.run.is_repeatable = self.run.is_repeatable and solution.is_repeatable
        slack: dict[int, int] = {}
        for one in solution.bills:
            slack[one.band] = slack.get(one.band, 0) + one.weight * (one.value - (one.bound or 0))
        return _Answer(solution.meetings, self._with_settled_bands(slack))

    def _with_settled_bands(self, slack: dict[int, int]) -> dict[int, int]:
        """Bands about disturbance are left out where nothing can be disturbed any more: there is no slack in them."""
        return {band.number: 0 for band in self.bands if {one.name for one in band.goals} <= DISTURBANCE} | slack

    def _loaded(self) -> ModuleType:
        """Loading OR-Tools may take longer than the search; that time is not taken off the search."""
        before = self.run.elapsed
        module = importlib.import_module("scheduling.cpsat.settling")
        self.run.seconds += self.run.elapsed - before
        return module

    def _signed(self, timetable: Timetable, slack: Mapping[int, int]) -> Solution:
        bills, is_proven = list[Bill](), True
        for band in self.bands:
            cost = band.cost(timetable)
            bound = max(0, cost - slack.get(band.number, cost)) if is_proven else 0
            is_proven = is_proven and (cost <= bound)
            for goal in band.goals:
                one = bill(timetable, goal)
                alone = bound // goal.weight if len(band.goals) == 1 and goal.weight else 0
                bills.append(replace(one, bound=one.value if cost <= bound else alone))
        in_order = sorted(timetable.sittings, key=lambda one: (one.start, one.meeting.table_id, one.request.id))
        return Solution(
            outcome=self._outcome(bills),
            meetings=tuple(one.meeting for one in in_order),
            bills=tuple(bills),
            wanted=len(self.problem.requests),
            seconds=round(self.run.elapsed, 3),
            seed=self.run.seed,
            workers=self.run.workers,
            versions=(("scheduling", VERSION), ("ortools", version("ortools"))),
            is_repeatable=self.run.is_repeatable,
        )

    def _outcome(self, bills: list[Bill]) -> Outcome:
        if any(one.goal == GoalName.MANDATORY_UNPLACED and one.value and one.is_proven for one in bills):
            return Outcome.INFEASIBLE
        if all(one.is_proven for one in bills if one.goal not in SEAT_GOALS):
            return Outcome.OPTIMAL
        return Outcome.STOPPED if self.run.was_stopped else Outcome.FEASIBLE

    def _heard(self, cut: Excerpt) -> Callable[[Progress], None] | None:
        """What a glance at the excerpt says about the whole."""
        hear = self.run.on_progress
        if hear is None:
            return None
        kept = self._meetings(self.reach.free, ())
        outside = [one for one in kept if one.request_id not in cut.fixed]
        inside = [one for one in kept if one.request_id in cut.fixed]
        waiting = guest_idle_slots(Timetable(self.ground, kept)) - guest_idle_slots(
            Timetable(Ground(cut.problem), inside)
        )

        def tell(progress: Progress) -> None:
            more = len(outside)
            hear(
                replace(
                    progress,
                    seconds=self.run.elapsed,
                    placed=progress.placed + more,
                    wanted=len(self.problem.requests),
                    waiting=progress.waiting + waiting,
                    bound=min(progress.bound + more, len(self.problem.requests)),
                )
            )

        return tell
