"""Between the editing form and the plan: one direction fills the page, the other reads it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from eventops.clock import tokyo
from eventops.events.forms_english import written
from eventops.events.models import Eligibility, EventKind, HostRole, Mode, PartKind, PriceCategory, Promotion
from eventops.events.plan import EventPlan, FeePlan, HostPlan, PartPlan, PoolPlan

DEADLINE_DAYS = 7
DEADLINE_TIME = dt.time(17)
TYPE_SIGN = "#"
FIRST_PART = (dt.time(13), dt.time(17))
PLAIN = (
    "title",
    "is_provisional",
    "series_name",
    "edition",
    "held_on",
    "summary",
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
    "overflow_notice",
    "offer_hours",
    "group_size_max",
    "privacy_notice",
    "contact",
    "title_en",
)
PLAIN_PART = (
    "title",
    "starts",
    "ends",
    "is_provisional",
    "day",
    "place",
    "planned_by",
    "description",
    "programme",
    "title_en",
)


def blank_plan(
    *,
    title: str,
    kind: EventKind,
    held_on: dt.date,
    slug: str,
    code: str,
    host: str,
    part_title: str,
    type_name: str = "",
) -> EventPlan:
    """A new event with one part and a deadline a week before, so that the editing page begins somewhere."""
    part = _first_part(kind, part_title)
    return EventPlan(
        slug=slug,
        code=code,
        kind=kind,
        type_name=type_name,
        title=title,
        held_on=held_on,
        applications_close_at=tokyo(held_on - dt.timedelta(DEADLINE_DAYS), DEADLINE_TIME),
        hosts=(HostPlan(HostRole.HOST, host),) if host else (),
        parts=(part,),
    )


def _first_part(kind: EventKind, title: str) -> PartPlan:
    """An exchange begins with its meetings, to which companies are invited: the matching is there at once."""
    pools = (PoolPlan(Mode.ONSITE),)
    if kind is EventKind.TECHNOLOGY_EXCHANGE:
        return PartPlan(title, PartKind.CLOSED_MATCHING, *FIRST_PART, eligibility=Eligibility.INVITED, pools=pools)
    return PartPlan(title, PartKind.LECTURE, *FIRST_PART, pools=pools)


def kind_value(kind: str, type_name: str) -> str:
    """A kind of the program, or a type of staff's with the kind that it is based on: golf, seminar#若手の会."""
    return f"{kind}{TYPE_SIGN}{type_name}" if type_name else str(kind)


def kind_of(value: str) -> tuple[EventKind, str]:
    """The kind, and the name of the type if it is one of staff's."""
    kind, _sign, type_name = value.partition(TYPE_SIGN)
    return EventKind(kind), type_name


def form_data(plan: EventPlan) -> dict[str, Any]:
    """What the editing page shows for a plan."""
    values: dict[str, Any] = {name: getattr(plan, name) for name in (*PLAIN, "english")}
    values |= {
        "slug": plan.slug,
        "code": plan.code,
        "kind": kind_value(plan.kind, plan.type_name),
        "eligibility": plan.eligibility,
    }
    values["promotion"] = plan.promotion
    values |= _prices(plan.fees)
    values["hosts"] = [{"role": host.role, "name": host.name, "name_en": host.name_en} for host in plan.hosts]
    values["parts"] = [_part_data(part) for part in plan.parts]
    return values


def plan_from(data: Mapping[str, Any], *, slug: str, code: str) -> EventPlan:
    """The plan that valid form data means. Parts stand in the order of their times, hosts without a name fall out."""
    parts = [_part(row) for row in data["parts"]]
    held_on = data["held_on"]
    return EventPlan(
        **{name: data[name] for name in PLAIN},
        english=written(data["english"]),
        slug=slug,
        code=code,
        kind=kind_of(data["kind"])[0],
        type_name=kind_of(data["kind"])[1],
        eligibility=Eligibility(data["eligibility"]),
        promotion=Promotion(data["promotion"]),
        hosts=tuple(
            HostPlan(HostRole(row["role"]), row["name"], row["name_en"]) for row in data["hosts"] if row["name"]
        ),
        parts=tuple(sorted(parts, key=lambda part: (part.day or held_on, part.starts))),
        fees=_fees(data),
    )


def _part_data(part: PartPlan) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(part, name) for name in (*PLAIN_PART, "english")}
    values |= {"id": part.id, "kind": part.kind, "eligibility": part.eligibility} | _prices(part.fees)
    pools = {pool.mode: pool for pool in part.pools}
    for mode in Mode:
        pool = pools.get(mode)
        values[mode] = pool is not None
        values[f"{mode}_capacity"] = pool.capacity if pool else None
        values[f"{mode}_reserved"] = (pool.reserved or None) if pool else None
        values[f"{mode}_released_on"] = pool.released_on if pool else None
    return values


def _part(row: Mapping[str, Any]) -> PartPlan:
    return PartPlan(
        **{name: row[name] for name in PLAIN_PART},
        english=written(row["english"]),
        id=int(row["id"]) if str(row["id"] or "").isdecimal() else None,
        kind=PartKind(row["kind"]),
        eligibility=Eligibility(row["eligibility"]),
        pools=tuple(
            PoolPlan(mode, row[f"{mode}_capacity"], row[f"{mode}_reserved"] or 0, row[f"{mode}_released_on"])
            for mode in Mode
            if row[mode]
        ),
        fees=_fees(row),
    )


def _prices(fees: tuple[FeePlan, ...]) -> dict[str, int]:
    return {f"{fee.mode}_{fee.category}_yen": fee.yen for fee in fees}


def _fees(row: Mapping[str, Any]) -> tuple[FeePlan, ...]:
    prices = ((category, mode, row[f"{mode}_{category}_yen"]) for mode in Mode for category in PriceCategory)
    return tuple(FeePlan(category, mode, yen) for category, mode, yen in prices if yen is not None)
