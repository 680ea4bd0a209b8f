"""`explain`: why requests have no place in a timetable, and what would help."""

import argparse
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scheduling.commands.arguments import add_output, add_problem, add_timetable, seconds

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Contradiction, Reason

HELP = (
    "Say for each request without a place why it has none, and which changes would place how many more; before that, "
    "what contradicts what when mandatory or pinned requests are among them."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """A problem, a timetable, and how long remedies may be tried out."""
    add_problem(parser)
    add_timetable(parser)
    parser.add_argument("--time", type=seconds, default=10.0, metavar="SECONDS", help="for trying out remedies (10)")
    parser.add_argument("--no-remedies", action="store_true", help="only the reasons, for which no solver is needed")
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
    found = () if chosen.no_remedies else _contradictions(problem, {one.request_id for one in reasons})
    if chosen.json:
        said = {"reasons": [asdict(one) for one in reasons], "contradictions": [asdict(one) for one in found]}
        output.write(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        output.write("".join(f"{line}\n" for line in _sentences(found, reasons, chosen.language)))
    return 0


def _contradictions(problem: "Problem", unplaced: set[str]) -> "tuple[Contradiction, ...]":
    """Looked for only where something that was promised has no place."""
    from scheduling.contradictions import contradictions
    from scheduling.score import is_promised

    broken = any(one.id in unplaced and is_promised(problem, one) for one in problem.requests)
    return contradictions(problem) if broken else ()


def _sentences(contradictions: "Iterable[Contradiction]", reasons: "Iterable[Reason]", language: str) -> Iterator[str]:
    """What contradicts what, then each reason with its remedies below it."""
    from scheduling.reading import shown
    from scheduling.words import sentence

    for contradiction in contradictions:
        yield sentence(contradiction, name=shown, language=language)
    for reason in reasons:
        yield f"{shown(reason.request_id)}: {sentence(reason, name=shown, language=language)}"
        yield from (f"    {sentence(remedy, name=shown, language=language)}" for remedy in reason.remedies)
