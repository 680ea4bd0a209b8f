"""`convert`: other people's files into the JSON format, and timetables into tables."""

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from scheduling.commands.arguments import Whole, add_output
from scheduling.limits import MOST

if TYPE_CHECKING:
    from scheduling.problem import Problem

_DAY = 1440  # minutes
_NUMBERS = (
    ("--slots", 9, 1, MOST["slots"], "where there is no slots.csv: how many"),
    ("--minutes", 20, 1, _DAY, "where there is no slots.csv: how long each"),
    ("--changeover", 5, 0, _DAY, "minutes between two slots that follow each other"),
)
HELP = (
    "Turn an event into a problem in JSON: a folder of CSV files (requests.csv and, as far as there are any, slots, "
    "rooms, tables, people, participants, availability, pair_rules), one .csv file of requests, a .dzn file of the "
    "published instances, or a problem in an older version of the JSON format. With --timetable, turn a timetable "
    "into CSV instead. The columns are listed in scheduling/README.md."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to read, what holds where files are missing, and what to write."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("source", nargs="?", help="a folder, .csv, .dzn or problem in JSON; - is standard input")
    source.add_argument("--schema", action="store_true", help="print the JSON Schema of problems instead")
    parser.add_argument("--timetable", metavar="FILE", help="with a problem as source: print this timetable as CSV")
    parser.add_argument("--zone", type=_zone, default="Asia/Tokyo", help="of times without an offset (Asia/Tokyo)")
    parser.add_argument("--start", type=_time, metavar="TIME", help="where there is no slots.csv: first slot begins")
    for name, usual, least, most, meaning in _NUMBERS:
        parser.add_argument(name, type=Whole(least, most), default=usual, metavar="N", help=f"{meaning} ({usual})")
    tables = "where there is no tables.csv: how many (as many as hosts)"
    parser.add_argument("--tables", type=Whole(1, MOST["tables"]), metavar="N", help=tables)
    add_output(parser)


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"{text!a} is not a time zone such as Asia/Tokyo") from error


def _time(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!a} is not a time such as 2027-01-15T13:00") from error


def run(chosen: argparse.Namespace) -> int:
    """0; whatever cannot be converted is bad input."""
    from scheduling.commands import files

    output = files.Output(chosen.output)
    output.write(_schema() if chosen.schema else _timetable(chosen) if chosen.timetable else _problem(chosen))
    return 0


def _schema() -> str:
    from scheduling import schema

    return schema.written()


def _timetable(chosen: argparse.Namespace) -> str:
    from scheduling import listing
    from scheduling.commands import files

    problem, meetings = files.problem(chosen.source), files.meetings(chosen.timetable)
    return files.said_of(chosen.timetable, lambda: listing.written(problem, meetings))


def _problem(chosen: argparse.Namespace) -> str:
    from scheduling import format as documents
    from scheduling.commands import files

    source = Path(chosen.source)
    if source.is_dir() or source.suffix.lower() == ".csv":
        return documents.write(_from_sheets(source, chosen))
    if source.suffix.lower() == ".dzn":
        return documents.write(_published(chosen.source))
    return documents.write(files.problem(chosen.source))


def _published(name: str) -> "Problem":
    from scheduling import published
    from scheduling.commands import files

    return files.said_of(name, lambda: published.read(files.text(name)))


def _from_sheets(source: Path, chosen: argparse.Namespace) -> "Problem":
    from scheduling import sheets
    from scheduling.cells import File

    paths = {name: source / f"{name}.csv" for name in sheets.NAMES} if source.is_dir() else {"requests": source}
    given = {name: File(path.name, _bytes(path)) for name, path in paths.items() if path.exists()}
    numbers = {"slots": chosen.slots, "minutes": chosen.minutes, "changeover": chosen.changeover}
    return sheets.read(given, sheets.Settings(chosen.zone, chosen.start, tables=chosen.tables, **numbers))


def _bytes(path: Path) -> bytes:
    from scheduling.commands import files

    return files.said_of(str(path), lambda: files.contents(str(path)))
