"""`explain`: why requests have no place in a timetable, and what would help."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduling.commands.arguments import add_output, add_problem, add_timetable, seconds

if TYPE_CHECKING:
    from scheduling.solution import Reason

HELP = "Say for each request without a place why it has none, and which changes would place how many more."


def arguments(parser: argparse.ArgumentParser) -> None:
    """A problem, a timetable, and how long remedies may be tried out."""
    add_problem(parser)
    add_timetable(parser)
    parser.add_argument("--time", type=seconds, default=10.0, metavar="SECONDS", help="for trying out remedies (10)")
    parser.add_argument("--no-remedies", action="store_true", help="only the reasons, which need no solver")
    parser.add_argument("--json", action="store_true", help="reasons as JSON instead of sentences")
    add_output(parser)


def run(chosen: argparse.Namespace) -> int:
    """0: that requests have no place is no fault."""
    from dataclasses import asdict

    from scheduling.commands import files
    from scheduling.explain import explain

    output = files.Output(chosen.output)
    problem, meetings = files.problem(chosen.problem), files.meetings(chosen.timetable)
    reasons = explain(problem, meetings, seconds=chosen.time, remedies=not chosen.no_remedies)
    if chosen.json:
        output.write(json.dumps({"reasons": [asdict(one) for one in reasons]}, ensure_ascii=False, indent=1))
    else:
        output.write("".join(f"{line}\n" for reason in reasons for line in _lines(reason, chosen.language)))
    return 0


def _lines(reason: "Reason", language: str) -> Iterator[str]:
    from scheduling.reading import shown
    from scheduling.words import sentence

    yield f"{shown(reason.request_id)}: {sentence(reason, name=shown, language=language)}"
    for remedy in reason.remedies:
        yield f"    {sentence(remedy, name=shown, language=language)}"
