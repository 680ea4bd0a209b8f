"""Each thing that may happen, on a small round: what it moves, what it leaves alone, and the way back."""

import datetime as dt
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.meetings.day import happenings, proposals, replanning
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.models import Application, ApplicationState, MatchingRound, MeetingTable, ParticipantLimit, Slot
from eventops.meetings.timetable.models import Timetable
from tests.meetings.day.published import in_force, propose, publish
from tests.meetings.tiny import Tiny, add_need, make_tiny


@dataclass(frozen=True, slots=True)
class Small:
    """Two large companies, three slots, two tables: N01 meets the first three SMEs at table 1, N02 two at table 2."""

    app: Flask
    tiny: Tiny
    slots: tuple[int, ...]
    tables: tuple[int, ...]
    applications: tuple[int, ...]
    other_need_id: int

    def now(self, clock: str) -> dt.datetime:
        with self.app.app_context():
            return tokyo(
                db.session.get_one(MatchingRound, self.tiny.round_id).event.held_on, dt.time.fromisoformat(clock)
            )

    def spots(self) -> dict[int, tuple[int, int]]:
        """Application → place of slot and table, counted from 0."""
        return {
            one: (self.slots.index(meeting.slot_id), self.tables.index(meeting.table_id))
            for one, meeting in in_force(self.app).items()
        }


@pytest.fixture
def small(app: Flask) -> Small:
    with app.app_context(), transaction() as session:
        tiny = make_tiny(session)
        other = add_need(session, tiny)
        session.flush()
        slots = tuple(session.scalars(select(Slot.id).order_by(Slot.starts_at)))
        tables = tuple(session.scalars(select(MeetingTable.id).order_by(MeetingTable.number)))
        applications = tuple(session.scalars(select(Application.id).order_by(Application.code)))
        other_id = other.id
    first, second, third = applications[:3]
    of_other = applications[5:]
    layout = {
        first: (slots[0], tables[0]),
        second: (slots[1], tables[0]),
        third: (slots[2], tables[0]),
        of_other[0]: (slots[1], tables[1]),
        of_other[1]: (slots[2], tables[1]),
    }
    publish(app, layout)
    replanning.warm_up()
    return Small(app, tiny, slots, tables, applications, other_id)


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
        with pytest.raises(happenings.HasBegun):
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
    with pytest.raises(replanning.DayIsOver):
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
