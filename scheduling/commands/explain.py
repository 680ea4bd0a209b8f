"""`explain`: why requests have no place in a timetable, and what would help."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from scheduling.commands.arguments import add_output, add_problem, add_timetable, seconds

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.solution import Contradiction, Reason

HELP = (
    "Say for each request without a place why it has none, and which changes would place how many more; before that, "
    "what contradicts what when mandatory or pinned requests are among them. Without a timetable: how many tables the "
    "event needs, and what has no place in any timetable."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """A problem, a timetable if there is one, and how long remedies may be tried out."""
    add_problem(parser)
    add_timetable(parser, may_be_missing=True)
    parser.add_argument("--time", type=seconds, default=10.0, metavar="SECONDS", help="for trying out remedies (10)")
    parser.add_argument("--no-remedies", action="store_true", help="only the reasons, for which no solver is needed")
    parser.add_argument("--json", action="store_true", help="reasons as JSON instead of sentences")
    add_output(parser)


def run(chosen: argparse.Namespace) -> int:
    """0: that requests have no place is no fault."""
    from scheduling.commands import files

    output = files.Output(chosen.output)
    problem = files.problem(chosen.problem)
    output.write(_before(problem, chosen) if chosen.timetable is None else _explained(problem, chosen))
    return 0


def _before(problem: "Problem", chosen: argparse.Namespace) -> str:
    """The arithmetic of the event."""
    from dataclasses import asdict

    from scheduling.capacity import before
    from scheduling.words import arithmetic

    known = before(problem)
    if chosen.json:
        return json.dumps(asdict(known), ensure_ascii=False, indent=1)
    lines = [arithmetic(known, language=chosen.language), *_sentences((), known.reasons, chosen.language)]
    return "".join(f"{line}\n" for line in lines)


def _explained(problem: "Problem", chosen: argparse.Namespace) -> str:
    """What is said of the timetable."""
    from dataclasses import asdict

    from scheduling.commands import files
    from scheduling.explain import explain

    meetings = files.meetings(chosen.timetable)
    reasons = explain(problem, meetings, seconds=chosen.time, remedies=not chosen.no_remedies)
    found = () if chosen.no_remedies else _contradictions(problem, {one.request_id for one in reasons})
    if chosen.json:
        said = {"reasons": [asdict(one) for one in reasons], "contradictions": [asdict(one) for one in found]}
        return json.dumps(said, ensure_ascii=False, indent=1)
    return "".join(f"{line}\n" for line in _sentences(found, reasons, chosen.language))


def _contradictions(problem: "Problem", unplaced: set[str]) -> "tuple[Contradiction, ...]":
    """Looked for only where something that was promised has no place."""
    from scheduling.contradictions import contradictions
    from scheduling.score import is_promised

    broken = any(one.id in unplaced and is_promised(problem, one) for one in problem.requests)
    return contradictions(problem) if broken else ()


def _sentences(contradictions: "Iterable[Contradiction]", reasons: "Sequence[Reason]", language: str) -> Iterator[str]:
    """What contradicts what, then each reason with its remedies below it, then whether there may be more of these."""
    from scheduling.reading import shown
    from scheduling.solution import Tried
    from scheduling.words import sentence

    tried = dict.fromkeys(one.tried for one in reasons)
    for contradiction in contradictions:
        yield sentence(contradiction, name=shown, language=language)
    for reason in reasons:
        yield f"{shown(reason.request_id)}: {sentence(reason, name=shown, language=language)}"
        yield from (f"    {sentence(remedy, name=shown, language=language)}" for remedy in reason.remedies)
    yield from (sentence(one, language=language) for one in tried if one in (Tried.SOME, Tried.TOO_LARGE))
