"""Band after band with CP-SAT: minimise, prove, fix the value, go on with the next."""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.bands import COMFORT_BAND, Band, Found, bands
from scheduling.cpsat.alone import sum_alone
from scheduling.cpsat.blocks import add_blocks
from scheduling.cpsat.counting import IDLE_GOALS, counting_bound
from scheduling.cpsat.duel import Duel
from scheduling.cpsat.goals import TIME_GOALS
from scheduling.cpsat.model import ExactModel
from scheduling.cpsat.rival import Rivals
from scheduling.cpsat.seating import SEAT_GOALS
from scheduling.cpsat.solver import settle_accounts, solver_for
from scheduling.cpsat.variables import Starts
from scheduling.facts import Facts
from scheduling.problem import GoalName
from scheduling.run import Run
from scheduling.solution import Meeting
from scheduling.timetable import Timetable

Polish = Callable[[tuple[Meeting, ...]], tuple[Meeting, ...]]
LOOK_EVERY = 0.1  # seconds between two looks at the stop button
GLANCE = 3.0  # seconds in which the solver mostly knows what can be placed at all; else local search goes first


@dataclass(slots=True)
class _Steps:
    """What a walk through the bands needs to know, and whether its last step found a new timetable."""

    floors: Mapping[int, int]
    goals: frozenset[GoalName]
    polish: Polish | None
    rivals: Rivals | None
    fill: Polish | None
    found: Found
    is_new: bool = False


class Search(ExactModel):
    """The exact model and what has been proven in it so far."""

    def __init__(self, facts: Facts, starts: Starts, run: Run, *, with_seats: bool) -> None:
        super().__init__(facts, starts, with_seats=with_seats)
        self.run = run
        self.is_whole = starts is facts.starts
        self.values: dict[int, int] = {}  # of the bands that are done
        self.has_blocks = False

    def improve(
        self,
        incumbent: Sequence[Meeting],
        floors: Mapping[int, int],
        goals: frozenset[GoalName],
        polish: Polish | None = None,
        rivals: Rivals | None = None,
        fill: Polish | None = None,
    ) -> Found:
        """Minimise band by band as long as there is time.

        `floors` are bounds known beforehand, each for the best values of the earlier bands; `polish` betters a
        timetable in its later bands without harm to the earlier ones, and is asked again whenever the solver has
        found a new one; `rivals` search beside the proof where a band is about waiting alone; `fill` places more where
        the solver does not soon know how much can be placed.
        """
        found = Found(tuple(incumbent))
        wanted = bands(self.facts.problem)
        steps = _Steps(floors, goals, polish, rivals, fill, found)
        self._through([band for band in wanted if band.number < COMFORT_BAND], steps)
        with self.run.at_ease():
            self._through([band for band in wanted if band.number >= COMFORT_BAND], steps)
        return found

    def _through(self, wanted: Sequence[Band], steps: _Steps) -> None:
        for band in wanted:
            known = Band(band.number, tuple(goal for goal in band.goals if goal.name in steps.goals))
            if known.goals:
                if steps.is_new and steps.polish is not None:
                    steps.found.meetings = steps.polish(steps.found.meetings)
                floor = steps.floors.get(band.number, 0)
                steps.is_new = self._minimise(known, floor, steps)
                if self.values[band.number] > floor:
                    steps.floors = {}  # the later ones were found beside a better value of this band

    def _minimise(self, band: Band, floor: int, steps: _Steps) -> bool:
        """Lower the band's value if it can be lowered, and fix it; whether there is a new timetable."""
        found, before = steps.found, steps.found.meetings
        value = band.cost(self._timetable(before))
        if self.run.is_over():
            found.bounds[band.number], self.values[band.number] = floor, value
            return False
        expression = self._expression(band)
        self.model.add(expression <= value)
        if value > floor:
            floor = max(floor, self._cheap_bound(band, before))
        found.bounds[band.number] = floor
        if value > floor and not self.run.is_over():
            self.model.add(expression >= floor)
            if self._is_duel(band):
                self._know_blocks()
                Duel(self, band, expression, found).fight(steps.rivals)
            elif steps.fill is not None and _is_about_places(band):
                self._place(band, expression, found, steps.fill)
            else:
                self._solve(band, expression, found)
            value = band.cost(self._timetable(found.meetings))
            self.model.add(expression <= value)
        self.values[band.number] = value
        return found.meetings is not before

    def _cheap_bound(self, band: Band, meetings: tuple[Meeting, ...]) -> int:
        """What looking at one participant, or at numbers only, already proves."""
        counted = counting_bound(self.facts, band, self.run) if self._places_everything() else 0
        return max(counted, sum_alone(self.facts, meetings, band, self.values, self.run))

    def _is_duel(self, band: Band) -> bool:
        """Only where everything is placed and waiting is all that counts: there local search is the better finder."""
        only_idle = all(goal.name in IDLE_GOALS for goal in band.goals)
        return only_idle and self.seats is None and self._places_everything()

    def _places_everything(self) -> bool:
        """Whether the bands that are done leave out every timetable in which some request has no place."""
        weighing = [
            goal.band for goal in self.facts.problem.goals if goal.name is GoalName.WEIGHT_UNPLACED and goal.weight
        ]
        is_kept = any(self.values.get(band) == 0 for band in weighing)
        return is_kept and all(request.weight for request in self.facts.problem.requests)

    def _know_blocks(self) -> None:
        if not self.has_blocks:
            add_blocks(self.meetings)
            self.has_blocks = True

    def _expression(self, band: Band) -> cp_model.LinearExpr:
        terms = [goal.weight * self._amount(goal.name) for goal in band.goals]
        return cp_model.LinearExpr.sum(terms)

    def _amount(self, goal: GoalName) -> cp_model.LinearExprT:
        if self.seats is not None and goal in SEAT_GOALS:
            return SEAT_GOALS[goal](self.seats)
        return TIME_GOALS[goal](self.meetings)

    def _solve(self, band: Band, expression: cp_model.LinearExpr, found: Found) -> None:
        self.model.minimize(expression)
        self._hint(found.meetings)
        solver = _Solver(self, band, found)
        solver.solve()
        self.model.clear_objective()  # type: ignore[no-untyped-call]

    def _place(self, band: Band, expression: cp_model.LinearExpr, found: Found, fill: Polish) -> None:
        """Place as much as can be: by the solver, or by local search first where that takes it long."""
        with self.run.at_most(GLANCE):
            self._solve(band, expression, found)
        if self.run.is_over() or band.cost(self._timetable(found.meetings)) <= found.bounds[band.number]:
            return
        found.meetings = fill(found.meetings)
        self._solve(band, expression, found)

    def _hint(self, meetings: Sequence[Meeting]) -> None:
        self.hint_times(meetings)
        if self.seats is not None:
            position = self.facts.timeline.position
            chosen = {(one.request_id, position[one.slot_id], one.table_id) for one in meetings}
            for key, literal in self.seats.at.items():
                self.model.add_hint(literal, key in chosen)

    def _timetable(self, meetings: Sequence[Meeting]) -> Timetable:
        return Timetable(self.facts.ground, meetings)


