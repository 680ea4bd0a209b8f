"""Work on the draft by hand: what may go where, and what becomes of it when rows are gone."""

from collections.abc import Sequence

import pytest
from sqlalchemy import event as database_event
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.errors import NotFound, Stale
from eventops.events.models import Event
from eventops.jobs import service as jobs
from eventops.jobs.models import Job
from eventops.meetings.models import Application, MatchingRound, MeetingTable, Slot
from eventops.meetings.timetable import board, drafts, problems, publication, queries, solving
from eventops.meetings.timetable.models import MAKING, Timetable
from eventops.meetings.wishes import requests
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.meetings.placing import place_by_hand


@pytest.fixture
def round_id(demonstration) -> int:
    with demonstration.app_context():
        return db.session.scalars(select(MatchingRound.id)).one()


@pytest.fixture
def placed(demonstration, round_id) -> list[int]:
    """Five meetings on the board, by hand: their applications."""
    with demonstration.app_context(), transaction() as session:
        return place_by_hand(session, round_id, 5)


def draft(session, round_id) -> Timetable:
    found = queries.draft_of(session, round_id)
    assert found is not None
    return found


def step(session, round_id, act, **wanted):
    revision = draft(session, round_id).revision
    return act(session, round_id=round_id, revision=revision, actor_id=None, now=NOW, **wanted)


def spots(session, round_id) -> dict[int, tuple[int, int]]:
    return {one.application_id: (one.slot_id, one.table_id) for one in draft(session, round_id).meetings}


def free_cell(session, round_id) -> dict[str, int]:
    """The last slot at a table where nobody sits yet."""
    used = {table for _, table in spots(session, round_id).values()}
    slot = session.scalars(select(Slot.id).where(Slot.round_id == round_id).order_by(Slot.starts_at.desc())).first()
    table = session.scalars(select(MeetingTable.id).where(MeetingTable.id.not_in(used))).first()
    return {"slot_id": slot, "table_id": table}


def test_only_a_request_of_the_round_goes_onto_the_board(demonstration, round_id, placed):
    with demonstration.app_context(), transaction() as session:
        wanted = {one.id for one in requests.requests_of(session, round_id)}
        refused = session.scalars(select(Application.id).where(Application.id.not_in(wanted))).first()
        cell = free_cell(session, round_id)
        for application_id in (refused, 987_654):
            with pytest.raises(NotFound):
                step(session, round_id, drafts.put, application_id=application_id, **cell)


def test_only_a_cell_that_is_used_takes_a_meeting(demonstration, round_id, placed):
    with demonstration.app_context(), transaction() as session:
        cell = free_cell(session, round_id)
        for wrong in ({"slot_id": 987_654}, {"table_id": 987_654}):
            with pytest.raises(NotFound):
                step(session, round_id, drafts.put, application_id=placed[0], **(cell | wrong))
        session.get_one(Slot, cell["slot_id"]).in_use = False
        session.flush()
        with pytest.raises(NotFound):
            step(session, round_id, drafts.put, application_id=placed[0], **cell)


def test_undo_and_redo_leave_out_what_was_deleted_since(demonstration, round_id, placed):
    with demonstration.app_context(), transaction() as session:
        before = spots(session, round_id)
        step(session, round_id, drafts.take_out, application_id=placed[-1])
        step(session, round_id, drafts.take_out, application_id=placed[-2])
        table = session.get_one(MeetingTable, before[placed[-2]][1])
        session.delete(table)  # each of the hand-placed meetings has one of its own
        session.flush()

        step(session, round_id, drafts.undo)
        assert placed[-2] not in spots(session, round_id)
        session.delete(session.get_one(Application, placed[-1]))
        session.flush()
        step(session, round_id, drafts.undo)
        assert set(spots(session, round_id)) == set(placed[:-2])
        for _ in range(2):
            step(session, round_id, drafts.redo)
        assert set(spots(session, round_id)) == set(placed[:-2])


def test_a_page_from_before_the_publication_never_fits_a_later_draft(demonstration, round_id, placed):
    app = demonstration
    with app.app_context(), transaction() as session:
        old = draft(session, round_id).revision
        step(session, round_id, drafts.take_out, application_id=placed[-1])
        at_publication = draft(session, round_id).revision
    with app.test_request_context(), transaction() as session:
        publication.publish(session, round_id=round_id, revision=at_publication, actor_id=None, now=NOW)
    with app.app_context(), transaction() as session:
        with pytest.raises(Stale):
            drafts.undo(session, round_id=round_id, revision=old, actor_id=None, now=NOW)
        later = drafts.draft_for_round(session, round_id=round_id, now=NOW)
        assert (later.revision, later.version) == (at_publication, None)
        assert len(later.meetings) == 4


