"""Runs one command: its arguments, its errors as sentences, its exit code."""

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from scheduling.__main__ import BAD_INPUT, INTERRUPTED, NOT_FINE

if TYPE_CHECKING:
    from scheduling.faults import BadProblem


class Command(Protocol):
    """What a module of a command offers."""

    HELP: str

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""

    def run(self, chosen: argparse.Namespace) -> int:
        """Do it; the exit code. BadProblem for input that cannot be used."""


def run(name: str, words: list[str]) -> int:
    """The exit code of the command `name`; bad arguments end the process with 2 as argparse does."""
    command = cast(Command, import_module(f"scheduling.commands.{name}"))
    parser = argparse.ArgumentParser(prog=f"scheduling {name}", description=command.HELP)
    command.arguments(parser)
    parser.add_argument("--language", choices=("ja", "en"), default="en", help="of sentences (en)")
    return _carried_out(command, parser.parse_args(words))


def _carried_out(command: Command, chosen: argparse.Namespace) -> int:
    from scheduling.faults import BadProblem  # --help needs nothing of the library

    try:
        return command.run(chosen)
    except BadProblem as error:
        _tell(error, chosen.language)
        return BAD_INPUT
    except BrokenPipeError:
        return NOT_FINE  # nobody reads any more
    except KeyboardInterrupt:
        return INTERRUPTED
    except MemoryError:
        sys.stderr.write("There is not enough memory for this.\n")
        return NOT_FINE


def _tell(error: "BadProblem", language: str) -> None:
    from scheduling.words import sentence

    for fault in error.faults:
        sys.stderr.write(sentence(fault, language=language) + "\n")
