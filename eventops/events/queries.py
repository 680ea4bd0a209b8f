"""Reads of events, always with their parts, pools, hosts and fees, in a fixed number of queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops import clock, wareki
from eventops.errors import NotFound
from eventops.events import providers, rules
from eventops.events.checklist import EventFacts, Step, checklist
from eventops.events.models import (
    Eligibility,
    Event,
    EventKind,
    EventState,
    Fee,
    HostRole,
    Mode,
    Part,
    PartKind,
    PriceCategory,
    Promotion,
    Series,
)
from eventops.events.plan import EventPlan, FeePlan, HostPlan, PartPlan, PoolPlan
from eventops.events.rules import PlaceCount, Room

ANNOUNCED = (EventState.PUBLISHED, EventState.CLOSED)
PAST_SHOWN = 12
RECENT_DAYS = 30
SAME_NAMED = (
    "slug",
    "code",
    "edition",
    "title",
    "title_en",
    "is_provisional",
    "summary",
    "held_on",
    "venue_name",
    "venue_address",
    "access",
    "online_url",
    "things_to_bring",
    "applications_open_at",
    "applications_close_at",
    "general_opens_at",
    "free_cancellation_until",
    "answers_close_at",
    "sensitive_days",
    "cancellation_rule",
    "privacy_notice",
    "overflow_notice",
    "english",
    "offer_hours",
    "group_size_max",
    "contact",
)
PART_SAME_NAMED = ("title", "title_en", "description", "programme", "english", "is_provisional", "place", "planned_by")


@dataclass(frozen=True, slots=True)
class PoolRoom:
    """A pool with what is taken of it."""

    mode: Mode
    capacity: int | None
    reserved: int
    count: PlaceCount

    @property
    def left(self) -> int | None:
        return rules.seats_left(self.capacity, self.reserved, self.count.confirmed)

    @property
    def room(self) -> Room:
        return rules.room(self.capacity, self.reserved, self.count)


@dataclass(frozen=True, slots=True)
class PartRoom:
    """A part with its pools."""

    part: Part
    pools: tuple[PoolRoom, ...]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """An event as the home page shows it."""

    event: Event
    steps: tuple[Step, ...]
    rooms: tuple[PartRoom, ...]
    figures: tuple[providers.Figure, ...]


def event(session: Session, event_id: int) -> Event:
    """The event, whatever its state."""
    return _one(session, _whole().where(Event.id == event_id))


def event_for_update(session: Session, event_id: int) -> Event:
    """The event, locked until the transaction ends."""
    return _one(session, _whole().where(Event.id == event_id).with_for_update(of=Event))


def public_event(session: Session, slug: str) -> Event:
    """The event as guests may see it: drafts, and events cancelled before they were announced, do not exist."""
    return announced(_one(session, _whole().where(Event.slug == slug)))


def announced(found: Event) -> Event:
    """The event, unless guests must not know of it."""
    was_announced = found.state in ANNOUNCED or found.published_at is not None
    if found.state == EventState.DRAFT or not was_announced:
        raise NotFound
    return found


def staff_events(session: Session) -> Sequence[Event]:
    """All events, the latest day first."""
    return session.scalars(_whole().order_by(Event.held_on.desc(), Event.id.desc())).all()


def announced_events(session: Session, *, today: dt.date) -> Sequence[Event]:
    """What guests can still come to, the nearest first."""
    was_announced = or_(Event.state.in_(ANNOUNCED), Event.published_at.is_not(None))
    wanted = (Event.state != EventState.DRAFT, was_announced, Event.held_on >= today)
    return session.scalars(_whole().where(*wanted).order_by(Event.held_on, Event.id)).all()


def announced_between(session: Session, first: dt.date, last: dt.date) -> Sequence[Event]:
    """What guests may read of, with a part or the day itself in these days; cancelled ones too."""
    was_announced = or_(Event.state.in_(ANNOUNCED), Event.published_at.is_not(None))
    return session.scalars(_between(first, last).where(Event.state != EventState.DRAFT, was_announced)).all()


def staff_between(session: Session, first: dt.date, last: dt.date) -> Sequence[Event]:
    """Everything in these days, drafts too."""
    return session.scalars(_between(first, last)).all()


def _between(first: dt.date, last: dt.date) -> Select[Event]:
    from_moment, to_moment = clock.tokyo(first, dt.time()), clock.tokyo(last + dt.timedelta(1), dt.time())
    has_part = Event.parts.any(and_(Part.ends_at > from_moment, Part.starts_at < to_moment))
    return _whole().where(or_(Event.held_on.between(first, last), has_part)).order_by(Event.held_on, Event.id)


def past_announced_events(session: Session, *, today: dt.date) -> Sequence[Event]:
    """What was held lately, the latest first."""
    query = select(Event).where(Event.state.in_(ANNOUNCED), Event.held_on < today)
    return session.scalars(query.order_by(Event.held_on.desc(), Event.id.desc()).limit(PAST_SHOWN)).all()


def waiting_for_thanks(events: Sequence[Event], *, today: dt.date) -> list[Event]:
    """Events of the last weeks, whose thanks may still be due."""
    earliest = today - dt.timedelta(RECENT_DAYS)
    return [event for event in events if earliest <= event.held_on < today]


def taken_names(session: Session, *, except_id: int | None = None) -> tuple[set[str], set[str]]:
    """Slugs and codes in use by other events."""
    rows = session.execute(select(Event.id, Event.slug, Event.code)).all()
    others = [row for row in rows if row.id != except_id]
    return {row.slug for row in others}, {row.code for row in others}


def series_names(session: Session) -> Sequence[str]:
    return session.scalars(select(Series.name).order_by(Series.name)).all()


def editions(session: Session, series_id: int | None, *, except_id: int | None = None) -> set[int]:
    """The numbers that events of the series have."""
    if series_id is None:
        return set()
    numbered = (Event.series_id == series_id, Event.state != EventState.CANCELLED, Event.edition.is_not(None))
    rows = session.execute(select(Event.id, Event.edition).where(*numbered)).all()
    return {row.edition for row in rows if row.id != except_id and row.edition is not None}


def public_figures(session: Session, event: Event) -> tuple[PartRoom, ...]:
    """Room in every pool of the event, as the features above count it."""
    return rooms(event, providers.place_counts(session, [event.id]))


def rooms(event: Event, counts: dict[rules.PoolKey, PlaceCount]) -> tuple[PartRoom, ...]:
    """The pools of an event beside counts read before."""
    return tuple(
        PartRoom(
            part,
            tuple(
                PoolRoom(
                    Mode(pool.mode),
                    pool.capacity,
                    pool.reserved,
                    counts.get((part.id, pool.mode), PlaceCount()),
                )
                for pool in part.pools
            ),
        )
        for part in event.parts
    )


def staff_lines(session: Session, events: Sequence[Event], *, now: dt.datetime) -> list[StaffLine]:
    """Events with their steps and figures."""
    ids = [event.id for event in events]
    counts = providers.place_counts(session, ids)
    reports = providers.step_reports(session, ids, now)
    figures = providers.figures(session, ids)
    return [
        StaffLine(
            event,
            checklist(facts(event), reports[event.id], now=now),
            rooms(event, counts),
            tuple(figures[event.id]),
        )
        for event in events
    ]


def facts(event: Event) -> EventFacts:
    """What the checklist looks at."""
    return EventFacts(
        state=EventState(event.state),
        held_on=event.held_on,
        opens_at=event.applications_open_at,
        closes_at=event.applications_close_at,
        has_matching=any(part.kind == PartKind.CLOSED_MATCHING for part in event.parts),
        ticked=frozenset(event.ticked_steps),
    )


def plan_of(event: Event) -> EventPlan:
    """The rows as plain values."""
    return EventPlan(
        **{name: _local(getattr(event, name)) for name in SAME_NAMED},
        kind=EventKind(event.kind),
        promotion=Promotion(event.promotion),
        eligibility=Eligibility(event.eligibility),
        type_name=event.type.name if event.type else "",
        series_name=event.series.name if event.series else "",
        hosts=tuple(HostPlan(HostRole(host.role), host.name, host.name_en) for host in event.hosts),
        parts=tuple(_part_plan(event, part) for part in event.parts),
        fees=_fee_plans(event.fees, None),
    )


def _part_plan(event: Event, part: Part) -> PartPlan:
    starts, ends = wareki.japan_time(part.starts_at), wareki.japan_time(part.ends_at)
    return PartPlan(
        **{name: getattr(part, name) for name in PART_SAME_NAMED},
        id=part.id,
        kind=PartKind(part.kind),
        eligibility=Eligibility(part.eligibility),
        day=None if starts.date() == event.held_on else starts.date(),
        starts=starts.time(),
        ends=ends.time(),
        pools=tuple(PoolPlan(Mode(pool.mode), pool.capacity, pool.reserved, pool.released_on) for pool in part.pools),
        fees=_fee_plans(event.fees, part.id),
    )


def _fee_plans(fees: Sequence[Fee], part_id: int | None) -> tuple[FeePlan, ...]:
    plans = (FeePlan(PriceCategory(fee.category), Mode(fee.mode), fee.yen) for fee in fees if fee.part_id == part_id)
    return tuple(sorted(plans, key=lambda fee: (list(Mode).index(fee.mode), list(PriceCategory).index(fee.category))))


def _local(value: Any) -> Any:
    return value.astimezone(clock.TOKYO) if isinstance(value, dt.datetime) else value


def _whole() -> Select[Event]:
    return select(Event).options(
        joinedload(Event.series),
        joinedload(Event.type),
        selectinload(Event.parts).selectinload(Part.pools),
        selectinload(Event.hosts),
        selectinload(Event.fees),
    )


def _one(session: Session, query: Select[Event]) -> Event:
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found
