"""What the pages about events are told: seats by part and mode, figures, and parts that people hold on to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from eventops.events.providers import Figure
from eventops.events.rules import PlaceCount, PoolKey
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState


def place_counts(session: Session, event_ids: Sequence[int]) -> Mapping[PoolKey, PlaceCount]:
    """Counts of all pools of these events, in one statement."""
    rows = session.execute(
        select(Place.part_id, Place.mode, Place.state, func.count())
        .join(Place.attendee)
        .join(Attendee.registration)
        .where(Registration.event_id.in_(event_ids))
        .group_by(Place.part_id, Place.mode, Place.state)
    )
    counts: defaultdict[PoolKey, dict[str, int]] = defaultdict(dict)
    for part_id, mode, state, number in rows:
        counts[part_id, mode][state] = int(number)
    return {
        key: PlaceCount(
            confirmed=states.get(PlaceState.CONFIRMED, 0),
            waiting=states.get(PlaceState.WAITING, 0),
            ever=sum(states.values()),
        )
        for key, states in counts.items()
    }


def event_figures(session: Session, event_ids: Sequence[int]) -> Mapping[int, Sequence[Figure]]:
    """Applications and people of each event, and what is still owed."""
    is_active = Attendee.state == RegistrationState.ACTIVE
    unpaid = case((Attendee.paid_at.is_(None), Attendee.fee_yen), else_=0)
    rows = session.execute(
        select(
            Registration.event_id,
            func.count(Registration.id.distinct()).filter(is_active),
            func.count(Attendee.id).filter(is_active),
            func.coalesce(func.sum(Attendee.fee_yen), 0),
            func.coalesce(func.sum(unpaid), 0),
        )
        .join(Attendee.registration)
        .where(Registration.event_id.in_(event_ids))
        .group_by(Registration.event_id)
    )
    return {row[0]: _figures(*(int(number) for number in row[1:])) for row in rows}


def _figures(applications: int, people: int, owed: int, unpaid: int) -> list[Figure]:
    found = [Figure(_("申込"), people, _("名"), _("%(count)s件", count=applications))]
    if owed:
        tone = "warn" if unpaid else "ok"
        note = _("未入金 %(yen)s円", yen=f"{unpaid:,}") if unpaid else _("すべて入金済")
        found.append(Figure(_("参加費"), owed, _("円"), note, tone))
    return found


def parts_in_use(session: Session, part_ids: Collection[int]) -> Collection[int]:
    """Parts that anybody ever had a place in: taking one away would take its history along."""
    return session.scalars(select(Place.part_id).where(Place.part_id.in_(part_ids)).distinct()).all()
