"""Runs of the printer: whom one is for, that each badge is printed once, and taking one back. Never commits."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops.accounts import audit
from eventops.directory import kana
from eventops.errors import DomainError, NotFound
from eventops.events.models import Event
from eventops.printing import designs, guests, standing
from eventops.printing.layouts import as_json
from eventops.printing.models import BadgePrint, BadgeRun
from eventops.printing.standing import Standing
from eventops.registration.models import Attendee


class NothingToPrint(DomainError):
    """Everybody who was asked for has a badge already, or nobody fits."""

    code = "nothing_to_print"


class PrintedAlready(DomainError):
    """This badge was printed; once more only on purpose."""

    code = "badge_printed_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whom a run is for. Rows of the syllabary are those of the company, as in the reception list."""

    again: bool = False
    category: str = ""
    part_id: int | None = None
    from_row: str = ""
    to_row: str = ""


def chosen(attendees: Sequence[Attendee], choice: Choice, badges: Standing) -> list[Attendee]:
    return [one for one in attendees if _fits(one, choice) and (choice.again or badges.needs_one(one))]


def _fits(attendee: Attendee, choice: Choice) -> bool:
    if choice.category and attendee.badge_category != choice.category:
        return False
    if choice.part_id is not None and choice.part_id not in guests.parts_of(attendee):
        return False
    return in_rows(attendee.registration.organisation_sort_key, choice.from_row, choice.to_row)


def in_rows(key: str, from_row: str, to_row: str) -> bool:
    """Whether a sort key stands between two rows of the syllabary, both included; an open end is the end."""
    place = kana.ROWS.index(kana.row_of(key))
    first = kana.ROWS.index(from_row) if from_row in kana.ROWS else 0
    last = kana.ROWS.index(to_row) if to_row in kana.ROWS else len(kana.ROWS) - 1
    return first <= place <= last


def print_chosen(
    session: Session,
    event: Event,
    choice: Choice,
    hints: Mapping[int, str],
    *,
    stock: str,
    first_label: int,
    actor_id: int | None,
    now: dt.datetime,
) -> BadgeRun:
    """One run for everybody who is chosen and needs a badge; two people who press at once print each badge once."""
    designs.lock(session, event.id)
    badges = standing.of_event(session, event, hints)
    people = chosen(guests.expected(session, event.id), choice, badges)
    return _run(session, event, people, badges, stock=stock, first_label=first_label, actor_id=actor_id, now=now)


def print_one(
    session: Session,
    event: Event,
    attendee_id: int,
    hints: Mapping[int, str],
    *,
    again: bool,
    stock: str,
    first_label: int,
    actor_id: int | None,
    now: dt.datetime,
) -> BadgeRun:
    """The badge of one person, as at the desk."""
    designs.lock(session, event.id)
    person = guests.holder(session, event.id, attendee_id)
    badges = standing.of_event(session, event, hints)
    if not again and not badges.needs_one(person):
        raise PrintedAlready
    return _run(session, event, [person], badges, stock=stock, first_label=first_label, actor_id=actor_id, now=now)


def undo(session: Session, event: Event, run_id: int, *, actor_id: int | None, now: dt.datetime) -> None:
    """The printer jammed or the sheet was wrong: nobody of this run counts as printed by it."""
    designs.lock(session, event.id)
    run = run_of(session, event.id, run_id)
    if run.undone_at is None:
        run.undone_at = now
        _note(session, run, "badges_taken_back", actor_id=actor_id, now=now)


def run_of(session: Session, event_id: int, run_id: int) -> BadgeRun:
    run = session.scalar(
        select(BadgeRun)
        .where(BadgeRun.id == run_id, BadgeRun.event_id == event_id)
        .options(selectinload(BadgeRun.prints))
    )
    if run is None:
        raise NotFound
    return run


def runs(session: Session, event_id: int) -> Sequence[BadgeRun]:
    """The newest first."""
    return session.scalars(
        select(BadgeRun)
        .where(BadgeRun.event_id == event_id)
        .options(joinedload(BadgeRun.made_by), selectinload(BadgeRun.prints))
        .order_by(BadgeRun.id.desc())
    ).all()


def people_of(session: Session, run: BadgeRun) -> list[Attendee]:
    """In the order of the run, as they read now; who has cancelled since is left out."""
    coming = {one.id: one for one in guests.expected(session, run.event_id)}
    return [coming[one.attendee_id] for one in run.prints if one.attendee_id in coming]


def _run(
    session: Session,
    event: Event,
    people: Sequence[Attendee],
    badges: Standing,
    *,
    stock: str,
    first_label: int,
    actor_id: int | None,
    now: dt.datetime,
) -> BadgeRun:
    if not people:
        raise NothingToPrint
    layout = designs.settled(session, event, actor_id=actor_id, now=now)
    prints = [
        BadgePrint(attendee_id=one.id, position=position, face=badges.face_of(one, layout))
        for position, one in enumerate(people, start=1)
    ]
    run = BadgeRun(
        event_id=event.id,
        stock=stock,
        first_label=first_label,
        settings=as_json(layout),
        made_at=now,
        made_by_id=actor_id,
        prints=prints,
    )
    session.add(run)
    session.flush()
    _note(session, run, "badges_printed", actor_id=actor_id, now=now)
    return run


def _note(session: Session, run: BadgeRun, action: str, *, actor_id: int | None, now: dt.datetime) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("badge_run", run.id),
        event_id=run.event_id,
        after={"people": len(run.prints), "stock": run.stock},
        now=now,
    )
