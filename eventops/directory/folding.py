"""Times that may not overlap: where two records become one, one time is left of two that hold on the same days."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory.references import Reference
from eventops.directory.rules import overlapping


class _Rule(NamedTuple):
    """`within` says whose times may not overlap, `agree` what both must say, `filled` what one takes from the other."""

    within: Sequence[str] = ()
    agree: Sequence[str] = ()
    filled: Sequence[str] = ()


_TIMES: Final[Mapping[str, _Rule]] = {
    "membership": _Rule(filled=("member_number",)),
    "partnership": _Rule(within=("role",), filled=("note",)),
    "committee_term": _Rule(within=("committee_id",), agree=("role",)),
}


@dataclass(slots=True)
class _Time:
    """A row, as it stands and as it is widened."""

    id: int
    starts_on: dt.date
    ends_on: dt.date | None
    values: dict[str, Any]


@dataclass(slots=True)
class Folding:
    """What becomes of the times of one that goes: `stays` are held by a time of the other, which is `widened`."""

    stays: set[int]
    widened: dict[int, dict[str, Any]]
    is_refused: bool = False


def fold(session: Session, reference: Reference, *, keep_id: int, drop_id: int) -> Folding:
    """Refused where a time meets two of the other's, or both hold something else on the same days."""
    found, rule = Folding(set(), {}), _TIMES.get(reference.table.name)
    if rule is None:
        return found
    kept = _times(session, reference, rule, keep_id)
    for time in _times(session, reference, rule, drop_id):
        known = [one for one in kept if all(one.values[name] == time.values[name] for name in rule.within)]
        first = overlapping(known, time)
        if first is None:
            continue
        others = [one for one in known if one is not first]
        if overlapping(others, time) or any(first.values[name] != time.values[name] for name in rule.agree):
            found.is_refused = True
        found.stays.add(time.id)
        found.widened[first.id] = _widen(first, time, rule)
    return found


def _times(session: Session, reference: Reference, rule: _Rule, owner_id: int) -> list[_Time]:
    table = reference.table
    names = (*rule.within, *rule.agree, *rule.filled)
    columns = (table.c.id, table.c.starts_on, table.c.ends_on, *(table.c[name] for name in names))
    rows = session.execute(select(*columns).where(reference.column == owner_id).order_by(table.c.id))
    return [_Time(row[0], row[1], row[2], dict(zip(names, row[3:], strict=True))) for row in rows]


def _widen(kept: _Time, other: _Time, rule: _Rule) -> dict[str, Any]:
    kept.starts_on = min(kept.starts_on, other.starts_on)
    if kept.ends_on is not None:
        kept.ends_on = max(kept.ends_on, other.ends_on) if other.ends_on is not None else None
    kept.values = kept.values | {name: kept.values[name] or other.values[name] for name in rule.filled}
    return {
        "starts_on": kept.starts_on,
        "ends_on": kept.ends_on,
        **{name: kept.values[name] for name in rule.filled},
    }
