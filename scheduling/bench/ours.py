"""The engine itself as one of the engines that are measured."""

from scheduling.bench.answers import Answer, Question, goal_of
from scheduling.problem import GoalName
from scheduling.solution import Progress


def solve(question: Question) -> Answer:
    """The engine's timetable; everything it reports on the way goes into the trace."""
    from scheduling.engine import solve as engine  # inside the clock: loading belongs to the run

    goal = goal_of(question.problem)

    def heard(progress: Progress) -> None:
        is_asked = progress.goal == goal
        value = progress.waiting if goal is GoalName.GUEST_IDLE_SLOTS else progress.value if is_asked else None
        if value is not None:
            question.note(progress.placed, value, progress.goal_bound if is_asked else None)

    solution = engine(
        question.problem,
        seconds=question.left,
        workers=question.workers,
        seed=question.seed,
        on_progress=heard,
    )
    bill = next(bill for bill in solution.bills if bill.goal == goal)
    is_proven = solution.outcome == "optimal" or (goal is GoalName.WEIGHT_UNPLACED and bill.is_proven)
    return Answer(solution.meetings, solution.outcome, bill.bound, is_proven)
