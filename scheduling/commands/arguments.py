"""Arguments that several commands take, with the values they allow."""

import argparse
import math

LONGEST = 7 * 24 * 3600.0  # seconds
MOST_WORKERS = 256
LARGEST_SEED = 2**31 - 1  # what every engine takes
LARGEST_MEMORY = 2**24  # MiB


def seconds(text: str) -> float:
    """A time above zero and up to a week, in seconds."""
    number = _number(text)
    if not 0 < number <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number of seconds above 0 and up to {LONGEST:.0f}")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


class Whole:
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, text: str) -> int:
        """The number; ArgumentTypeError for any other text."""
        number = int(text) if text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 20 else None
        if number is None or not self.least <= number <= self.most:
            raise argparse.ArgumentTypeError(f"{text!a} is not a whole number from {self.least} to {self.most}")
        return number


def add_problem(parser: argparse.ArgumentParser) -> None:
    """The problem, which every command but `convert` and `bench` starts from."""
    parser.add_argument("problem", help="a problem in JSON; - is standard input")


def add_timetable(parser: argparse.ArgumentParser, *, may_be_missing: bool = False) -> None:
    """The timetable to be looked at."""
    help_text = "JSON with `meetings`, as solve prints it; - is standard input"
    parser.add_argument("timetable", nargs="?" if may_be_missing else None, help=help_text)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Where the result goes."""
    parser.add_argument("--output", default="-", metavar="FILE", help="instead of standard output")


def add_search(parser: argparse.ArgumentParser, *, time: float) -> None:
    """How long and with what a search may work; `time` in seconds unless the user says otherwise."""
    parser.add_argument("--time", type=seconds, default=time, metavar="SECONDS", help=f"at most ({time:g})")
    workers = "threads (2); 1 gives the same answer every time that the seconds suffice"
    parser.add_argument("--workers", type=Whole(1, MOST_WORKERS), default=2, metavar="N", help=workers)
    parser.add_argument("--seed", type=Whole(0, LARGEST_SEED), default=1, metavar="N", help="of chance (1)")
    memory = "stop with the best so far when the process takes more than this"
    parser.add_argument("--memory", type=Whole(1, LARGEST_MEMORY), metavar="MIB", help=memory)
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument("--profile", action="store_true", help="say where the time went, on standard error")
    stats = "with the statistics of cProfile in a file, which slows the run down"
    parser.add_argument("--profile-file", metavar="FILE", help=stats)
