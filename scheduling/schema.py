"""The JSON Schema of a problem, made from the dataclasses; `schema.json` holds what this module makes."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin

from scheduling.format import READABLE
from scheduling.limits import MOST, RANGES
from scheduling.problem import Problem, Request
from scheduling.reading import hints

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FEWEST: Mapping[type, Mapping[str, int]] = {Problem: {"slots": 1, "tables": 1}, Request: {"participants": 2}}
"""Lists that may not be shorter."""
_SIMPLE: Mapping[type, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    dt.datetime: {"type": "string", "format": "date-time"},
}


def schema() -> dict[str, Any]:
    """Draft 2020-12. Whatever it refuses the reader refuses too; the reader also knows ids, times and locks."""
    parts: dict[str, Any] = {}
    whole = _object(Problem, parts)
    version = {"description": "Version of the format; the newest when left out.", "enum": list(READABLE)}
    whole["properties"] = {"format": version, **whole["properties"]}
    return {
        "$schema": DIALECT,
        "title": "Problem of one-to-one meetings",
        **whole,
        "$defs": dict(sorted(parts.items())),
    }


def written() -> str:
    """The text of `schema.json`."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _object(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """One dataclass; those that it holds are put into `parts`."""
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    ranges = RANGES.get(kind.__name__, {})
    typed = {name: _typed(one, parts, ranges.get(name)) for name, one in hints(kind).items()}
    return {
        "description": kind.__doc__.partition("\n\n")[0],
        "type": "object",
        "properties": {name: {**one, **_lengths(kind, name)} for name, one in typed.items()},
        "required": needed,
        "additionalProperties": False,
    }


def _lengths(kind: type, name: str) -> dict[str, int]:
    if name == "id":
        return {"minLength": 1}
    most = MOST.get(name) if kind is Problem else None
    bounds = {"minItems": FEWEST.get(kind, {}).get(name), "maxItems": most}
    return {keyword: bound for keyword, bound in bounds.items() if bound is not None}


def _typed(kind: Any, parts: dict[str, Any], allowed: tuple[int, int] | None) -> dict[str, Any]:
    origin, inner = get_origin(kind), [one for one in get_args(kind) if one is not type(None)]
    if origin is UnionType:
        return {"anyOf": [_typed(inner[0], parts, allowed), {"type": "null"}]}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _typed(inner[0], parts, None)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _typed(inner[1], parts, allowed)}
    return _part(kind, parts) if is_dataclass(kind) else _single(kind, allowed)


def _part(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    parts[kind.__name__] = _object(kind, parts)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _single(kind: type, allowed: tuple[int, int] | None) -> dict[str, Any]:
    if kind is int:
        return {"type": "integer", **dict(zip(("minimum", "maximum"), allowed or (), strict=False))}
    if issubclass(kind, StrEnum):
        return {"enum": [one.value for one in kind]}
    return dict(_SIMPLE[kind])
