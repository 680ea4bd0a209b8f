"""What the pages about events are told: seats by part and mode, figures, and parts that people hold on to."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from eventops.events.models import Mode, Part, PartKind
from eventops.events.providers import Figure
from eventops.events.rules import PlaceCount, PoolKey
from eventops.registration.models import TAKEN, Attendee, Place, PlaceState, Registration, RegistrationState


def place_counts(session: Session, event_ids: Sequence[int]) -> Mapping[PoolKey, PlaceCount]:
    """Counts of all pools of these events, in two statements that an index answers."""
    mine = Place.part_id.in_(select(Part.id).where(Part.event_id.in_(event_ids)))
    rows = session.execute(
        select(Place.part_id, Place.mode, Place.state, func.count())
        .where(mine)
        .group_by(Place.part_id, Place.mode, Place.state)
    )
    ever: Counter[PoolKey] = Counter()
    taken: Counter[PoolKey] = Counter()
    waiting = Counter({key: -number for key, number in _waiting_for_another_part(session, event_ids).items()})
    for part_id, mode, state, number in rows:
        key = (part_id, mode)
        ever[key] += number
        taken[key] += number if state in TAKEN else 0
        waiting[key] += number if state == PlaceState.WAITING else 0
    return {key: PlaceCount(taken[key], waiting[key], ever[key]) for key in ever}


def _waiting_for_another_part(session: Session, event_ids: Sequence[int]) -> dict[PoolKey, int]:
    """Party places that wait only because the lecture does: the party itself may have room for others."""
    parties = select(Part.id).where(Part.event_id.in_(event_ids), Part.kind == PartKind.SOCIAL)
    programme = select(Part.id).where(Part.event_id.in_(event_ids), Part.kind != PartKind.SOCIAL)
    other = aliased(Place)
    waits = (other.part_id.in_(programme), other.mode == Mode.ONSITE, other.state == PlaceState.WAITING)
    waits_for_programme = Place.attendee_id.in_(select(other.attendee_id).where(*waits))
    rows = session.execute(
        select(Place.part_id, Place.mode, func.count())
        .where(Place.part_id.in_(parties), Place.state == PlaceState.WAITING, waits_for_programme)
        .group_by(Place.part_id, Place.mode)
    )
    return {(part_id, mode): number for part_id, mode, number in rows}


def event_figures(session: Session, event_ids: Sequence[int]) -> Mapping[int, Sequence[Figure]]:
    """Applications and people of each event, and what is still owed."""
    is_active = Attendee.state == RegistrationState.ACTIVE
    unpaid = Attendee.fee_yen - Attendee.paid_yen
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
