"""The demonstration's events: last year's, which can be copied, and the two that are open now."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.clock import TOKYO, tokyo
from eventops.demo import english
from eventops.events.models import (
    Booth,
    Eligibility,
    Event,
    EventHost,
    EventKind,
    EventState,
    Fee,
    HostRole,
    Mode,
    Part,
    PartKind,
    Pool,
    PriceCategory,
    Series,
    Zone,
)
from eventops.questions import ready
from eventops.questions import service as question_service

EXCHANGE_DAY = dt.date(2027, 1, 15)
NEW_YEAR_DAY = dt.date(2027, 1, 22)
WRITTEN_ON = dt.date(2026, 11, 21)
A_YEAR = dt.timedelta(weeks=52)
CANCELLATION = (
    "開催日の3営業日前の17時まで、無料で取り消せます。その後は参加費をいただきます。代理の方の出席は当日まで可能です。"
)
PRIVACY = (
    "お預かりした個人情報は、本行事の受付、連絡、参加証と名札の作成のために使います。"
    "共催者への提供と、次回以降の案内は、同意された方に限ります。"
)
BOOTHS = (
    ("株式会社架空機工(デモ)", "小型減速機の分解展示"),
    ("架空樹脂工業株式会社(デモ)", "金属から樹脂への置き換え事例"),
    ("有限会社架空鍍金(デモ)", "医療機器向けのめっき"),
)
PROGRAMME = """17:00 開会挨拶 / 会長
17:10〜18:30 基調講演(講演題目(仮)) / 講師調整中
18:30 質疑応答"""
PROGRAMME_EN = """17:00 Opening / Chairman
17:10〜18:30 Lecture (title to follow) / Speaker to be announced
18:30 Questions"""
_INVITED_EN = "One-to-one meetings of companies that applied to a need and were chosen."
OVERFLOW = "会場が定員になり次第、オンラインでのご参加をお願いする場合がございます。"


@dataclass(frozen=True, slots=True)
class Plan:
    """The events that the rest of the demonstration fills, and the moment at which it was written."""

    last_exchange: Event
    exchange: Event
    new_year: Event
    written_at: dt.datetime


def shift(now: dt.datetime) -> dt.timedelta:
    """Whole years of 52 weeks by which the dates move, so that the demonstration lies ahead whenever it is loaded."""
    today = now.astimezone(TOKYO).date()
    years = 0
    while today > WRITTEN_ON + dt.timedelta(weeks=6) + years * A_YEAR:
        years += 1
    return years * A_YEAR


def add(session: Session, *, now: dt.datetime) -> Plan:
    """Two series with last year's edition each, and the open editions."""
    moved = shift(now)
    written_at = min(now, tokyo(WRITTEN_ON + moved, dt.time(10)))
    exchanges = Series(name="TAMA技術連携交流会@KISTEC")
    lectures = Series(name="新春講演会・賀詞交歓会")
    session.add_all((exchanges, lectures))
    session.flush()
    last_exchange = _exchange(exchanges, 7, dt.date(2026, 1, 16) + moved, EventState.CLOSED, written_at)
    last_lecture = _new_year(lectures, dt.date(2026, 1, 23) + moved, EventState.CLOSED, written_at)
    exchange = _exchange(exchanges, 8, EXCHANGE_DAY + moved, EventState.PUBLISHED, written_at)
    new_year = _new_year(lectures, NEW_YEAR_DAY + moved, EventState.PUBLISHED, written_at)
    session.add_all((last_exchange, last_lecture, exchange, new_year))
    session.flush()
    for event in (last_exchange, exchange):
        _add_fees(session, event, event.parts[-1].id, {Mode.ONSITE: (2_000, 3_000)})
    for event in (last_lecture, new_year):
        _add_fees(session, event, None, {Mode.ONSITE: (3_000, 5_000)})
    _add_what_is_special(session, exchange, new_year, written_at)
    session.flush()
    session.expire_all()
    return Plan(last_exchange, exchange, new_year, written_at)


def _add_what_is_special(session: Session, exchange: Event, new_year: Event, at: dt.datetime) -> None:
    """A zone with booths at the exchange, a programme and questions about food at the reception."""
    exchange.zones.append(
        Zone(
            position=1,
            name="コラボレーション企画ゾーン",
            sponsor="株式会社架空山梨銀行・架空ロボティクス株式会社",
            booths=[
                Booth(position=place, number=f"C-{place}", exhibitor=name, exhibit=exhibit)
                for place, (name, exhibit) in enumerate(BOOTHS, start=1)
            ],
        )
    )
    new_year.parts[0].programme = PROGRAMME
    new_year.parts[0].english = {**new_year.parts[0].english, "programme": PROGRAMME_EN}
    food = ready.ready_set("food")
    if food is not None:
        question_service.copy_in(session, event_id=new_year.id, questions=food.questions, actor_id=None, now=at)


def _event(
    series: Series, code: str, kind: EventKind, title: str, day: dt.date, state: EventState, at: dt.datetime
) -> Event:
    is_open = state == EventState.PUBLISHED
    return Event(
        slug=code.lower(),
        code=code,
        series_id=series.id,
        kind=kind,
        state=state,
        title=title,
        held_on=day,
        eligibility=Eligibility.ANYONE,
        applications_close_at=tokyo(day - dt.timedelta(days=7), dt.time(17)),
        free_cancellation_until=tokyo(day - dt.timedelta(days=3), dt.time(17)),
        cancellation_rule=CANCELLATION,
        privacy_notice=PRIVACY,
        contact="事務局 00-0000-0001(デモ)",
        created_at=at,
        updated_at=at,
        published_at=at if is_open else at - A_YEAR,
    )


