"""Organisations and people who may be the same: pairs for a person to look at, never merged by themselves."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops.accounts import audit
from eventops.directory import names
from eventops.directory.models import DistinctPair, Organisation, Person

MOST_OF_ONE_KIND = 8
"""Larger groups are not duplicates but a common name; their pairs would bury all others."""


class Likeness(StrEnum):
    """Why two may be the same, the strongest first."""

    SAME_EMAIL = "same_email"
    SAME_IN_ORGANISATION = "same_in_organisation"
    SAME_CORE = "same_core"
    SAME_SPELLING = "same_spelling"
    SAME_READING = "same_reading"


R = TypeVar("R", Organisation, Person)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that look alike; the one that was known first stands first."""

    likeness: Likeness
    first: Any
    second: Any


def organisations(session: Session) -> list[Pair]:
    """Pairs by the core of the name, by its spelling and by its reading."""
    query = select(Organisation).where(Organisation.merged_into_id.is_(None)).order_by(Organisation.id)
    found = session.scalars(query.options(selectinload(Organisation.memberships))).all()
    ways: list[tuple[Likeness, Callable[[Organisation], Hashable]]] = [
        (Likeness.SAME_CORE, lambda one: one.match_core),
        (Likeness.SAME_SPELLING, lambda one: names.loose_core(one.name)),
        (Likeness.SAME_READING, lambda one: one.sort_key),
    ]
    return list(_pairs(found, ways, _apart(session, "organisation")))


def people(session: Session) -> list[Pair]:
    """Pairs by address, and by name within one organisation."""
    query = select(Person).where(Person.merged_into_id.is_(None)).order_by(Person.id)
    found = session.scalars(query.options(joinedload(Person.organisation))).all()
    ways: list[tuple[Likeness, Callable[[Person], Hashable]]] = [
        (Likeness.SAME_EMAIL, lambda one: (one.email.lower(), one.sort_key) if one.email else None),
        (Likeness.SAME_IN_ORGANISATION, lambda one: one.organisation_id and (one.organisation_id, one.sort_key)),
    ]
    return list(_pairs(found, ways, _apart(session, "person")))


def _pairs(
    found: Sequence[R], ways: Iterable[tuple[Likeness, Callable[[R], Hashable]]], apart: set[tuple[int, int]]
) -> Iterator[Pair]:
    seen = set(apart)
    for likeness, key_of in ways:
        groups: defaultdict[Hashable, list[R]] = defaultdict(list)
        for one in found:
            key = key_of(one)
            if key:
                groups[key].append(one)
        for group in groups.values():
            if 1 < len(group) <= MOST_OF_ONE_KIND:
                for first, second in itertools.combinations(group, 2):
                    if (first.id, second.id) not in seen:
                        seen.add((first.id, second.id))
                        yield Pair(likeness, first, second)


def _apart(session: Session, kind: str) -> set[tuple[int, int]]:
    rows = session.execute(select(DistinctPair.low_id, DistinctPair.high_id).where(DistinctPair.kind == kind))
    return {(low, high) for low, high in rows}


def keep_apart(session: Session, *, kind: str, first_id: int, second_id: int, actor_id: int, now: dt.datetime) -> None:
    """Somebody has looked: these two are not the same, and are not asked about again."""
    low, high = sorted((first_id, second_id))
    if (low, high) in _apart(session, kind):
        return
    session.add(DistinctPair(kind=kind, low_id=low, high_id=high, decided_by_id=actor_id, decided_at=now))
    after = {"other": high}
    audit.record(session, actor_id=actor_id, action="kept_apart", subject=(kind, low), now=now, after=after)
