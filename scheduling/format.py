"""Problems and timetables as JSON text: reading names every fault with its path, writing leaves defaults out."""

import datetime as dt
import json
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, asdict, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from scheduling.faults import BadProblem, Fault, faults
from scheduling.problem import Problem
from scheduling.solution import Meeting, Reason, Solution

FORMAT = "b2b-meetings/1"
LONGEST = 200_000_000  # characters
T = TypeVar("T")


def read(text: str) -> Problem:
    """The problem in a JSON document; BadProblem names everything that is wrong with it."""
    document = _object(text)
    reader = _Reader()
    if document.pop("format", FORMAT) != FORMAT:
        reader.fault("format", "unknown", "")
    problem = reader.dataclass(Problem, document, "")
    if problem is None or reader.faults:
        raise BadProblem(reader.faults)
    found = faults(problem)
    if found:
        raise BadProblem(found)
    return problem


def read_meetings(text: str) -> tuple[Meeting, ...]:
    """The list `meetings` of a JSON document, as `write_solution` makes it."""
    reader = _Reader()
    listed = reader.value(tuple[Meeting, ...], _object(text).get("meetings"), "meetings")
    if reader.faults:
        raise BadProblem(reader.faults)
    return tuple(listed)


def write(problem: Problem) -> str:
    """The document that `read` turns back into an equal problem."""
    return json.dumps({"format": FORMAT, **_plain(problem)}, ensure_ascii=False, indent=1)


def write_solution(solution: Solution, reasons: Iterable[Reason] = ()) -> str:
    """A solution with its reasons, everything spelled out."""
    document = {**asdict(solution), "reasons": [asdict(reason) for reason in reasons]}
    document["versions"] = dict(solution.versions)
    return json.dumps(document, ensure_ascii=False, indent=1)


def _object(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise BadProblem([Fault("", "too_long", str(len(text)))])
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadProblem([Fault("", "not_json", str(error))]) from None
    if not isinstance(document, dict):
        raise BadProblem([Fault("", "wrong_type", "object")])
    return document


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


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


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reader:
    """Turns plain JSON values into the types that the dataclasses ask for, and collects the faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: str, code: str, value: str) -> None:
        self.faults.append(Fault(path, code, value[:80]))

    def dataclass(self, kind: type[T], value: Any, path: str) -> T | None:
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "object")
            return None
        hints, known = _hints(kind), {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
        for name in value.keys() - known.keys():
            self.fault(_under(path, name), "unknown_field", name)
        for name, one in known.items():
            if name not in value and one.default is MISSING and one.default_factory is MISSING:
                self.fault(_under(path, name), "missing", name)
        before = len(self.faults)
        made = {name: self.value(hints[name], value[name], _under(path, name)) for name in known if name in value}
        complete = all(
            one.default is not MISSING or one.default_factory is not MISSING or name in value
            for name, one in known.items()
        )
        return kind(**made) if complete and len(self.faults) == before else None

    def value(self, kind: Any, value: Any, path: str) -> Any:
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            inner = next(one for one in get_args(kind) if one is not type(None))
            return None if value is None else self.value(inner, value, path)
        if origin in (tuple, frozenset):
            return self._several(origin, get_args(kind)[0], value, path)
        if origin is Mapping:
            return self._mapping(value, path)
        if is_dataclass(kind) and isinstance(kind, type):
            return self.dataclass(kind, value, path)
        return self._single(kind, value, path)

    def _several(self, make: Callable[[list[Any]], Any], kind: Any, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            self.fault(path, "wrong_type", "list")
            return make([])
        read = [self.value(kind, one, f"{path}[{place}]") for place, one in enumerate(value)]
        return make([one for one in read if one is not None])

    def _mapping(self, value: Any, path: str) -> dict[str, int]:
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "object")
            return {}
        return {name: self._single(int, one, _under(path, name)) for name, one in value.items()}

    def _single(self, kind: Any, value: Any, path: str) -> Any:
        if kind is dt.datetime:
            return self._moment(value, path)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return self._named(kind, value, path)
        if type(value) is not kind:
            self.fault(path, "wrong_type", kind.__name__)
            return None
        return value

    def _moment(self, value: Any, path: str) -> dt.datetime | None:
        try:
            return dt.datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(path, "wrong_type", "time")
            return None

    def _named(self, kind: type[StrEnum], value: Any, path: str) -> StrEnum | None:
        try:
            return kind(value)
        except ValueError:
            self.fault(path, "unknown", str(value))
            return None


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
