"""`check`: every hard rule again, for a timetable from anywhere."""

import argparse
import json

from scheduling.commands.arguments import add_output, add_problem, add_timetable

HELP = "Name every hard rule that a timetable breaks, one sentence a line. Exit code 1 when there is any."


def arguments(parser: argparse.ArgumentParser) -> None:
    """A problem and a timetable."""
    add_problem(parser)
    add_timetable(parser)
    parser.add_argument("--json", action="store_true", help="violations and bills as JSON instead of sentences")
    add_output(parser)


def run(chosen: argparse.Namespace) -> int:
    """0, or 1 when a rule is broken."""
    from dataclasses import asdict

    from scheduling.check import check
    from scheduling.commands import files
    from scheduling.reading import shown
    from scheduling.score import score
    from scheduling.words import sentence

    output = files.Output(chosen.output)
    problem, meetings = files.problem(chosen.problem), files.meetings(chosen.timetable)
    violations = check(problem, meetings)
    if chosen.json:
        bills = score(problem, meetings)
        said = {"violations": [asdict(one) for one in violations], "bills": [asdict(one) for one in bills]}
        output.write(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        output.write("".join(f"{sentence(one, name=shown, language=chosen.language)}\n" for one in violations))
    return int(bool(violations))
