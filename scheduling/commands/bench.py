"""`bench`: how good and how fast the engine is, beside others, on published and on generated problems."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduling.commands import files
from scheduling.commands.arguments import LARGEST_SEED, MOST_WORKERS, Whole, seconds

if TYPE_CHECKING:
    from scheduling.bench.planning import Wanted
    from scheduling.bench.rows import Row
    from scheduling.problem import Problem

HELP = (
    "Measure the engine, each run in a process of its own. With nothing chosen: a short set of a few minutes. "
    "Exit code 1 when something that must be reached was missed."
)
MOST_OVER = 1_000
TITLE = "One-to-one meetings: quality over time"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is measured, with which limits, and where the figures go."""
    from scheduling.bench.events import FEWEST, FLAVOURS, MOST

    what = parser.add_argument_group("what is measured")
    what.add_argument("--published", type=Path, metavar="FOLDER", help="the instances (.dzn) in a folder")
    sizes = "generated events with so many meetings, e.g. 900 5000 20000"
    what.add_argument("--sizes", type=Whole(FEWEST, MOST), nargs="+", default=[], metavar="N", help=sizes)
    flavours = (
        "kinds of generated event (plain): zipf = skewed popularity, twin = two tables per host, away = many gaps"
    )
    what.add_argument("--flavours", choices=sorted(FLAVOURS), nargs="+", default=["plain"], help=flavours)
    over = "so many problems without a complete timetable, made of the published ones or of generated events"
    what.add_argument("--over-constrained", type=Whole(0, MOST_OVER), default=0, metavar="N", help=over)
    what.add_argument("--event", type=Path, metavar="FILE", help="a problem in JSON")
    what.add_argument("--replan", action="store_true", help="changes on the day, of the event and of each size")
    what.add_argument("--start-up", action="store_true", help="how long --help takes and what it loads")
    what.add_argument("--baselines", action="store_true", help="a textbook CP-SAT model and PySAT's RC2 beside it")
    only = "only rows of these names, e.g. forum-14 '900*' '* over *'"
    what.add_argument("--only", nargs="+", default=["*"], metavar="NAME", help=only)
    limits = parser.add_argument_group("limits")
    limit = "seconds for each run; without it as long as the bars allow"
    limits.add_argument("--time-limit", type=seconds, metavar="SECONDS", help=limit)
    limits.add_argument("--workers", type=Whole(1, MOST_WORKERS), default=2, metavar="N", help="threads (2)")
    limits.add_argument("--seed", type=Whole(0, LARGEST_SEED), default=1, metavar="N", help="of chance (1)")
    output = parser.add_argument_group("where the figures go, beside the table on standard output")
    for name, kind in (("json", "everything, with what was known when"), ("markdown", "the table")):
        output.add_argument(f"--{name}", metavar="FILE", help=kind)
    output.add_argument("--picture", metavar="FILE.svg", help="quality over time")


def run(chosen: argparse.Namespace) -> int:
    """0, or 1 when something that must be reached was missed."""
    from scheduling.bench.machine import machine
    from scheduling.bench.report import is_fine
    from scheduling.bench.session import rows

    outputs = {name: files.Output(to) for name in ("json", "markdown", "picture") if (to := getattr(chosen, name))}
    wanted = _wanted(chosen)
    _refuse_bad_files(wanted)
    measured: list[Row] = []
    try:
        for row in rows(wanted):
            measured.append(row)
            sys.stderr.write(f"{row.name}, {row.engine or 'the command line'}: {row.outcome}, {row.seconds:.2f} s\n")
    finally:  # who interrupts a long measurement keeps what has been measured
        _write(outputs, machine(), measured)
    return 0 if is_fine(measured) else 1


def _write(outputs: dict[str, files.Output], machine: str, measured: "list[Row]") -> None:
    """The table on standard output, and each file that was asked for."""
    from scheduling.bench.picture import picture
    from scheduling.bench.report import document, markdown

    texts: dict[str, Callable[[], str]] = {
        "markdown": lambda: markdown(machine, measured),
        "json": lambda: json.dumps(document(machine, measured), ensure_ascii=False, indent=1),
        "picture": lambda: picture(TITLE, measured),
    }
    files.Output(files.STANDARD).write(texts["markdown"]())
    for name, output in outputs.items():
        output.write(texts[name]())


def _wanted(chosen: argparse.Namespace) -> "Wanted":
    """What was chosen; a short set when no kind of run was."""
    from scheduling.bench.planning import SHORT, Wanted

    limits: dict[str, Any] = {"workers": chosen.workers, "seed": chosen.seed, "only": tuple(chosen.only)}
    wanted = Wanted(
        published=chosen.published,
        sizes=tuple(chosen.sizes),
        flavours=tuple(chosen.flavours),
        over_constrained=chosen.over_constrained,
        event=chosen.event,
        replan=chosen.replan,
        start_up=chosen.start_up,
        baselines=chosen.baselines,
        seconds=chosen.time_limit,
        **limits,
    )
    return replace(SHORT, **limits, seconds=chosen.time_limit or SHORT.seconds) if wanted.is_nothing else wanted


def _refuse_bad_files(wanted: "Wanted") -> None:
    """Every file is read once, so that nobody waits an hour for a fault."""
    from scheduling.bench.sources import instances

    if wanted.event:
        files.problem(str(wanted.event))
    for _, file in instances(wanted.published) if wanted.published else []:
        _read_published(file)


def _read_published(file: Path) -> "Problem":
    from scheduling import published

    return files.said_of(file.name, lambda: published.read(files.text(str(file))))
