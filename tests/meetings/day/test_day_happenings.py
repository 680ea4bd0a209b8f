"""Each thing that may happen, on a small round: what it moves, what it leaves alone, and the way back."""

import pytest
from sqlalchemy import select

from eventops.database import db, transaction
from eventops.jobs.models import JobState
from eventops.meetings.day import asking, happenings, proposals
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.models import Application, ApplicationState, MeetingTable, ParticipantLimit
from eventops.meetings.timetable import drafts, history, solving
from eventops.meetings.timetable.begun import HasBegun
from eventops.meetings.timetable.models import Timetable
from tests.meetings.day.published import propose
from tests.meetings.day.small import Small


def decide(small: Small, *happened: Happening, clock: str = "13:05") -> tuple[DayProposal, int]:
    """Propose and accept; the proposal and who accepted."""
    now = small.now(clock)
    proposal_id = propose(small.app, happened, now=now)
    with small.app.app_context(), transaction() as session:
        actor_id = session.scalars(select(Timetable.published_by_id)).first()
        found = proposals.accept(
            session, round_id=small.tiny.round_id, proposal_id=proposal_id, actor_id=actor_id, now=now
        )
        session.flush()
        session.expunge(found)
    return found, actor_id


def take_back(small: Small, found: DayProposal, actor_id: int, clock: str = "13:06") -> None:
    with small.app.app_context(), transaction() as session:
        proposals.undo(
            session, round_id=small.tiny.round_id, proposal_id=found.id, actor_id=actor_id, now=small.now(clock)
        )


def test_an_absence_drops_what_cannot_be_held_and_gives_the_seat_to_who_waits(small: Small) -> None:
    before, (first, second, _third, fourth, fifth, *others) = small.spots(), small.applications

    found, _ = decide(small, Happening(What.ABSENT, organisation_ids=(small.tiny.guest_ids[1],)))

    after = small.spots()
    assert {second, others[1]} & after.keys() == set()
    assert after[first] == before[first]
    assert len({fourth, fifth} & after.keys()) == 1
    assert found.version == 2


def test_what_did_not_take_place_may_be_held_later(small: Small) -> None:
    """The guest of the first slot is late for the second: its meetings lie in the third, the host's third moves up."""
    first, *_ = small.applications
    late = Happening(What.LATE, organisation_ids=(small.tiny.guest_ids[0],), at=small.now("13:25"))

    decide(small, late)

    assert first not in small.spots() or small.spots()[first][0] >= 1
    assert all(slot >= 1 for one, (slot, _) in small.spots().items() if one in (first, small.applications[5]))


def test_who_was_here_keeps_what_has_begun(small: Small) -> None:
    first, *_ = small.applications
    leaves = Happening(What.ABSENT, organisation_ids=(small.tiny.guest_ids[0],), was_here=True)

    decide(small, leaves)

    assert small.spots()[first] == (0, 0)
    assert small.applications[5] not in small.spots()


def test_a_lost_table_is_free_from_the_next_slot_on(small: Small) -> None:
    found, actor_id = decide(small, Happening(What.TABLE_LOST, table_id=small.tables[0]))

    first = small.applications[0]
    assert {one: spot for one, spot in small.spots().items() if spot[1] == 0} == {first: (0, 0)}
    with small.app.app_context():
        table = db.session.get_one(MeetingTable, small.tables[0])
        assert table.closed_from == small.now("13:25")

    take_back(small, found, actor_id)

    with small.app.app_context():
        assert db.session.get_one(MeetingTable, small.tables[0]).closed_from is None


def test_a_meeting_is_called_off_and_comes_back_with_everything(small: Small) -> None:
    before, second = small.spots(), small.applications[1]

    found, actor_id = decide(small, Happening(What.WITHDRAWN, application_ids=(second,)))
    assert second not in small.spots()
    take_back(small, found, actor_id)
    with small.app.test_request_context():
        told = history.history(db.session(), small.tiny.round_id).entries
    said = [one.what[one.what.index("、") + 1 :] for one in told if "当日の変更" in one.what]
    assert said == ["当日の変更を取り消しました。", "当日の変更を時間割に入れました。"]

    assert small.spots() == before
    with small.app.app_context():
        assert db.session.get_one(Application, second).state == ApplicationState.RECEIVED
        stored = db.session.get_one(DayProposal, found.id)
        assert (stored.state, stored.taken_back_by_id) == (ProposalState.TAKEN_BACK, actor_id)
        assert db.session.scalars(select(Timetable.version).order_by(Timetable.version)).all() == [1, 2, 3]


def test_what_has_begun_is_neither_called_off_nor_swapped(small: Small) -> None:
    first, second, *_ = small.applications

    for happened in (
        Happening(What.WITHDRAWN, application_ids=(first,)),
        Happening(What.SWAPPED, application_ids=(first, second)),
    ):
        with pytest.raises(HasBegun):
            propose(small.app, [happened], now=small.now("13:05"))


