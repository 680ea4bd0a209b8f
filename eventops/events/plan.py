"""An event as staff write it down: plain values that forms fill, services save, copies shift and history keeps."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from eventops.clock import tokyo
from eventops.events.models import (
    OFFER_HOURS,
    SENSITIVE_DAYS,
    Eligibility,
    EventKind,
    HostRole,
    Mode,
    PartKind,
    PriceCategory,
    Promotion,
)

DEFAULT_GROUP_SIZE = 10


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """Places in one mode; `capacity` None is without limit, `released_on` the day on which the reserve is let go."""

    mode: Mode
    capacity: int | None = None
    reserved: int = 0
    released_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class FeePlan:
    """A price per head, tax included."""

    category: PriceCategory
    mode: Mode
    yen: int


@dataclass(frozen=True, slots=True)
class HostPlan:
    """A body behind the event."""

    role: HostRole
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PartPlan:
    """One part. `day` None is the day of the event; `id` None is a part not saved yet."""

    title: str
    kind: PartKind
    starts: dt.time
    ends: dt.time
    id: int | None = None
    day: dt.date | None = None
    title_en: str = ""
    description: str = ""
    programme: str = ""
    english: Mapping[str, str] = field(default_factory=dict)
    is_provisional: bool = False
    place: str = ""
    eligibility: Eligibility = Eligibility.ANYONE
    planned_by: str = ""
    pools: tuple[PoolPlan, ...] = ()
    fees: tuple[FeePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class EventPlan:
    """Everything about an event that staff decide."""

    slug: str
    code: str
    kind: EventKind
    title: str
    held_on: dt.date
    applications_close_at: dt.datetime
    type_name: str = ""
    series_name: str = ""
    edition: int | None = None
    title_en: str = ""
    is_provisional: bool = False
    summary: str = ""
    venue_name: str = ""
    venue_address: str = ""
    access: str = ""
    online_url: str = ""
    things_to_bring: str = ""
    eligibility: Eligibility = Eligibility.ANYONE
    applications_open_at: dt.datetime | None = None
    general_opens_at: dt.datetime | None = None
    free_cancellation_until: dt.datetime | None = None
    answers_close_at: dt.datetime | None = None
    sensitive_days: int = SENSITIVE_DAYS
    cancellation_rule: str = ""
    privacy_notice: str = ""
    overflow_notice: str = ""
    english: Mapping[str, str] = field(default_factory=dict)
    promotion: Promotion = Promotion.AT_ONCE
    offer_hours: int = OFFER_HOURS
    group_size_max: int = DEFAULT_GROUP_SIZE
    contact: str = ""
    hosts: tuple[HostPlan, ...] = ()
    parts: tuple[PartPlan, ...] = ()
    fees: tuple[FeePlan, ...] = ()


TEXTS = (
    "title",
    "summary",
    "access",
    "things_to_bring",
    "cancellation_rule",
    "privacy_notice",
    "overflow_notice",
)
MOMENTS = (
    "applications_open_at",
    "applications_close_at",
    "general_opens_at",
    "free_cancellation_until",
    "answers_close_at",
)


def starts_at(plan: EventPlan, part: PartPlan) -> dt.datetime:
    return tokyo(part.day or plan.held_on, part.starts)


def ends_at(plan: EventPlan, part: PartPlan) -> dt.datetime:
    return tokyo(part.day or plan.held_on, part.ends)


def first_start(plan: EventPlan) -> dt.datetime:
    """When the first part begins; the morning of the day while there are no parts."""
    return min((starts_at(plan, part) for part in plan.parts), default=tokyo(plan.held_on, dt.time()))


def has_mode(plan: EventPlan, mode: Mode) -> bool:
    return any(pool.mode == mode for part in plan.parts for pool in part.pools)


def has_fees(plan: EventPlan) -> bool:
    return any(fee.yen for fee in (*plan.fees, *(fee for part in plan.parts for fee in part.fees)))


def to_json(plan: EventPlan) -> dict[str, Any]:
    """The plan as JSON values, for the history."""
    return {name: _plain(value) for name, value in asdict(plan).items()}


def from_json(data: Mapping[str, Any]) -> EventPlan:
    """The plan that `to_json` wrote."""
    values = dict(data)
    values["kind"] = EventKind(values["kind"])
    values["eligibility"] = Eligibility(values["eligibility"])
    values["held_on"] = dt.date.fromisoformat(values["held_on"])
    values |= {name: _moment(values.get(name)) for name in MOMENTS}
    values["promotion"] = Promotion(values.get("promotion", Promotion.AT_ONCE))
    values["hosts"] = tuple(_host(host) for host in values["hosts"])
    values["parts"] = tuple(_part(part) for part in values["parts"])
    values["fees"] = _fees(values["fees"])
    return EventPlan(**values)


def _part(data: Mapping[str, Any]) -> PartPlan:
    values = dict(data)
    values["kind"] = PartKind(values["kind"])
    values["eligibility"] = Eligibility(values["eligibility"])
    values["starts"] = dt.time.fromisoformat(values["starts"])
    values["ends"] = dt.time.fromisoformat(values["ends"])
    values["day"] = dt.date.fromisoformat(values["day"]) if values["day"] else None
    values["pools"] = tuple(_pool(pool) for pool in values["pools"])
    values["fees"] = _fees(values["fees"])
    return PartPlan(**values)


def _host(data: Mapping[str, Any]) -> HostPlan:
    return HostPlan(HostRole(data["role"]), data["name"], data.get("name_en", ""))


def _pool(data: Mapping[str, Any]) -> PoolPlan:
    released_on = data.get("released_on")
    day = dt.date.fromisoformat(released_on) if released_on else None
    return PoolPlan(Mode(data["mode"]), data["capacity"], data["reserved"], day)


def _fees(rows: list[Mapping[str, Any]]) -> tuple[FeePlan, ...]:
    return tuple(FeePlan(PriceCategory(row["category"]), Mode(row["mode"]), row["yen"]) for row in rows)


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
