"""Writes a plan into the rows of an event, keeping the rows that other features point to."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.errors import DomainError
from eventops.events import plan as plans
from eventops.events import providers, rules
from eventops.events.models import Event, EventHost, EventType, Fee, Part, Pool, Series
from eventops.events.plan import EventPlan, FeePlan, PartPlan, PoolPlan
from eventops.events.queries import PART_SAME_NAMED, SAME_NAMED

ASIDE = 1000
"""Added to positions while rows change places: two parts never stand at one position, not even for a moment."""


class PartInUse(DomainError):
    """People have applied for the part, or its meetings are prepared."""

    code = "part_in_use"


class ModeInUse(DomainError):
    """People hold places in this mode of the part."""

    code = "mode_in_use"


def write(session: Session, event: Event, plan: EventPlan) -> None:
    """Make the rows say what the plan says."""
    for name in SAME_NAMED:
        setattr(event, name, getattr(plan, name))
    event.kind, event.eligibility, event.promotion = plan.kind, plan.eligibility, plan.promotion
    event.series = _series(session, plan.series_name)
    event.type = _type(session, plan.type_name)
    _write_hosts(event, plan)
    parts = _write_parts(session, event, plan)
    _write_fees(
        event,
        [(None, plan.fees), *((part.id, item.fees) for part, item in zip(parts, plan.parts, strict=True))],
    )
    session.flush()


def _series(session: Session, name: str) -> Series | None:
    if not name:
        return None
    return session.scalar(select(Series).where(Series.name == name)) or Series(name=name)


def _type(session: Session, name: str) -> EventType | None:
    """The type that staff added; one that is gone leaves the kind."""
    return session.scalar(select(EventType).where(EventType.name == name)) if name else None


def _write_hosts(event: Event, plan: EventPlan) -> None:
    """Whom guests are asked about is decided elsewhere, and stays with the name."""
    wanted = rules.in_printed_order(plan.hosts)
    given = {host.name for host in event.hosts if host.is_given_people}
    event.hosts[:] = [
        EventHost(
            role=host.role,
            name=host.name,
            name_en=host.name_en,
            position=place,
            is_given_people=host.name in given,
        )
        for place, host in enumerate(wanted, start=1)
    ]


def _write_parts(session: Session, event: Event, plan: EventPlan) -> list[Part]:
    """Take parts away, set the others aside, then put all in their places."""
    known = {part.id: part for part in event.parts}
    kept = [part.id for part in plan.parts if part.id in known]
    taken = providers.place_counts(session, [event.id])
    _take_away(session, event, [part for part_id, part in known.items() if part_id not in kept], taken)
    for part in event.parts:
        part.position += ASIDE
    session.flush()
    parts = [_write_part(known.get(item.id or 0), plan, item, taken) for item in plan.parts]
    for place, part in enumerate(parts, start=1):
        part.position = place
    event.parts[:] = parts
    session.flush()
    return parts


def _take_away(
    session: Session, event: Event, parts: Sequence[Part], taken: Mapping[rules.PoolKey, rules.PlaceCount]
) -> None:
    used = providers.parts_in_use(session, [part.id for part in parts])
    used |= {part_id for (part_id, _mode), count in taken.items() if count.ever}
    for part in parts:
        if part.id in used:
            raise PartInUse(part=part.title)
        event.fees[:] = [fee for fee in event.fees if fee.part_id != part.id]
        event.parts.remove(part)
    session.flush()


def _write_part(
    part: Part | None, plan: EventPlan, item: PartPlan, taken: Mapping[rules.PoolKey, rules.PlaceCount]
) -> Part:
    part = part or Part()
    for name in PART_SAME_NAMED:
        setattr(part, name, getattr(item, name))
    part.kind, part.eligibility = item.kind, item.eligibility
    part.starts_at, part.ends_at = plans.starts_at(plan, item), plans.ends_at(plan, item)
    _write_pools(part, item.pools, taken)
    return part


def _write_pools(part: Part, pools: Sequence[PoolPlan], taken: Mapping[rules.PoolKey, rules.PlaceCount]) -> None:
    known = {pool.mode: pool for pool in part.pools}
    for mode in set(known) - {pool.mode for pool in pools}:
        count = taken.get((part.id, mode))
        if count is not None and (count.confirmed or count.waiting):
            raise ModeInUse(part=part.title, mode=mode)
        part.pools.remove(known[mode])
    for pool in pools:
        row = known.get(pool.mode)
        if row is None:
            row = Pool(mode=pool.mode)
            part.pools.append(row)
        row.capacity, row.reserved, row.released_on = pool.capacity, pool.reserved, pool.released_on


def _write_fees(event: Event, wanted: Sequence[tuple[int | None, tuple[FeePlan, ...]]]) -> None:
    prices = {(part_id, fee.category, fee.mode): fee.yen for part_id, fees in wanted for fee in fees}
    known = {(fee.part_id, fee.category, fee.mode): fee for fee in event.fees}
    for key, row in known.items():
        if key not in prices:
            event.fees.remove(row)
    for (part_id, category, mode), yen in prices.items():
        fee = known.get((part_id, category, mode))
        if fee is None:
            event.fees.append(Fee(part_id=part_id, category=category, mode=mode, yen=yen))
        else:
            fee.yen = yen
