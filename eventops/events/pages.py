"""What a guest reads about an event: dates, parts, fees, room and hosts, put into words in the reader's language."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from eventops import wareki
from eventops.events import programme, rules
from eventops.events.english import said
from eventops.events.models import Eligibility, Event, EventHost, EventState, Mode, Part, PriceCategory
from eventops.events.programme import Item
from eventops.events.queries import PartRoom, PoolRoom
from eventops.events.rules import Room, Window
from eventops.events.vocabulary import (
    ELIGIBILITY_WORDS,
    HOST_ROLE_WORDS,
    MODE_WORDS,
    ROOM_TONES,
    ROOM_WORDS,
    WINDOW_TONES,
    WINDOW_WORDS,
)


@dataclass(frozen=True, slots=True)
class GuestRoom:
    """A pool in words: 会場 定員100名 残りわずか."""

    mode: Any
    capacity: int | None
    left: int | None
    word: Any
    tone: str
    is_few: bool


@dataclass(frozen=True, slots=True)
class GuestPart:
    """A part as guests read it."""

    title: str
    when: str
    place: str
    eligibility: Any
    planned_by: str
    description: str
    rooms: tuple[GuestRoom, ...]
    programme: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeRow:
    """Prices of one thing; None where that category has none."""

    label: str
    member: int | None
    general: int | None


@dataclass(frozen=True, slots=True)
class GuestEvent:
    """An event as guests read it, in one language."""

    event: Event
    title: str
    when: str
    deadline: str
    opens: str
    general_opens: str
    free_cancellation_until: str
    window: Window
    window_word: Any
    window_tone: str
    eligibility: Any
    parts: tuple[GuestPart, ...]
    fees: tuple[FeeRow, ...]
    hosts: tuple[tuple[Any, tuple[str, ...]], ...]

    @property
    def is_full(self) -> bool:
        """Whether every pool is full, so that applying means waiting."""
        rooms = [room for part in self.parts for room in part.rooms]
        return bool(rooms) and all(room.tone == ROOM_TONES[Room.FULL] for room in rooms)


def guest_event(event: Event, rooms: Sequence[PartRoom], *, now: dt.datetime, lang: str) -> GuestEvent:
    """The event in words; `rooms` from `queries.public_figures` or `queries.rooms`."""
    window = rules.window(EventState(event.state), event.applications_open_at, event.applications_close_at, now)
    return GuestEvent(
        event=event,
        title=title_words(event, lang),
        when=when_words(event, lang),
        deadline=moment_words(event.applications_close_at, lang),
        opens=moment_words(event.applications_open_at, lang),
        general_opens=_general_opens(event, now, lang),
        free_cancellation_until=moment_words(event.free_cancellation_until, lang),
        window=window,
        window_word=WINDOW_WORDS[window],
        window_tone=WINDOW_TONES[window],
        eligibility=ELIGIBILITY_WORDS[Eligibility(event.eligibility)],
        parts=tuple(_guest_part(event, room, lang) for room in rooms),
        fees=fee_rows(event, lang),
        hosts=_hosts(event, lang),
    )


def _general_opens(event: Event, now: dt.datetime, lang: str) -> str:
    """From when others than members may apply, while that lies ahead."""
    kinds = {event.eligibility, *(part.eligibility for part in event.parts)}
    opens = event.general_opens_at if Eligibility.MEMBERS_FIRST in kinds else None
    return moment_words(opens, lang) if opens is not None and now < opens else ""


def title_words(event: Event, lang: str) -> str:
    """The title, marked (仮) while it is not settled."""
    title = plain_title(event, lang)
    return f"{title}{_('(仮)')}" if event.is_provisional else title


def plain_title(one: Event | Part, lang: str) -> str:
    return one.title_en if lang == "en" and one.title_en else one.title


def host_name(host: EventHost, lang: str) -> str:
    return host.name_en if lang == "en" and host.name_en else host.name


def when_words(event: Event, lang: str) -> str:
    """令和9年1月22日(金) 17:00〜20:30, over all parts; the day alone while there are none."""
    if not event.parts:
        return wareki.date_en(event.held_on) if lang == "en" else wareki.wareki_date(event.held_on)
    first = min(part.starts_at for part in event.parts)
    last = max(part.ends_at for part in event.parts)
    mark = _("(予定)") if any(part.is_provisional for part in event.parts) else ""
    return f"{_period(first, last, lang)}{mark}"


def item_words(item: Item) -> str:
    """17:10 基調講演(山田太郎)"""
    times = "" if item.starts is None else wareki.clock(item.starts)
    times += f"〜{wareki.clock(item.ends)}" if item.ends else ""
    return " ".join(filter(None, (times, item.title))) + (f"({item.speaker})" if item.speaker else "")


def day_words(event: Event) -> str:
    """The days of an event: 令和9年1月15日(金), or from the first to the last."""
    days = sorted({wareki.japan_date(part.starts_at) for part in event.parts} or {event.held_on})
    return "、".join(wareki.wareki_date(day) for day in days)


def part_when(event: Event, part: Part, lang: str) -> str:
    """17:00〜18:50(予定)"""
    return f"{part_times(event, part, lang)}{_('(予定)') if part.is_provisional else ''}"


def part_times(event: Event, part: Part, lang: str) -> str:
    """17:00〜18:50; with its day where that is not the event's."""
    if wareki.japan_date(part.starts_at) != event.held_on:
        return _period(part.starts_at, part.ends_at, lang)
    times = wareki.time_range_en if lang == "en" else wareki.time_range
    return times(part.starts_at, part.ends_at)


