"""A plan of the new-year event, with whatever a test changes about it."""

import datetime as dt
from dataclasses import replace

from eventops.clock import tokyo
from eventops.events.models import EventKind, HostRole, Mode, PartKind, PriceCategory, Promotion
from eventops.events.plan import EventPlan, FeePlan, HostPlan, PartPlan, PoolPlan

FRIDAY = dt.date(2027, 1, 22)
SATURDAY = dt.date(2027, 1, 23)
NOW = dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)

LECTURE = PartPlan(
    title="第1部 新春講演会",
    kind=PartKind.LECTURE,
    starts=dt.time(17),
    ends=dt.time(18, 50),
    is_provisional=True,
    description="「ものづくりの次の10年」(仮)",
    english={"description": "The next ten years of manufacturing"},
    pools=(PoolPlan(Mode.ONSITE, 100, 15), PoolPlan(Mode.ONLINE, 100)),
)
PARTY = PartPlan(
    title="第2部 賀詞交歓会",
    kind=PartKind.SOCIAL,
    starts=dt.time(19),
    ends=dt.time(20, 30),
    pools=(PoolPlan(Mode.ONSITE, 100),),
)
NEW_YEAR = EventPlan(
    slug="newyear-2027",
    code="N09",
    kind=EventKind.NEW_YEAR,
    title="令和9年新春講演会・賀詞交歓会",
    title_en="New Year Lecture and Reception 2027",
    series_name="新春講演会・賀詞交歓会",
    edition=9,
    held_on=FRIDAY,
    venue_name="オープンイノベーションフィールド多摩 八王子館",
    venue_address="八王子市明神町3-5-1",
    access="JR八王子駅 徒歩10分",
    english={"access": "Ten minutes on foot from JR Hachioji", "privacy_notice": "Used for the event alone."},
    applications_close_at=tokyo(dt.date(2027, 1, 15), dt.time(17)),
    free_cancellation_until=tokyo(dt.date(2027, 1, 19), dt.time(17)),
    cancellation_rule="期限後は参加費を頂戴します。",
    privacy_notice="行事の運営だけに使います。",
    overflow_notice="会場が定員になり次第、オンラインでのご参加をお願いする場合がございます。",
    promotion=Promotion.REPLY,
    offer_hours=48,
    hosts=(HostPlan(HostRole.HOST, "首都圏産業活性化協会", "TAMA Association"),),
    parts=(LECTURE, PARTY),
    fees=(
        FeePlan(PriceCategory.MEMBER, Mode.ONSITE, 3000),
        FeePlan(PriceCategory.GENERAL, Mode.ONSITE, 5000),
    ),
)


def new_year(**values: object) -> EventPlan:
    return replace(NEW_YEAR, **values)
