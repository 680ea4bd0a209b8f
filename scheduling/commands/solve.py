"""`solve`: a problem in, the best timetable and its reasons out."""

import argparse
from typing import TYPE_CHECKING

from scheduling.commands.arguments import add_output, add_problem, add_search

if TYPE_CHECKING:
    from scheduling.commands.searching import Search
    from scheduling.problem import Problem
    from scheduling.solution import Contradiction, Meeting, Reason, Solution

HELP = (
    "Make the best timetable that is found in time and print it as JSON with its bills and the reasons for what has no "
    "place. Ctrl-C ends the search with the best so far. Exit code 1 when mandatory or pinned requests contradict "
    "each other; what can be placed is placed all the same."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """A problem, an earlier timetable if there is one, and how to search."""
    add_problem(parser)
    parser.add_argument("--hint", metavar="TIMETABLE", help="a timetable to start from, as solve prints it")
    add_search(parser, time=60)
    add_output(parser)


def run(chosen: argparse.Namespace) -> int:
    """0, or 1 when the problem contradicts itself."""
    from scheduling import format as documents
    from scheduling.commands import files
    from scheduling.commands.searching import profiled, search
    from scheduling.solution import Outcome

    output = files.Output(chosen.output)
    with profiled(chosen):
        problem = files.problem(chosen.problem)
        hint = files.meetings(chosen.hint) if chosen.hint else None
        with search(chosen) as searching:
            solution = _solve(problem, hint, chosen, searching)
            reasons = _explain(problem, solution, searching)
            contradicting = _contradictions(problem) if solution.outcome is Outcome.INFEASIBLE else ()
    output.write(documents.write_solution(solution, reasons, contradicting))
    return int(solution.outcome is Outcome.INFEASIBLE)


def _solve(
    problem: "Problem", hint: "tuple[Meeting, ...] | None", chosen: argparse.Namespace, searching: "Search"
) -> "Solution":
    from scheduling.engine import solve

    return solve(
        problem,
        seconds=chosen.time,
        workers=chosen.workers,
        seed=chosen.seed,
        on_progress=searching.on_progress,
        should_stop=searching.should_stop,
        hint=_known(problem, hint),
    )


def _known(problem: "Problem", hint: "tuple[Meeting, ...] | None") -> "tuple[Meeting, ...] | None":
    """The hint without what the problem does not know; it may come from an earlier version of the event."""
    from scheduling.timetable import Ground

    ground = Ground(problem)
    return hint and tuple(one for one in hint if ground.knows(one))


def _explain(problem: "Problem", solution: "Solution", searching: "Search") -> "tuple[Reason, ...]":
    """Remedies are tried out only for those who have not asked for an end."""
    from scheduling.explain import explain

    return explain(problem, solution.meetings, remedies=not searching.should_stop())


def _contradictions(problem: "Problem") -> "tuple[Contradiction, ...]":
    from scheduling.contradictions import contradictions

    return contradictions(problem)
