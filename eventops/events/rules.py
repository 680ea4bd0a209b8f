"""Rules of events: moves of the state, when applications are taken, how much room is left, what to warn of."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from eventops import wareki
from eventops.events import plan as plans
from eventops.events import programme
from eventops.events.models import Eligibility, EventState, HostRole, Mode, PriceCategory
from eventops.events.plan import EventPlan, FeePlan, HostPlan, PartPlan

MOVES: dict[EventState, frozenset[EventState]] = {
    EventState.DRAFT: frozenset({EventState.PUBLISHED, EventState.CANCELLED}),
    EventState.PUBLISHED: frozenset({EventState.CLOSED, EventState.CANCELLED, EventState.DRAFT}),
    EventState.CLOSED: frozenset({EventState.PUBLISHED, EventState.CANCELLED}),
    EventState.CANCELLED: frozenset(),
}
FEW_SEATS = 5
FEW_SHARE = 10


class Window(StrEnum):
    """Whether applications are taken at a moment."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Room(StrEnum):
    """How full a pool is, as guests read it."""

    FREE = "free"
    FEW = "few"
    FULL = "full"


class WarningCode(StrEnum):
    """What staff are warned of before guests notice."""

    DAY_OFF = "day_off"
    CLOSES_ON_DAY_OFF = "closes_on_day_off"
    DATE_PAST = "date_past"
    NO_PARTS = "no_parts"
    NO_MODE = "no_mode"
    PARTS_OVERLAP = "parts_overlap"
    OTHER_DAY = "other_day"
    PART_DAY_OFF = "part_day_off"
    PROGRAMME_OUTSIDE = "programme_outside"
    GENERAL_UNUSED = "general_unused"
    NO_PLACE = "no_place"
    CLOSES_AFTER_START = "closes_after_start"
    CLOSE_PAST = "close_past"
    CANCEL_AFTER_START = "cancel_after_start"
    NO_EDITION = "no_edition"
    EDITION_TWICE = "edition_twice"
    NO_HOST = "no_host"
    NO_ACCESS = "no_access"
    NO_CONTACT = "no_contact"
    NO_CANCELLATION_RULE = "no_cancellation_rule"
    NO_PRIVACY_NOTICE = "no_privacy_notice"
    NO_OVERFLOW_NOTICE = "no_overflow_notice"
    MEMBER_PAYS_MORE = "member_pays_more"
    LAST_TIMES_DATE = "last_times_date"
    OVERBOOKED = "overbooked"


BLOCKING = frozenset({WarningCode.NO_PARTS, WarningCode.NO_MODE, WarningCode.DATE_PAST})


