"""Who has come, for the lists of participants: admissions from the day on; earlier scans were practice."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, distinct, false, func, or_, select
from sqlalchemy.orm import Session

from eventops import clock
from eventops.checkin.models import Scan
from eventops.checkin.queries import is_admission
from eventops.events.models import Event
from eventops.registration.providers import Arrivals


def _counts(event: Event) -> ColumnElement[bool]:
    begin = clock.tokyo(event.held_on, dt.time())
    return and_(Scan.event_id == event.id, Scan.scanned_at >= begin, is_admission())


def _of_event(event: Event) -> Select[int | None]:
    return select(Scan.attendee_id).where(_counts(event), Scan.attendee_id.is_not(None))


def _times(session: Session, event: Event, attendee_ids: Collection[int]) -> Mapping[int, dt.datetime]:
    rows = session.execute(
        select(Scan.attendee_id, func.min(Scan.scanned_at))
        .where(Scan.attendee_id.in_(attendee_ids), _counts(event))
        .group_by(Scan.attendee_id)
    )
    return {attendee_id: at for attendee_id, at in rows if attendee_id is not None}


def _shares(session: Session, events: Sequence[Event]) -> Mapping[int, int]:
    rows = session.execute(
        select(Scan.part_id, func.count(distinct(Scan.attendee_id)))
        .where(or_(false(), *map(_counts, events)))
        .group_by(Scan.part_id)
    )
    return dict(rows.all())


ARRIVALS: Final = Arrivals(_of_event, _times, _shares)
