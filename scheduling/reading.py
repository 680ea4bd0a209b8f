"""Plain JSON values as dataclasses: every fault with its path, and something made up where a value cannot be read."""

import datetime as dt
import json
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any, Union, get_args, get_origin, get_type_hints

from scheduling.faults import BadProblem, Fault
from scheduling.limits import LONGEST_TEXT, MOST, MOST_FAULTS, MOST_VALUES

LONGEST_NUMBER = 30  # digits; anything longer is out of every range, and slow to turn into a number
LONGEST_SHOWN = 80  # characters of the document that a fault repeats


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


def shown(text: str, most: int = LONGEST_SHOWN) -> str:
    """Text from a document as it may stand in a message: short, without what a terminal would obey or refuse."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:most])


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


class Reader:
    """Reads values and collects faults. What cannot be read is replaced, so that places in lists keep their numbers."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: str, code: str, value: str = "") -> None:
        """Remember a fault, unless there are far too many already."""
        if len(self.faults) <= MOST_FAULTS:
            self.faults.append(Fault(path, code, shown(value)))

    def value(self, kind: Any, value: Any, path: str) -> Any:
        """The value as the type asks; something made up, or UNREAD, where that is not possible."""
        return _way(kind)(self, value, path)

    def dataclass(self, value: Any, path: str, *, kind: type, ways: Mapping[str, "Way"]) -> Any:
        """The value as `kind`; required fields that cannot be read hold something made up."""
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "object")
            return made_up(kind)
        self.doubled(value, path)
        before = f"{path}." if path else ""
        read = {}
        for name, one in value.items():
            if name in ways:
                read[name] = ways[name](self, one, before + name)
            else:
                self.fault(before + shown(name), "unknown_field", name)
        return kind(**self._completed(kind, read, before))

    def _completed(self, kind: type, read: dict[str, Any], before: str) -> dict[str, Any]:
        """What was read, without what could not be, and with something made up for what is needed."""
        for name in _required(kind):
            if name not in read:
                self.fault(before + name, "missing", name)
                read[name] = UNREAD
            if read[name] is UNREAD:
                read[name] = made_up(hints(kind)[name])
        return {name: one for name, one in read.items() if one is not UNREAD}

    def doubled(self, value: dict[str, Any], path: str) -> None:
        """Name the fields that stand in an object more than once."""
        if isinstance(value, Doubled):
            for name in value.doubled:
                self.fault(f"{path}.{shown(name)}" if path else shown(name), "duplicate_field", name)

    def optional(self, value: Any, path: str, *, way: "Way") -> Any:
        """None, or what the way makes of the value."""
        return None if value is None else way(self, value, path)

    def several(self, value: Any, path: str, *, make: type, way: "Way") -> Any:
        """A list as a tuple or a set."""
        if not isinstance(value, list):
            self.fault(path, "wrong_type", "list")
            return UNREAD
        if len(value) > MOST.get(path, MOST_VALUES):
            self.fault(path, "too_many", str(len(value)))
            return UNREAD
        read = [way(self, one, f"{path}[{place}]") for place, one in enumerate(value)]
        return make([one for one in read if one is not UNREAD])

    def mapping(self, value: Any, path: str, *, way: "Way") -> Any:
        """An object with any field names."""
        if not isinstance(value, dict):
            self.fault(path, "wrong_type", "object")
            return UNREAD
        self.doubled(value, path)
        read = {name: way(self, one, f"{path}.{shown(name)}") for name, one in value.items()}
        return {name: one for name, one in read.items() if one is not UNREAD}

    def plain(self, value: Any, path: str, *, kind: type) -> Any:
        """A value that is of the type already; `true` is no number."""
        if type(value) is kind:
            return value
        if isinstance(value, Odd):
            self.fault(path, "out_of_range" if value[-1].isdigit() else "not_a_number", value)
        else:
            self.fault(path, "wrong_type", kind.__name__)
        return UNREAD

    def text(self, value: Any, path: str) -> Any:
        """A string without halves of characters, which no file could hold."""
        if type(value) is str and (value.isascii() or not _SURROGATES.search(value)):
            return value
        if type(value) is not str:
            return self.plain(value, path, kind=str)
        self.fault(path, "not_text", value)
        return UNREAD

    def moment(self, value: Any, path: str) -> Any:
        """An ISO 8601 time."""
        try:
            return dt.datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(path, "wrong_type", "time")
            return UNREAD

    def named(self, value: Any, path: str, *, kind: type[StrEnum]) -> Any:
        """One of the words of an enumeration."""
        try:
            return kind(value)
        except ValueError:
            self.fault(path, "unknown", str(value))
            return UNREAD


Way = Callable[[Reader, Any, str], Any]
"""How values of one type are read: reader, value, path."""
UNREAD = object()
"""Stands for a value that cannot be read, until it is left out or replaced."""


@cache
def _way(kind: Any) -> Way:
    """Looked up once for each type: asking types what they are is slow."""
    origin, inner = get_origin(kind), [one for one in get_args(kind) if one is not type(None)]
    if origin in (Union, types.UnionType):
        return partial(Reader.optional, way=_way(inner[0]))
    if origin in (tuple, frozenset):
        return partial(Reader.several, make=origin, way=_way(inner[0]))
    if origin is Mapping:
        return partial(Reader.mapping, way=_way(inner[1]))
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(Reader.dataclass, kind=kind, ways={name: _way(one) for name, one in hints(kind).items()})
    return _single_way(kind)


def _single_way(kind: type) -> Way:
    if kind is str:
        return Reader.text
    if kind is dt.datetime:
        return Reader.moment
    return partial(Reader.named, kind=kind) if issubclass(kind, StrEnum) else partial(Reader.plain, kind=kind)


@cache
def hints(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields, looked up once."""
    return get_type_hints(kind)


@cache
def _required(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING)


def made_up(kind: Any) -> Any:
    """Something of the type for a place that could not be read; never handed out, only looked past."""
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: made_up(hints(kind)[name]) for name in _required(kind)})
    if kind is dt.datetime:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    return () if get_origin(kind) is tuple else kind()
