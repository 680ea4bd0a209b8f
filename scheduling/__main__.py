"""The command line: solve, check and explain timetables in JSON files."""

import argparse
import sys
from pathlib import Path

from scheduling import format as documents
from scheduling.faults import BadProblem
from scheduling.problem import Problem
from scheduling.solution import Meeting, Outcome, Progress
from scheduling.words import sentence

FINE, NOT_FINE, BAD_INPUT = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """0: fine, 1: rules are broken or requests contradict each other, 2: input that cannot be used."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.command(chosen))
    except BadProblem as error:
        for fault in error.faults:
            print(sentence(fault, language=chosen.language), file=sys.stderr)
    except (OSError, UnicodeDecodeError) as error:
        print(f"{chosen.problem}: {error}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scheduling", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="solve | check | explain")
    solve = commands.add_parser("solve", help="make a timetable and print it as JSON")
    solve.set_defaults(command=_solve)
    solve.add_argument("--time", type=float, default=60.0, help="seconds (60)")
    solve.add_argument("--workers", type=int, default=2, help="threads (2); 1 gives the same answer every time")
    solve.add_argument("--seed", type=int, default=1)
    for name, command in (("check", _check), ("explain", _explain)):
        other = commands.add_parser(name, help=(command.__doc__ or "").lower().rstrip("."))
        other.set_defaults(command=command)
    for name, one in commands.choices.items():
        one.add_argument("problem", type=Path, help="a problem in JSON")
        if name != "solve":
            one.add_argument("timetable", type=Path, help="a file with `meetings`, as solve prints it")
        one.add_argument("--language", choices=("ja", "en"), default="en")
    return parser


def _problem(path: Path) -> Problem:
    return documents.read(path.read_text(encoding="utf-8"))


def _meetings(path: Path) -> tuple[Meeting, ...]:
    return documents.read_meetings(path.read_text(encoding="utf-8"))


def _solve(chosen: argparse.Namespace) -> int:
    from scheduling.engine import solve  # the other commands need no solver
    from scheduling.explain import explain

    problem = _problem(chosen.problem)
    solution = solve(problem, seconds=chosen.time, workers=chosen.workers, seed=chosen.seed, on_progress=_show_progress)
    print(documents.write_solution(solution, explain(problem, solution.meetings)))
    return NOT_FINE if solution.outcome is Outcome.INFEASIBLE else FINE


def _show_progress(progress: Progress) -> None:
    print(
        f"{progress.seconds:6.1f} s  placed {progress.placed}/{progress.bound}  waiting {progress.waiting}  "
        f"{progress.goal} {progress.value} (at least {progress.goal_bound})",
        file=sys.stderr,
    )


def _check(chosen: argparse.Namespace) -> int:
    """Name every broken rule."""
    from scheduling.check import check

    violations = check(_problem(chosen.problem), _meetings(chosen.timetable))
    for violation in violations:
        print(sentence(violation, language=chosen.language))
    return NOT_FINE if violations else FINE


def _explain(chosen: argparse.Namespace) -> int:
    """Say why requests have no place, and what would help."""
    from scheduling.explain import explain

    for reason in explain(_problem(chosen.problem), _meetings(chosen.timetable)):
        print(f"{reason.request_id}: {sentence(reason, language=chosen.language)}")
        for remedy in reason.remedies:
            print(f"    {sentence(remedy, language=chosen.language)}")
    return FINE


if __name__ == "__main__":
    sys.exit(main())
