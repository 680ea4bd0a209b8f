"""What the pages about events are told: seats by part and mode, figures, and parts that people hold on to."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from eventops.events.models import Mode, Part, PartKind
from eventops.events.providers import Figure
from eventops.events.rules import PlaceCount, PoolKey
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState


def place_counts(session: Session, event_ids: Sequence[int]) -> Mapping[PoolKey, PlaceCount]:
    """Counts of all pools of these events, in one statement."""
    rows = session.execute(
        select(
            Place.part_id,
            Place.mode,
            func.sum(case((Place.state == PlaceState.CONFIRMED, 1), else_=0)),
            func.sum(case((and_(Place.state == PlaceState.WAITING, ~_waits_for_another_part()), 1), else_=0)),
            func.count(),
        )
        .join(Place.attendee)
        .join(Attendee.registration)
        .join(Place.part)
        .where(Registration.event_id.in_(event_ids))
        .group_by(Place.part_id, Place.mode)
    )
    return {(row[0], row[1]): PlaceCount(int(row[2]), int(row[3]), int(row[4])) for row in rows}


def _waits_for_another_part() -> ColumnElement[bool]:
    """A party place that waits only because the lecture does: the party itself may have room for others."""
    other, other_part = aliased(Place), aliased(Part)
    waits_for_programme = (
        exists()
        .where(
            other.attendee_id == Place.attendee_id,
            other.part_id == other_part.id,
            other_part.kind != PartKind.SOCIAL,
            other.mode == Mode.ONSITE,
            other.state == PlaceState.WAITING,
        )
        .correlate(Place)
    )
    return and_(Part.kind == PartKind.SOCIAL, waits_for_programme)


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
