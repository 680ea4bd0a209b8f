"""The day of the demonstration: at half past one seven companies are late, one does not come."""

import datetime as dt

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from eventops.accounts.models import AuditEntry
from eventops.database import db, transaction
from eventops.mail.models import Letter
from eventops.meetings.day import answering, proposals, sheets
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.models import Slot
from eventops.meetings.timetable import calendars, queries
from eventops.meetings.timetable.models import ParticipantPage, TimetableMeeting
from tests.meetings.day.published import at, ids, in_force, propose, publish, round_id_of, solved

LATE = [f"O00{number}" for number in range(31, 38)]
Line = tuple[int, int]


@pytest.fixture(scope="module")
def layout() -> dict[int, tuple[int, int]]:
    return {}


@pytest.fixture
def actor_id(demonstration: Flask, layout: dict[int, tuple[int, int]]) -> int:
    """Somebody of the secretariat, who has published the timetable."""
    answering.warm_up()
    layout.update(layout or solved(demonstration))
    return publish(demonstration, layout)


def trains_and_an_absence(app: Flask) -> list[Happening]:
    return [
        Happening(What.LATE, organisation_ids=ids(app, *LATE), at=at(app, "14:50")),
        Happening(What.ABSENT, organisation_ids=ids(app, "O0003")),
    ]


def lines(meetings: dict[int, TimetableMeeting]) -> dict[int, Line]:
    return {one: (meeting.slot_id, meeting.table_id) for one, meeting in meetings.items()}


def slot_start(slot_id: int) -> dt.datetime:
    return db.session.get_one(Slot, slot_id).starts_at


def calendar_of(app: Flask, organisation_id: int) -> bytes:
    timetable = queries.published(db.session(), round_id_of(app))
    return calendars.calendar(db.session(), timetable, organisation_id)


def sides(meeting: TimetableMeeting) -> set[int]:
    return {meeting.application.organisation_id, meeting.application.need.organisation_id}


@pytest.mark.both_databases
def test_trains_are_late_and_a_company_does_not_come(demonstration: Flask, actor_id: int) -> None:
    app, now = demonstration, at(demonstration, "13:30")
    before = in_force(app)
    late, (absent,) = set(ids(app, *LATE)), ids(app, "O0003")
    star = ids(app, "O0031")[0]
    partners = {
        one.application.organisation_id for one in before.values() if one.application.need.organisation_id == absent
    }
    assert (len(before), sum(star in sides(one) for one in before.values()), len(partners)) == (150, 8, 9)

    proposal_id = propose(app, trains_and_an_absence(app), now=now, actor_id=actor_id)
    with app.app_context():
        found = db.session.get_one(DayProposal, proposal_id)
        told = found.found
        assert lines(before) == {one: (s.slot_id, s.table_id) for one, s in proposals.layout_from(found.before).items()}
        assert told["is_proven"]
        assert told["seconds"] < answering.SECONDS

    with app.app_context(), transaction() as session:
        proposals.accept(session, round_id=round_id_of(app), proposal_id=proposal_id, actor_id=actor_id, now=now)

    after = in_force(app)
    begun = {one: meeting for one, meeting in before.items() if meeting.slot.starts_at <= now}
    held = {one: meeting for one, meeting in begun.items() if not sides(meeting) & {*late, absent}}
    assert {one: lines(after)[one] for one in held} == lines(held)
    assert 0 < sum(star in sides(one) for one in after.values()) <= 5
    assert not any(absent in sides(one) for one in after.values())
    assert all(one.slot.starts_at >= at(app, "14:50") for one in after.values() if late & sides(one))

    moved = {one for one in {*before, *after} if lines(before).get(one) != lines(after).get(one)}
    changed = {who for one in moved for who in sides(before.get(one) or after[one])}
    assert {absent, *partners} <= changed
    assert len(changed) < 60
    with app.app_context():
        found = db.session.get_one(DayProposal, proposal_id)
        assert set(found.found["changed"]) == changed
        letters = [one for one in db.session.scalars(select(Letter)) if one.created_at == now]
        assert len(letters) == found.letters == found.found["readers"] > 0
        assert all("変更" in one.subject for one in letters)
        told_pages = {db.session.get_one(ParticipantPage, one.subject_id).organisation_id for one in letters}
        assert told_pages <= changed
        entries = Calendar.from_ical(calendar_of(app, star)).walk("VEVENT")
        assert {int(one["SEQUENCE"]) for one in entries} == {2}
        assert sum(one["STATUS"] == "CANCELLED" for one in entries) == 8 - sum(
            star in sides(one) for one in after.values()
        )
        assert (found.state, found.version) == (ProposalState.ACCEPTED, 2)

        assert partners <= {talk["organisation_id"] for talk in found.found["talks"]}
        times = [slot_start(talk["slot_id"]) for talk in found.found["talks"] if talk["slot_id"] is not None]
        assert len(times) >= 8
        assert min(times) >= at(app, "13:50")

        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "day_accepted")).one()
        assert (entry.actor_id, entry.at, entry.after["note"]) == (actor_id, now, "電話あり")
        paper = sheets.changed(db.session(), round_id=round_id_of(app), version=2)
        assert {*paper.guests} <= changed
        assert {table.id for table in paper.tables} == {
            meeting.table_id for one in moved for meeting in (before.get(one), after.get(one)) if meeting is not None
        }
        assert len(paper.tables) < 24
