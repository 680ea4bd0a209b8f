"""What moves with the day of an event that nobody has read yet: dates that were counted from it, and its file name."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from eventops.events import copying
from eventops.events.plan import MOMENTS, EventPlan, PartPlan, PoolPlan


@dataclass(frozen=True, slots=True)
class Followed:
    """The plan with what moved; `fields` are named as the form has them."""

    plan: EventPlan
    fields: tuple[str, ...] = ()
    days: int = 0


def follow(before: EventPlan, typed: EventPlan, *, slugs: Collection[str]) -> Followed:
    """Dates that were left as they were move as many days as the day did; those that were typed anew stay as typed."""
    shift = typed.held_on - before.held_on
    if not shift:
        return Followed(typed)
    moments = {name: getattr(typed, name) + shift for name in MOMENTS if _is_left(name, before, typed)}
    changed: dict[str, Any] = dict(moments)
    parts = tuple(_part(part, before, shift) for part in typed.parts)
    if parts != typed.parts:
        changed["parts"] = parts
    slug = _slug(before, typed, slugs)
    if slug != typed.slug:
        changed["slug"] = slug
    fields = tuple("released_on" if name == "parts" else name for name in changed)
    return Followed(replace(typed, **changed), fields, shift.days)


def _is_left(name: str, before: EventPlan, typed: EventPlan) -> bool:
    moment = getattr(typed, name)
    return moment is not None and moment == getattr(before, name)


def _part(part: PartPlan, before: EventPlan, shift: dt.timedelta) -> PartPlan:
    """The day on which its reserve is let go; a part with a day of its own keeps it."""
    known = next((one for one in before.parts if one.id is not None and one.id == part.id), None)
    days = {pool.mode: pool.released_on for pool in known.pools} if known is not None else {}
    return replace(part, pools=tuple(_pool(pool, days.get(pool.mode), shift) for pool in part.pools))


def _pool(pool: PoolPlan, released_on: dt.date | None, shift: dt.timedelta) -> PoolPlan:
    is_left = released_on is not None and pool.released_on == released_on
    return replace(pool, released_on=released_on + shift) if is_left and released_on is not None else pool


def _slug(before: EventPlan, typed: EventPlan, slugs: Collection[str]) -> str:
    """A name that carries the day, as the one that was proposed does."""
    day = f"{before.held_on:%Y%m%d}"
    if typed.slug != before.slug or day not in typed.slug:
        return typed.slug
    moved = typed.slug.replace(day, f"{typed.held_on:%Y%m%d}")
    return copying.free(moved, slugs, copying.SLUG_LENGTH, "-")