def _exchange(series: Series, edition: int, day: dt.date, state: EventState, at: dt.datetime) -> Event:
    title = f"第{edition}回TAMA技術連携交流会@KISTEC"
    event = _event(series, f"M{edition:02d}", EventKind.TECHNOLOGY_EXCHANGE, title, day, state, at)
    event.edition = edition
    event.title_en = f"TAMA Technology Exchange at KISTEC, No. {edition}"
    event.summary = "大手企業の技術課題と中小企業の技術をつなぐ、個別面談と交流の一日です。"
    event.venue_name = "KISTEC海老名本部(想定)"
    event.venue_address = "神奈川県海老名市架空町705"
    event.access = "海老名駅から路線バス約10分、下車徒歩3分。駐車場はありません。"
    event.things_to_bring = "名刺、参加証(印刷またはスマートフォンの画面)"
    event.hosts = _hosts(
        (HostRole.HOST, "一般社団法人首都圏産業活性化協会"),
        (HostRole.CO_HOST, "地方独立行政法人神奈川県立産業技術総合研究所(KISTEC)"),
        (HostRole.CO_HOST, "公益財団法人神奈川産業振興センター(KIP)"),
    )
    event.parts = [
        _part(
            1,
            PartKind.CLOSED_MATCHING,
            "第1部 クローズドマッチング",
            day,
            ((13, 0), (16, 50)),
            "研修室A・B、会議室C",
            250,
        ),
        _part(2, PartKind.OPEN_MATCHING, "第2部 オープンマッチング", day, ((17, 0), (18, 0)), "1階ロビー", 200),
        _part(3, PartKind.SOCIAL, "第3部 交流会", day, ((18, 10), (19, 30)), "食堂", 120),
    ]
    english.add(
        event,
        english.EXCHANGE,
        ("Part 1: Closed matching", {"place": "Seminar rooms A and B, meeting room C", "description": _INVITED_EN}),
        ("Part 2: Open matching", {"place": "Lobby, ground floor", "planned_by": "Working group on sales"}),
        ("Part 3: Social gathering", {"place": "Dining hall"}),
    )
    event.parts[0].eligibility = Eligibility.INVITED
    event.parts[0].description = "大手企業のニーズに応募し、選考を通った企業の個別面談です。"
    event.parts[1].planned_by = "営業・売上UP分科会"
    event.parts[2].is_provisional = True
    return event


def _new_year(series: Series, day: dt.date, state: EventState, at: dt.datetime) -> Event:
    era = day.year - 2018
    code = f"N{era:02d}"
    event = _event(series, code, EventKind.NEW_YEAR, f"令和{era}年新春講演会・賀詞交歓会", day, state, at)
    event.title_en = f"New Year Lecture and Reception {day.year}"
    event.summary = "新春の講演会と、会員・関係機関の皆様の賀詞交歓会です。"
    event.venue_name = "オープンイノベーションフィールド多摩 八王子館 2Fホール"
    event.venue_address = "東京都八王子市架空町3-5-1"
    event.access = "JR八王子駅 徒歩10分、京王八王子駅 徒歩5分"
    event.overflow_notice = OVERFLOW
    event.hosts = _hosts((HostRole.HOST, "一般社団法人首都圏産業活性化協会"))
    event.parts = [
        _part(1, PartKind.LECTURE, "第1部 講演会(講演題目(仮))", day, ((17, 0), (18, 50)), "2Fホール", 100, online=100),
        _part(2, PartKind.SOCIAL, "第2部 賀詞交歓会", day, ((19, 0), (20, 30)), "同会場(立食)", 100),
    ]
    english.add(
        event,
        english.NEW_YEAR,
        ("Part 1: Lecture", {"place": "Hall, second floor"}),
        ("Part 2: New-year reception", {"place": "Same hall (standing)"}),
    )
    for part in event.parts:
        part.is_provisional = True
    return event


def _part(
    position: int,
    kind: PartKind,
    title: str,
    day: dt.date,
    hours: tuple[tuple[int, int], tuple[int, int]],
    place: str,
    capacity: int,
    *,
    online: int | None = None,
) -> Part:
    pools = [Pool(mode=Mode.ONSITE, capacity=capacity)]
    if online is not None:
        pools.append(Pool(mode=Mode.ONLINE, capacity=online))
    starts, ends = (tokyo(day, dt.time(*hour)) for hour in hours)
    return Part(position=position, kind=kind, title=title, starts_at=starts, ends_at=ends, place=place, pools=pools)


def _hosts(*named: tuple[HostRole, str]) -> list[EventHost]:
    return [EventHost(role=role, name=name, position=number) for number, (role, name) in enumerate(named, start=1)]


def _add_fees(session: Session, event: Event, part_id: int | None, yen: dict[Mode, tuple[int, int]]) -> None:
    """Per head: (member, general) by mode, for the event or for one part."""
    for mode, prices in yen.items():
        for category, price in zip((PriceCategory.MEMBER, PriceCategory.GENERAL), prices, strict=True):
            session.add(Fee(event_id=event.id, part_id=part_id, category=category, mode=mode, yen=price))
