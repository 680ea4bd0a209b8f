"""Where the problems that are measured come from: files, a folder of published instances, or the generator."""

from pathlib import Path

from scheduling import format as documents
from scheduling import published
from scheduling.bench.events import FLAVOURS, event, size
from scheduling.bench.rows import Task
from scheduling.faults import BadProblem, Fault
from scheduling.problem import Problem

SUFFIX = ".dzn"


def read_file(path: str) -> Problem:
    """A published instance (.dzn) or a problem in JSON. BadProblem, OSError or UnicodeDecodeError if it is neither."""
    text = Path(path).read_text(encoding="utf-8")
    return published.read(text) if path.endswith(SUFFIX) else documents.read(text)


def problem_of(task: Task) -> Problem:
    """The problem of a task, read or made."""
    if task.file:
        return read_file(task.file)
    return event(FLAVOURS[task.flavour](size(task.meetings)), seed=task.seed)


def instances(folder: Path) -> list[tuple[str, Path]]:
    """Names and files of the published instances in a folder, in order. BadProblem when there is none."""
    files = sorted(folder.glob(f"*{SUFFIX}"))
    if not files:
        raise BadProblem([Fault(str(folder / f"*{SUFFIX}"), "no_file")])
    return [(name_of(file), file) for file in files]


def name_of(file: Path) -> str:
    """`forum-14.original.dzn` is called `forum-14`."""
    return file.name.removesuffix(SUFFIX).removesuffix(".original")
