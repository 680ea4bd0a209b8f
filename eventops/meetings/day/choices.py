"""What staff may choose from when they say what happened."""

from collections.abc import Callable, Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.meetings import queries as round_queries
from eventops.meetings.day import asking, presence
from eventops.meetings.day.forms import Choices
from eventops.meetings.day.happenings import Frame
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import TimetableMeeting
from eventops.meetings.wishes import requests


def offered(session: Session, frame: Frame, wanted: Collection[str]) -> dict[str, Choices]:
    """By field of the form, only those that are wanted: somebody stands at the desk and waits."""
    return {name: offer(session, frame) for name, offer in _OFFERS.items() if name in wanted}


def _companies(session: Session, frame: Frame) -> Choices:
    """Those that are not here yet come first."""
    meetings = _meetings(session, frame)
    companies = {side for one in meetings for side in presence.sides(one)}
    here = presence.arrivals(session, frame.round.event, frame.round.id, {one.id for one in companies})
    ordered = sorted(companies, key=lambda one: (one.id in here, one.sort_key))
    return [(one.id, one.name if one.id in here else str(_("%(name)s(未着)", name=one.name))) for one in ordered]


def _meetings(session: Session, frame: Frame) -> Sequence[TimetableMeeting]:
    return queries.meetings_of(session, asking.working(session, frame.round.id).id)


def _tables(_session: Session, frame: Frame) -> Choices:
    tables = [(room, table) for room in frame.round.rooms for table in room.tables if table.in_use]
    return [(table.id, f"{room.name} {_('卓%(n)s', n=table.number)}") for room, table in tables]


def _times(_session: Session, frame: Frame) -> Choices:
    begun = frame.begun
    times = [(one.id, wareki.clock(one.starts_at)) for one in frame.slots if one.id not in begun]
    return [(0, str(_("どの時刻でもよい"))), *times]


def _needs(session: Session, frame: Frame) -> Choices:
    return [(one.id, f"{one.code} {one.organisation.name}") for one in round_queries.needs(session, frame.round.id)]


def _guests(session: Session, frame: Frame) -> Choices:
    guests = {one.organisation for one in requests.requests_of(session, frame.round.id)}
    return [(one.id, one.name) for one in sorted(guests, key=lambda one: one.sort_key)]


def _to_come(session: Session, frame: Frame) -> Choices:
    begun = frame.begun
    return [(one.application_id, _meeting(one)) for one in _meetings(session, frame) if one.slot_id not in begun]


def _meeting(one: TimetableMeeting) -> str:
    need = one.application.need
    where = f"{wareki.clock(one.slot.starts_at)} {_('卓%(n)s', n=one.table.number)}"
    return f"{where} {need.code} {need.organisation.name} × {one.application.organisation.name}"


_OFFERS: Mapping[str, Callable[[Session, Frame], Choices]] = {
    "companies": _companies,
    "table_id": _tables,
    "need_id": _needs,
    "company_id": _guests,
    "slot_id": _times,
    "first_id": _to_come,
    "second_id": _to_come,
}
