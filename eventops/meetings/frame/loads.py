"""How many meetings each company could hold, beside how many are wanted of it: the arithmetic before any timetable."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.directory.models import Organisation
from eventops.meetings import queries
from eventops.meetings.frame import capacity
from eventops.meetings.frame.capacity import Interval, Presence, TableNeed
from eventops.meetings.models import Application, LimitKind, MatchingRound, Need, ParticipantLimit
from eventops.meetings.wishes import requests

_ALWAYS = Interval(dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC))


@dataclass(frozen=True, slots=True)
class Load:
    """One company's places and wishes; `needs` only where it is a large one."""

    organisation: Organisation
    wanted: int
    places: int
    tables: int
    needs: tuple[Need, ...] = ()
    extra: int = 0
    """Further tables that it has for a part of the time."""

    @property
    def short(self) -> int:
        """How many wishes cannot be placed, whatever the timetable."""
        return max(self.wanted - self.places, 0)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The whole round in numbers."""

    slots: int
    tables: int
    online_tables: int
    meetings: int
    need: TableNeed | None
    hosts: tuple[Load, ...]
    guests_over: tuple[Load, ...]

    @property
    def places(self) -> int:
        return self.slots * self.tables

    @property
    def host_tables(self) -> int:
        return sum(load.tables for load in self.hosts if load.wanted)

    @property
    def short(self) -> int:
        return sum(load.short for load in self.hosts)


def arithmetic(
    session: Session, found: MatchingRound, *, slots: Sequence[Interval] | None = None, sme_max: int | None = None
) -> Arithmetic:
    """Of the round as stored, or as it would be with other slots and another maximum."""
    times = slots_in_use(found) if slots is None else slots
    wanted = requests.requests_of(session, found.id)
    limits = _limits(session, found.id)
    tables = [table for room in found.rooms for table in room.tables if table.in_use]
    return Arithmetic(
        slots=len(times),
        tables=len(tables),
        online_tables=sum(table.online_ready for table in tables),
        meetings=len(wanted),
        need=capacity.table_need(len(wanted), len(times)),
        hosts=_hosts(queries.needs(session, found.id), wanted, limits, times),
        guests_over=_guests_over(wanted, limits, times, found.sme_max_meetings if sme_max is None else sme_max),
    )


def slots_in_use(found: MatchingRound) -> list[Interval]:
    return [Interval(slot.starts_at, slot.ends_at) for slot in found.slots if slot.in_use]


_OFFERS = frozenset({LimitKind.EXTRA_TABLES, LimitKind.PARALLEL})
"""What a company can do more than it must: the timetable uses it, however firmly it was said."""


def _limits(session: Session, round_id: int) -> Mapping[int, list[ParticipantLimit]]:
    by_organisation: defaultdict[int, list[ParticipantLimit]] = defaultdict(list)
    for limit in queries.limits(session, round_id):
        if limit.in_use and (limit.is_hard or limit.kind in _OFFERS):
            by_organisation[limit.organisation_id].append(limit)
    return by_organisation


def _hosts(
    needs: Sequence[Need],
    wanted: Sequence[Application],
    limits: Mapping[int, list[ParticipantLimit]],
    slots: Sequence[Interval],
) -> tuple[Load, ...]:
    counts = Counter(request.need.organisation_id for request in wanted)
    by_host: defaultdict[int, list[Need]] = defaultdict(list)
    for need in needs:
        by_host[need.organisation_id].append(need)
    return tuple(
        _load(own[0].organisation, counts[host], presence(_tables(own), limits.get(host, ()), _most(own)), slots, own)
        for host, own in by_host.items()
    )


def _tables(needs: Iterable[Need]) -> int:
    return sum(need.tables for need in needs)


def _most(needs: Sequence[Need]) -> int | None:
    """The sum of the maxima, where every need has one."""
    maxima = [need.max_meetings for need in needs if need.max_meetings is not None]
    return sum(maxima) if len(maxima) == len(needs) else None


def _guests_over(
    wanted: Sequence[Application],
    limits: Mapping[int, list[ParticipantLimit]],
    slots: Sequence[Interval],
    most: int,
) -> tuple[Load, ...]:
    counts = Counter(request.organisation_id for request in wanted)
    guests = {request.organisation_id: request.organisation for request in wanted}
    loads = [
        _load(guests[guest], count, presence(1, limits.get(guest, ()), most), slots) for guest, count in counts.items()
    ]
    return tuple(sorted((load for load in loads if load.short), key=lambda load: load.organisation.sort_key))


def _load(
    organisation: Organisation, wanted: int, there: Presence, slots: Sequence[Interval], needs: Iterable[Need] = ()
) -> Load:
    return Load(
        organisation,
        wanted,
        capacity.places(there, slots),
        there.tables,
        tuple(needs),
        max((count for count, _ in there.extra), default=0),
    )


def presence(tables: int, limits: Iterable[ParticipantLimit], most: int | None) -> Presence:
    """What hard limits in use mean for places: later arrival, earlier leaving, hours away, further tables."""
    own = list(limits)
    arrivals = [limit.time_from for limit in own if limit.kind == LimitKind.ARRIVES_FROM and limit.time_from]
    leavings = [limit.time_to for limit in own if limit.kind == LimitKind.LEAVES_BY and limit.time_to]
    parallel = [limit.value for limit in own if limit.kind == LimitKind.PARALLEL and limit.value]
    maxima = [limit.value for limit in own if limit.kind == LimitKind.MAX_MEETINGS and limit.value]
    return Presence(
        tables=max([tables, *parallel]),
        arrives=max(arrivals, default=None),
        leaves=min(leavings, default=None),
        away=tuple(
            Interval(limit.time_from, limit.time_to)
            for limit in own
            if limit.kind == LimitKind.UNAVAILABLE and limit.time_from and limit.time_to
        ),
        extra=tuple(
            (limit.value, _interval(limit)) for limit in own if limit.kind == LimitKind.EXTRA_TABLES and limit.value
        ),
        most=min([*maxima, most] if most is not None else maxima, default=None),
    )


def _interval(limit: ParticipantLimit) -> Interval | None:
    """A side without a time is open."""
    if limit.time_from is None and limit.time_to is None:
        return None
    return Interval(limit.time_from or _ALWAYS.starts_at, limit.time_to or _ALWAYS.ends_at)
