"""Figures of one event by part, category and day, and of its parties, in a fixed number of statements."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from eventops.clock import TOKYO
from eventops.database import UtcHour
from eventops.events.models import Event, Mode, Part, PartKind
from eventops.registration import providers
from eventops.registration.counting import catering
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState

EARLIER_EVENTS = 5


@dataclass(frozen=True, slots=True)
class PartLine:
    """People of one part and mode with a seat, by fee category."""

    part: Part
    mode: str
    by_category: Mapping[str, int]
    waiting: int

    @property
    def confirmed(self) -> int:
        return sum(self.by_category.values())


@dataclass(frozen=True, slots=True)
class Party:
    """What the caterer of one party is told."""

    part: Part
    heads: int
    portions: int
    by_badge: Mapping[str, int]
    needs: Mapping[str, int]
    expected: int | None
    reports: Sequence[catering.Report]


def parts(session: Session, event: Event) -> list[PartLine]:
    """Seats and queues by part, mode and fee category."""
    rows = session.execute(
        select(Place.part_id, Place.mode, Place.state, Attendee.price_category, func.count())
        .join(Place.attendee)
        .where(Place.part_id.in_([part.id for part in event.parts]))
        .group_by(Place.part_id, Place.mode, Place.state, Attendee.price_category)
    )
    counts = {(part_id, mode, state, category): number for part_id, mode, state, category, number in rows}
    return [_line(part, pool.mode, counts) for part in event.parts for pool in part.pools]


def _line(part: Part, mode: str, counts: Mapping[tuple[int, str, str, str], int]) -> PartLine:
    def of(state: PlaceState) -> dict[str, int]:
        return {key[3]: number for key, number in counts.items() if key[:3] == (part.id, mode, state)}

    return PartLine(part, mode, of(PlaceState.CONFIRMED), sum(of(PlaceState.WAITING).values()))


def people_by_day(session: Session, event: Event) -> dict[tuple[dt.date, str], int]:
    """People who have not cancelled by the day of application, as Japan counts days, and fee category."""
    hour = UtcHour(Registration.submitted_at)
    rows = session.execute(
        select(hour, Attendee.price_category, func.count())
        .join(Attendee.registration)
        .where(Registration.event_id == event.id, Attendee.state == RegistrationState.ACTIVE)
        .group_by(hour, Attendee.price_category)
    )
    found: Counter[tuple[dt.date, str]] = Counter()
    for text, category, number in rows:
        at = dt.datetime.fromisoformat(f"{text}:00+00:00")
        found[at.astimezone(TOKYO).date(), category] += number
    return dict(found)


def badges(session: Session, event: Event) -> dict[str, int]:
    """People who have not cancelled by the category on their badge."""
    rows = session.execute(
        select(Attendee.badge_category, func.count())
        .join(Attendee.registration)
        .where(Registration.event_id == event.id, Attendee.state == RegistrationState.ACTIVE)
        .group_by(Attendee.badge_category)
    )
    return dict(rows.all())


def parties(session: Session, event: Event, *, today: dt.date) -> list[Party]:
    """The parties of the event, with who is expected to come to each."""
    social = [part for part in event.parts if part.kind == PartKind.SOCIAL]
    if not social:
        return []
    guests = session.execute(
        select(Place.part_id, Attendee.badge_category, Attendee.dietary_need, func.count())
        .join(Place.attendee)
        .where(
            Place.part_id.in_([part.id for part in social]),
            Place.state == PlaceState.CONFIRMED,
            Place.mode == Mode.ONSITE,
        )
        .group_by(Place.part_id, Attendee.badge_category, Attendee.dietary_need)
    ).all()
    held, came = _earlier(session, event)
    of_part = {part.id: [(row[1], row[2], row[3]) for row in guests if row[0] == part.id] for part in social}
    return [_party(part, of_part[part.id], held, came, today) for part in social]


def _party(part: Part, guests: Sequence[tuple[str, str, int]], held: int, came: int, today: dt.date) -> Party:
    """`guests` are counts by the category on the badge and by what somebody must not eat."""
    heads = sum(number for _, _, number in guests)
    by_badge: Counter[str] = Counter()
    needs: Counter[str] = Counter()
    for badge, need, number in guests:
        by_badge[badge] += number
        if need.strip():
            needs[" ".join(need.split())] += number
    return Party(
        part,
        heads,
        catering.portions(heads),
        by_badge,
        dict(sorted(needs.items(), key=lambda pair: (-pair[1], pair[0]))),
        catering.expected(heads, held_before=held, came_before=came),
        catering.reports(part.starts_at.astimezone(TOKYO).date(), today=today),
    )


def _earlier(session: Session, event: Event) -> tuple[int, int]:
    """Seats held and people who came at parties of earlier events of the same kind where the door was recorded."""
    events = session.scalars(
        select(Event)
        .where(Event.kind == event.kind, Event.held_on < event.held_on)
        .order_by(Event.held_on.desc())
        .limit(EARLIER_EVENTS)
        .options(selectinload(Event.parts))
    ).all()
    social = {part.id for one in events for part in one.parts if part.kind == PartKind.SOCIAL}
    came = {part_id: number for part_id, number in providers.came_to(session, events).items() if part_id in social}
    seats = select(func.count()).where(
        Place.part_id.in_(came), Place.state == PlaceState.CONFIRMED, Place.mode == Mode.ONSITE
    )
    return session.scalar(seats) or 0, sum(came.values())
