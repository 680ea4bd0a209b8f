"""Counts of the door while people come in: per part, category and desk, over time, and who is missing."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from eventops import wareki
from eventops.checkin.models import Scan
from eventops.checkin.queries import LETTING_IN, is_admission, is_counted, is_passage
from eventops.checkin.rules import Direction, Verdict
from eventops.directory import kana
from eventops.events.models import Mode, Part
from eventops.registration.models import Attendee, BadgeCategory, Place, PlaceState, Registration, RegistrationState

RECENT = 12
CURVE_POINTS = 48
_EXITS = [str(Verdict.LEFT), str(Verdict.NOT_INSIDE)]
DOORS_OPEN = dt.timedelta(hours=1)
_STEPS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 10, 15, 30, 60, 240))


@dataclass(frozen=True, slots=True)
class Count:
    """How many are expected, how many of them have come, and how many of those have left again."""

    expected: int
    inside: int
    left: int = 0

    @property
    def present(self) -> int:
        return self.inside - self.left

    @property
    def percent(self) -> int:
        return round(100 * self.inside / self.expected) if self.expected else 0


@dataclass(frozen=True, slots=True)
class DeskLine:
    """What one desk has done."""

    station: str
    admitted: int
    refused: int
    last_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Row:
    """People of one row of the syllabary."""

    name: str
    people: tuple[Attendee, ...]


def coming(parts: Sequence[Part], *, now: dt.datetime) -> Part:
    """The part whose guests come now: the last one that begins within the hour or has begun, else the first."""
    begun = [part for part in parts if part.starts_at - DOORS_OPEN <= now]
    return max(begun, key=lambda part: part.starts_at, default=parts[0])


def part_counts(session: Session, parts: Sequence[Part], *, now: dt.datetime) -> dict[int, Count]:
    """Seats given, people let in, and people gone again, by part, in two statements."""
    expected = dict(
        session.execute(
            select(Place.part_id, func.count())
            .where(Place.part_id.in_([part.id for part in parts]), _holds_seat())
            .group_by(Place.part_id)
        ).all()
    )
    came = {part_id: (inside, left) for part_id, inside, left in session.execute(_came_and_left(parts, now)).all()}
    return {part.id: Count(expected.get(part.id, 0), *came.get(part.id, (0, 0))) for part in parts}


def _came_and_left(parts: Sequence[Part], now: dt.datetime) -> Select[int, int, int]:
    """By part, how many have come, and how many of them were seen leaving since."""
    came_at = func.max(case((Scan.direction == Direction.IN, Scan.scanned_at)))
    left_at = func.max(case((Scan.direction == Direction.OUT, Scan.scanned_at)))
    person = (
        select(Scan.part_id, came_at.label("came_at"), left_at.label("left_at"))
        .where(is_passage(), is_counted(parts, now=now))
        .group_by(Scan.part_id, Scan.attendee_id)
        .subquery()
    )
    has_left = case((person.c.left_at >= person.c.came_at, 1), else_=0)
    return select(person.c.part_id, func.count(person.c.came_at), func.sum(has_left)).group_by(person.c.part_id)


def _holds_seat() -> ColumnElement[bool]:
    return and_(Place.mode == Mode.ONSITE, Place.state == PlaceState.CONFIRMED)


def category_counts(session: Session, part: Part, *, now: dt.datetime) -> dict[str, Count]:
    """The same by the category on the badge, in its order; categories that nobody has are left out."""
    expected = (
        select(Attendee.badge_category, func.count())
        .join(Attendee.places)
        .where(Place.part_id == part.id, _holds_seat())
        .group_by(Attendee.badge_category)
    )
    inside = (
        select(Attendee.badge_category, func.count(distinct(Attendee.id)))
        .join(Scan, Scan.attendee_id == Attendee.id)
        .where(is_admission(), is_counted([part], now=now))
        .group_by(Attendee.badge_category)
    )
    wanted = dict(session.execute(expected).all())
    came = dict(session.execute(inside).all())
    present = [category for category in BadgeCategory if category in wanted or category in came]
    return {category: Count(wanted.get(category, 0), came.get(category, 0)) for category in present}


def desks(session: Session, part: Part, *, now: dt.datetime) -> list[DeskLine]:
    """Every desk that has scanned, by name. Who comes is counted where they came first: desks add up to the part."""
    came = Counter(station for station, _at in session.execute(_arrivals(part, now)))
    refused = func.sum(case((Scan.verdict.in_([*LETTING_IN, *_EXITS]), 0), else_=1))
    rows = session.execute(
        select(Scan.station, refused, func.max(Scan.scanned_at))
        .where(is_counted([part], now=now), Scan.is_undone.is_(False))
        .group_by(Scan.station)
        .order_by(Scan.station)
    ).all()
    return [DeskLine(station, came[station], turned_away, last_at) for station, turned_away, last_at in rows]


def curve(session: Session, part: Part, *, now: dt.datetime) -> list[tuple[str, int]]:
    """How many had come by when."""
    return steps([at for _station, at in session.execute(_arrivals(part, now))])


def _arrivals(part: Part, now: dt.datetime) -> Select[str, dt.datetime]:
    """Where and when each person came first: who was let in again later, or by somebody in charge, has come once."""
    turn = func.row_number().over(partition_by=Scan.attendee_id, order_by=(Scan.scanned_at, Scan.id))
    came = (
        select(Scan.station, Scan.scanned_at, turn.label("turn"))
        .where(is_admission(), is_counted([part], now=now))
        .subquery()
    )
    return select(came.c.station, came.c.scanned_at).where(came.c.turn == 1).order_by(came.c.scanned_at)


def steps(moments: Sequence[dt.datetime]) -> list[tuple[str, int]]:
    """Sums at even distances from the first to the last, in as many points as a curve needs."""
    if not moments:
        return []
    span = moments[-1] - moments[0]
    width = next((step for step in _STEPS if span / step <= CURVE_POINTS), _STEPS[-1])
    start = moments[0].replace(minute=0, second=0, microsecond=0)
    buckets = Counter((moment - start) // width for moment in moments)
    first, last = min(buckets), max(buckets)
    sums = itertools.accumulate(buckets[index] for index in range(first, last + 1))
    ends = (start + width * (index + 1) for index in range(first, last + 1))
    return [
        (wareki.clock(start + width * first), 0),
        *((wareki.clock(end), total) for end, total in zip(ends, sums, strict=True)),
    ]


def missing(session: Session, part: Part, *, now: dt.datetime) -> list[Row]:
    """Who has a seat and has not come, in 五十音順 of company and person, as on the printed list."""
    came = exists().where(Scan.attendee_id == Attendee.id, is_admission(), is_counted([part], now=now))
    people = session.scalars(
        select(Attendee)
        .join(Attendee.registration)
        .join(Attendee.places)
        .where(Place.part_id == part.id, _holds_seat(), Attendee.state == RegistrationState.ACTIVE, ~came)
        .options(contains_eager(Attendee.registration))
        .order_by(Registration.organisation_sort_key, Registration.id, Attendee.sort_key, Attendee.id)
    ).all()
    found: dict[str, list[Attendee]] = {row: [] for row in kana.ROWS}
    for person in people:
        found[kana.row_of(person.registration.organisation_sort_key)].append(person)
    return [Row(name, tuple(found[name])) for name in kana.ROWS if found[name]]


def recent(session: Session, part: Part) -> Sequence[Scan]:
    """The last looks, refused ones too."""
    return session.scalars(
        select(Scan)
        .where(Scan.part_id == part.id)
        .options(joinedload(Scan.attendee).joinedload(Attendee.registration))
        .order_by(Scan.id.desc())
        .limit(RECENT)
    ).all()
