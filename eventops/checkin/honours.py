"""来賓 at the door: who of the staff is told, what each of them has not seen yet, and the letters. Never commits."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from eventops.accounts import audit
from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, may
from eventops.checkin import letters, queries
from eventops.checkin.models import ArrivalSeen, ArrivalWatch, Scan
from eventops.checkin.reading import DoorPart, Holder, Seen
from eventops.checkin.rules import ADMITTED, is_practice
from eventops.events.models import Event
from eventops.registration.models import Attendee, BadgeCategory, Registration, RegistrationState

MAY_BE_TOLD: Final = Permission.VIEW
SHOWN: Final = 5


class Telling(StrEnum):
    """How somebody is told."""

    NOT = "not"
    SCREEN = "screen"
    LETTER = "letter"


def watches(session: Session, event_id: int) -> Mapping[int, ArrivalWatch]:
    """By user."""
    rows = session.scalars(select(ArrivalWatch).where(ArrivalWatch.event_id == event_id))
    return {row.user_id: row for row in rows}


def staff(session: Session) -> Sequence[StaffUser]:
    """Who may see the names of guests at all, and therefore be told."""
    found = session.scalars(select(StaffUser).where(StaffUser.enabled.is_(True)).order_by(StaffUser.name, StaffUser.id))
    return [one for one in found if may(one.role, MAY_BE_TOLD)]


def choose(
    session: Session, *, event_id: int, tellings: Mapping[int, Telling], actor_id: int | None, now: dt.datetime
) -> None:
    """Who is told from now on; people who are not in `tellings` stay as they are."""
    session.execute(select(Event.id).where(Event.id == event_id).with_for_update())
    known = watches(session, event_id)
    before = {str(user_id): telling_of(known.get(user_id)) for user_id in tellings}
    for user_id, telling in tellings.items():
        row = known.get(user_id)
        if telling is Telling.NOT:
            if row is not None:
                session.delete(row)
            continue
        row = row or _begin(session, event_id, user_id)
        row.by_letter = telling is Telling.LETTER
    after = {str(user_id): telling for user_id, telling in tellings.items()}
    changed = {user_id for user_id in after if after[user_id] != before[user_id]}
    if changed:
        _note(session, event_id, before, after, changed, actor_id=actor_id, now=now)


def _begin(session: Session, event_id: int, user_id: int) -> ArrivalWatch:
    """Who has come before somebody is told at all is no news to them."""
    row = ArrivalWatch(event_id=event_id, user_id=user_id)
    session.add(row)
    session.flush()  # what was seen names the row
    came = session.scalars(_arrived(event_id).with_only_columns(Scan.id)).all()
    session.add_all(ArrivalSeen(watch_id=row.id, scan_id=scan_id) for scan_id in came)
    return row


def telling_of(row: ArrivalWatch | None) -> Telling:
    if row is None:
        return Telling.NOT
    return Telling.LETTER if row.by_letter else Telling.SCREEN


def expected(session: Session, event_id: int) -> int:
    """How many guests of honour are registered."""
    people = select(func.count()).select_from(Attendee).join(Attendee.registration)
    return session.scalar(people.where(Registration.event_id == event_id, _is_honoured())) or 0


def unseen(session: Session, event: Event, *, user_id: int, now: dt.datetime) -> Sequence[Scan]:
    """Arrivals that this person has not confirmed, the earliest first; nothing for who is not among those told.

    Those that find no room are shown when the ones before them are confirmed.
    """
    watch_id = _watch_id(session, event.id, user_id)
    if watch_id is None:
        return []
    return session.scalars(
        _arrived(event.id)
        .where(queries.is_counted(event.parts, now=now), ~_is_seen(watch_id))
        .options(contains_eager(Scan.attendee).joinedload(Attendee.registration))
        .order_by(Scan.id)
        .limit(SHOWN)
    ).all()


def _watch_id(session: Session, event_id: int, user_id: int) -> int | None:
    return session.scalar(
        select(ArrivalWatch.id).where(ArrivalWatch.event_id == event_id, ArrivalWatch.user_id == user_id)
    )


def _arrived(event_id: int) -> Select[Scan]:
    return select(Scan).join(Scan.attendee).where(Scan.event_id == event_id, _is_honoured(), queries.is_admission())


def _is_seen(watch_id: int) -> ColumnElement[bool]:
    return exists().where(ArrivalSeen.watch_id == watch_id, ArrivalSeen.scan_id == Scan.id)


def _is_honoured() -> ColumnElement[bool]:
    return and_(Attendee.badge_category == BadgeCategory.GUEST_OF_HONOUR, Attendee.state == RegistrationState.ACTIVE)


def confirm(session: Session, *, event_id: int, user_id: int, scan_ids: Collection[int]) -> None:
    """This person has seen these; pressed twice, it is seen once."""
    watch = select(ArrivalWatch).where(ArrivalWatch.event_id == event_id, ArrivalWatch.user_id == user_id)
    row = session.scalar(watch.with_for_update())
    if row is None:
        return
    shown = _arrived(event_id).with_only_columns(Scan.id).where(Scan.id.in_(scan_ids), ~_is_seen(row.id))
    session.add_all(ArrivalSeen(watch_id=row.id, scan_id=scan_id) for scan_id in session.scalars(shown).all())


def tell(session: Session, holder: Holder | None, look: Seen, part: DoorPart) -> None:
    """Write to those who chose letters, once for each guest of honour; what is scanned in practice is nobody's news."""
    if holder is None or holder.badge_category != BadgeCategory.GUEST_OF_HONOUR or look.verdict not in ADMITTED:
        return
    if is_practice(part.starts_at, at=look.scanned_at):
        return
    readers = session.scalars(
        select(ArrivalWatch)
        .where(ArrivalWatch.event_id == look.event_id, ArrivalWatch.by_letter.is_(True))
        .options(joinedload(ArrivalWatch.user))
    ).all()
    if not readers:
        return
    taken_back = select(func.count()).where(Scan.attendee_id == holder.id, Scan.is_undone.is_(True))
    undone = session.scalar(taken_back) or 0
    for row in readers:
        if row.user.enabled and may(row.user.role, MAY_BE_TOLD):
            letters.put(session, row.user, holder, look, part, undone=undone)


def _note(
    session: Session,
    event_id: int,
    before: Mapping[str, Telling],
    after: Mapping[str, Telling],
    changed: Collection[str],
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action="arrival_watch_changed",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        before={user_id: before[user_id] for user_id in changed},
        after={user_id: after[user_id] for user_id in changed},
    )
