"""Reads about meeting records: the meetings of an event or of a company, and what each side has said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.cases.models import Case
from eventops.cases.records.models import Continuation, MeetingRecord, Side
from eventops.directory.models import Organisation, Person
from eventops.errors import NotFound
from eventops.meetings import queries as rounds
from eventops.meetings.models import Application, NeedAttendee
from eventops.meetings.timetable import queries as timetables
from eventops.meetings.timetable.models import TimetableMeeting


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting of the published timetable with both sides' records and the case that came of it."""

    meeting: TimetableMeeting
    records: Mapping[str, MeetingRecord]
    case_id: int | None

    @property
    def application(self) -> Application:
        return self.meeting.application

    @property
    def meets_again(self) -> bool:
        return both_want(self.records)


class Show(StrEnum):
    """Which meetings of an event a list shows."""

    ALL = "all"
    MISSING = "missing"
    AGAIN = "again"
    NO_CASE = "no_case"

    def fits(self, line: Line) -> bool:
        match self:
            case Show.MISSING:
                return len(line.records) < len(Side)
            case Show.AGAIN:
                return line.meets_again
            case Show.NO_CASE:
                return line.meets_again and line.case_id is None
            case _:
                return True


@dataclass(frozen=True, slots=True)
class Totals:
    """What the questionnaires of an event say together."""

    meetings: int
    answered: Mapping[str, int]
    going_on: int
    again: int
    satisfaction: Mapping[str, float | None]


def both_want(records: Mapping[str, MeetingRecord]) -> bool:
    """A second meeting takes two who want it."""
    return all(side in records and records[side].wants_second for side in Side)


def of_event(session: Session, event_id: int) -> Sequence[Line]:
    """All meetings of the event's published timetable in the order of the day, in a fixed number of queries."""
    found = rounds.round_of_event(session, event_id)
    published = timetables.published(session, found.id) if found else None
    return _lines(session, timetables.meetings_of(session, published.id)) if published else []


def of_company(session: Session, round_id: int, organisation_id: int) -> Sequence[tuple[Side, Line]]:
    """One company's meetings with the side on which it sat."""
    published = timetables.published(session, round_id)
    if published is None:
        return []
    meetings = timetables.meetings_of(session, published.id)
    mine = [(side_of(one.application, organisation_id), one) for one in meetings]
    lines = {one.meeting.id: one for one in _lines(session, [meeting for side, meeting in mine if side])}
    return [(side, lines[meeting.id]) for side, meeting in mine if side]


def side_of(application: Application, organisation_id: int) -> Side | None:
    if application.need.organisation_id == organisation_id:
        return Side.HOST
    return Side.GUEST if application.organisation_id == organisation_id else None


def _lines(session: Session, meetings: Sequence[TimetableMeeting]) -> list[Line]:
    ids = [one.application_id for one in meetings]
    records: dict[int, dict[str, MeetingRecord]] = {}
    for record in session.scalars(select(MeetingRecord).where(MeetingRecord.application_id.in_(ids))):
        records.setdefault(record.application_id, {})[record.side] = record
    rows = session.execute(select(Case.application_id, Case.id).where(Case.application_id.in_(ids)))
    cases = {row.application_id: row.id for row in rows}
    in_order = sorted(meetings, key=lambda one: (one.starts_at, one.table_number))
    return [Line(one, records.get(one.application_id, {}), cases.get(one.application_id)) for one in in_order]


def of_meeting(session: Session, application_id: int) -> Mapping[str, MeetingRecord]:
    found = session.scalars(select(MeetingRecord).where(MeetingRecord.application_id == application_id))
    return {record.side: record for record in found}


def meeting(session: Session, application_id: int) -> TimetableMeeting:
    """The meeting of this application in the timetable in force."""
    application = session.get(Application, application_id)
    published = timetables.published(session, application.round_id) if application else None
    if published is None:
        raise NotFound
    wanted = (TimetableMeeting.timetable_id == published.id, TimetableMeeting.application_id == application_id)
    found = session.scalar(select(TimetableMeeting).where(*wanted))
    if found is None:
        raise NotFound
    return found


def people_of(session: Session, application: Application, side: Side) -> Sequence[Person]:
    """Who may have sat there: those named by the need, or by the application."""
    if side is Side.HOST:
        query = select(Person).join(NeedAttendee).where(NeedAttendee.need_id == application.need_id)
        return session.scalars(query.order_by(Person.sort_key)).all()
    ids = [one for one in (application.person_id, *application.companion_ids) if one]
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.sort_key)).all()


def totals(lines: Sequence[Line]) -> Totals:
    answered = Counter(side for line in lines for side in line.records)
    ratings = {side: [line.records[side].satisfaction for line in lines if side in line.records] for side in Side}
    return Totals(
        meetings=len(lines),
        answered=answered,
        going_on=sum(
            all(side in one.records and one.records[side].continuation == Continuation.YES for side in Side)
            for one in lines
        ),
        again=sum(one.meets_again for one in lines),
        satisfaction={side: round(sum(found) / len(found), 1) if found else None for side, found in ratings.items()},
    )


def company(session: Session, organisation_id: int) -> Organisation:
    return session.get_one(Organisation, organisation_id)
