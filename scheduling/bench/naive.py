"""The textbook model as a baseline: a Boolean per request and slot, one objective, CP-SAT as it comes."""

from collections import defaultdict

from ortools.sat.python import cp_model

from scheduling.bench.answers import Answer, Question, goal_of
from scheduling.bench.plain import Plain
from scheduling.problem import GoalName, Problem

Expression = cp_model.LinearExpr

MOST_CHOICES = (
    400_000  # pairs of a request and a slot; beyond this building the model alone takes the memory of a server
)
_OUTCOME = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
    cp_model.UNKNOWN: "nothing found",
    cp_model.MODEL_INVALID: "model invalid",
}


def solve(question: Question) -> Answer:
    """What CP-SAT makes of the textbook model within the time that is left, building it included."""
    naive = Naive(question.problem)
    naive.minimise()
    if question.is_over:
        return Answer(None, _OUTCOME[cp_model.UNKNOWN])
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = question.left
    solver.parameters.num_workers = question.workers
    solver.parameters.random_seed = question.seed
    status = solver.solve(naive.model, _Listener(naive, question))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, _OUTCOME[status])
    times = {request: place for (request, place), literal in naive.at.items() if solver.boolean_value(literal)}
    bound = naive.amount(solver.best_objective_bound, solver.objective_value)
    return Answer(naive.plain.seated(times), _OUTCOME[status], bound, status == cp_model.OPTIMAL)


class Naive:
    """The model and its variables. `at` is by (request, place in time)."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.plain, self.model = problem, Plain(problem), cp_model.CpModel()
        self.places = range(len(problem.slots))
        self.at = {
            (request, place): self.model.new_bool_var(f"{request} {place}")
            for request, places in self.plain.starts.items()
            for place in places
        }
        self.weights = {goal.name: goal.weight for goal in problem.goals}
        self.each_request_at_most_once()
        self.nobody_in_two_places()
        self.tables_are_enough()
        self.orders_are_kept()
        is_asked = problem.max_idle_difference is not None or goal_of(problem) is not GoalName.WEIGHT_UNPLACED
        waiting = [guest for guest in self.plain.guests if len(self.plain.of[guest]) > 1] if is_asked else []
        self.slots: list[cp_model.IntVar] = []
        self.periods: list[cp_model.IntVar] = []
        for guest in waiting:
            self._wait(guest)
        self.waiting_is_shared()

    def each_request_at_most_once(self) -> None:
        """One place in time at most for each request."""
        for request, places in self.plain.starts.items():
            self.model.add(sum(self.at[request, place] for place in places) <= 1)

    def nobody_in_two_places(self) -> None:
        """No more meetings at once than the participant can hold."""
        for one in self.plain.of:
            for place in self.places:
                self.model.add(self.meetings(one, place) <= self.plain.room(one, self.problem.slots[place]))

    def tables_are_enough(self) -> None:
        """No more meetings at once than tables."""
        held: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (_, place), literal in self.at.items():
            held[place].append(literal)
        for literals in held.values():
            self.model.add(sum(literals) <= len(self.problem.tables))

    def orders_are_kept(self) -> None:
        """The second of an ordered pair never lies where the first has not been yet."""
        for first, second in self.plain.orders:
            for place in self.places:
                late = sum(self.at[first, one] for one in self.plain.starts[first] if one >= place)
                early = sum(self.at[second, one] for one in self.plain.starts[second] if one <= place)
                self.model.add(late + early <= 1)

    def meetings(self, one: str, place: int) -> cp_model.LinearExprT:
        """How many meetings the participant has in a place in time."""
        return sum(self.at[request, place] for request in self.plain.of[one] if (request, place) in self.at)

    def _wait(self, guest: str) -> None:
        """Idle slots, by the first and the last busy slot, and idle periods, by the slots in which a run starts."""
        busy = [self.model.new_bool_var(f"{guest} busy {place}") for place in self.places]
        for place in self.places:
            self.model.add(busy[place] == self.meetings(guest, place))
        if GoalName.GUEST_IDLE_SLOTS in self.weights:
            self.slots.append(self._idle_slots(guest, busy))
        if GoalName.GUEST_IDLE_PERIODS in self.weights or self.problem.max_idle_difference is not None:
            self.periods.append(self._idle_periods(guest, busy))

    def _idle_slots(self, guest: str, busy: list[cp_model.IntVar]) -> cp_model.IntVar:
        end = len(self.places) - 1
        first = self.model.new_int_var(0, end, f"{guest} first")
        last = self.model.new_int_var(0, end, f"{guest} last")
        gap = self.model.new_int_var(0, end, f"{guest} gap")
        for place in self.places:
            self.model.add(first <= place).only_enforce_if(busy[place])
            self.model.add(last >= place).only_enforce_if(busy[place])
        self.model.add(gap >= last - first + 1 - sum(busy))
        return gap

    def _idle_periods(self, guest: str, busy: list[cp_model.IntVar]) -> cp_model.IntVar:
        starts = []
        for place in self.places:
            start = self.model.new_bool_var(f"{guest} starts {place}")
            before = busy[place - 1] if place else 0
            self.model.add(start >= busy[place] - before)
            self.model.add(start <= busy[place])
            self.model.add(start <= 1 - before)
            starts.append(start)
        comes = self.model.new_bool_var(f"{guest} comes")
        self.model.add_max_equality(comes, busy)
        periods = self.model.new_int_var(0, len(self.places), f"{guest} periods")
        self.model.add(periods == sum(starts) - comes)
        return periods

    def waiting_is_shared(self) -> None:
        """Guests' numbers of idle periods lie within `max_idle_difference`."""
        limit = self.problem.max_idle_difference
        if limit is None:
            return
        least = self.model.new_int_var(0, len(self.places), "fewest periods")
        if len(self.periods) < len(self.plain.guests):
            self.model.add(least == 0)
        for periods in self.periods:
            self.model.add(least <= periods)
            self.model.add(periods <= least + limit)

    def minimise(self) -> None:
        """One number: what is left out, so heavy that no waiting outweighs it, plus the waiting."""
        weight = {request.id: request.weight for request in self.problem.requests}
        placed = Expression.weighted_sum(list(self.at.values()), [weight[request] for request, _ in self.at])
        slots = self.weights.get(GoalName.GUEST_IDLE_SLOTS, 0) * Expression.sum(self.slots)
        periods = self.weights.get(GoalName.GUEST_IDLE_PERIODS, 0) * Expression.sum(self.periods)
        self.model.minimize(self.heavy * (sum(weight.values()) - placed) + slots + periods)

    @property
    def heavy(self) -> int:
        """More than all the waiting that there can be."""
        return 1 + sum(self.weights.values()) * len(self.places) * (len(self.slots) + len(self.periods))

    def amount(self, objective: float, value: float) -> int:
        """What `goal_of` counts in an objective or its bound, for a timetable whose objective is `value`."""
        left_out = round(value) // self.heavy
        if goal_of(self.problem) is GoalName.WEIGHT_UNPLACED:
            return max(0, min(left_out, -(-round(objective) // self.heavy)))
        return max(0, round(objective) - self.heavy * left_out)


class _Listener(cp_model.CpSolverSolutionCallback):
    """Notes every better timetable."""

    def __init__(self, naive: Naive, question: Question) -> None:
        super().__init__()
        self.naive, self.question = naive, question

    def on_solution_callback(self) -> None:
        placed = sum(self.boolean_value(literal) for literal in self.naive.at.values())
        value, bound = (
            self.naive.amount(one, self.objective_value) for one in (self.objective_value, self.best_objective_bound)
        )
        self.question.note(placed, value, bound)
