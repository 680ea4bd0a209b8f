"""One run in a process of its own: `python -m scheduling.bench.measured '{"name": …}'` prints the row as JSON.

Solvers are loaded after the clock has started: what a user waits for is what is measured.
"""

import json
import resource
import sys
from dataclasses import asdict, replace
from importlib import import_module

from scheduling.bench.answers import Answer, Question, goal_of
from scheduling.bench.rows import Engine, Kind, Row, Task, read_task
from scheduling.bench.sources import problem_of
from scheduling.check import check
from scheduling.problem import DEFAULT_GOALS, GoalName, Problem
from scheduling.score import MEASURES
from scheduling.timetable import Ground, Timetable

EXPLAIN_SECONDS = 20.0
_MODULES = {
    Engine.OURS: "scheduling.bench.ours",
    Engine.NAIVE: "scheduling.bench.naive",
    Engine.RC2: "scheduling.bench.maxsat",
}


def measure(task: Task) -> Row:
    """Do the run and judge its timetable by checker and score, which know nothing of who made it."""
    problem = problem_of(task)
    row = _replanned(task, problem) if task.kind is Kind.REPLAN else _solved(task, problem)
    return replace(
        row,
        meetings=len(problem.requests),
        participants=len(problem.participants),
        slots=len(problem.slots),
        tables=len(problem.tables),
    )


def _solved(task: Task, problem: Problem) -> Row:
    question, cpu = Question(problem, task.seconds, task.workers, task.seed), _cpu_seconds()
    answer: Answer = import_module(_MODULES[task.engine]).solve(question)
    seconds, cpu = question.elapsed, _cpu_seconds() - cpu
    goal = goal_of(problem)
    row = Row(task.name, task.kind, task.engine, answer.outcome, round(seconds, 3), goal=goal, bound=answer.bound)
    row = replace(row, cpu_seconds=round(cpu, 2), is_proven=answer.is_proven)
    if answer.meetings is not None:
        timetable = Timetable(Ground(problem), answer.meetings)
        row = replace(
            row,
            placed=len(timetable.placed),
            idle_slots=MEASURES[GoalName.GUEST_IDLE_SLOTS](timetable),
            idle_periods=MEASURES[GoalName.GUEST_IDLE_PERIODS](timetable),
            value=MEASURES[goal](timetable),
            broken_rules=len(check(problem, answer.meetings)),
        )
        question.trace.note(seconds, row.placed, row.value, answer.bound)
        if task.kind is Kind.OVER_CONSTRAINED:
            row = _explained(row, problem, answer)
    return replace(row, trace=tuple(question.trace.points))


def _explained(row: Row, problem: Problem, answer: Answer) -> Row:
    from scheduling.bench.truths import true_reasons
    from scheduling.explain import explain

    meetings = answer.meetings or ()
    reasons = explain(problem, meetings, seconds=EXPLAIN_SECONDS, remedies=False)
    return replace(row, reasons=len(reasons), reasons_true=true_reasons(problem, meetings, reasons))


def _replanned(task: Task, problem: Problem) -> Row:
    """The first timetable is made outside the clock; then it is disturbed again and again, each time from the start."""
    from scheduling.bench.replanning import disturbed, replanned
    from scheduling.engine import solve

    goals = problem.goals if task.file else DEFAULT_GOALS
    published = solve(problem, seconds=task.seconds, workers=task.workers, seed=task.seed, comfort_seconds=1.0).meetings
    cpu = _cpu_seconds()
    changed = disturbed(replace(problem, goals=goals, previous=published), task.disturbances, seed=task.seed)
    row = replanned(task, changed)
    return replace(row, cpu_seconds=round(_cpu_seconds() - cpu, 2))


def _cpu_seconds() -> float:
    """Of this process and of those that it started and saw end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(text: str) -> int:
    """Print the row of the task in `text`."""
    sys.stdout.write(json.dumps(asdict(measure(read_task(json.loads(text))))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
