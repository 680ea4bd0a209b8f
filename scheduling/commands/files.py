"""Files that people name on the command line: read as text with their faults named, written whole or not at all."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from scheduling import format as documents
from scheduling.faults import BadProblem, Fault
from scheduling.limits import LONGEST_TEXT
from scheduling.problem import Problem
from scheduling.reading import shown
from scheduling.solution import Meeting

STANDARD = "-"
LONGEST_BYTES = 4 * LONGEST_TEXT
T = TypeVar("T")


def problem(name: str) -> Problem:
    """The problem in a file; BadProblem names the file in every path."""
    return said_of(name, lambda: documents.read(text(name)))


def meetings(name: str) -> tuple[Meeting, ...]:
    """The meetings of the timetable in a file."""
    return said_of(name, lambda: documents.read_meetings(text(name)))


def said_of(name: str, read: Callable[[], T]) -> T:
    """What is read, with the file's name before the paths of its faults."""
    try:
        return read()
    except BadProblem as error:
        raise BadProblem([replace(one, path=_within(name, one.path)) for one in error.faults]) from None


def _within(name: str, path: str) -> str:
    file = "standard input" if name == STANDARD else shown(Path(name).name)
    return f"{file}: {path}" if path else file


def text(name: str) -> str:
    """The file's text in UTF-8, with or without a byte order mark."""
    try:
        return contents(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadProblem([Fault("", "not_utf8", str(error.start))]) from None


def contents(name: str) -> bytes:
    """The bytes of a file, or of standard input; BadProblem when there are too many or they cannot be had."""
    try:
        if name == STANDARD:
            data = sys.stdin.buffer.read(LONGEST_BYTES + 1) if sys.stdin else b""
        else:
            with Path(name).open("rb") as file:
                data = file.read(LONGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadProblem([unreadable(error)]) from None
    if len(data) > LONGEST_BYTES:
        raise BadProblem([Fault("", "too_long", str(len(data)))])
    return data


def unreadable(error: OSError | ValueError) -> Fault:
    """Why a file cannot be read, in a code where there is one."""
    codes: dict[type, str] = {FileNotFoundError: "no_file", IsADirectoryError: "is_folder", PermissionError: "no_right"}
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault("", codes.get(type(error), "not_readable"), shown(reason))


class Output:
    """Where a result goes. Made before the work, so that nobody waits for a result that cannot be written."""

    def __init__(self, name: str) -> None:
        self.name = name
        folder = Path(name).absolute().parent
        is_file = name == STANDARD or (os.access(folder, os.W_OK) and not Path(name).is_dir())
        if not is_file or (name == STANDARD and sys.stdout is None):
            raise BadProblem([Fault(self._shown, "not_writable")])

    def write(self, text: str) -> None:
        """Write all of it, in UTF-8 whatever the terminal says; a file is replaced only once it is complete."""
        data = text if text.endswith("\n") or not text else text + "\n"
        try:
            (_print if self.name == STANDARD else self._replace)(data.encode())
        except BrokenPipeError:
            raise
        except OSError as error:
            raise BadProblem([Fault(self._shown, "not_writable", shown(str(error)))]) from None

    @property
    def _shown(self) -> str:
        return "standard output" if self.name == STANDARD else shown(self.name)

    def _replace(self, data: bytes) -> None:
        whole = Path(self.name)
        part = whole.with_name(f".{whole.name}.part")
        try:
            part.write_bytes(data)
            part.replace(whole)
        finally:
            part.unlink(missing_ok=True)


def _print(data: bytes) -> None:
    sys.stdout.flush()
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError:
        # What could not be written would be tried again, and complained of, when Python closes its output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
