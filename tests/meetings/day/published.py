"""The demonstration with its timetable made quickly and published, and a small round for what needs few rows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import Role, StaffUser
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.meetings.day import answering, asking, proposals
from eventops.meetings.day.happenings import Happening
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import drafts, problems, publication, queries
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.models import TimetableMeeting
from scheduling.engine import solve
from tests.factories import NOW


def round_id_of(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(MatchingRound.id)).one()


def solved(app: Flask) -> dict[int, tuple[int, int]]:
    """A timetable of the round, made without the comforts."""
    with app.app_context():
        problem = problems.build(db.session(), round_id_of(app))
    quick = replace(problem, goals=tuple(goal for goal in problem.goals if goal.band <= 40))
    found = solve(quick, seconds=60).meetings
    return {
        problems.row_id(one.request_id): (problems.row_id(one.slot_id), problems.row_id(one.table_id)) for one in found
    }


def publish(app: Flask, layout: dict[int, tuple[int, int]]) -> int:
    """Publish this layout as the first version; the id of who did it."""
    round_id = round_id_of(app)
    with app.app_context(), transaction() as session:
        actor_id = somebody(session)
        draft = drafts.draft_for_round(session, round_id=round_id, now=NOW)
        spots = {application_id: Spot(*spot) for application_id, spot in layout.items()}
        drafts.replace_all(session, draft, layout=spots, actor_id=actor_id, now=NOW)
        publication.publish(session, round_id=round_id, revision=draft.revision, actor_id=actor_id, now=NOW)
        return actor_id


def somebody(session: Session, name: str = "当日 花子") -> int:
    user = StaffUser(
        email=f"day-{session.query(StaffUser).count()}@secretariat.example.jp",
        name=name,
        role=Role.EVENT_MANAGER,
        password_hash="not a hash: nobody signs in with it",
        created_at=NOW,
    )
    session.add(user)
    session.flush()
    return user.id


def at(app: Flask, clock: str) -> dt.datetime:
    """A moment of the day of the round."""
    with app.app_context():
        day = db.session.scalars(select(MatchingRound)).one().event.held_on
    return tokyo(day, dt.time.fromisoformat(clock))


def ids(app: Flask, *codes: str) -> tuple[int, ...]:
    """Companies by their numbers in the directory, in this order."""
    with app.app_context():
        rows = db.session.execute(select(Organisation.code, Organisation.id).where(Organisation.code.in_(codes)))
        found = dict(rows.all())
    return tuple(found[code] for code in codes)


def propose(app: Flask, happenings: Sequence[Happening], *, now: dt.datetime, actor_id: int | None = None) -> int:
    """Ask, search and store, as the page does it; the proposal's id."""
    round_id = round_id_of(app)
    with app.app_context():
        with transaction() as session:
            asked = asking.question(session, round_id=round_id, happenings=happenings, now=now)
        answered = answering.answer(asked)
        with transaction() as session:
            return proposals.store(session, asked, answered, note="電話あり", actor_id=actor_id, now=now).id


def in_force(app: Flask) -> dict[int, TimetableMeeting]:
    """The published meetings by application."""
    with app.app_context():
        session = db.session()
        timetable = queries.published(session, round_id_of(app))
        assert timetable is not None
        return {one.application_id: one for one in queries.meetings_of(session, timetable.id)}
