"""Problems and timetables as JSON text: reading names every fault with its path, writing leaves defaults out."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import MISSING, Field, asdict, fields, is_dataclass
from typing import Any

from scheduling.faults import BadProblem, faults, limited
from scheduling.limits import MOST_FAULTS
from scheduling.problem import Problem
from scheduling.reading import Reader, parsed
from scheduling.solution import Contradiction, Meeting, Reason, Solution

FORMAT = "b2b-meetings/2"
Document = dict[str, Any]


def _from_1(document: Document) -> None:
    """2 has `max_idle_difference`, which no document of 1 means to limit; nothing else differs."""
    document["format"] = FORMAT


UPGRADES: Mapping[str, Callable[[Document], None]] = {"b2b-meetings/1": _from_1}
"""Earlier versions of the format, each with what turns a document of it into one of the next version."""
READABLE = (*UPGRADES, FORMAT)


def read(text: str) -> Problem:
    """The problem in a JSON document of any version in READABLE; BadProblem names everything that is wrong with it.

    A document that names no version is taken for one of the newest.
    """
    return read_document(parsed(text))


def read_document(document: Document) -> Problem:
    """The same for a document that is parsed already."""
    reader = Reader()
    problem: Problem = reader.value(Problem, _newest(reader, copy(document)), "")
    unread = {fault.path for fault in reader.faults}
    sense = faults(problem, unread=unread) if len(reader.faults) <= MOST_FAULTS else ()
    if reader.faults or sense:
        raise BadProblem(limited([*reader.faults, *sense]))
    return problem


def _newest(reader: Reader, document: Document) -> Document:
    """The document brought up to the newest version, without the field that names the version."""
    said = document.get("format", FORMAT)
    while isinstance(said, str) and said in UPGRADES:
        UPGRADES[said](document)
        said = document["format"]
    if said != FORMAT:
        reader.fault("format", "unknown_format", str(said))
    document.pop("format", None)
    return document


def read_meetings(text: str) -> tuple[Meeting, ...]:
    """The list `meetings` of a JSON document, as `write_solution` makes it; anything else in it is not looked at."""
    reader, document = Reader(), parsed(text)
    if "meetings" not in document:
        reader.fault("meetings", "missing")
    meetings = reader.value(tuple[Meeting, ...], document.get("meetings", []), "meetings")
    if reader.faults:
        raise BadProblem(limited(reader.faults))
    return tuple(meetings)


def write(problem: Problem) -> str:
    """The document that `read` turns back into an equal problem."""
    return json.dumps({"format": FORMAT, **_plain(problem)}, ensure_ascii=False, indent=1)


def write_solution(
    solution: Solution, reasons: Iterable[Reason] = (), contradictions: Iterable[Contradiction] = ()
) -> str:
    """A solution with its reasons and what contradicts what, everything spelled out."""
    document = {**asdict(solution), "reasons": [asdict(reason) for reason in reasons]}
    document["contradictions"] = [asdict(one) for one in contradictions]
    document["versions"] = dict(solution.versions)
    return json.dumps(document, ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if _says_much(value, one)}
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _says_much(value: Any, one: "Field[Any]") -> bool:
    default = one.default if one.default_factory is MISSING else one.default_factory()
    return bool(getattr(value, one.name) != default)
