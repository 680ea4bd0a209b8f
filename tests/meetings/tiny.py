"""A round so small that the real solver is done in a moment: one large company, five SMEs, three slots, two tables."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.jobs import worker
from eventops.jobs.models import Job, JobState
from eventops.meetings import queries as round_queries
from eventops.meetings.models import MatchingRound, MeetingTable, Need, ParticipantLimit, Room
from eventops.meetings.timetable import board, problems, solving
from eventops.meetings.timetable import queries as timetable_queries
from scheduling.problem import Problem
from tests.factories import make_organisation
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need

HOST = "海山電機株式会社"
GUESTS = ("株式会社青", "株式会社赤", "株式会社黄", "株式会社白", "株式会社黒")


@dataclass(frozen=True, slots=True)
class Tiny:
    """The ids of what was made."""

    event_id: int
    round_id: int
    need_id: int
    host_id: int
    guest_ids: tuple[int, ...]

    @property
    def board(self) -> str:
        return f"/staff/events/{self.event_id}/timetable"


def make_tiny(session: Session) -> Tiny:
    """Slots at 13:00, 13:25 and 13:50; the company wants all five and has one table."""
    found = make_round(session)
    found.solve_seconds = 30
    for slot in sorted(found.slots, key=lambda one: one.starts_at)[3:]:
        session.delete(slot)
    room = Room(code="RA", name="研修室", position=1, tables=[MeetingTable(number=1), MeetingTable(number=2)])
    found.rooms.append(room)
    host = make_organisation(session, HOST, "ウミヤマデンキ", code="O0001")
    need = make_need(session, found, "N01", host)
    guests = [make_organisation(session, name, "アオ", code=f"O001{place}") for place, name in enumerate(GUESTS)]
    for place, guest in enumerate(guests):
        apply(session, need, f"A00{place}", guest, rating="A")
    session.flush()
    return Tiny(found.event_id, found.id, need.id, host.id, tuple(one.id for one in guests))


def state(session: Session, tiny: Tiny, organisation_id: int, kind: str, **values: object) -> ParticipantLimit:
    """What a company has stated about itself."""
    limit = ParticipantLimit(round_id=tiny.round_id, organisation_id=organisation_id, kind=kind, **values)
    session.add(limit)
    session.flush()
    return limit


def add_need(session: Session, tiny: Tiny, name: str = "山川工業株式会社") -> Need:
    """A second large company that two of the SMEs want to meet."""
    found = session.get_one(MatchingRound, tiny.round_id)
    need = make_need(session, found, "N02", make_organisation(session, name, "ヤマカワコウギョウ", code="O0002"))
    for place, guest_id in enumerate(tiny.guest_ids[:2]):
        apply(session, need, f"A01{place}", session.get_one(Organisation, guest_id), rating="A")
    return need


def problem_of(session: Session, tiny: Tiny) -> Problem:
    session.expire_all()
    return problems.build(session, tiny.round_id)


def run(app: Flask) -> Job:
    """Have the worker do the run that waits."""
    assert worker.run_next_job(app, "worker of the test")
    with app.app_context():
        return db.session.scalars(select(Job).order_by(Job.id.desc())).first()


def make(app: Flask, tiny: Tiny) -> None:
    """Have the timetable made by the real solver."""
    with app.app_context(), transaction() as session:
        solving.request_timetable(session, round_id=tiny.round_id, actor_id=None, now=clock.now())
    job = run(app)
    assert (job.state, job.error) == (JobState.DONE, None)


def look(app: Flask, tiny: Tiny) -> board.Board:
    with app.app_context():
        return board.load(db.session(), round_queries.whole_round(db.session(), tiny.round_id), "ja")


def spots(app: Flask, tiny: Tiny) -> dict[int, tuple[int, int]]:
    """Where the draft has each application."""
    with app.app_context():
        draft = timetable_queries.draft_of(db.session(), tiny.round_id)
        return {one.application_id: (one.slot_id, one.table_id) for one in draft.meetings} if draft else {}