@dataclass(frozen=True, slots=True)
class EventWarning:
    """One thing to look at; `anchor` is the field of the editing page that mends it."""

    code: WarningCode
    anchor: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether the event cannot be published like this."""
        return self.code in BLOCKING


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """Seats of a pool: held, queued for, and all rows that ever were (cancelled ones too)."""

    confirmed: int = 0
    waiting: int = 0
    ever: int = 0


PoolKey = tuple[int, str]
"""Part id and mode."""


def may_move(state: EventState, target: EventState, *, has_applications: bool) -> bool:
    """Whether the state may change; what people have applied for does not go back to being a draft."""
    if target == EventState.DRAFT and has_applications:
        return False
    return target in MOVES[state]


def window(state: EventState, opens_at: dt.datetime | None, closes_at: dt.datetime, now: dt.datetime) -> Window:
    """Whether an event takes applications now. The closing moment itself is too late."""
    if state == EventState.CANCELLED:
        return Window.CANCELLED
    if state == EventState.CLOSED or now >= closes_at:
        return Window.CLOSED
    if state == EventState.DRAFT or (opens_at is not None and now < opens_at):
        return Window.NOT_YET
    return Window.OPEN


def seats_left(capacity: int | None, reserved: int, confirmed: int) -> int | None:
    """Seats open to applicants; None is without limit."""
    return None if capacity is None else max(capacity - reserved - confirmed, 0)


def room(capacity: int | None, reserved: int, count: PlaceCount) -> Room:
    """How full a pool is. While people queue, a seat that came free is theirs."""
    left = seats_left(capacity, reserved, count.confirmed)
    if left is None or capacity is None:
        return Room.FREE
    if left == 0 or count.waiting:
        return Room.FULL
    return Room.FEW if left <= max(FEW_SEATS, capacity // FEW_SHARE) else Room.FREE


def in_printed_order(hosts: tuple[HostPlan, ...]) -> tuple[HostPlan, ...]:
    """主催, 共催, 後援 … ; within a role as staff listed them."""
    order = list(HostRole)
    return tuple(sorted(hosts, key=lambda host: order.index(host.role)))


def warnings(
    plan: EventPlan,
    *,
    now: dt.datetime,
    counts: Mapping[PoolKey, PlaceCount] | None = None,
    last_held_on: dt.date | None = None,
    has_contact: bool = True,
    editions: Collection[int] = (),
) -> list[EventWarning]:
    """All that staff should look at, in the order of the editing page."""
    return [
        *_about_the_day(plan, now),
        *_about_the_number(plan, editions),
        *_about_texts(plan, last_held_on, has_contact=has_contact),
        *_about_deadlines(plan, now),
        *_about_parts(plan),
        *_about_seats(plan, counts or {}),
        *_about_fees(plan),
    ]


def _about_the_day(plan: EventPlan, now: dt.datetime) -> Iterator[EventWarning]:
    name = wareki.day_off(plan.held_on)
    if name:
        yield EventWarning(WarningCode.DAY_OFF, "held_on", {"date": wareki.date_ja(plan.held_on), "name": name})
    if plan.held_on < wareki.japan_date(now):
        yield EventWarning(WarningCode.DATE_PAST, "held_on", {"date": wareki.date_ja(plan.held_on)})


def _about_the_number(plan: EventPlan, editions: Collection[int]) -> Iterator[EventWarning]:
    """`editions` are the numbers of the other events of the series."""
    if plan.edition is None and editions:
        yield EventWarning(WarningCode.NO_EDITION, "edition", {"edition": max(editions) + 1})
    if plan.edition in editions:
        yield EventWarning(WarningCode.EDITION_TWICE, "edition", {"edition": plan.edition})


def _about_texts(plan: EventPlan, last_held_on: dt.date | None, *, has_contact: bool) -> Iterator[EventWarning]:
    if not plan.hosts:
        yield EventWarning(WarningCode.NO_HOST, "hosts")
    if plans.has_mode(plan, Mode.ONSITE) and not plan.access.strip():
        yield EventWarning(WarningCode.NO_ACCESS, "access")
    if not has_contact and not plan.contact.strip():
        yield EventWarning(WarningCode.NO_CONTACT, "contact")
    if plans.has_fees(plan) and not plan.cancellation_rule.strip():
        yield EventWarning(WarningCode.NO_CANCELLATION_RULE, "cancellation_rule")
    if not plan.privacy_notice.strip():
        yield EventWarning(WarningCode.NO_PRIVACY_NOTICE, "privacy_notice")
    if _may_overflow(plan) and not plan.overflow_notice.strip():
        yield EventWarning(WarningCode.NO_OVERFLOW_NOTICE, "overflow_notice")
    yield from _about_last_time(plan, last_held_on)


def _about_last_time(plan: EventPlan, last_held_on: dt.date | None) -> Iterator[EventWarning]:
    """A copied text that still names last time's year."""
    if last_held_on is None or last_held_on.year == plan.held_on.year:
        return
    years = (wareki.era_year(last_held_on), f"{last_held_on.year}年")
    for name in plans.TEXTS:
        found = next((year for year in years if year in getattr(plan, name)), None)
        if found:
            yield EventWarning(WarningCode.LAST_TIMES_DATE, name, {"field": name, "year": found})


def _may_overflow(plan: EventPlan) -> bool:
    """Whether some part has both a limited venue and a line into the network."""
    return any(
        any(pool.mode == Mode.ONLINE for pool in part.pools)
        and any(pool.mode == Mode.ONSITE and pool.capacity is not None for pool in part.pools)
        for part in plan.parts
    )


