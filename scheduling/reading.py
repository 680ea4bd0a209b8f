"""Plain JSON values as dataclasses: every fault with its path, and something made up where a value cannot be read."""

import datetime as dt
import json
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from scheduling.faults import BadProblem, Fault
from scheduling.limits import LONGEST_TEXT, MOST, MOST_FAULTS, MOST_VALUES

LONGEST_NUMBER = 30  # digits; anything longer is out of every range, and slow to turn into a number
LONGEST_SHOWN = 80  # characters of the document that a fault repeats
T = TypeVar("T")


class Odd(str):
    """Something that JSON text may hold and that no field takes: NaN, an infinity, a number with too many digits."""


class Doubled(dict[str, Any]):
    """An object in which a field stands more than once; `doubled` are those fields."""

    doubled: tuple[str, ...] = ()


def parsed(text: str) -> dict[str, Any]:
    """The object that a JSON document holds; BadProblem for anything else, and for one too large to be looked at."""
    if len(text) > LONGEST_TEXT:
        raise BadProblem([Fault("", "too_long", str(len(text)))])
    values = text.count(",") + text.count("[") + text.count("{")
    if values > MOST_VALUES:
        raise BadProblem([Fault("", "too_many_values", str(values))])
    try:
        document = json.loads(text, parse_constant=Odd, parse_int=_whole, object_pairs_hook=_object)
    except RecursionError:
        raise BadProblem([Fault("", "too_deep")]) from None
    except ValueError as error:
        raise BadProblem([Fault("", "not_json", str(error))]) from None
    if not isinstance(document, dict):
        raise BadProblem([Fault("", "wrong_type", "object")])
    return document


def _whole(digits: str) -> "int | Odd":
    return int(digits) if len(digits) <= LONGEST_NUMBER else Odd(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled = Doubled(made)
    names = [name for name, _value in pairs]
    doubled.doubled = tuple(name for name in made if names.count(name) > 1)
    return doubled


def shown(text: str) -> str:
    """Text from a document as it may stand in a message: short, without what a terminal would obey or refuse."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:LONGEST_SHOWN])


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@cache
def hints(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields, looked up once."""
    return get_type_hints(kind)


@cache
def _required(kind: Any) -> frozenset[str]:
    missing = (one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING)
    return frozenset(missing)


class Reader:
    """Reads values and collects faults. What cannot be read is replaced, so that places in lists keep their numbers."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: str, code: str, value: str = "") -> None:
        """Remember a fault, unless there are far too many already."""
        if len(self.faults) <= MOST_FAULTS:
            self.faults.append(Fault(path, code, shown(value)))

    def dataclass(self, kind: type[T], value: Any, path: str) -> T:
        """The value as `kind`; required fields that cannot be read hold something made up."""
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "object")
            return _made_up(kind)  # type: ignore[no-any-return]
        self._doubled(value, path)
        plain: Any = kind
        types_of, needed = hints(plain), _required(plain)
        for name in value:
            if name not in types_of:
                self.fault(under(path, name), "unknown_field", name)
        for name in sorted(needed - value.keys()):
            self.fault(under(path, name), "missing", name)
        read = {
            name: self.value(one, value[name], under(path, name)) for name, one in types_of.items() if name in value
        }
        made = {name: one for name, one in read.items() if one is not _UNREAD}
        return kind(**{name: _made_up(types_of[name]) for name in needed - made.keys()}, **made)

    def _doubled(self, value: dict[str, Any], path: str) -> None:
        if isinstance(value, Doubled):
            for name in value.doubled:
                self.fault(under(path, name), "duplicate_field", name)

    def value(self, kind: Any, value: Any, path: str) -> Any:
        """The value as the type asks; `_UNREAD` after a fault, apart from lists and dataclasses."""
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

    def _several(self, make: type, kind: Any, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            self.fault(path, "wrong_type", "list")
            return _UNREAD
        if len(value) > MOST.get(path, MOST_VALUES):
            self.fault(path, "too_many", str(len(value)))
            return _UNREAD
        read = (self.value(kind, one, f"{path}[{place}]") for place, one in enumerate(value))
        return make([one for one in read if one is not _UNREAD])

    def _mapping(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "object")
            return _UNREAD
        self._doubled(value, path)
        read = {name: self._single(int, one, under(path, name)) for name, one in value.items()}
        return {name: one for name, one in read.items() if one is not _UNREAD}

    def _single(self, kind: Any, value: Any, path: str) -> Any:
        if isinstance(value, Odd):
            self.fault(path, "out_of_range" if value[-1].isdigit() else "not_a_number", value)
            return _UNREAD
        if kind is dt.datetime:
            return self._moment(value, path)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return self._named(kind, value, path)
        if type(value) is not kind:
            self.fault(path, "wrong_type", kind.__name__)
            return _UNREAD
        if kind is str and not value.isascii() and _SURROGATES.search(value):
            self.fault(path, "not_text", value)
            return _UNREAD
        return value

    def _moment(self, value: Any, path: str) -> Any:
        try:
            return dt.datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(path, "wrong_type", "time")
            return _UNREAD

    def _named(self, kind: type[StrEnum], value: Any, path: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            self.fault(path, "unknown", str(value))
            return _UNREAD


_UNREAD = object()


def _made_up(kind: Any) -> Any:
    """Something of the type for a place that could not be read; never handed out, only looked past."""
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _made_up(hints(kind)[name]) for name in _required(kind)})
    if kind is dt.datetime:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    return () if get_origin(kind) is tuple else kind()


def under(path: str, name: str) -> str:
    """The path of a field of the object at `path`."""
    return f"{path}.{shown(name)}" if path else shown(name)
