"""This time's event made from last time's: every date moved, the edition counted on, names proposed."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from eventops import wareki
from eventops.events.models import EventKind
from eventops.events.plan import EventPlan, PartPlan

SLUG_LENGTH = 60
CODE_LENGTH = 12
_EDITION = re.compile(r"第(\d+)回")
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")
_LETTER = {
    EventKind.TECHNOLOGY_EXCHANGE: "M",
    EventKind.NEW_YEAR: "N",
    EventKind.WORKING_GROUP: "W",
    EventKind.SALON: "S",
    EventKind.GOLF: "G",
    EventKind.SEMINAR: "K",
    EventKind.SOCIAL: "B",
    EventKind.OTHER: "E",
}
_WORD = {
    EventKind.TECHNOLOGY_EXCHANGE: "exchange",
    EventKind.NEW_YEAR: "newyear",
    EventKind.WORKING_GROUP: "group",
    EventKind.SALON: "salon",
    EventKind.GOLF: "golf",
    EventKind.SEMINAR: "seminar",
    EventKind.SOCIAL: "social",
    EventKind.OTHER: "event",
}


def copied(
    plan: EventPlan,
    *,
    held_on: dt.date,
    slugs: Collection[str],
    codes: Collection[str],
    last_edition: int | None = None,
) -> EventPlan:
    """Last time's plan on a new day. Marks such as (仮) stay; parts become new ones.

    The number follows the last one of the series, which need not be that of the event that is copied.
    """
    shift = held_on - plan.held_on
    edition = None if plan.edition is None else max(plan.edition, last_edition or 0) + 1
    return replace(
        plan,
        slug=free(next_name(plan.slug, plan.held_on, held_on), slugs, SLUG_LENGTH, "-"),
        code=free(_code_like(plan.code), codes, CODE_LENGTH, "-"),
        edition=edition,
        title=next_title(
            plan.title, plan.held_on, held_on, ahead=edition - plan.edition if edition and plan.edition else 1
        ),
        title_en=plan.title_en.replace(str(plan.held_on.year), str(held_on.year)),
        held_on=held_on,
        applications_open_at=_moved(plan.applications_open_at, shift),
        applications_close_at=plan.applications_close_at + shift,
        general_opens_at=_moved(plan.general_opens_at, shift),
        free_cancellation_until=_moved(plan.free_cancellation_until, shift),
        answers_close_at=_moved(plan.answers_close_at, shift),
        parts=tuple(_new_part(part, shift) for part in plan.parts),
    )


def proposed_slug(kind: EventKind, held_on: dt.date, slugs: Collection[str]) -> str:
    """newyear-20270122, for an event that has no name in Latin letters yet."""
    return free(f"{_WORD[kind]}-{held_on:%Y%m%d}", slugs, SLUG_LENGTH, "-")


def proposed_code(kind: EventKind, held_on: dt.date, codes: Collection[str]) -> str:
    """N2701: kind, year and month; it begins every registration number."""
    return free(f"{_LETTER[kind]}{held_on:%y%m}", codes, CODE_LENGTH, "-")


def next_title(title: str, last: dt.date, held_on: dt.date, *, ahead: int = 1) -> str:
    """第7回 becomes 第8回, 令和8年 becomes 令和9年, 2026 becomes 2027."""
    title = _EDITION.sub(lambda found: f"第{int(found[1]) + ahead}回", title)
    title = title.replace(wareki.era_year(last), wareki.era_year(held_on))
    return title.replace(str(last.year), str(held_on.year))


def next_name(name: str, last: dt.date, held_on: dt.date) -> str:
    """The year moved on where the name has it, else its last number, else the year added."""
    if str(last.year) in name:
        return name.replace(str(last.year), str(held_on.year))
    if _LAST_NUMBER.search(name):
        return _counted_on(name)
    return f"{name}-{held_on.year}"


def free(name: str, taken: Collection[str], length: int, joint: str) -> str:
    """The name, or the name with the first number that nobody has."""
    candidate, number = name[:length], 1
    while candidate in taken:
        number += 1
        ending = f"{joint}{number}"
        candidate = name[: length - len(ending)] + ending
    return candidate


def _code_like(code: str) -> str:
    return _counted_on(code) if _LAST_NUMBER.search(code) else f"{code}2"


def _counted_on(name: str) -> str:
    return _LAST_NUMBER.sub(lambda found: str(int(found[0]) + 1).zfill(len(found[0])), name)


Day = TypeVar("Day", dt.date, dt.datetime)


def _moved(moment: Day | None, shift: dt.timedelta) -> Day | None:
    return None if moment is None else moment + shift


def _new_part(part: PartPlan, shift: dt.timedelta) -> PartPlan:
    pools = tuple(replace(pool, released_on=_moved(pool.released_on, shift)) for pool in part.pools)
    return replace(part, id=None, day=_moved(part.day, shift), pools=pools)