def _about_deadlines(plan: EventPlan, now: dt.datetime) -> Iterator[EventWarning]:
    closes_on = wareki.japan_date(plan.applications_close_at)
    if name := wareki.day_off(closes_on):
        details = {"date": wareki.date_ja(closes_on), "name": name}
        yield EventWarning(WarningCode.CLOSES_ON_DAY_OFF, "applications_close_at", details)
    start = plans.first_start(plan)
    if plan.applications_close_at > start:
        yield EventWarning(WarningCode.CLOSES_AFTER_START, "applications_close_at")
    if plan.applications_close_at <= now:
        yield EventWarning(WarningCode.CLOSE_PAST, "applications_close_at")
    if plan.general_opens_at is not None and plan.eligibility is not Eligibility.MEMBERS_FIRST:
        yield EventWarning(WarningCode.GENERAL_UNUSED, "general_opens_at")
    if plan.free_cancellation_until is not None and plan.free_cancellation_until > start:
        yield EventWarning(WarningCode.CANCEL_AFTER_START, "free_cancellation_until")


def _about_parts(plan: EventPlan) -> Iterator[EventWarning]:
    if not plan.parts:
        yield EventWarning(WarningCode.NO_PARTS, "parts")
    for index, part in enumerate(plan.parts):
        yield from _about_part(plan, part, index)
    for first, second in combinations(sorted(plan.parts, key=lambda part: plans.starts_at(plan, part)), 2):
        if plans.starts_at(plan, second) < plans.ends_at(plan, first):
            yield EventWarning(WarningCode.PARTS_OVERLAP, "parts", {"first": first.title, "second": second.title})


def _about_part(plan: EventPlan, part: PartPlan, index: int) -> Iterator[EventWarning]:
    if not part.pools:
        yield EventWarning(WarningCode.NO_MODE, f"parts-{index}-onsite", {"part": part.title})
    if part.day is not None and part.day != plan.held_on:
        details = {"part": part.title, "date": wareki.date_ja(part.day)}
        yield EventWarning(WarningCode.OTHER_DAY, f"parts-{index}-day", details)
        if name := wareki.day_off(part.day):
            yield EventWarning(WarningCode.PART_DAY_OFF, f"parts-{index}-day", details | {"name": name})
    for item in programme.items(part.programme):
        if item.starts is not None and not part.starts <= item.starts < part.ends:
            details = {"part": part.title, "time": wareki.clock(item.starts)}
            yield EventWarning(WarningCode.PROGRAMME_OUTSIDE, f"parts-{index}-programme", details)
    onsite = any(pool.mode == Mode.ONSITE for pool in part.pools)
    if onsite and not part.place.strip() and not plan.venue_name.strip():
        yield EventWarning(WarningCode.NO_PLACE, f"parts-{index}-place", {"part": part.title})


def _about_seats(plan: EventPlan, counts: Mapping[PoolKey, PlaceCount]) -> Iterator[EventWarning]:
    for index, part in enumerate(plan.parts):
        for pool in part.pools:
            taken = counts.get((part.id or 0, pool.mode), PlaceCount()).confirmed
            if pool.capacity is not None and taken > pool.capacity:
                details = {"part": part.title, "mode": pool.mode, "capacity": pool.capacity, "taken": taken}
                yield EventWarning(WarningCode.OVERBOOKED, f"parts-{index}-{pool.mode}_capacity", details)


def _about_fees(plan: EventPlan) -> Iterator[EventWarning]:
    if _member_pays_more(plan.fees):
        yield EventWarning(WarningCode.MEMBER_PAYS_MORE, "onsite_member_yen")
    for index, part in enumerate(plan.parts):
        if _member_pays_more(part.fees):
            yield EventWarning(WarningCode.MEMBER_PAYS_MORE, f"parts-{index}-onsite_member_yen")


def _member_pays_more(fees: tuple[FeePlan, ...]) -> bool:
    yen = {(fee.mode, fee.category): fee.yen for fee in fees}
    return any(yen.get((mode, PriceCategory.MEMBER), 0) > yen.get((mode, PriceCategory.GENERAL), 0) for mode in Mode)
