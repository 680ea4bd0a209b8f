"""Reads of the door: what was scanned before, and people found by name."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, case, false, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventops.checkin.models import Scan
from eventops.checkin.rules import ADMITTED, LETS_IN, PASSED, Direction, Verdict, counts_from
from eventops.directory import kana
from eventops.errors import NotFound
from eventops.events.models import Event, Part
from eventops.registration.listing import finding
from eventops.registration.models import Attendee, Registration

FRESH = {"populate_existing": True}
FOUND_SHOWN = 30
NEWS_SHOWN = 500
NEWS_OVERLAP = 100
ADMITTING = [str(verdict) for verdict in sorted(ADMITTED)]
LETTING_IN = [str(verdict) for verdict in sorted(LETS_IN)]
PASSING = [str(verdict) for verdict in sorted(PASSED)]


def is_admission() -> ColumnElement[bool]:
    """A scan that let somebody in for the first time and was not taken back."""
    return and_(Scan.verdict.in_(ADMITTING), Scan.is_undone.is_(False))


def is_passage() -> ColumnElement[bool]:
    """A scan after which somebody was inside, or gone, and that was not taken back; also in prepared statements."""
    return and_(Scan.verdict.in_([literal(verdict) for verdict in PASSING]), Scan.is_undone.is_(False))


def is_counted(parts: Iterable[Part], *, now: dt.datetime) -> ColumnElement[bool]:
    """A scan at one of these parts that is not practice of an earlier day."""
    return or_(
        false(),
        *(and_(Scan.part_id == part.id, Scan.scanned_at >= counts_from(part.starts_at, at=now)) for part in parts),
    )


def part(session: Session, *, event_id: int, part_id: int) -> Part:
    """The part; one of another event does not exist here."""
    found = session.scalar(select(Part).where(Part.id == part_id, Part.event_id == event_id))
    if found is None:
        raise NotFound
    return found


def claims(session: Session, *, part_id: int, attendee_id: int) -> Sequence[Scan]:
    """Looks after which a desk let this person into this part, whether first or not, and those of their leaving."""
    came = and_(shown_as_entry(), Scan.verdict.in_([*LETTING_IN, str(Verdict.ALREADY_IN)]))
    left = Scan.verdict.in_([str(Verdict.LEFT), str(Verdict.NOT_INSIDE)])
    return session.scalars(
        select(Scan)
        .where(
            Scan.attendee_id == attendee_id,
            Scan.part_id == part_id,
            or_(and_(Scan.direction == Direction.IN, came), and_(Scan.direction == Direction.OUT, left)),
            Scan.is_undone.is_(False),
        )
        .execution_options(**FRESH)
    ).all()


def has_lost_its_word(session: Session, *, part_id: int, attendee_id: int) -> bool:
    """Whether somebody in charge let this person into this part, and that was taken back."""
    taken_back = select(Scan.id).where(
        Scan.attendee_id == attendee_id,
        Scan.part_id == part_id,
        Scan.shown == Verdict.OVERRULED,
        Scan.is_undone.is_(True),
    )
    return session.scalar(taken_back.limit(1)) is not None


def shown_as_entry() -> ColumnElement[bool]:
    """A scan after which a desk let somebody in, whatever was found later."""
    return Scan.shown.in_(LETTING_IN)


def passages_since(session: Session, event: Event, *, since: int, now: dt.datetime) -> Sequence[Scan]:
    """Who came or left after the scan with this number, for devices that know the ones before.

    Some before it are told again: of two scans at once the later number may be seen before the earlier.
    """
    return session.scalars(
        select(Scan)
        .where(
            Scan.event_id == event.id,
            Scan.id > since - NEWS_OVERLAP,
            Scan.attendee_id.is_not(None),
            is_passage(),
            is_counted(event.parts, now=now),
        )
        .order_by(Scan.id)
        .limit(NEWS_SHOWN)
    ).all()


def scan(session: Session, *, event_id: int, scan_id: int) -> Scan:
    found = session.scalar(select(Scan).where(Scan.id == scan_id, Scan.event_id == event_id))
    if found is None:
        raise NotFound
    return found


def event(session: Session, event_id: int) -> Event:
    """The event with its parts and their pools."""
    found = session.scalar(
        select(Event).where(Event.id == event_id).options(selectinload(Event.parts).selectinload(Part.pools))
    )
    if found is None:
        raise NotFound
    return found


def search(session: Session, *, event_id: int, text: str) -> list[Attendee]:
    """People of the event, those who cancelled last, in the order of the syllabary, beginnings of names first.

    One more than are shown, so that the page can say that there are others.
    """
    words = finding.words(text)
    if not words:
        return []
    starts = case((Attendee.sort_key.startswith(kana.sort_key(words[0]), autoescape=True), 0), else_=1)
    found = session.scalars(
        select(Attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event_id, *finding.conditions(text))
        .options(contains_eager(Attendee.registration), selectinload(Attendee.places))
        .order_by(Attendee.state, starts, Attendee.sort_key, Attendee.id)
        .limit(FOUND_SHOWN + 1)
    )
    return list(found.unique())


def let_in_by(session: Session, *, station_id: int, nonce: str) -> int:
    """Whom a station let in by its look of this number, if that stands."""
    attendee_id = session.scalar(
        select(Scan.attendee_id).where(
            Scan.nonce == nonce, Scan.station_id == station_id, shown_as_entry(), Scan.is_undone.is_(False)
        )
    )
    if attendee_id is None:
        raise NotFound
    return attendee_id


def by_number(session: Session, *, event_id: int, text: str) -> Sequence[Attendee]:
    """People by the end of their telephone number or the number on their ticket, and by nothing else."""
    condition = finding.by_number(text)
    if condition is None:
        return []
    return session.scalars(
        select(Attendee)
        .join(Attendee.registration)
        .where(Registration.event_id == event_id, condition)
        .options(contains_eager(Attendee.registration))
        .order_by(Attendee.state, Attendee.sort_key, Attendee.id)
        .limit(FOUND_SHOWN + 1)
    ).all()


def attendee(session: Session, *, event_id: int, attendee_id: int) -> Attendee:
    """Somebody of this event, cancelled or not."""
    found = session.scalar(
        select(Attendee)
        .join(Attendee.registration)
        .where(Attendee.id == attendee_id, Registration.event_id == event_id)
        .options(contains_eager(Attendee.registration))
    )
    if found is None:
        raise NotFound
    return found


def passages(session: Session, *, part_id: int, attendee_ids: Iterable[int]) -> Sequence[Scan]:
    """How these people came into one part and left it."""
    return session.scalars(
        select(Scan)
        .where(Scan.part_id == part_id, Scan.attendee_id.in_(list(attendee_ids)), is_passage())
        .order_by(Scan.id)
    ).all()
