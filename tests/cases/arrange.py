"""A published timetable for the demonstration's requests, coordinators, and cases, without the solver."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.cases import service
from eventops.cases.models import Case, Coordinator
from eventops.cases.service import Frame
from eventops.clock import tokyo
from eventops.meetings import queries as rounds
from eventops.meetings.timetable import letters
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableMeeting, TimetableState
from eventops.meetings.timetable.publication import page_of
from eventops.meetings.wishes import requests
from tests.factories import NOW

MEETING_DAY = dt.date(2027, 1, 15)
THAT_EVENING = tokyo(MEETING_DAY, dt.time(18))


def publish_all(session: Session, event_id: int) -> Sequence[int]:
    """Every request in the published timetable, slot after slot; which table does not matter here."""
    found = rounds.round_of_event(session, event_id)
    assert found is not None
    frame = rounds.whole_round(session, found.id)
    cells = [(slot, table) for slot in frame.slots for room in frame.rooms for table in room.tables]
    timetable = Timetable(
        round_id=found.id, version=1, state=TimetableState.PUBLISHED, created_at=NOW, published_at=NOW
    )
    timetable.meetings = [
        TimetableMeeting(application_id=application.id, slot_id=slot.id, table_id=table.id)
        for application, (slot, table) in zip(requests.requests_of(session, found.id), cells, strict=False)
    ]
    session.add(timetable)
    session.flush()
    for one in timetable.meetings:
        for organisation_id in (one.application.organisation_id, one.application.need.organisation_id):
            page_of(session, round_id=found.id, organisation_id=organisation_id)
    return [one.application_id for one in timetable.meetings]


def link(session: Session, organisation_id: int) -> str:
    """The private page of a company that meets somebody."""
    wanted = ParticipantPage.organisation_id == organisation_id
    return f"/m/{letters.token_of(session.scalars(select(ParticipantPage).where(wanted)).one())}"


def make_coordinators(session: Session, number: int = 3) -> list[Coordinator]:
    made = [
        Coordinator(code=f"K{place:02d}", name=f"担当{place}", email=f"k{place}@coordinator.example.jp", max_cases=8)
        for place in range(number)
    ]
    session.add_all(made)
    session.flush()
    return made


def make_case(session: Session, organisation_id: int, team: Sequence[Coordinator], **values: object) -> Case:
    """A case that began on the meeting day; its first coordinator leads."""
    started_on = values.pop("started_on", MEETING_DAY)
    assert isinstance(started_on, dt.date)
    frame = Frame(
        title=str(values.pop("title", "放熱部品の異材接合")),
        organisation_id=organisation_id,
        lead_id=team[0].id,
        deputy_ids=[one.id for one in team[1:]],
        **values,  # type: ignore[arg-type]
    )
    return service.open_case(session, frame, started_on=started_on, actor_id=None, now=THAT_EVENING)
