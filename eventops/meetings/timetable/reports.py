"""What the timetable tells the events' checklists: whether it is made, and which version people were told of."""

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.events import providers
from eventops.events.checklist import StepCode, StepReport
from eventops.events.providers import ToldPlan
from eventops.meetings import queries
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import publication
from eventops.meetings.timetable.models import Timetable, TimetableMeeting

NAME = "timetable"


def register() -> None:
    providers.registry.steps[NAME] = timetable_steps
    providers.registry.told_plan = told_plan


def told_plan(session: Session, event_id: int) -> ToldPlan | None:
    """The published timetable of the event, and everybody who knows it."""
    found = queries.round_of_event(session, event_id)
    reach = publication.reach(session, found.id) if found is not None else None
    return ToldPlan(reach.version, len(reach.changed), len(reach.readers)) if reach is not None else None


def timetable_steps(
    session: Session, event_ids: Sequence[int], _now: dt.datetime
) -> Mapping[int, Mapping[StepCode, StepReport]]:
    """Made when any version has meetings; told once a version is published. One query for all events."""
    query = (
        select(MatchingRound.event_id, func.max(Timetable.version), func.count(TimetableMeeting.id))
        .join(Timetable, Timetable.round_id == MatchingRound.id)
        .outerjoin(TimetableMeeting, TimetableMeeting.timetable_id == Timetable.id)
        .where(MatchingRound.event_id.in_(event_ids))
        .group_by(MatchingRound.event_id)
    )
    return {event_id: _reports(version, meetings) for event_id, version, meetings in session.execute(query)}


def _reports(version: int | None, meetings: int) -> Mapping[StepCode, StepReport]:
    told = _("第%(n)s版を知らせました", n=version) if version else ""
    return {
        StepCode.TIMETABLE: StepReport(done=meetings > 0),
        StepCode.NOTIFY: StepReport(done=version is not None, note=told),
    }
