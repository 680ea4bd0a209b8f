"""Events that guests rush to: a lecture and a party at one venue, at a price, with so many seats."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.events.models import Event, EventKind, EventState, Fee, Mode, Part, PartKind, Pool, PriceCategory

HOURS = ((PartKind.LECTURE, "第1部 講演会", 17, 18), (PartKind.SOCIAL, "第2部 懇親会", 19, 20))


@dataclass(frozen=True, slots=True)
class Venue:
    """What guests have to know to apply."""

    slug: str
    part_ids: tuple[int, ...]


def make_venue(session: Session, *, slug: str, seats: int, now: dt.datetime) -> Venue:
    """An event that takes applications; only its lecture is limited, so that seats can be counted."""
    held_on = (now + dt.timedelta(days=90)).date()
    event = Event(
        slug=slug,
        code=slug.upper(),
        kind=EventKind.NEW_YEAR,
        state=EventState.PUBLISHED,
        title="新春講演会・賀詞交歓会",
        held_on=held_on,
        venue_name="ホール",
        applications_close_at=now + dt.timedelta(days=60),
        cancellation_rule="3営業日前までは無料で取り消せます。",
        privacy_notice="ご記入いただいた情報は、この行事の運営のために使います。",
        created_at=now,
        updated_at=now,
        published_at=now,
    )
    event.parts = [_part(number, held_on, seats) for number in range(1 if seats < 1000 else 2)]
    for category, yen in ((PriceCategory.MEMBER, 3000), (PriceCategory.GENERAL, 5000)):
        event.fees.append(Fee(category=category, mode=Mode.ONSITE, yen=yen))
    session.add(event)
    session.flush()
    return Venue(slug, tuple(part.id for part in event.parts))


def _part(number: int, held_on: dt.date, seats: int) -> Part:
    kind, title, begins, ends = HOURS[number]
    start = dt.datetime.combine(held_on, dt.time(begins - 9), tzinfo=dt.UTC)
    part = Part(
        position=number + 1, kind=kind, title=title, starts_at=start, ends_at=start + dt.timedelta(hours=ends - begins)
    )
    part.pools = [Pool(mode=Mode.ONSITE, capacity=seats), Pool(mode=Mode.ONLINE, capacity=seats)]
    return part