def _is_about_places(band: Band) -> bool:
    return [one.name for one in band.goals] == [GoalName.WEIGHT_UNPLACED]


class _Listener(cp_model.CpSolverSolutionCallback):
    """Keeps every better timetable the moment the solver has it."""

    def __init__(self, search: Search, found: Found) -> None:
        super().__init__()
        self.search, self.found = search, found
        self.is_news = False

    def on_solution_callback(self) -> None:
        self.found.meetings = self.search.read(self.boolean_value)
        self.is_news = True


class _Solver:
    """One call of CP-SAT in a thread of its own, so that the caller's thread can look, report and stop."""

    def __init__(self, search: Search, band: Band, found: Found) -> None:
        self.search, self.band, self.found = search, band, found
        self.solver = solver_for(search.run, workers=search.run.workers)
        self.status: cp_model.CpSolverStatus | None = None
        self.listener = _Listener(search, found)
        self.bound = found.bounds[band.number]

    def solve(self) -> None:
        finished = threading.Event()
        thread = threading.Thread(target=self._work, args=(finished,), daemon=True)
        thread.start()
        try:
            while not finished.wait(LOOK_EVERY):
                self._look()
        finally:
            self.solver.stop_search()
            thread.join()
        settle_accounts(self.search.run, self.solver, self.status)
        self.found.bounds[self.band.number] = max(self.found.bounds[self.band.number], self.bound)
        self._report()

    def _work(self, finished: threading.Event) -> None:
        try:
            self.solver.best_bound_callback = self._hear_bound
            self.status = self.solver.solve(self.search.model, self.listener)
            if self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                self._hear_bound(self.solver.best_objective_bound)
        finally:
            finished.set()

    def _hear_bound(self, bound: float) -> None:
        self.bound = max(self.bound, math.ceil(bound - 1e-6))

    def _look(self) -> None:
        if self.search.run.is_over():
            self.solver.stop_search()
        if self.listener.is_news:
            self.listener.is_news = False
            self._report()

    def _report(self) -> None:
        run, timetable = self.search.run, Timetable(self.search.facts.ground, self.found.meetings)
        goal = self.band.goals[0].name
        if _is_about_places(self.band) and self.search.is_whole and self.bound > 0:
            heaviest = self.band.goals[0].weight * max(request.weight for request in run.problem.requests)
            run.most = min(run.most, len(run.problem.requests) - -(-self.bound // heaviest))
        run.report(timetable, goal, self.band.cost(timetable), self.bound)
