"""Zones of the hall with their sponsors and booths. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops.accounts import audit
from eventops.errors import NotFound
from eventops.events.models import Booth, Zone


@dataclass(frozen=True, slots=True)
class BoothPlan:
    """A stand as staff write it."""

    number: str
    exhibitor: str = ""
    exhibit: str = ""


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A zone as staff write it, with its stands in their order."""

    name: str
    sponsor: str = ""
    description: str = ""
    booths: tuple[BoothPlan, ...] = ()


def of_event(session: Session, event_id: int) -> Sequence[Zone]:
    query = select(Zone).where(Zone.event_id == event_id).order_by(Zone.position)
    return session.scalars(query.options(selectinload(Zone.booths))).all()


def zone(session: Session, event_id: int, zone_id: int) -> Zone:
    row = session.get(Zone, zone_id)
    if row is None or row.event_id != event_id:
        raise NotFound
    return row


def save(
    session: Session, *, event_id: int, zone_id: int | None, plan: ZonePlan, actor_id: int | None, now: dt.datetime
) -> Zone:
    """A new zone at the end, or the one that is there with everything as it is written now."""
    if zone_id is None:
        row = Zone(event_id=event_id, position=len(of_event(session, event_id)) + 1)
        session.add(row)
    else:
        row = zone(session, event_id, zone_id)
    _write(row, plan)
    session.flush()
    _note(session, row, "zone_saved", actor_id=actor_id, now=now)
    return row


def remove(session: Session, *, event_id: int, zone_id: int, actor_id: int | None, now: dt.datetime) -> None:
    row = zone(session, event_id, zone_id)
    _note(session, row, "zone_removed", actor_id=actor_id, now=now)
    session.delete(row)


def copy(session: Session, *, source_id: int, target_id: int) -> None:
    """Last time's zones with their stands; who exhibits is found anew."""
    for row in of_event(session, source_id):
        plan = ZonePlan(row.name, row.sponsor, row.description, tuple(BoothPlan(one.number) for one in row.booths))
        copied = Zone(event_id=target_id, position=row.position)
        _write(copied, plan)
        session.add(copied)


def _write(row: Zone, plan: ZonePlan) -> None:
    row.name, row.sponsor, row.description = plan.name, plan.sponsor, plan.description
    row.booths[:] = [
        Booth(position=place, number=one.number, exhibitor=one.exhibitor, exhibit=one.exhibit)
        for place, one in enumerate(plan.booths, start=1)
    ]


def _note(session: Session, row: Zone, action: str, *, actor_id: int | None, now: dt.datetime) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("zone", row.id),
        event_id=row.event_id,
        now=now,
        after={"name": row.name, "booths": len(row.booths)},
    )
