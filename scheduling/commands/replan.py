"""`replan`: a published timetable and what happened in, the timetable that disturbs the fewest people out."""

import argparse
import json
from collections.abc import Container
from dataclasses import asdict, replace

from scheduling import disturbances
from scheduling.commands import files
from scheduling.commands.arguments import add_output, add_problem, add_search, add_timetable
from scheduling.commands.searching import profiled, search
from scheduling.faults import BadProblem, Fault
from scheduling.problem import Problem
from scheduling.reading import shown
from scheduling.solution import Meeting, Outcome

HELP = (
    "Repair a published timetable after what happened on the day: what has begun stays, as few people as possible are "
    "disturbed. Requests of the problem that are not in the timetable are placed where that disturbs nobody. Prints "
    "JSON: the solution, who is disturbed, what moved, seats that are free now with who could use them, and all of it "
    "in sentences. Exit code 1 when mandatory or pinned requests cannot all be placed."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The problem, what was published, what happened; each change may be given several times."""
    add_problem(parser)
    add_timetable(parser)
    changes = parser.add_argument_group("what happened")
    changes.add_argument("--begun-until", metavar="SLOT", help="this slot and all before it have begun")
    for option, metavar, text in (
        ("--absent", "WHO[=SLOT]", "the participant does not come, or leaves before the slot"),
        ("--late", "WHO=SLOT", "the participant comes in time for the slot"),
        ("--lost-table", "TABLE[=SLOT]", "the table cannot be used, or not from the slot on"),
        ("--withdraw", "REQUEST", "the request is no longer wanted"),
        ("--swap", "REQUEST,REQUEST", "the two have changed places by hand and stay there"),
    ):
        changes.add_argument(option, metavar=metavar, action="append", default=[], help=text)
    add_search(parser, time=5)
    add_output(parser)


def run(chosen: argparse.Namespace) -> int:
    """0, or 1 when a promise cannot be kept."""
    output = files.Output(chosen.output)
    with profiled(chosen):
        published = files.meetings(chosen.timetable)
        problem = _changed(replace(files.problem(chosen.problem), previous=published, frozen=frozenset()), chosen)
        text, is_infeasible = _answer(problem, chosen)
    output.write(text)
    return int(is_infeasible)


def _answer(problem: Problem, chosen: argparse.Namespace) -> tuple[str, bool]:
    from scheduling.news import news
    from scheduling.replan import replan

    with search(chosen) as searching:
        found = replan(
            problem,
            seconds=chosen.time,
            workers=chosen.workers,
            seed=chosen.seed,
            on_progress=searching.on_progress,
            should_stop=searching.should_stop,
        )
    document = {**asdict(found), "sentences": news(problem, found, language=chosen.language)}
    document["solution"]["versions"] = dict(found.solution.versions)
    return json.dumps(document, ensure_ascii=False, indent=1), found.solution.outcome is Outcome.INFEASIBLE


def _changed(problem: Problem, chosen: argparse.Namespace) -> Problem:
    """What has begun first, so that the rest leaves it alone."""
    people = {one.id for one in problem.participants}
    tables = {one.id for one in problem.tables}
    if chosen.begun_until is not None:
        problem = disturbances.begun(problem, chosen.begun_until)
    for text in chosen.absent:
        problem = disturbances.absent(problem, *_with_slot(text, people))
    for text in chosen.late:
        who, slot = _with_slot(text, people)
        if slot is None:
            raise BadProblem([Fault(f"--late {shown(text)}=SLOT", "missing")])
        problem = disturbances.late(problem, who, slot)
    for text in chosen.lost_table:
        problem = disturbances.table_lost(problem, *_with_slot(text, tables))
    for text in chosen.withdraw:
        problem = disturbances.withdrawn(problem, text)
    for text in chosen.swap:
        problem = disturbances.swapped(problem, *_pair(text, problem.previous))
    return problem


def _with_slot(text: str, known: Container[str]) -> tuple[str, str | None]:
    """`WHO=SLOT` or `WHO`; an id may hold the sign itself."""
    name, sign, slot = text.rpartition("=")
    return (text, None) if text in known or not sign else (name, slot)


def _pair(text: str, published: tuple[Meeting, ...]) -> tuple[str, str]:
    """`ONE,OTHER`, split where both are published requests."""
    known = {one.request_id for one in published}
    parts = text.split(",")
    splits = [(",".join(parts[:place]), ",".join(parts[place:])) for place in range(1, len(parts))]
    if not splits:
        raise BadProblem([Fault("--swap", "unknown", shown(text))])
    return next((pair for pair in splits if known.issuperset(pair)), splits[0])
