"""What staff may choose from when they say what happened."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.meetings import queries as round_queries
from eventops.meetings import requests
from eventops.meetings.day import presence, replanning
from eventops.meetings.day.forms import Choices
from eventops.meetings.day.happenings import Frame
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import TimetableMeeting


def offered(session: Session, frame: Frame) -> dict[str, Choices]:
    """By field of the form; companies that are not here yet come first."""
    timetable = replanning.working(session, frame.round.id)
    meetings = queries.meetings_of(session, timetable.id)
    to_come = [one for one in meetings if one.slot_id not in frame.begun]
    needs = round_queries.needs(session, frame.round.id)
    guests = {one.organisation for one in requests.requests_of(session, frame.round.id)}
    by_name = [(one.id, one.name) for one in sorted(guests, key=lambda one: one.sort_key)]
    return {
        "companies": _companies(session, frame, meetings),
        "table_id": _tables(frame),
        "need_id": [(one.id, f"{one.code} {one.organisation.name}") for one in needs],
        "company_id": by_name,
        "slot_id": [(0, str(_("どの時刻でもよい"))), *_times(frame)],
        "first_id": [(one.application_id, _meeting(one)) for one in to_come],
        "second_id": [(one.application_id, _meeting(one)) for one in to_come],
    }


def _companies(session: Session, frame: Frame, meetings: Sequence[TimetableMeeting]) -> Choices:
    companies = {side for one in meetings for side in presence.sides(one)}
    here = presence.arrivals(session, frame.round.event, frame.round.id, {one.id for one in companies})
    ordered = sorted(companies, key=lambda one: (one.id in here, one.sort_key))
    return [(one.id, one.name if one.id in here else str(_("%(name)s(未着)", name=one.name))) for one in ordered]


def _tables(frame: Frame) -> Choices:
    tables = [(room, table) for room in frame.round.rooms for table in room.tables if table.in_use]
    return [(table.id, f"{room.name} {_('卓%(n)s', n=table.number)}") for room, table in tables]


def _times(frame: Frame) -> Choices:
    return [(one.id, wareki.clock(one.starts_at)) for one in frame.slots if one.id not in frame.begun]


def _meeting(one: TimetableMeeting) -> str:
    need = one.application.need
    where = f"{wareki.clock(one.slot.starts_at)} {_('卓%(n)s', n=one.table.number)}"
    return f"{where} {need.code} {need.organisation.name} × {one.application.organisation.name}"