def test_a_pair_is_added_where_it_fits(small: Small) -> None:
    guest_id = small.tiny.guest_ids[4]
    added = Happening(What.ADDED, organisation_ids=(guest_id,), need_id=small.other_need_id)

    found, actor_id = decide(small, added, clock="12:50")

    with small.app.app_context():
        new = db.session.scalars(select(Application).where(Application.code == "T01")).one()
        assert (new.organisation_id, new.need_id) == (guest_id, small.other_need_id)
    assert small.spots()[new.id] == (0, 1)
    with pytest.raises(happenings.MeetsAlready):
        propose(small.app, [added], now=small.now("12:51"))

    take_back(small, found, actor_id, "12:52")

    assert new.id not in small.spots()


def test_two_meetings_change_places(small: Small) -> None:
    _first, second, third, *_ = small.applications
    before = small.spots()

    decide(small, Happening(What.SWAPPED, application_ids=(second, third)))

    assert (small.spots()[second], small.spots()[third]) == (before[third], before[second])


def test_what_moves_nobody_is_only_remembered(small: Small) -> None:
    """The last guest has no meeting."""
    found, actor_id = decide(small, Happening(What.ABSENT, organisation_ids=(small.tiny.guest_ids[4],)))

    with small.app.app_context():
        assert (found.version, found.letters) == (None, 0)
        assert db.session.scalars(select(ParticipantLimit.note)).all() == ["当日: 欠席"]
    take_back(small, found, actor_id)
    with small.app.app_context():
        assert db.session.scalars(select(ParticipantLimit.id)).all() == []


def test_nothing_is_taken_back_once_its_meetings_have_begun(small: Small) -> None:
    found, actor_id = decide(small, Happening(What.SWAPPED, application_ids=small.applications[1:3]))

    with pytest.raises(proposals.ProposalOutdated):
        take_back(small, found, actor_id, "13:30")


def test_a_proposal_is_too_old_when_its_meetings_have_begun(small: Small) -> None:
    happened = Happening(What.SWAPPED, application_ids=small.applications[1:3])
    proposal_id = propose(small.app, [happened], now=small.now("13:05"))

    with small.app.app_context(), pytest.raises(proposals.ProposalOutdated), transaction() as session:
        proposals.accept(
            session, round_id=small.tiny.round_id, proposal_id=proposal_id, actor_id=1, now=small.now("13:30")
        )


def test_when_the_last_slot_has_begun_there_is_nothing_to_plan(small: Small) -> None:
    with pytest.raises(asking.DayIsOver):
        propose(small.app, [Happening(What.ABSENT, organisation_ids=small.tiny.guest_ids[:1])], now=small.now("14:00"))


def test_a_proposal_taken_onto_the_board_tells_nobody(small: Small) -> None:
    now = small.now("13:05")
    proposal_id = propose(small.app, [Happening(What.SWAPPED, application_ids=small.applications[1:3])], now=now)

    with small.app.app_context(), transaction() as session:
        actor_id = session.scalars(select(Timetable.published_by_id)).first()
        found = proposals.take_onto_board(
            session, round_id=small.tiny.round_id, proposal_id=proposal_id, actor_id=actor_id, now=now
        )
        assert (found.version, found.letters) == (None, 0)
    with small.app.app_context():
        versions = db.session.scalars(select(Timetable.version).order_by(Timetable.id)).all()
    assert versions == [1, None]


def test_nobody_moves_by_hand_what_has_begun(small: Small) -> None:
    first, second, *_ = small.applications
    with small.app.app_context():
        published = db.session.scalars(select(Timetable)).one()
        step = {
            "round_id": small.tiny.round_id,
            "revision": published.revision,
            "actor_id": 1,
            "now": small.now("13:05"),
        }
    free = {"slot_id": small.slots[0], "table_id": small.tables[1]}

    for act in (
        lambda session: drafts.take_out(session, application_id=first, **step),
        lambda session: drafts.put(session, application_id=second, **free, **step),
    ):
        with small.app.app_context(), pytest.raises(HasBegun), transaction() as session:
            act(session)


def test_on_the_day_no_run_makes_the_timetable_anew(small: Small) -> None:
    with small.app.app_context(), pytest.raises(solving.DayHasBegun), transaction() as session:
        solving.request_timetable(session, round_id=small.tiny.round_id, actor_id=None, now=small.now("13:00"))
    with small.app.app_context(), transaction() as session:
        job = solving.request_timetable(session, round_id=small.tiny.round_id, actor_id=None, now=small.now("12:59"))
        assert job.state == JobState.QUEUED


def test_a_step_of_the_morning_is_undone_but_not_done_again_once_its_meetings_have_begun(small: Small) -> None:
    """The meeting was held as it was announced: undoing puts the draft back to that, doing it again does not."""
    first = small.applications[0]
    step = {"round_id": small.tiny.round_id, "actor_id": 1}
    with small.app.app_context(), transaction() as session:
        revision = session.scalars(select(Timetable.revision)).one()
        drafts.take_out(session, application_id=first, revision=revision, now=small.now("12:50"), **step)

    with small.app.app_context(), transaction() as session:
        draft = drafts.undo(session, revision=revision + 1, now=small.now("13:05"), **step)
        assert drafts.layout_of(draft)[first].slot_id == small.slots[0]
    with small.app.app_context(), pytest.raises(HasBegun), transaction() as session:
        drafts.redo(session, revision=revision + 2, now=small.now("13:06"), **step)