def test_what_a_run_proved_is_not_claimed_for_a_later_draft_changed_by_hand(demonstration, round_id, placed):
    app = demonstration
    with app.app_context(), transaction() as session:
        made = draft(session, round_id)
        said = {"revision": made.revision, "bills": [], "reasons": [], "is_repeatable": False}
        made.outcome, made.quality = "optimal", said
        made.fingerprint = problems.fingerprint(problems.build(session, round_id))
        revision = made.revision
    with app.test_request_context(), transaction() as session:
        publication.publish(session, round_id=round_id, revision=revision, actor_id=None, now=NOW)
    with app.app_context(), transaction() as session:
        frame = session.get_one(MatchingRound, round_id)
        quality = board.load(session, frame, "ja").quality
        assert (quality.outcome, quality.may_differ) == ("optimal", True)
        drafts.draft_for_round(session, round_id=round_id, now=NOW)
        for application_id in placed[: revision + 1]:
            step(session, round_id, drafts.take_out, application_id=application_id)
            quality = board.load(session, frame, "ja").quality
            assert (quality.outcome, quality.may_differ) == (None, False)


def test_nobody_works_on_what_a_running_job_will_replace(demonstration, round_id, placed):
    with demonstration.app_context(), transaction() as session:
        solving.request_timetable(session, round_id=round_id, actor_id=None, now=NOW)
        with pytest.raises(jobs.AlreadyRunning):
            step(session, round_id, drafts.take_out, application_id=placed[0])
        job = session.scalars(select(Job)).one()
        jobs.request_stop(session, job_id=job.id, now=NOW)
        step(session, round_id, drafts.take_out, application_id=placed[0])
        assert set(spots(session, round_id)) == set(placed[1:])


def test_a_lock_on_a_slot_that_is_no_longer_used_does_not_stop_the_next_run(demonstration, round_id, placed):
    with demonstration.app_context(), transaction() as session:
        step(session, round_id, drafts.set_lock, application_id=placed[0], locked=True)
        slot_id = spots(session, round_id)[placed[0]][0]
        assert locks(session, round_id) == [problems.slot_ref(slot_id)]
        session.get_one(Slot, slot_id).in_use = False
        session.flush()
        assert locks(session, round_id) == []
        assert solving.request_timetable(session, round_id=round_id, actor_id=None, now=NOW).kind == MAKING


def locks(session, round_id) -> list[str]:
    return [one.lock_slot for one in problems.build(session, round_id).requests if one.lock_slot]


def test_a_lock_that_the_facts_forbid_is_said_before_the_run(demonstration, round_id, placed):
    with demonstration.app_context(), transaction() as session:
        step(session, round_id, drafts.set_lock, application_id=placed[0], locked=True)
        application = session.get_one(Application, placed[0])
        application.need.online_only = True
        for table in session.scalars(select(MeetingTable)):
            table.online_ready = False
        session.flush()
        with pytest.raises(solving.LocksBroken):
            solving.request_timetable(session, round_id=round_id, actor_id=None, now=NOW)
        assert session.scalars(select(Job)).all() == []


def statements(app, client, path: str) -> int:
    seen: list[str] = []

    def note(connection, cursor, statement: str, *rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    database_event.listen(engine, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    database_event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_board_asks_the_database_as_often_for_one_meeting_as_for_thirty(demonstration, round_id):
    app = demonstration
    counts: list[int] = []
    client = sign_in_to(app, Role.READ_ONLY)
    for number in (1, 30):
        with app.app_context(), transaction() as session:
            place_by_hand(session, round_id, number)
            event_id = session.scalars(select(Event.id).where(Event.code == "M08")).one()
        counts.append(statements(app, client, f"/staff/events/{event_id}/timetable"))
    assert counts[0] == counts[1]


def test_those_who_only_read_see_the_board_and_move_nothing(demonstration, round_id, placed):
    app = demonstration
    with app.app_context():
        event_id = db.session.scalars(select(Event.id).where(Event.code == "M08")).one()
        before = spots(db.session(), round_id)
        revision = draft(db.session(), round_id).revision
    base = f"/staff/events/{event_id}/timetable"
    for role in (Role.READ_ONLY, Role.RECEPTION):
        client = sign_in_to(app, role)
        page = client.get(base)
        assert page.status_code == 200
        assert 'data-editable="no"' in page.text
        assert f"{base}/publish" not in page.text
        assert "@" not in page.text.partition("<main")[2]
        form = {"application_id": placed[0], "revision": revision}
        answers: Sequence[int] = [
            client.post(f"{base}/{act}", data=form).status_code
            for act in ("put", "take-out", "lock", "undo", "redo", "make", "stop", "publish")
        ]
        assert answers == [403] * 8
        assert client.get(f"{base}/options/{placed[0]}").status_code == 403
        assert client.get(f"{base}/publish").status_code == 403
    with app.app_context():
        assert spots(db.session(), round_id) == before