def moment_words(moment: dt.datetime | None, lang: str) -> str:
    """令和9年1月15日(金) 17:00"""
    if moment is None:
        return ""
    day = wareki.date_en(moment) if lang == "en" else wareki.wareki_date(moment)
    return f"{day} {wareki.clock(moment)}"


def fee_rows(event: Event, lang: str) -> tuple[FeeRow, ...]:
    """The price list: for the event as a whole, then for single parts. Nothing where all is free."""
    if not event.fees:
        return ()
    whole = [_fee_row(event, None, mode, "") or FeeRow(str(MODE_WORDS[mode]), 0, 0) for mode in _modes(event)]
    prices = [_fee_row(event, part.id, mode, plain_title(part, lang)) for part in event.parts for mode in Mode]
    has_whole = any(fee.part_id is None for fee in event.fees)
    return tuple(row for row in [*(whole if has_whole else []), *prices] if row is not None)


def _modes(event: Event) -> list[Mode]:
    offered = {pool.mode for part in event.parts for pool in part.pools}
    return [mode for mode in Mode if mode in offered]


def _fee_row(event: Event, part_id: int | None, mode: Mode, title: str) -> FeeRow | None:
    yen = {fee.category: fee.yen for fee in event.fees if (fee.part_id, fee.mode) == (part_id, mode)}
    if not yen:
        return None
    label = " ".join(filter(None, (title, str(MODE_WORDS[mode]))))
    return FeeRow(label, yen.get(PriceCategory.MEMBER), yen.get(PriceCategory.GENERAL))


def _guest_part(event: Event, room: PartRoom, lang: str) -> GuestPart:
    part = room.part
    return GuestPart(
        title=plain_title(part, lang),
        when=part_when(event, part, lang),
        place=said(part, "place", lang),
        eligibility=ELIGIBILITY_WORDS[Eligibility(part.eligibility)],
        planned_by=said(part, "planned_by", lang),
        description=said(part, "description", lang),
        rooms=tuple(_guest_room(pool) for pool in room.pools),
        programme=programme.items(said(part, "programme", lang)),
    )


def _guest_room(pool: PoolRoom) -> GuestRoom:
    room = pool.room
    return GuestRoom(
        MODE_WORDS[pool.mode], pool.capacity, pool.left, ROOM_WORDS[room], ROOM_TONES[room], room == Room.FEW
    )


def _hosts(event: Event, lang: str) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for host in event.hosts:
        found.setdefault(host.role, []).append(host_name(host, lang))
    return tuple((word, tuple(found[role])) for role, word in HOST_ROLE_WORDS.items() if role in found)


def _period(first: dt.datetime, last: dt.datetime, lang: str) -> str:
    return wareki.period_en(first, last) if lang == "en" else wareki.wareki_period(first, last)


def contact_words(phone: str, email: str) -> str:
    """How to reach the organiser, where the event names nobody else."""
    return " / ".join(filter(None, (f"{_('電話')} {phone}" if phone else "", email)))
