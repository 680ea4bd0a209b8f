"""What changed between two savings of an event, in words."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from eventops import wareki
from eventops.events.vocabulary import (
    CATEGORY_WORDS,
    ELIGIBILITY_WORDS,
    FIELD_WORDS,
    HOST_ROLE_WORDS,
    KIND_WORDS,
    MODE_WORDS,
    PART_KIND_WORDS,
    PROMOTION_WORDS,
)
from eventops.languages import language

SHORT = 40
_WORDS: dict[str, Mapping[Any, Any]] = {"eligibility": ELIGIBILITY_WORDS, "promotion": PROMOTION_WORDS}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that reads differently now."""

    field: str
    before: str
    after: str


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, only: Collection[str] | None = None
) -> list[Change]:
    """The fields that differ, all or `only` some; parts are compared by what they are, not by where they stand."""
    if not before or not after or "parts" not in before or "parts" not in after:
        return []
    own = _differences(before, after, KIND_WORDS, "", only)
    return [*own, *_part_changes(before["parts"], after["parts"], only)]


def _part_changes(
    before: list[dict[str, Any]], after: list[dict[str, Any]], only: Collection[str] | None
) -> list[Change]:
    old = {part["id"]: part for part in before}
    new = {part["id"]: part for part in after}
    gone = [Change(str(FIELD_WORDS["parts"]), part["title"], "") for key, part in old.items() if key not in new]
    come = [Change(str(FIELD_WORDS["parts"]), "", part["title"]) for key, part in new.items() if key not in old]
    changed = [
        change
        for key, part in new.items()
        if key in old
        for change in _differences(old[key], part, PART_KIND_WORDS, f"{part['title']} ", only)
    ]
    return [*gone, *come, *changed]


def _differences(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    kinds: Mapping[Any, Any],
    prefix: str,
    only: Collection[str] | None,
) -> list[Change]:
    fields = [
        name
        for name in after
        if name not in ("id", "parts") and (only is None or name in only) and before.get(name) != after[name]
    ]
    return [
        Change(
            f"{prefix}{FIELD_WORDS.get(name, name)}",
            _text(name, before.get(name), kinds),
            _text(name, after[name], kinds),
        )
        for name in fields
    ]


def _text(name: str, value: Any, kinds: Mapping[Any, Any]) -> str:
    if isinstance(value, bool):
        return str(_("あり") if value else _("なし"))
    if isinstance(value, list):
        return "、".join(_row(row) for row in value)
    if isinstance(value, dict):
        value = " / ".join(value.values())
    words = kinds if name == "kind" else _WORDS.get(name, {})
    text = str(words.get(value, value)) if value is not None else ""
    if name in ("starts", "ends"):
        return text[:5]
    if name in ("held_on", "day"):
        return _day(dt.date.fromisoformat(text)) if text else ""
    if name.endswith(("_at", "_until")):
        return _moment(text)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def _moment(text: str) -> str:
    if not text:
        return ""
    moment = dt.datetime.fromisoformat(text)
    return f"{_day(moment)} {wareki.clock(moment)}"


def _day(day: dt.date) -> str:
    return wareki.date_ja(day) if language() == "ja" else wareki.date_en(day)


def _row(row: Mapping[str, Any]) -> str:
    if "role" in row:
        return f"{HOST_ROLE_WORDS[row['role']]} {row['name']}"
    if "yen" in row:
        return f"{MODE_WORDS[row['mode']]}{CATEGORY_WORDS[row['category']]} {row['yen']:,}{_('円')}"
    capacity = _("定員なし") if row["capacity"] is None else f"{row['capacity']}{_('名')}"
    reserved = f"({_('取置')}{row['reserved']}{_released(row)})" if row["reserved"] else ""
    return f"{MODE_WORDS[row['mode']]} {capacity}{reserved}"


def _released(row: Mapping[str, Any]) -> str:
    day = row.get("released_on")
    return " " + _("%(day)sに開放", day=wareki.month_day(dt.date.fromisoformat(day))) if day else ""
