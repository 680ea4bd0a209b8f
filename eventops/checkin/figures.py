"""What the door tells the pages about events: how many came, and which parts carry scans."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import and_, distinct, false, func, or_, select
from sqlalchemy.orm import Session

from eventops import clock
from eventops.checkin.models import Scan
from eventops.checkin.queries import is_admission
from eventops.events.models import Event
from eventops.events.providers import Figure


def of_events(session: Session, event_ids: Sequence[int]) -> Mapping[int, Sequence[Figure]]:
    """How many people came on the day itself; nothing before anybody has."""
    days = session.execute(select(Event.id, Event.held_on).where(Event.id.in_(event_ids))).all()
    on_the_day = [
        and_(Scan.event_id == event_id, Scan.scanned_at >= clock.tokyo(day, dt.time())) for event_id, day in days
    ]
    counts = session.execute(
        select(Scan.event_id, func.count(distinct(Scan.attendee_id)))
        .where(is_admission(), or_(false(), *on_the_day))
        .group_by(Scan.event_id)
    )
    return {event_id: [Figure(_("来場"), came, _("名"))] for event_id, came in counts}


def parts_in_use(session: Session, part_ids: Collection[int]) -> Collection[int]:
    """Parts with scans: taking them away would take the record of who came."""
    return set(session.scalars(select(Scan.part_id).distinct().where(Scan.part_id.in_(part_ids))))
